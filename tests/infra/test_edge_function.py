"""The function that CloudFront runs on requests of media judges as the edge of one machine does."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra_cdk.constructs.network_edge import SERVE_MEDIA
from infra_cdk.delivery_rules import ALLOW_ORIGINS, HOLDER_PATTERN
from reprise_edge.answers import xml_error
from reprise_edge.refusals import access_denied
from reprise_local.paths import NODE
from tests.harness.holder_cases import CASES, HOLDER, REVOKED

RUNNER = Path(__file__).with_name("edge_function.mjs")
PATHS = [path for path, _ in CASES.values()]


def run(*, broken: bool = False) -> Mapping[str, Any]:
    """Return what the function answers to the paths of all cases, and what it logs."""
    told = {"source": str(SERVE_MEDIA), "uris": PATHS, "revoked": [REVOKED], "broken": broken}
    done = subprocess.run(
        [str(NODE), str(RUNNER), json.dumps(told)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Any]:
    return dict(zip(PATHS, run()["answers"], strict=True))


@pytest.mark.parametrize(("path", "served"), CASES.values(), ids=CASES.keys())
def test_a_path_is_served_without_its_holder_or_refused(
    answers: Mapping[str, Any], path: str, served: str | None
) -> None:
    answer = answers[path]
    if served is None:
        assert answer["statusCode"] == 403
    else:
        assert (answer["method"], answer["uri"]) == ("GET", served)
        assert answer["headers"] == {"host": {"value": "h"}}, "the rest of the request stays"


def test_a_refusal_reads_as_every_other_of_the_edge(answers: Mapping[str, Any]) -> None:
    words = access_denied()
    wanted = xml_error(403, words.code, words.message)
    refusal = answers[f"/media/{REVOKED}/t-1/v/0001.m4s"]
    assert refusal["body"]["data"].encode() == wanted.body
    assert refusal["headers"] == {
        "content-type": {"value": dict(wanted.headers)["Content-Type"]},
        "access-control-allow-origin": {"value": ", ".join(ALLOW_ORIGINS)},
    }


def test_a_store_that_cannot_be_read_stops_nobody_and_is_logged() -> None:
    found = run(broken=True)
    by_path = dict(zip(PATHS, found["answers"], strict=True))
    assert by_path[f"/media/{HOLDER}/t-1/v/0001.m4s"]["uri"] == "/media/t-1/v/0001.m4s"
    assert by_path[f"/media/{REVOKED}/t-1/v/0001.m4s"]["uri"] == "/media/t-1/v/0001.m4s"
    assert by_path["/media/t-1/v/0001.m4s"]["statusCode"] == 403, "that needs no store"
    assert found["logged"]
    assert all("InternalError" in line for line in found["logged"])


def test_the_function_is_small_and_knows_a_holder_as_the_table_does() -> None:
    source = SERVE_MEDIA.read_text(encoding="utf-8")
    assert f"({HOLDER_PATTERN})" in source
    assert len(source.encode()) < 10 * 1024, "CloudFront's limit"
