"""The promise of `StreamLeases`, kept by the fake and by Redis."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.stream_leases_redis import RedisStreamLeases, lease_key
from reprise.application.playback_ports import StreamLeases
from reprise.domain.errors import UnavailableError
from reprise.domain.leases import Lease, Taken
from tests.builders import PHONE, TV
from tests.fakes.stream_leases import FakeStreamLeases
from tests.harness.closed_port import closed_redis_url
from tests.harness.stack import TestStack

SHORT = 0.2
STARTS = 100

type Make = Callable[[float | None], StreamLeases]


def fake(_: pytest.FixtureRequest) -> Make:
    return lambda seconds: FakeStreamLeases(clock=time.monotonic, seconds=seconds)


def real(request: pytest.FixtureRequest) -> Make:
    client: Any = request.getfixturevalue("redis_client")
    return lambda seconds: RedisStreamLeases(RedisCalls(client), seconds=seconds)


@pytest.fixture(params=[fake, pytest.param(real, marks=pytest.mark.real)], ids=["fake", "redis"])
def make(request: pytest.FixtureRequest) -> Make:
    factory: Callable[[pytest.FixtureRequest], Make] = request.param
    return factory(request)


@pytest.fixture
def leases(make: Make) -> StreamLeases:
    return make(None)


@pytest.fixture
def account_id() -> str:
    return str(uuid4())


def make_lease(playback_id: str = "p1", **overrides: Any) -> Lease:
    values: dict[str, Any] = {
        "playback_id": playback_id,
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
    assert not leases.renew(account_id=other, playback_id="p1")


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
    assert not leases.renew(account_id=account_id, playback_id="p1")


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


def test_a_lease_without_a_word_runs_out_and_is_not_renewed_afterwards(
    make: Make, account_id: str
) -> None:
    leases = make(SHORT)
    leases.take(account_id=account_id, lease=make_lease(), limit=1)
    time.sleep(SHORT * 1.5)
    assert leases.holders(account_id=account_id) == ()
    assert not leases.renew(account_id=account_id, playback_id="p1")
    assert leases.take(account_id=account_id, lease=make_lease("p2"), limit=1).ok


def test_a_renewed_lease_lives_on_while_the_others_run_out(make: Make, account_id: str) -> None:
    leases = make(SHORT)
    for name in ("p1", "p2"):
        leases.take(account_id=account_id, lease=make_lease(name), limit=2)
    for _ in range(3):
        time.sleep(SHORT * 0.6)
        assert leases.renew(account_id=account_id, playback_id="p1")
    assert leases.holders(account_id=account_id) == (make_lease("p1"),)


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
def test_nothing_is_left_in_redis_once_all_leases_ran_out(
    redis_client: Any, account_id: str
) -> None:
    leases = RedisStreamLeases(RedisCalls(redis_client), seconds=SHORT)
    leases.take(account_id=account_id, lease=make_lease(), limit=1)
    assert 0 < redis_client.pttl(lease_key(account_id)) <= SHORT * 1000
    time.sleep(SHORT * 1.5)
    assert not redis_client.exists(lease_key(account_id))


@pytest.mark.real
@pytest.mark.parametrize(
    "text",
    ["not json", "7", "{}", '{"expires": "soon"}', '{"expires": 9e12, "title": "t", "since": 1}'],
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
def test_the_scripts_touch_the_slot_of_the_account_alone(stack: TestStack, account_id: str) -> None:
    client = connect(url=stack.redis_url, cluster=False, timeout_ms=1000)
    key = lease_key(account_id)
    assert key.startswith("{b")
    assert key.index("}") == len("{b0000")
    leases = RedisStreamLeases(RedisCalls(client))
    leases.take(account_id=account_id, lease=make_lease(), limit=1)
    assert client.type(key) == "hash"
    client.close()


def test_redis_being_down_is_said() -> None:
    client = connect(url=closed_redis_url(), cluster=False, timeout_ms=250)
    leases = RedisStreamLeases(RedisCalls(client))
    with pytest.raises(UnavailableError):
        leases.take(account_id="a", lease=make_lease(), limit=1)
    with pytest.raises(UnavailableError):
        leases.renew(account_id="a", playback_id="p1")
    with pytest.raises(UnavailableError):
        leases.free(account_id="a", playback_id="p1")
    with pytest.raises(UnavailableError):
        leases.holders(account_id="a")
