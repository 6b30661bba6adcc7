"""The promise of `StreamLeases`, kept by the fake and by Redis, with the reports of players."""

import itertools
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest

from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.stream_leases_redis import KEPT_MS, RedisStreamLeases, lease_key
from reprise.application.playback_ports import StreamLeases
from reprise.application.ports import LivePlaces
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.leases import Lease, Taken
from reprise.domain.playstate import ItemFacts
from tests.builders import NOW_US, PHONE, SECOND, TV, make_report, make_viewer
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.stream_leases import FakeStreamLeases
from tests.harness.closed_port import closed_redis_url
from tests.harness.live_worlds import RedisWorld
from tests.harness.redis_cluster import redis_cluster

SHORT = 0.4
STARTS = 100
FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)
WIDE = LiveLimits(reports_per_minute=100_000)


class World(Protocol):
    """Screens, and the reports of those who play on them."""

    @property
    def leases(self) -> StreamLeases: ...
    @property
    def live(self) -> LivePlaces: ...
    def sign_in(self, viewer: Viewer) -> None: ...


class FakeWorld:
    def __init__(self, seconds: float | None) -> None:
        self._fake = FakeLivePlaces(reports_per_minute=100_000)
        self._fake.lease_seconds = seconds or self._fake.lease_seconds
        self.sign_in = self._fake.sign_in
        self.leases = FakeStreamLeases(clock=time.monotonic, seconds=seconds, plays=self._plays_now)

    @property
    def live(self) -> FakeLivePlaces:
        self._fake.now_us = NOW_US + round(time.monotonic() * SECOND)
        return self._fake

    def _plays_now(self, profile_id: str, playback_id: str) -> bool | None:
        return self.live.plays(profile_id, playback_id)


class RealWorld:
    def __init__(self, client: Any, seconds: float | None) -> None:
        calls = RedisCalls(client)
        limits = WIDE if seconds is None else replace(WIDE, lease_seconds=seconds)
        self.leases = RedisStreamLeases(calls, seconds=seconds)
        self.live = RedisLivePlaces(calls, limits=limits)
        self.sign_in = RedisWorld(client).sign_in


type Make = Callable[[float | None], World]


def fake(_: pytest.FixtureRequest) -> Make:
    return FakeWorld


def real(request: pytest.FixtureRequest) -> Make:
    client: Any = request.getfixturevalue("redis_client")
    return lambda seconds: RealWorld(client, seconds)


@pytest.fixture(params=[fake, pytest.param(real, marks=pytest.mark.real)], ids=["fake", "redis"])
def make(request: pytest.FixtureRequest) -> Make:
    factory: Callable[[pytest.FixtureRequest], Make] = request.param
    return factory(request)


@pytest.fixture
def leases(make: Make) -> StreamLeases:
    return make(None).leases


@pytest.fixture
def account_id() -> str:
    return str(uuid4())


class Player:
    """One playback that has taken a screen and reports, each time with a higher `seq`."""

    def __init__(self, world: World, account_id: str, playback_id: str = "p1") -> None:
        self.viewer = make_viewer(account_id=account_id)
        self.playback_id = f"{playback_id}-{account_id}"
        self._world = world
        self._seq = itertools.count(1)
        world.sign_in(self.viewer)

    @property
    def lease(self) -> Lease:
        return make_lease(self.playback_id, profile_id=self.viewer.profile_id)

    def take(self, *, limit: int = 1, instead_of: str | None = None) -> Taken:
        return self._world.leases.take(
            account_id=self.viewer.account_id, lease=self.lease, limit=limit, instead_of=instead_of
        )

    def report(self, state: str = "playing", *, seq: int | None = None, **how: Any) -> None:
        seq = next(self._seq) if seq is None else seq
        report = make_report(playback_id=self.playback_id, seq=seq, state=state, **how)
        self._world.live.record(
            viewer=self.viewer, reports=[(report, FACTS)], durable={report.item_id: None}
        )


def make_lease(playback_id: str = "p1", **overrides: Any) -> Lease:
    values: dict[str, Any] = {
        "playback_id": playback_id,
        "profile_id": "profile-1",
        "device": TV,
        "title": "A film",
        "since": 1_795_000_000,
    }
    return Lease(**(values | overrides))


def test_a_screen_is_taken_and_shown_as_it_was_given(leases: StreamLeases, account_id: str) -> None:
    lease = make_lease(title='Ünïcode "quoted" \\ {b0001}')
    assert leases.take(account_id=account_id, lease=lease, limit=1) == Taken(ok=True)
    assert leases.holders(account_id=account_id) == (lease,)


def test_one_too_many_is_refused_and_told_who_holds_the_screens_oldest_first(
    leases: StreamLeases, account_id: str
) -> None:
    late = make_lease("late", since=30, device=PHONE)
    early = make_lease("early", since=10)
    for lease in (late, early):
        assert leases.take(account_id=account_id, lease=lease, limit=2).ok
    refused = leases.take(account_id=account_id, lease=make_lease("third"), limit=2)
    assert refused == Taken(ok=False, holders=(early, late))
    assert leases.holders(account_id=account_id) == (early, late)


def test_taking_again_keeps_the_screen_and_since_when_and_shows_the_new_title(
    leases: StreamLeases, account_id: str
) -> None:
    leases.take(account_id=account_id, lease=make_lease(since=10), limit=1)
    again = make_lease(since=99, title="The next episode")
    assert leases.take(account_id=account_id, lease=again, limit=1).ok
    assert leases.holders(account_id=account_id) == (replace(again, since=10),)


def test_one_who_plays_may_go_on_after_the_plan_got_smaller(
    leases: StreamLeases, account_id: str
) -> None:
    for name in ("p1", "p2"):
        leases.take(account_id=account_id, lease=make_lease(name), limit=2)
    assert leases.take(account_id=account_id, lease=make_lease("p2"), limit=1).ok


def test_accounts_do_not_share_screens(leases: StreamLeases, account_id: str) -> None:
    leases.take(account_id=account_id, lease=make_lease(), limit=1)
    other = str(uuid4())
    assert leases.take(account_id=other, lease=make_lease("p2"), limit=1).ok
    assert leases.free(account_id=other, playback_id="p1") is None
    assert [each.playback_id for each in leases.holders(account_id=account_id)] == ["p1"]


def test_a_freed_screen_is_free_at_once(leases: StreamLeases, account_id: str) -> None:
    lease = make_lease()
    leases.take(account_id=account_id, lease=lease, limit=1)
    assert leases.free(account_id=account_id, playback_id="p1") == lease
    assert leases.free(account_id=account_id, playback_id="p1") is None
    assert leases.take(account_id=account_id, lease=make_lease("p2"), limit=1).ok


def test_taking_over_frees_that_screen_and_no_other(leases: StreamLeases, account_id: str) -> None:
    for name in ("p1", "p2"):
        leases.take(account_id=account_id, lease=make_lease(name), limit=2)
    taken = leases.take(account_id=account_id, lease=make_lease("p3"), limit=2, instead_of="p1")
    assert taken.ok
    assert {lease.playback_id for lease in leases.holders(account_id=account_id)} == {"p2", "p3"}
    assert not leases.take(account_id=account_id, lease=make_lease("p1"), limit=2).ok


def test_taking_over_what_has_ended_is_as_any_other_start(
    leases: StreamLeases, account_id: str
) -> None:
    leases.take(account_id=account_id, lease=make_lease("p1"), limit=1)
    refused = leases.take(
        account_id=account_id, lease=make_lease("p2"), limit=1, instead_of="long gone"
    )
    assert not refused.ok
    assert [lease.playback_id for lease in refused.holders] == ["p1"]


def test_taking_over_from_oneself_is_a_renewal(leases: StreamLeases, account_id: str) -> None:
    lease = make_lease(since=10)
    leases.take(account_id=account_id, lease=lease, limit=1)
    later = replace(lease, since=20)
    assert leases.take(account_id=account_id, lease=later, limit=1, instead_of="p1").ok
    assert leases.holders(account_id=account_id) == (lease,)


def test_who_never_reports_loses_the_screen_after_a_lease(make: Make, account_id: str) -> None:
    leases = make(SHORT).leases
    leases.take(account_id=account_id, lease=make_lease(), limit=1)
    assert not leases.take(account_id=account_id, lease=make_lease("p2"), limit=1).ok
    time.sleep(SHORT * 1.1)
    assert leases.holders(account_id=account_id) == ()
    assert leases.take(account_id=account_id, lease=make_lease("p2"), limit=1).ok


@pytest.mark.parametrize("state", ["playing", "paused"])
def test_reports_keep_the_screen_and_silence_frees_it(
    make: Make, account_id: str, state: str
) -> None:
    world = make(SHORT)
    player, other = Player(world, account_id), Player(world, account_id, "p2")
    player.take()
    for _ in range(3):
        time.sleep(SHORT * 0.6)
        player.report(state)
    assert other.take() == Taken(ok=False, holders=(player.lease,))
    time.sleep(SHORT * 1.1)
    assert world.leases.holders(account_id=account_id) == ()
    assert other.take().ok


def test_a_stop_frees_the_screen_at_once_however_young_it_is(make: Make, account_id: str) -> None:
    world = make(None)
    player, other = Player(world, account_id), Player(world, account_id, "p2")
    player.take()
    player.report("stopped")
    assert world.leases.holders(account_id=account_id) == ()
    assert other.take().ok


def test_a_report_that_comes_again_after_the_stop_takes_nothing_back(
    make: Make, account_id: str
) -> None:
    world = make(None)
    player = Player(world, account_id)
    player.take()
    player.report(seq=1)
    player.report("stopped", seq=2)
    player.report(seq=1)
    assert world.leases.holders(account_id=account_id) == ()


def test_who_goes_on_after_a_stop_holds_the_screen_again_while_nobody_took_it(
    make: Make, account_id: str
) -> None:
    world = make(None)
    player, other = Player(world, account_id), Player(world, account_id, "p2")
    player.take()
    player.report("stopped")
    player.report("playing")
    assert world.leases.holders(account_id=account_id) == (player.lease,)
    player.report("stopped")
    other.take()
    player.report("playing")
    assert world.leases.holders(account_id=account_id) == (other.lease,)
    assert not player.take().ok


def test_what_was_watched_off_line_keeps_no_screen(make: Make, account_id: str) -> None:
    world = make(SHORT)
    player = Player(world, account_id)
    player.take()
    time.sleep(SHORT * 1.1)
    player.report(offline=True)
    assert world.leases.holders(account_id=account_id) == ()


def test_a_refused_report_keeps_the_screen_as_well(make: Make, account_id: str) -> None:
    world = make(SHORT)
    player = Player(world, account_id)
    player.take()
    player.report(seq=1)
    for seq in (2, 3):
        time.sleep(SHORT * 0.6)
        player.report(seq=seq, act=1, act_kind="resume", played_since_act=0.0)
    assert world.leases.holders(account_id=account_id) == (player.lease,)


def test_profiles_of_one_account_share_its_screens(make: Make, account_id: str) -> None:
    world = make(SHORT)
    household = [Player(world, account_id, f"p{number}") for number in range(6)]
    slots = {bucket_of(player.viewer.profile_id) for player in household}
    assert len(slots) > 1
    assert [player.take(limit=4).ok for player in household] == [True] * 4 + [False] * 2
    time.sleep(SHORT * 1.1)
    for player in household[1:4]:
        player.report()
    assert household[4].take(limit=4).ok
    refused = household[5].take(limit=4)
    holders = {lease.playback_id for lease in refused.holders}
    assert holders == {player.playback_id for player in household[1:5]}


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_of_a_hundred_starts_at_once_exactly_the_plans_number_wins(
    leases: StreamLeases, account_id: str, limit: int
) -> None:
    def start(number: int) -> bool:
        lease = make_lease(f"p{number}")
        return leases.take(account_id=account_id, lease=lease, limit=limit).ok

    with ThreadPoolExecutor(32) as pool:
        won = list(pool.map(start, range(STARTS)))
    assert sum(won) == limit
    holders = {lease.playback_id for lease in leases.holders(account_id=account_id)}
    assert holders == {f"p{number}" for number, ok in enumerate(won) if ok}


def test_of_a_hundred_starts_at_once_exactly_those_win_whose_screens_fell_free(
    make: Make, account_id: str
) -> None:
    world = make(None)
    players = [Player(world, account_id, f"old{number}") for number in range(4)]
    for player in players:
        assert player.take(limit=4).ok
        player.report("paused" if player is players[0] else "stopped")

    def start(number: int) -> bool:
        lease = make_lease(f"p{number}")
        return world.leases.take(account_id=account_id, lease=lease, limit=4).ok

    with ThreadPoolExecutor(32) as pool:
        won = list(pool.map(start, range(STARTS)))
    assert sum(won) == 3
    holders = {lease.playback_id for lease in world.leases.holders(account_id=account_id)}
    assert holders == {players[0].playback_id} | {
        f"p{number}" for number, ok in enumerate(won) if ok
    }


def test_of_a_hundred_takeovers_at_once_exactly_one_screen_is_held(
    leases: StreamLeases, account_id: str
) -> None:
    leases.take(account_id=account_id, lease=make_lease("victim"), limit=1)

    def take_over(number: int) -> bool:
        lease = make_lease(f"p{number}")
        taken = leases.take(account_id=account_id, lease=lease, limit=1, instead_of="victim")
        return taken.ok

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(take_over, range(STARTS))) == 1
    assert len(leases.holders(account_id=account_id)) == 1


@pytest.mark.real
def test_nothing_stays_in_redis_for_good(redis_client: Any, account_id: str) -> None:
    world = RealWorld(redis_client, SHORT)
    player = Player(world, account_id)
    player.take()
    player.report()
    said = ProfileKeys.of(player.viewer.profile_id).playing(player.playback_id)
    assert 0 < redis_client.pttl(said) <= SHORT * 1000
    assert SHORT * 1000 < redis_client.pttl(lease_key(account_id)) <= KEPT_MS


@pytest.mark.real
def test_a_report_keeps_a_screen_for_three_reports_and_a_grace(
    redis_client: Any, account_id: str
) -> None:
    player = Player(RealWorld(redis_client, None), account_id)
    player.report()
    said = ProfileKeys.of(player.viewer.profile_id).playing(player.playback_id)
    assert 94_000 < redis_client.pttl(said) <= 95_000


@pytest.mark.real
def test_a_lease_found_dead_and_taken_again_meanwhile_is_not_dropped(
    redis_client: Any, account_id: str
) -> None:
    """Between the question who is dead and the script that drops them, the dead may come back."""
    world = RealWorld(redis_client, None)
    player = Player(world, account_id)
    player.take()
    player.report("stopped")

    class Returning(RedisStreamLeases):
        def _held(self, entries: Any) -> Any:
            held = super()._held(entries)
            time.sleep(0.002)
            player.take()
            return held

    late = Returning(RedisCalls(redis_client))
    refused = late.take(account_id=account_id, lease=make_lease("p2"), limit=1)
    assert refused == Taken(ok=False, holders=(player.lease,))


@pytest.mark.real
@pytest.mark.parametrize(
    "text",
    ["not json", "7", "{}", '{"at": "soon"}', '{"at": 9e12, "title": "t", "since": 1}'],
)
def test_what_can_not_be_read_holds_no_screen(
    redis_client: Any, account_id: str, text: str
) -> None:
    leases = RedisStreamLeases(RedisCalls(redis_client))
    redis_client.hset(lease_key(account_id), "damaged", text)
    assert leases.take(account_id=account_id, lease=make_lease(), limit=1).ok
    assert leases.holders(account_id=account_id) == (make_lease(),)


@pytest.mark.real
def test_what_another_version_wrote_is_still_a_holder(redis_client: Any, account_id: str) -> None:
    leases = RedisStreamLeases(RedisCalls(redis_client))
    lease = make_lease()
    leases.take(account_id=account_id, lease=lease, limit=1)
    fields = json.loads(redis_client.hget(lease_key(account_id), "p1"))
    redis_client.hset(lease_key(account_id), "p1", json.dumps(fields | {"later": "field"}))
    assert leases.holders(account_id=account_id) == (lease,)


@pytest.mark.real
def test_screens_work_on_a_cluster_where_profiles_lie_in_other_slots(
    tmp_path: Path, account_id: str
) -> None:
    with redis_cluster(tmp_path) as url:
        client = connect(url=url, cluster=True, timeout_ms=5_000)
        world = RealWorld(client, None)
        household = [Player(world, account_id, f"p{number}") for number in range(5)]
        assert [player.take(limit=4).ok for player in household] == [True] * 4 + [False]
        for player in household[:4]:
            player.report("stopped" if player is household[2] else "playing")
        assert household[4].take(limit=4).ok
        assert len(world.leases.holders(account_id=account_id)) == 4
        freed = world.leases.free(account_id=account_id, playback_id=household[0].playback_id)
        assert freed == household[0].lease
        client.close()


def test_redis_being_down_is_said() -> None:
    client = connect(url=closed_redis_url(), cluster=False, timeout_ms=250)
    leases = RedisStreamLeases(RedisCalls(client))
    with pytest.raises(UnavailableError):
        leases.take(account_id="a", lease=make_lease(), limit=1)
    with pytest.raises(UnavailableError):
        leases.free(account_id="a", playback_id="p1")
    with pytest.raises(UnavailableError):
        leases.holders(account_id="a")
