"""schemathesis reads the description and tries what nobody thought of, against the deployed API.

It finds no 5xx, no answer that is not described, and nothing let through that the description
forbids. The same cases are tried each time.
"""

import json
import os
import re
import subprocess

import pytest

from reprise.edge.wire import EXAMPLE_ID
from reprise_local.api_description import DOCUMENT
from reprise_local.paths import API_VENV, ROOT
from tests.e2e.api_client import TV
from tests.e2e.people import People
from tests.harness.stack import DemoCatalog

pytestmark = pytest.mark.cloud

SESSIONS = 16
"""Each may ask 120 times a minute, and the fuzzer asks about 50 times a second."""
MAX_EXAMPLES = 20
MOST_SECONDS = 240
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "ignored_auth",
)
LEAST_CASES = 500
"""Fewer would mean that the fuzzer did not get anywhere."""


@pytest.mark.timeout(MOST_SECONDS + 30)
def test_nothing_that_the_description_allows_or_forbids_surprises_the_api(
    api_url: str, people: People, catalog: DemoCatalog, figures: dict[str, list[float]]
) -> None:
    someone = people.someone()
    tokens = [someone.on(TV | {"id": f"fuzz-{n}"}).token for n in range(SESSIONS)]
    known = {"videoId": catalog.film}
    said = run_fuzzer(api_url, tokens=tokens, known=known)
    found = re.search(r"(\d+) generated", said)
    assert found is not None, said
    assert int(found[1]) >= LEAST_CASES, said


def run_fuzzer(api_url: str, *, tokens: list[str | None], known: dict[str, str]) -> str:
    """Run it to its end; its report is the message where it found anything."""
    done = subprocess.run(
        [
            *(str(API_VENV / "bin" / "schemathesis"), "run", str(DOCUMENT), "--url", api_url),
            *("--phases", "examples,coverage,fuzzing", "--checks", ",".join(CHECKS)),
            *("--max-examples", str(MAX_EXAMPLES), "--generation-deterministic"),
            *("--workers", "2", "--request-timeout", "60", "--continue-on-failure"),
            *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
        ],
        cwd=ROOT / ".local",
        env=os.environ
        | {
            "SCHEMATHESIS_HOOKS": "fuzz_hooks",
            "PYTHONPATH": str(ROOT / "local" / "api_tools"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "FUZZ_TOKENS": json.dumps(tokens),
            "FUZZ_KNOWN": json.dumps(known),
            "FUZZ_PLACEHOLDER": EXAMPLE_ID,
        },
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
