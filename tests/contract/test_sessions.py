"""The promise of `Sessions`, kept by the fake and by Redis."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

import pytest

from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.sessions_redis import RedisSessions, session_key
from reprise.application.identity_ports import Sessions
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import RateLimitedError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Claims, Device, PolicyFacts
from tests.builders import PHONE, TV
from tests.fakes.sessions import FakeSessions, LiveSession
from tests.harness.closed_port import closed_redis_url
from tests.harness.redis_cluster import redis_cluster

PER_MINUTE = 5


class Store(Protocol):
    """Sessions, and a look at what is live."""

    @property
    def sessions(self) -> Sessions: ...

    def live(self, claims: Claims) -> LiveSession | None: ...


class FakeStore:
    def __init__(self) -> None:
        self.sessions = FakeSessions(per_minute=PER_MINUTE)

    def live(self, claims: Claims) -> LiveSession | None:
        key = (claims.account_id, claims.profile_id, claims.session_id)
        return self.sessions.live.get(key)


@dataclass
class RedisStore:
    client: Any

    def __post_init__(self) -> None:
        self.sessions = RedisSessions(RedisCalls(self.client), per_minute=PER_MINUTE)

    def live(self, claims: Claims) -> LiveSession | None:
        key = session_key(claims.account_id, claims.session_id, claims.profile_id)
        fields = self.client.hgetall(key)
        if not fields:
            return None
        return LiveSession(
            account_id=fields["account"],
            profile_id=fields["profile"] or None,
            policy=PolicyFacts.decode(fields["policy"]) if fields["policy"] else None,
            device=Device(fields["deviceId"], fields["deviceType"], fields["deviceName"]),
            lifetime=self.client.ttl(key),
        )


def fake(_: pytest.FixtureRequest) -> Store:
    return FakeStore()


def real(request: pytest.FixtureRequest) -> Store:
    return RedisStore(request.getfixturevalue("redis_client"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as url:
        client = connect(url=url, cluster=True, timeout_ms=1_000)
        yield client
        client.close()


def clustered(request: pytest.FixtureRequest) -> Store:
    return RedisStore(request.getfixturevalue("cluster"))


@pytest.fixture(
    params=[
        fake,
        pytest.param(real, marks=pytest.mark.real),
        pytest.param(clustered, marks=pytest.mark.real),
    ],
    ids=["fake", "redis", "cluster"],
)
def store(request: pytest.FixtureRequest) -> Store:
    make: Callable[[pytest.FixtureRequest], Store] = request.param
    return make(request)


def make_claims(**overrides: Any) -> Claims:
    values: dict[str, Any] = {
        "account_id": str(uuid4()),
        "session_id": str(uuid4()),
        "profile_id": str(uuid4()),
        "policy": PolicyFacts("DE", "premium", 5, kids=False),
        "expires_at": 1_795_000_900,
    }
    return Claims(**(values | overrides))


def test_a_started_session_is_live_with_all_it_says(store: Store) -> None:
    claims = make_claims()
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    assert store.live(claims) == LiveSession(
        claims.account_id, claims.profile_id, claims.policy, TV, 600
    )


def test_a_session_without_a_profile_lives_under_its_account(store: Store) -> None:
    claims = make_claims(profile_id=None, policy=None)
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    live = store.live(claims)
    assert live is not None
    assert (live.profile_id, live.policy) == (None, None)


def test_starting_again_replaces_what_it_says(store: Store) -> None:
    claims = make_claims()
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    kids = replace(claims, policy=PolicyFacts("DE", "premium", 2, kids=True))
    store.sessions.start(claims=kids, device=PHONE, lifetime=60)
    assert store.live(claims) == LiveSession(
        claims.account_id, claims.profile_id, kids.policy, PHONE, 60
    )


def test_a_revoked_session_is_gone_at_once_and_no_other_with_it(store: Store) -> None:
    claims = make_claims()
    other = replace(claims, session_id=str(uuid4()))
    for each in (claims, other):
        store.sessions.start(claims=each, device=TV, lifetime=600)
    store.sessions.revoke(
        account_id=claims.account_id, session_id=claims.session_id, profile_ids=[claims.profile_id]
    )
    assert store.live(claims) is None
    assert store.live(other) is not None


def test_a_session_is_revoked_as_every_profile_it_may_be_of(store: Store) -> None:
    claims = make_claims()
    as_others = [replace(claims, profile_id=str(uuid4())) for _ in range(4)]
    as_nobody = replace(claims, profile_id=None, policy=None)
    everything = [claims, *as_others, as_nobody]
    for each in everything:
        store.sessions.start(claims=each, device=TV, lifetime=600)
    store.sessions.revoke(
        account_id=claims.account_id,
        session_id=claims.session_id,
        profile_ids=[each.profile_id for each in everything],
    )
    assert [store.live(each) for each in everything] == [None] * 6


def test_a_live_session_is_proved_with_its_current_policy(store: Store) -> None:
    claims = make_claims()
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    kids = PolicyFacts("DE", "premium", 2, kids=True)
    store.sessions.start(claims=replace(claims, policy=kids), device=TV, lifetime=600)
    assert store.sessions.prove(claims=claims) == kids


def test_a_session_without_a_profile_is_proved_and_has_no_policy(store: Store) -> None:
    claims = make_claims(profile_id=None, policy=None)
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    assert store.sessions.prove(claims=claims) is None


@pytest.mark.parametrize("other", ["account_id", "session_id", "profile_id"])
def test_what_is_not_live_as_it_says_proves_nothing(store: Store, other: str) -> None:
    claims = make_claims()
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    values: dict[str, Any] = {other: str(uuid4())}
    with pytest.raises(UnauthenticatedError):
        store.sessions.prove(claims=replace(claims, **values))


def test_a_session_proves_itself_so_many_times_a_minute(store: Store) -> None:
    claims = make_claims()
    store.sessions.start(claims=claims, device=TV, lifetime=600)
    for _ in range(PER_MINUTE):
        store.sessions.prove(claims=claims)
    with pytest.raises(RateLimitedError) as refused:
        store.sessions.prove(claims=claims)
    assert 1 <= refused.value.retry_after <= 60


def test_a_session_leaves_one_profile_and_goes_on_as_another(store: Store) -> None:
    old = make_claims()
    new = replace(old, profile_id=str(uuid4()))
    for each in (old, new):
        store.sessions.start(claims=each, device=TV, lifetime=600)
    store.sessions.leave(
        account_id=old.account_id, session_id=old.session_id, profile_id=old.profile_id
    )
    assert store.live(old) is None
    assert store.live(new) is not None


@pytest.mark.real
def test_leaving_a_profile_keeps_the_session_of_another_in_its_bucket(redis_client: Any) -> None:
    """Profiles of one bucket share a session's key."""
    sessions = RedisSessions(RedisCalls(redis_client))
    old = make_claims()
    bucket = bucket_of(str(old.profile_id))
    new_id = next(each for each in iter(lambda: str(uuid4()), "") if bucket_of(each) == bucket)
    new = replace(old, profile_id=new_id)
    for each in (old, new):
        sessions.start(claims=each, device=TV, lifetime=600)
    sessions.leave(account_id=old.account_id, session_id=old.session_id, profile_id=old.profile_id)
    sessions.set_policy(
        profile_id=str(old.profile_id),
        session_ids=[old.session_id],
        policy=PolicyFacts("US", "basic", 1, kids=True),
    )
    assert sessions.prove(claims=new) == new.policy


def test_a_policy_changes_for_the_live_sessions_of_the_profile_alone(store: Store) -> None:
    claims = make_claims()
    ended, other = (replace(claims, session_id=str(uuid4())) for _ in range(2))
    for each in (claims, other):
        store.sessions.start(claims=each, device=TV, lifetime=600)
    strict = PolicyFacts("DE", "premium", 1, kids=False)
    store.sessions.set_policy(
        profile_id=str(claims.profile_id),
        session_ids=[claims.session_id, ended.session_id],
        policy=strict,
    )
    assert store.sessions.prove(claims=claims) == strict
    assert store.sessions.prove(claims=other) == other.policy
    assert store.live(ended) is None


def test_revoking_what_is_not_live_changes_nothing(store: Store) -> None:
    claims = make_claims()
    for _ in range(2):
        store.sessions.revoke(
            account_id=claims.account_id, session_id=claims.session_id, profile_ids=[None]
        )
    assert store.live(claims) is None


def test_redis_being_down_is_said() -> None:
    client = connect(url=closed_redis_url(), cluster=False, timeout_ms=250)
    sessions = RedisSessions(RedisCalls(client))
    with pytest.raises(UnavailableError):
        sessions.start(claims=make_claims(), device=TV, lifetime=600)
    with pytest.raises(UnavailableError):
        sessions.revoke(account_id="a", session_id="s", profile_ids=[None])
