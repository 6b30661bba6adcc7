"""The generated clients do what their types promise, against the deployed API."""

import json
import subprocess
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from reprise_client import AuthenticatedClient, Client
from reprise_client.api.auth import log_in
from reprise_client.api.playstate import list_continue_watching, list_history
from reprise_client.api.stream import record_progress
from reprise_client.models import (
    ContinueWatching,
    DeviceRequest,
    History,
    LogInRequest,
    Problem,
    Progress,
    Report,
    SignedIn,
)
from reprise_local.paths import NODE, ROOT
from tests.e2e.api_client import PATIENCE_SECONDS
from tests.e2e.people import PASSWORD, Person

pytestmark = pytest.mark.cloud

TIMEOUT = httpx.Timeout(PATIENCE_SECONDS)
NO_PROXY = {"trust_env": False}
JOURNEY = ROOT / "tests" / "e2e" / "client_journey.ts"


def test_the_python_client_signs_in_reports_and_reads_it_back(
    api_url: str, person: Person, film: str
) -> None:
    signed_in = signed_in_by_client(api_url, person)
    with AuthenticatedClient(
        api_url, token=signed_in.access_token, timeout=TIMEOUT, httpx_args=NO_PROXY
    ) as client:
        progress = record_progress.sync(client=client, body=report_of(film))
        assert isinstance(progress, Progress)
        assert (progress.moved, progress.reason) == (True, None)

        row = list_continue_watching.sync(client=client)
        assert isinstance(row, ContinueWatching)
        assert [(item.video_id, item.resume_position) for item in row.items] == [(film, 930.0)]

        history = list_history.sync(client=client, limit=1)
        assert isinstance(history, History)
        (viewing,) = history.items
        assert (viewing.video_id, viewing.position, viewing.device.id) == (film, 930.0, "tv-1")
        assert [change.rule for change in viewing.changes] == ["first"]
        assert datetime.now(UTC) >= viewing.last_watched_at


def test_the_python_client_gets_a_refusal_as_a_problem(api_url: str) -> None:
    with AuthenticatedClient(
        api_url, token="no.to.ken", timeout=TIMEOUT, httpx_args=NO_PROXY
    ) as client:
        answer = list_history.sync_detailed(client=client)
    assert isinstance(answer.parsed, Problem)
    assert (answer.parsed.type_, answer.parsed.status) == ("/problems/unauthenticated", 401)


def test_the_typescript_client_does_the_same(api_url: str, person: Person, film: str) -> None:
    told = {"apiUrl": api_url, "email": person.email, "password": PASSWORD, "film": film}
    done = subprocess.run(
        [str(NODE), str(JOURNEY), json.dumps(told)],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "unauthenticated": "/problems/unauthenticated",
        "profile": person.profile_id,
        "moved": True,
        "resumesAt": 930,
        "watched": [[film, 930]],
    }


def signed_in_by_client(api_url: str, person: Person) -> SignedIn:
    device = DeviceRequest(id="tv-1", type_="tv", name="Living room")
    with Client(api_url, timeout=TIMEOUT, httpx_args=NO_PROXY) as client:
        answer = log_in.sync(
            client=client,
            body=LogInRequest(email=person.email, password=PASSWORD, device=device),
        )
    assert isinstance(answer, SignedIn)
    assert answer.profile is not None
    assert answer.profile.id == person.profile_id
    return answer


def report_of(film: str) -> Report:
    return Report(
        video_id=film,
        playback_id=str(uuid4()),
        seq=1,
        act=1,
        act_kind="start",
        played_since_act=30.0,
        position=930.0,
        state="playing",
        event_time=datetime.now(UTC),
        intervals=[[900.0, 930.0]],
    )
