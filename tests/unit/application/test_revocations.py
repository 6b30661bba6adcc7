"""From a session that was revoked to an edge that refuses its grants, told late, twice or lost."""

import pytest

from reprise.application.collect_revocations import collect_revocations
from reprise.application.publish_revocations import Published, publish_revocations
from reprise.application.sign_in import ACCESS_SECONDS
from reprise.domain.errors import UnavailableError
from reprise.domain.grants import holder_of
from reprise.domain.revocations import GRACE_SECONDS, Revocation
from tests.builders import TV
from tests.fakes.accounts import FakeAccounts
from tests.fakes.revocation_queue import FakeRevocationQueue
from tests.fakes.revoked_holders import FakeRevokedHolders
from tests.fakes.revoked_sessions import FakeRevokedSessions
from tests.fakes.session_records import FakeSessionRecords, KeptSession

NOW = 1_795_000_000
HOUR = 3600
LAST = HOUR + GRACE_SECONDS


class Revoking:
    """Sessions that were revoked so many seconds ago, and everything up to the edge."""

    def __init__(self, **ago: int | None) -> None:
        records = FakeSessionRecords(FakeAccounts())
        for name, seconds in ago.items():
            revoked_at = None if seconds is None else NOW - seconds
            session = KeptSession("a-1", None, TV, None, 0, 0, NOW + HOUR, revoked_at)
            records.keep(name, session, token_hash=f"token of {name}")
        self.sessions = FakeRevokedSessions(records)
        self.queue = FakeRevocationQueue()
        self.edge = FakeRevokedHolders()

    def collect(self, *, now: int = NOW) -> int:
        return collect_revocations(
            sessions=self.sessions, queue=self.queue, grant_seconds=HOUR, now=now
        )

    def publish(self, *told: Revocation, now: int = NOW) -> Published:
        revocations = told or tuple(self.queue.told)
        return publish_revocations(revocations=revocations, holders=self.edge, now=now)


def revoked(name: str, *, ago: int = 30) -> Revocation:
    return Revocation(holder_of(name), NOW - ago, NOW - ago + LAST)


def test_every_session_that_was_revoked_with_grants_left_is_told_the_latest_first() -> None:
    world = Revoking(old=LAST, older=LAST + 1, live=None, just=0, lately=LAST - 1)
    assert world.collect() == 2
    assert world.queue.told == [revoked("just", ago=0), revoked("lately", ago=LAST - 1)]


def test_no_token_of_a_revoked_session_gets_a_grant_that_outlasts_its_refusal() -> None:
    told = revoked("one", ago=0)
    assert told.until > NOW + ACCESS_SECONDS + HOUR


def test_where_none_was_revoked_nothing_is_told() -> None:
    world = Revoking(live=None)
    world.queue.down = True
    assert world.collect() == 0


def test_they_are_told_again_for_as_long_as_they_matter() -> None:
    world = Revoking(one=10)
    assert [world.collect(now=NOW + minutes * 60) for minutes in (0, 1, 76, 77)] == [1, 1, 1, 0]
    assert len(world.queue.told) == 3


@pytest.mark.parametrize("store", ["sessions", "queue"])
def test_a_store_that_is_away_leaves_it_to_the_next_time(store: str) -> None:
    world = Revoking(one=10)
    getattr(world, store).down = True
    with pytest.raises(UnavailableError):
        world.collect()
    getattr(world, store).down = False
    assert world.collect() == 1


def test_the_edge_refuses_whom_it_is_told_and_says_how_late_it_was() -> None:
    world = Revoking(one=40, two=10)
    world.collect()
    assert world.publish() == Published(revoked=2, forgotten=0, lag=40)
    assert world.edge.holders == {
        holder_of("one"): NOW - 40 + LAST,
        holder_of("two"): NOW - 10 + LAST,
    }


def test_what_the_edge_knows_changes_nothing() -> None:
    world = Revoking(one=40)
    world.collect()
    world.publish()
    assert world.publish(now=NOW + 60) == Published(revoked=0, forgotten=0, lag=0)
    assert world.edge.changes == 1


def test_only_the_news_of_a_message_count() -> None:
    world = Revoking()
    world.publish(revoked("one", ago=3000))
    assert world.publish(revoked("one", ago=3000), revoked("two", ago=20)) == Published(1, 0, 20)


def test_a_message_that_comes_after_its_grants_have_ended_is_not_needed() -> None:
    world = Revoking()
    assert world.publish(revoked("one"), now=NOW + LAST) == Published(0, 0, 0)
    assert world.edge.changes == 0


def test_whose_time_is_up_is_forgotten_when_others_are_told() -> None:
    world = Revoking()
    world.publish(revoked("one", ago=LAST - 1), revoked("two"))
    assert world.publish(revoked("two"), now=NOW + 1) == Published(0, 1, 0)
    assert list(world.edge.holders) == [holder_of("two")]


def test_a_holder_whose_end_nobody_can_read_is_told_anew_or_forgotten() -> None:
    world = Revoking()
    world.edge.holders = {holder_of("one"): 0, "foreign": 0}
    assert world.publish(revoked("one")) == Published(1, 1, 30)
    assert world.edge.holders == {holder_of("one"): revoked("one").until}


def test_clocks_that_differ_make_no_negative_lag() -> None:
    assert Revoking().publish(revoked("one", ago=-5)) == Published(1, 0, 0)


def test_an_edge_that_is_away_is_told_again() -> None:
    world = Revoking(one=40)
    world.collect()
    world.edge.down = True
    with pytest.raises(UnavailableError):
        world.publish()
