"""What only Redis can show of live places: expiry, lost scripts, damage, one slot, every digit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.live_places_redis import RedisLivePlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.row_cache_redis import RedisRowCache
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import ItemFacts, Outcome, Place, Report
from reprise_local.ports import free_port
from reprise_local.servers import RedisServer
from tests.builders import NOW_US, make_report, make_viewer
from tests.flush_builders import make_place
from tests.harness.live_worlds import CONTRACT_DATABASE, RedisWorld, redis_database
from tests.harness.redis_cluster import redis_cluster
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real
FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)
FILM = "film-1"


@pytest.fixture
def world(stack: TestStack) -> Iterator[RedisWorld]:
    client = redis_database(stack, CONTRACT_DATABASE)
    yield RedisWorld(client)
    client.flushdb()
    client.close()


@pytest.fixture
def viewer(world: RedisWorld) -> Viewer:
    viewer = make_viewer()
    world.sign_in(viewer)
    return viewer


def record(world: RedisWorld, viewer: Viewer, *reports: Report, **known: Any) -> list[Outcome]:
    if not known:
        known = {"durable": {report.item_id: None for report in reports}}
    reports_and_facts = [(report, FACTS) for report in reports]
    return list(world.live.record(viewer=viewer, reports=reports_and_facts, **known).outcomes)


def place_key(viewer: Viewer, item_id: str = FILM) -> str:
    return ProfileKeys.of(viewer.profile_id).place(item_id)


def test_scripts_that_the_server_lost_are_sent_again(world: RedisWorld, viewer: Viewer) -> None:
    record(world, viewer, make_report(seq=1))
    world.client.script_flush()
    assert record(world, viewer, make_report(seq=2))[0].rule == "owner"
    world.client.script_flush()
    assert world.rows.read(viewer=viewer).places is None
    world.client.script_flush()
    assert world.rows.fill(
        profile_id=viewer.profile_id,
        places=[],
        version=world.live.live(profile_id=viewer.profile_id).version,
    )
    world.client.script_flush()
    assert world.live.gate(viewer=viewer) == viewer.policy


def test_a_count_that_lost_its_end_begins_a_new_minute(world: RedisWorld, viewer: Viewer) -> None:
    world.live.gate(viewer=viewer)
    world.client.persist(ProfileKeys.of(viewer.profile_id).rate(viewer.session_id))
    world.live.gate(viewer=viewer)
    assert 1 <= world.client.ttl(ProfileKeys.of(viewer.profile_id).rate(viewer.session_id)) <= 60
    assert world.allowances[-1].reset == 60


class Listening:
    """A client that notes the keys of every command."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[list[str]] = []

    def evalsha(self, sha: str, count: int, *keys_and_args: str) -> Any:
        self.calls.append(list(keys_and_args[:count]))
        return self._client.evalsha(sha, count, *keys_and_args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_every_key_of_a_script_carries_the_tag_of_the_profiles_bucket(
    world: RedisWorld, viewer: Viewer
) -> None:
    listening = Listening(world.client)
    live, rows = RedisLivePlaces(RedisCalls(listening)), RedisRowCache(RedisCalls(listening))
    reports = [(make_report(video_id=f"film-{n}"), FACTS) for n in range(3)]
    live.record(viewer=viewer, reports=reports, provisional=True)
    live.hide(viewer=viewer, video_id=FILM, durable={})
    live.mark(viewer=viewer, video_id=FILM, items=[(FILM, FACTS)], watched=True, durable={})
    live.gate(viewer=viewer)
    rows.read(viewer=viewer)
    rows.fill(profile_id=viewer.profile_id, places=[], version=0)
    tag = f"{{b{bucket_of(viewer.profile_id):04d}}}:"
    assert len(listening.calls) == 6
    assert all(key.startswith(tag) for keys in listening.calls for key in keys)


def test_everything_works_on_a_cluster(tmp_path: Path) -> None:
    with redis_cluster(tmp_path) as url:
        client = connect(url=url, cluster=True, timeout_ms=5_000)
        world = RedisWorld(client)
        viewer = make_viewer()
        world.sign_in(viewer)
        record(world, viewer, make_report(seq=1), make_report(video_id="film-2"))
        seen = world.live.live(profile_id=viewer.profile_id)
        assert len(seen.places) == 2
        assert world.rows.fill(
            profile_id=viewer.profile_id, places=seen.places, version=seen.version
        )
        assert record(world, viewer, make_report(seq=2), durable={})[0].moved
        assert len(world.live.hide(viewer=viewer, video_id=FILM, durable={})) == 1
        client.close()


def test_microseconds_keep_every_digit_wherever_they_are_stored(
    world: RedisWorld, viewer: Viewer
) -> None:
    world.now_us = world.live.now_us = now = 1_795_123_456_123_457
    first = make_report(seq=1, position=2399.0, event_time=now - 1)
    record(world, viewer, first, make_report(seq=2, act=2, act_kind="restart", event_time=now))
    world.live.mark(viewer=viewer, video_id=FILM, items=[(FILM, FACTS)], watched=True, durable={})
    world.live.mark(viewer=viewer, video_id=FILM, items=[(FILM, FACTS)], watched=False, durable={})
    fields = world.client.hgetall(place_key(viewer))
    assert fields["at"] == fields["mat"] == str(now + 3)
    assert (fields["wat"], fields["et"], fields["since"]) == (str(now + 1), str(now), str(now))
    assert fields["v"] == str(now + 3)
    assert json.loads(fields["d:tv-1"])[4] == str(now + 1)
    assert json.loads(fields["bef"])["et"] == str(now)
    outbox = json.loads(fields["out"])
    started = now // 1000 * 1000
    assert outbox[0] == ["c", str(started)]
    closed = outbox[1][1]
    assert (closed["started"], closed["watched"], closed["at"]) == (str(started), *[str(now)] * 2)
    assert outbox[2] == ["c", str(started + 1000)]
    keys = ProfileKeys.of(viewer.profile_id)
    assert world.client.get(keys.version) == str(now + 3)
    member = f"{viewer.profile_id}:{FILM}"
    assert world.client.zscore(BucketKeys.of(bucket_of(viewer.profile_id)).dirty, member) == now


def test_a_place_has_no_time_to_live_while_it_is_not_durable(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1))
    assert world.client.ttl(place_key(viewer)) == -1
    world.acknowledge(viewer)
    assert 86_000 < world.client.ttl(place_key(viewer)) <= 86_400
    record(world, viewer, make_report(seq=2))
    assert world.client.ttl(place_key(viewer)) == -1


def test_a_place_that_was_only_looked_at_expires(world: RedisWorld, viewer: Viewer) -> None:
    durable = make_place(video_id=FILM)
    record(world, viewer, make_report(playback_id="pb-1", seq=7), durable={FILM: durable})
    assert 86_000 < world.client.ttl(place_key(viewer)) <= 86_400


def test_a_place_whose_state_was_evicted_under_its_mark_is_sound_after_the_next_report(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1))
    world.client.delete(place_key(viewer))
    assert world.live.live(profile_id=viewer.profile_id).places == []
    durable = make_place(video_id=FILM)
    record(world, viewer, make_report(position=300.0), durable={FILM: durable})
    (item,) = world.buffer.claim_items(profile_id=viewer.profile_id, item_ids=[FILM])
    assert (item.place.position, item.place.rev) == (300.0, durable.rev + 1)
    assert world.buffer.acknowledge(items=[item]) == 1


def test_a_place_that_was_evicted_under_its_mark_is_made_durable_again_after_a_duplicate(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=7))
    world.client.delete(place_key(viewer))
    durable = make_place(video_id=FILM)
    again = make_report(playback_id="pb-1", seq=7)
    assert record(world, viewer, again, durable={FILM: durable})[0].rule == "duplicate"
    assert world.client.ttl(place_key(viewer)) == -1
    (item,) = world.buffer.claim_items(profile_id=viewer.profile_id, item_ids=[FILM])
    assert item.place == durable
    assert world.buffer.acknowledge(items=[item]) == 1


DAMAGE: list[dict[str, str]] = [
    {"rev": "many"},
    {"at": "1e15"},
    {"pos": "nan"},
    {"pos": ""},
    {"dur": "-1"},
    {"pbs": "[["},
    {"pbs": "[7]"},
    {"pbs": '[["pb-tv","x","y"]]'},
    {"ch": "[7]"},
    {"ch": "null"},
    {"out": "[["},
    {"out": "7"},
]


@pytest.mark.parametrize("damage", DAMAGE, ids=str)
def test_a_damaged_live_place_counts_as_missing_and_the_durable_one_takes_its_stead(
    world: RedisWorld, viewer: Viewer, damage: dict[str, str]
) -> None:
    record(world, viewer, make_report(seq=1, position=400.0))
    world.client.hset(place_key(viewer), mapping=damage)
    report = make_report(seq=2, position=600.0, intervals=((590.0, 600.0),))
    answer = world.live.record(viewer=viewer, reports=[(report, FACTS)])
    assert list(answer.cold) == [FILM]
    assert world.lost == []
    durable = make_place(video_id=FILM, owner="pb-tv", rev=5, playbacks=())
    (outcome,) = record(world, viewer, report, durable={FILM: durable})
    assert outcome.place
    assert (outcome.moved, outcome.place.rev) == (True, 6)
    assert world.lost == [("CorruptState", 1)]
    world.acknowledge(viewer)


@pytest.mark.parametrize("missing", ["vid", "rev", "own", "st", "pbs", "dna", "hid"])
def test_a_live_place_that_lacks_a_field_counts_as_missing(
    world: RedisWorld, viewer: Viewer, missing: str
) -> None:
    record(world, viewer, make_report(seq=1))
    world.client.hdel(place_key(viewer), missing)
    report = make_report(seq=1, playback_id="pb-2", played_since_act=1.0)
    assert world.live.record(viewer=viewer, reports=[(report, FACTS)]).cold == [FILM]


def test_a_key_that_holds_no_place_at_all_hides_no_other_place(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1))
    record(world, viewer, make_report(video_id="film-2"))
    world.client.set(place_key(viewer), "what is this")
    assert [place.item_id for place in world.live.live(profile_id=viewer.profile_id).places] == [
        "film-2"
    ]


def test_a_key_that_holds_no_place_at_all_is_replaced(world: RedisWorld, viewer: Viewer) -> None:
    world.client.set(place_key(viewer), "what is this")
    (outcome,) = record(world, viewer, make_report())
    assert (outcome.rule, world.lost) == ("first", [("CorruptState", 1)])
    world.acknowledge(viewer)


def test_a_damaged_place_does_not_stop_the_others_of_its_batch(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(video_id="film-2", seq=1, position=300.0))
    record(world, viewer, make_report(video_id="film-3", seq=1))
    world.client.hset(place_key(viewer, "film-3"), "pbs", "[[")
    durable = make_place(video_id=FILM, owner="pb-tv", rev=5, playbacks=())
    refused = make_report(seq=1, playback_id="pb-2", played_since_act=1.0)
    outcomes = record(
        world,
        viewer,
        refused,
        make_report(video_id="film-2", seq=2, position=330.0),
        make_report(video_id="film-3", seq=1, position=30.0),
        durable={FILM: durable, "film-3": None},
    )
    assert [outcome.rule for outcome in outcomes] == ["too_brief", "owner", "first"]
    assert world.lost == [("CorruptState", 1)]
    (kept,) = [p for p in world.live.live(profile_id=viewer.profile_id).places if p.rev == 5]
    assert [change.rule for change in kept.changes] == ["owner", "too_brief"]


def test_while_the_history_is_away_a_damaged_place_is_begun_anew_for_the_time_being(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1))
    world.client.hset(place_key(viewer), "rev", "?")
    (outcome,) = record(world, viewer, make_report(seq=2), provisional=True)
    assert outcome.rule == "first"
    (item,) = world.buffer.claim_items(profile_id=viewer.profile_id, item_ids=[FILM])
    assert item.provisional


@pytest.mark.parametrize("damage", [{"rev": "?"}, {"ch": "[["}, {"bef": "{"}])
def test_acts_of_the_account_do_without_a_damaged_live_place(
    world: RedisWorld, viewer: Viewer, damage: dict[str, str]
) -> None:
    record(world, viewer, make_report(position=2399.0))
    world.client.hset(place_key(viewer), mapping=damage)
    durable = make_place(video_id=FILM, completed=True)
    (outcome,) = world.live.mark(
        viewer=viewer,
        video_id=FILM,
        items=[(FILM, FACTS)],
        watched=False,
        durable={FILM: durable},
    )
    assert outcome.place
    assert (outcome.place.rev, outcome.place.completed) == (durable.rev + 1, False)
    assert world.lost == [("CorruptState", 1)]


def test_reads_skip_a_damaged_place(world: RedisWorld, viewer: Viewer) -> None:
    record(world, viewer, make_report(), make_report(video_id="film-2"))
    world.client.hset(place_key(viewer), "pos", "nan")
    places = world.live.live(profile_id=viewer.profile_id).places
    assert [place.item_id for place in places] == ["film-2"]


@pytest.mark.parametrize("policy", ["", "US|premium", "US|premium|adult|0"])
def test_a_damaged_session_proves_nothing(world: RedisWorld, viewer: Viewer, policy: str) -> None:
    """API10: unsafe consumption of what other systems say."""
    session = ProfileKeys.of(viewer.profile_id).session(viewer.session_id)
    world.client.hset(session, "policy", policy)
    with pytest.raises(UnauthenticatedError):
        record(world, viewer, make_report())
    with pytest.raises(UnauthenticatedError):
        world.rows.read(viewer=viewer)
    with pytest.raises(UnauthenticatedError):
        world.live.gate(viewer=viewer)
    world.client.hdel(session, "policy")
    with pytest.raises(UnauthenticatedError):
        record(world, viewer, make_report())


def kept_row(world: RedisWorld, viewer: Viewer, *places: Place) -> str:
    assert world.rows.fill(profile_id=viewer.profile_id, places=places, version=0)
    return ProfileKeys.of(viewer.profile_id).row


@pytest.mark.parametrize(
    "damage",
    [
        {FILM: "{"},
        {FILM: "[]"},
        {FILM: "null"},
        {FILM: '["a","b"]'},
        {FILM: json.dumps(["x"] * 16)},
        {FILM: json.dumps([None] * 16)},
        {FILM: json.dumps(["v", *"123456", "nan", "9", "playing", *"001", "d", "tv", "n", "1"])},
        {"_fresh": "soon"},
    ],
    ids=str,
)
def test_a_damaged_row_is_a_miss(world: RedisWorld, viewer: Viewer, damage: dict[str, str]) -> None:
    """API10: unsafe consumption of what other systems say."""
    row = kept_row(world, viewer, make_place(video_id=FILM))
    world.client.hset(row, mapping=damage)
    assert world.rows.read(viewer=viewer).places is None


def test_a_row_is_kept_a_day_past_its_freshness(world: RedisWorld, viewer: Viewer) -> None:
    row = kept_row(world, viewer, make_place(video_id=FILM))
    assert 89_000 < world.client.ttl(row) <= 90_000
    record(world, viewer, make_report(seq=1))
    assert 89_000 < world.client.ttl(row) <= 90_000


def test_a_row_that_grows_without_anyone_reading_it_is_dropped(
    world: RedisWorld, viewer: Viewer
) -> None:
    row = kept_row(world, viewer)
    world.client.hset(row, mapping={f"old-{n}": "[]" for n in range(600)})
    record(world, viewer, make_report(seq=1))
    assert not world.client.exists(row)


def test_a_version_survives_without_its_row_and_goes_with_the_day(
    world: RedisWorld, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1))
    version = ProfileKeys.of(viewer.profile_id).version
    assert world.client.get(version) == str(NOW_US)
    assert 86_000 < world.client.ttl(version) <= 86_400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of this module's own, to be filled and turned into a replica."""
    with RedisServer(folder=tmp_path_factory.mktemp("redis"), port=free_port()) as server:
        yield server


@pytest.fixture
def private(server: RedisServer) -> Iterator[RedisWorld]:
    client = connect(url=server.url, cluster=False, timeout_ms=2_000)
    client.flushall()
    yield RedisWorld(client)
    client.config_set("maxmemory", 0)
    client.replicaof("NO", "ONE")
    client.close()


def test_a_full_redis_is_unavailable_and_stores_nothing(private: RedisWorld) -> None:
    viewer = make_viewer()
    private.sign_in(viewer)
    record(private, viewer, make_report(seq=1, position=300.0))
    private.client.config_set("maxmemory", 1)
    for video_id in (FILM, "film-2"):
        report = make_report(video_id=video_id, seq=2, position=600.0)
        with pytest.raises(UnavailableError) as refused:
            private.live.record(viewer=viewer, reports=[(report, FACTS)])
        assert refused.value.retry_after == 1
    with pytest.raises(UnavailableError):
        record(private, viewer, make_report(video_id="film-2"))
    private.client.config_set("maxmemory", 0)
    (place,) = private.live.live(profile_id=viewer.profile_id).places
    assert place.position == 300.0
    assert record(private, viewer, make_report(seq=2, position=600.0))[0].moved


def test_a_demoted_primary_is_unavailable_and_never_acknowledges(private: RedisWorld) -> None:
    viewer = make_viewer()
    private.sign_in(viewer)
    record(private, viewer, make_report(seq=1))
    private.client.replicaof("127.0.0.1", free_port())
    with pytest.raises(UnavailableError):
        record(private, viewer, make_report(seq=2))
    private.client.replicaof("NO", "ONE")
    assert record(private, viewer, make_report(seq=2))[0].moved
