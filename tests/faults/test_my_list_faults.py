"""My list through the real handlers on real stores: in a region of an hour, and without them."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from reprise.adapters.region_content_redis import region_key
from reprise.domain.identity import PolicyFacts, Viewer
from reprise_local.fault_proxy import FaultProxy
from reprise_local.seeding import account_id, profile_id, title_id
from reprise_local.servers import PostgresServer
from tests.builders import KID, make_viewer
from tests.harness.backends import Backend
from tests.harness.functions import Answer
from tests.harness.players import Player, event_of, sign_in

EMAIL, NAME = "basic@demo.reprise.example", "Ada"
FILM, MATURE = title_id("the-salt-cartographer"), title_id("brass-monsoon")
ITEM = "/my-list/{videoId}"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A demo profile, signed in on a device; its functions are warm after their first call."""

    backend: Backend
    viewer: Viewer

    @classmethod
    def of(cls, backend: Backend) -> "Somebody":
        viewer = make_viewer(account_id=account_id(EMAIL), profile_id=profile_id(EMAIL, NAME))
        return cls(backend, sign_in(backend.redis, viewer))

    def becomes(self, policy: PolicyFacts) -> None:
        """Change what the live session says; the token stays as it is."""
        sign_in(self.backend.redis, replace(self.viewer, policy=policy))

    def put(self, video_id: str, **parts: Any) -> Answer:
        return self._item("put_on_my_list", "PUT", video_id, **parts)

    def remove(self, video_id: str) -> Answer:
        return self._item("remove_from_my_list", "DELETE", video_id)

    def page(self) -> Answer:
        function = self.backend.warm("my_list/list_my_list")
        return function.request(event_of(self.viewer, "GET", "/my-list"))

    def listed(self) -> list[str]:
        answer = self.page()
        assert answer.status == 200, answer
        return [item["videoId"] for item in answer.body["items"]]

    def _item(self, verb: str, method: str, video_id: str, **parts: Any) -> Answer:
        event = event_of(self.viewer, method, ITEM, path={"videoId": video_id}, **parts)
        return self.backend.warm(f"my_list/{verb}").request(event)


@pytest.fixture
def somebody(sign_in_backend: Backend) -> Somebody:
    return Somebody.of(sign_in_backend)


def test_a_list_is_kept_and_shown_as_the_session_is_now(somebody: Somebody) -> None:
    assert somebody.put(FILM).status == 200
    assert somebody.put(MATURE).body["position"] == 0
    assert somebody.put(MATURE, body={"position": 1}).body["position"] == 1
    assert somebody.listed() == [FILM, MATURE]
    somebody.becomes(KID)
    assert somebody.listed() == [FILM]
    assert somebody.put(MATURE).body["reason"] == "kids"
    somebody.becomes(somebody.viewer.policy)
    assert somebody.listed() == [FILM, MATURE]
    for video_id in (FILM, MATURE):
        assert somebody.remove(video_id).status == 204
    assert somebody.listed() == []


def test_a_region_is_known_for_an_hour_and_narrows_what_is_read(somebody: Somebody) -> None:
    somebody.put(FILM)
    redis, key = somebody.backend.redis, region_key("US")
    assert 3_500 < redis.ttl(key) <= 3_600
    assert redis.sismember(key, FILM)
    assert somebody.listed() == [FILM]
    assert not redis.sismember(key, title_id("midwinter-foxes"))
    redis.delete(key)
    assert somebody.listed() == [FILM]
    somebody.remove(FILM)


@pytest.mark.parametrize("how", ["killed", "paused", "cut off"])
def test_without_postgres_lists_are_503_and_watching_goes_on(
    somebody: Somebody, postgres_server: PostgresServer, postgres_proxy: FaultProxy, how: str
) -> None:
    assert somebody.put(FILM).status == 200
    player = Player(somebody.viewer, FILM)
    assert player.report(somebody.backend.progress).status == 200
    break_it = {
        "killed": postgres_server.kill,
        "paused": postgres_server.pause,
        "cut off": postgres_proxy.down,
    }
    break_it[how]()
    for answer in (somebody.page(), somebody.put(FILM), somebody.remove(FILM)):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
    assert player.report(somebody.backend.progress).status == 200
    if how == "killed":
        postgres_server.start()
    if how == "paused":
        postgres_server.resume()
    postgres_proxy.heal()
    assert somebody.listed() == [FILM]
    assert somebody.remove(FILM).status == 204
