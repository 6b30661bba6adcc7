"""What a revoked session was granted: refused by the edge long before it would have ended."""

from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest

from tests.e2e.api_client import PHONE, ApiClient, Json
from tests.e2e.cloud import Aws, eventually
from tests.e2e.edge_client import Refusal, get, rung
from tests.e2e.people import Person

pytestmark = pytest.mark.cloud

QUALITY = "480p"
DENIED = Refusal(403, "AccessDenied", "text/xml")
PUBLISHED_WITHIN = 30.0
"""The collector is called at once; a queue and two functions that may start cold follow."""


class Granted:
    """A manifest's first segment, as a player fetches it."""

    def __init__(self, manifest: Json) -> None:
        self.playback_id: str = manifest["playbackId"]
        self.playlist = rung(manifest, QUALITY)
        self.grant: Json = manifest["grant"]
        self.segment = urljoin(self.playlist, next(_names(self.by_query(self.playlist).text)))

    def by_query(self, url: str = "") -> httpx.Response:
        return get(f"{url or self.segment}?{self.grant['query']}")

    def by_cookies(self) -> httpx.Response:
        return get(self.segment, cookies=self.grant["cookies"])

    def statuses(self) -> set[int]:
        """Return how the segment is answered, by query and by cookies."""
        return {self.by_query().status_code, self.by_cookies().status_code}


def _names(playlist: str) -> Iterator[str]:
    return (line for line in playlist.splitlines() if line and not line.startswith("#"))


@pytest.fixture
def film(playable_film: str) -> str:
    return playable_film


@pytest.fixture
def phone(person: Person) -> ApiClient:
    """Another session of the same profile."""
    return person.on(PHONE)


def press_play(client: ApiClient, film: str) -> Granted:
    return Granted(client.must("GET", f"/stream/{film}/manifest"))


def revoke(granted: Granted, session_id: str, *, by: ApiClient, aws: Aws) -> None:
    """Revoke a session, do what the next minute would, and wait until the edge knows."""
    assert by.call("DELETE", f"/sessions/{session_id}").status == 204
    assert aws.invoke("CollectRevocationsFunction", {})["revocations"] >= 1
    eventually(
        lambda: granted.statuses() == {403},
        within=PUBLISHED_WITHIN,
        otherwise="the edge still serves a revoked session",
        every=0.2,
    )


def test_a_revoked_sessions_grant_is_refused_and_anothers_of_the_same_title_is_not(
    tv: ApiClient, phone: ApiClient, film: str, aws: Aws
) -> None:
    granted, others = press_play(tv, film), press_play(phone, film)
    assert granted.statuses() == others.statuses() == {200}
    revoke(granted, tv.session_id, by=phone, aws=aws)
    assert Refusal.of(granted.by_query()) == DENIED
    assert Refusal.of(granted.by_cookies()) == DENIED
    assert Refusal.of(granted.by_query(granted.playlist)) == DENIED
    assert others.statuses() == {200}


def test_whose_grant_it_was_can_not_be_written_out_of_its_url(
    tv: ApiClient, phone: ApiClient, film: str, aws: Aws
) -> None:
    granted, others = press_play(tv, film), press_play(phone, film)
    revoke(granted, tv.session_id, by=phone, aws=aws)
    mine, theirs = (each.segment.partition(f"/{film}/")[0] for each in (granted, others))
    without = mine.rpartition("/")[0]
    for stolen in (theirs, without):
        url = granted.segment.replace(mine, stolen)
        assert url != granted.segment
        assert Refusal.of(granted.by_query(url)) == DENIED


def test_a_playback_is_gone_on_with_elsewhere_by_a_new_manifest(
    tv: ApiClient, phone: ApiClient, film: str, aws: Aws
) -> None:
    granted = press_play(tv, film)
    revoke(granted, tv.session_id, by=phone, aws=aws)
    granted.grant = phone.must("POST", f"/stream/{granted.playback_id}/refresh")["grant"]
    assert granted.statuses() == {403}, "its URLs bear the name of who was revoked"
    assert press_play(phone, film).statuses() == {200}


def test_the_edge_is_told_every_minute(aws: Aws) -> None:
    rule = aws.client("events").describe_rule(Name=aws.outputs["RevocationScheduleRule"])
    assert (rule["State"], rule["ScheduleExpression"]) == ("ENABLED", "rate(1 minute)")
