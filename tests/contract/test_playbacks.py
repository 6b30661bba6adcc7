"""The promise of `Playbacks`, kept by the fake and by Redis."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.playbacks_redis import RedisPlaybacks
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.playback_ports import Entered, Playbacks
from reprise.domain.allowance import Allowance
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import RateLimitedError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playback import REMEMBERED_SECONDS, Playback, Spot
from reprise.domain.playstate import ItemFacts
from tests.builders import KID, TV, make_report, make_viewer
from tests.fakes.playbacks import FakePlaybacks
from tests.harness.closed_port import closed_redis_url
from tests.harness.live_worlds import BOTH, REPORTS_PER_MINUTE, RedisWorld, World, make_world

FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)


@dataclass
class Playing:
    """The port, the live places beside it, and a clock that only what is remembered obeys."""

    world: World
    port: Playbacks
    told: list[Allowance]
    outlast: Callable[[Viewer, str, int], None]
    """Let a playback be gone on with no more for so many seconds."""


def _faked(world: World) -> Playing:
    now = 0.0

    def outlast(_viewer: Viewer, _playback_id: str, seconds: int) -> None:
        nonlocal now
        now += seconds

    port = FakePlaybacks(world.live, clock=lambda: now)  # type: ignore[arg-type]
    return Playing(world, port, world.allowances, outlast)


def _real(world: RedisWorld) -> Playing:
    told: list[Allowance] = []
    port = RedisPlaybacks(
        RedisCalls(world.client), per_minute=REPORTS_PER_MINUTE, on_allowance=told.append
    )

    def outlast(viewer: Viewer, playback_id: str, seconds: int) -> None:
        key = ProfileKeys.of(viewer.profile_id).playback(playback_id)
        left = world.client.pttl(key) - seconds * 1000
        assert world.client.pexpire(key, left) if left > 0 else world.client.delete(key)

    return Playing(world, port, told, outlast)


@pytest.fixture(params=BOTH)
def playing(request: pytest.FixtureRequest) -> Playing:
    world = make_world(request)
    return _real(world) if isinstance(world, RedisWorld) else _faked(world)


@pytest.fixture
def viewer(playing: Playing) -> Viewer:
    viewer = make_viewer()
    playing.world.sign_in(viewer)
    return viewer


def begin(playing: Playing, viewer: Viewer) -> Playback:
    playback = Playback(str(uuid4()), "series-1", "episode-1", "holder-1")
    playing.port.begin(viewer=viewer, playback=playback)
    return playback


def neighbour_of(viewer: Viewer) -> Viewer:
    """Return a viewer whose keys lie beside this one's."""
    bucket = bucket_of(viewer.profile_id)
    others = (make_viewer() for _ in range(100_000))
    return next(other for other in others if bucket_of(other.profile_id) == bucket)


def watch(playing: Playing, viewer: Viewer, position: float) -> None:
    playing.world.live.record(
        viewer=viewer,
        reports=[(make_report(position=position), FACTS)],
        durable={"film-1": None},
    )


def test_a_session_enters_with_its_policy_and_device_and_no_place(
    playing: Playing, viewer: Viewer
) -> None:
    playing.world.sign_in(viewer, policy=KID)
    entered, spot = playing.port.enter(viewer=viewer, item_id="film-1")
    assert (entered, spot) == (Entered(policy=KID, device=TV, current=None), None)


def test_it_enters_where_the_live_place_is(playing: Playing, viewer: Viewer) -> None:
    watch(playing, viewer, 1234.567)
    assert playing.port.enter(viewer=viewer, item_id="film-1")[1] == Spot(1234.567, False)
    assert playing.port.enter(viewer=viewer, item_id="film-2")[1] is None
    watch(playing, viewer, 1300.0)
    playing.world.acknowledge(viewer)
    playing.world.evict(viewer)
    assert playing.port.enter(viewer=viewer, item_id="film-1")[1] is None


def test_a_place_watched_to_its_end_says_so(playing: Playing, viewer: Viewer) -> None:
    playing.world.live.mark(
        viewer=viewer, video_id="film-1", items=[("film-1", FACTS)], watched=True, durable={}
    )
    spot = playing.port.enter(viewer=viewer, item_id="film-1")[1]
    assert spot is not None
    assert spot.completed


def test_a_playback_is_found_by_its_profile_alone(playing: Playing, viewer: Viewer) -> None:
    playback = begin(playing, viewer)
    found = playing.port.find(viewer=viewer, playback_id=playback.id)
    assert found == (Entered(viewer.policy, TV, playback.id), playback)
    for other in (make_viewer(), neighbour_of(viewer)):
        playing.world.sign_in(other)
        assert playing.port.find(viewer=other, playback_id=playback.id)[1] is None
    assert playing.port.find(viewer=viewer, playback_id="unknown")[1] is None


def test_each_session_has_a_last_playback_of_its_own(playing: Playing, viewer: Viewer) -> None:
    begin(playing, viewer)
    second = begin(playing, viewer)
    phone = replace(viewer, session_id=str(uuid4()))
    playing.world.sign_in(phone)
    assert playing.port.enter(viewer=viewer, item_id="film-1")[0].current == second.id
    assert playing.port.enter(viewer=phone, item_id="film-1")[0].current is None


def test_a_playback_is_remembered_for_days_after_each_time_it_is_found(
    playing: Playing, viewer: Viewer
) -> None:
    playback = begin(playing, viewer)
    for _ in range(2):
        playing.outlast(viewer, playback.id, REMEMBERED_SECONDS - 60)
        assert playing.port.find(viewer=viewer, playback_id=playback.id)[1] == playback
    playing.outlast(viewer, playback.id, REMEMBERED_SECONDS)
    assert playing.port.find(viewer=viewer, playback_id=playback.id)[1] is None


def test_the_gate_refuses_who_is_revoked_and_who_asks_too_much(
    playing: Playing, viewer: Viewer
) -> None:
    playback = begin(playing, viewer)
    for _ in range(REPORTS_PER_MINUTE // 2):
        playing.port.enter(viewer=viewer, item_id="film-1")
        playing.port.find(viewer=viewer, playback_id=playback.id)
    assert playing.told[-1].remaining == 0
    with pytest.raises(RateLimitedError):
        playing.port.enter(viewer=viewer, item_id="film-1")
    with pytest.raises(RateLimitedError):
        playing.port.find(viewer=viewer, playback_id=playback.id)
    playing.world.revoke(viewer)
    with pytest.raises(UnauthenticatedError):
        playing.port.enter(viewer=viewer, item_id="film-1")
    with pytest.raises(UnauthenticatedError):
        playing.port.find(viewer=viewer, playback_id=playback.id)


@pytest.mark.real
@pytest.mark.parametrize("damage", ["kind", "position", "flag"])
def test_a_damaged_place_or_playback_counts_as_missing(
    request: pytest.FixtureRequest, damage: str
) -> None:
    real = BOTH[1].values[0]
    world = real(request)  # type: ignore[operator]
    playing, viewer = _real(world), make_viewer()
    world.sign_in(viewer)
    keys = ProfileKeys.of(viewer.profile_id)
    fields = {"pos": "12.5", "done": "0"} | {
        "kind": {},
        "position": {"pos": "NaN"},
        "flag": {"done": "maybe"},
    }[damage]
    if damage == "kind":
        world.client.sadd(keys.place("film-1"), "x")
        world.client.sadd(keys.playback("p"), "x")
    else:
        world.client.hset(keys.place("film-1"), mapping=fields)
        world.client.set(keys.playback("p"), "no-slash")
    assert playing.port.enter(viewer=viewer, item_id="film-1")[1] is None
    assert playing.port.find(viewer=viewer, playback_id="p")[1] is None


@pytest.mark.real
def test_a_playback_that_names_no_holder_counts_as_missing(request: pytest.FixtureRequest) -> None:
    """Those begun before grants named one: a new manifest plays."""
    world = BOTH[1].values[0](request)  # type: ignore[operator]
    playing, viewer = _real(world), make_viewer()
    world.sign_in(viewer)
    playback = begin(playing, viewer)
    key = ProfileKeys.of(viewer.profile_id).playback(playback.id)
    world.client.set(key, world.client.get(key).rpartition("/")[0])
    assert playing.port.find(viewer=viewer, playback_id=playback.id)[1] is None


@pytest.mark.real
def test_what_outlasts_a_deleted_profile_names_nobody(request: pytest.FixtureRequest) -> None:
    world = BOTH[1].values[0](request)  # type: ignore[operator]
    playing, viewer = _real(world), make_viewer()
    world.sign_in(viewer)
    playback = begin(playing, viewer)
    key = ProfileKeys.of(viewer.profile_id).playback(playback.id)
    assert viewer.profile_id not in key + world.client.get(key)


@pytest.mark.real
def test_a_session_that_ended_meanwhile_is_not_made_again(
    request: pytest.FixtureRequest,
) -> None:
    world = BOTH[1].values[0](request)  # type: ignore[operator]
    playing, viewer = _real(world), make_viewer()
    begin(playing, viewer)
    assert not world.client.exists(ProfileKeys.of(viewer.profile_id).session(viewer.session_id))


def test_a_redis_that_is_away_is_unavailable() -> None:
    calls = RedisCalls(connect(url=closed_redis_url(), cluster=False, timeout_ms=200))
    port, viewer = RedisPlaybacks(calls), make_viewer()
    with pytest.raises(UnavailableError):
        port.enter(viewer=viewer, item_id="film-1")
    with pytest.raises(UnavailableError):
        port.begin(viewer=viewer, playback=Playback("p", "v", "i", "h"))
