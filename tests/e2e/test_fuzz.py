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
from tests.e2e.api_client import TV, Json
from tests.e2e.people import People
from tests.harness.stack import DemoCatalog

pytestmark = pytest.mark.cloud

SESSIONS = 12
"""Each may ask 120 times a minute, and the fuzzer asks up to 50 times a second."""
MOST_SECONDS = 240
TOOLS = ROOT / "local" / "api_tools"
CONFIG = TOOLS / "schemathesis.toml"
ENDS_SESSIONS = (
    "logOut|revokeSession|revokeOtherSessions|changePassword|selectProfile|deleteProfile"
)
"""Operations after which a token may prove nothing: they are tried by sessions of their own."""


def test_no_route_is_surprised_by_what_the_description_allows_or_forbids(
    api_url: str, people: People, catalog: DemoCatalog
) -> None:
    said = fuzz(
        api_url,
        sessions=sessions_of(people, catalog),
        arguments=["--max-examples", "20", "--exclude-operation-id-regex", ENDS_SESSIONS],
    )
    assert cases_of(said) >= 800, said


def test_nor_is_one_that_ends_sessions(api_url: str, people: People, catalog: DemoCatalog) -> None:
    said = fuzz(
        api_url,
        sessions=sessions_of(people, catalog),
        arguments=["--max-examples", "20", "--include-operation-id-regex", ENDS_SESSIONS],
    )
    assert cases_of(said) >= 150, said


def sessions_of(people: People, catalog: DemoCatalog) -> list[Json]:
    """Sign people in, whose second profile, title and session a request may name."""
    sessions: list[Json] = []
    for _ in range(SESSIONS):
        someone = people.someone(profiles=({}, {}))
        device = someone.on(TV)
        known = {
            "videoId": catalog.film,
            "profileId": someone.profiles[1].id,
            "sessionId": device.session_id,
        }
        sessions.append({"token": device.token, "known": known})
    return sessions


def fuzz(api_url: str, *, sessions: list[Json], arguments: list[str]) -> str:
    """Run the fuzzer to its end; its report is the message where it found anything."""
    done = subprocess.run(
        [
            *(str(API_VENV / "bin" / "schemathesis"), "--config-file", str(CONFIG)),
            *("run", str(DOCUMENT), "--url", api_url),
            *("--phases", "examples,coverage,fuzzing"),
            *("--generation-deterministic", "--workers", "2", "--request-timeout", "60"),
            *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
            *("--continue-on-failure", *arguments),
        ],
        cwd=ROOT / ".local",
        env=os.environ
        | {
            "SCHEMATHESIS_HOOKS": "fuzz_hooks",
            "PYTHONPATH": str(TOOLS),
            "PYTHONDONTWRITEBYTECODE": "1",
            "FUZZ_SESSIONS": json.dumps(sessions),
            "FUZZ_EXAMPLE_ID": EXAMPLE_ID,
        },
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def cases_of(said: str) -> int:
    """Return how many cases were tried: few would mean that the fuzzer did not get anywhere."""
    found = re.search(r"(\d+) generated", said)
    assert found is not None, said
    return int(found[1])
