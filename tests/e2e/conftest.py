"""The deployed test stack as a client meets it, and what stands behind it."""

import statistics
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from cassandra.cluster import Session

from tests.e2e.api_client import TV, ApiClient, Json, Player
from tests.e2e.cloud import Aws, Durable, Live
from tests.e2e.people import People, Person
from tests.harness.stack import DemoCatalog, TestStack, configured_path

SCHEDULE_PATIENCE = 150.0
"""The planner is called every minute; its first call may be nearly two away."""

ENOUGH_CALLS = 10
"""Fewer of one path say nothing about its latency."""

_FIGURES = pytest.StashKey[dict[str, list[float]]]()
_PEOPLE = pytest.StashKey[People]()


@pytest.fixture(scope="session")
def film(catalog: DemoCatalog) -> str:
    """A film that everybody may watch: 6,420 s long, its credits start at 6,054.5 s.

    Nothing of it is published.
    """
    return catalog.film


@pytest.fixture(scope="session")
def playable_film(catalog: DemoCatalog) -> str:
    """A film that everybody may watch and that plays: 180 s, its credits start at 168 s."""
    return catalog.playable.film


@pytest.fixture(scope="session")
def catalog(stack: TestStack, api_url: str) -> DemoCatalog:
    assert stack.catalog is not None
    return stack.catalog


@pytest.fixture(scope="session")
def people(api_url: str, postgres_dsn: str, pytestconfig: pytest.Config) -> Iterator[People]:
    everybody = People(api_url=api_url, postgres_dsn=postgres_dsn)
    pytestconfig.stash[_PEOPLE] = everybody
    yield everybody
    everybody.leave()


@pytest.fixture
def person(people: People) -> Person:
    """Somebody new, with one profile of an adult in the United States."""
    return people.someone()


@pytest.fixture
def tv(person: Person) -> ApiClient:
    """The person's television, signed in."""
    return person.on(TV)


@pytest.fixture
def nobody(api_url: str) -> Iterator[ApiClient]:
    """A device that is not signed in."""
    client = ApiClient(api_url, device=TV)
    yield client
    client.close()


@pytest.fixture(scope="session")
def durable(cassandra_session: Session) -> Durable:
    return Durable(cassandra_session)


@pytest.fixture(scope="session")
def live(redis_client: Any) -> Live:
    return Live(redis_client)


@pytest.fixture(scope="session")
def aws(stack: TestStack, api_url: str) -> Aws:
    facts = configured_path()
    assert facts is not None
    assert stack.endpoint_url is not None
    return Aws.of(stack.endpoint_url, facts.with_name("outputs.json"))


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> dict[str, list[float]]:
    """Seconds by what they measure; shown after the run, never asserted closely."""
    return pytestconfig.stash.setdefault(_FIGURES, {})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Heartbeats that nobody paused, and the seconds until the schedule made them durable."""

    person: Person
    place: Json
    durable_after: Future[float]


@pytest.fixture(scope="session")
def waiting(people: People, durable: Durable, catalog: DemoCatalog) -> Iterator[Waiting]:
    """Report while playing, and watch Cassandra from then on while other tests run."""
    person = people.someone()
    player = Player(person.on(TV), catalog.film).act("start", position=900.0)
    places = [player.plays(30)["place"] for _ in range(10)]
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield Waiting(
            person=person,
            place=places[-1],
            durable_after=pool.submit(
                durable.await_rev,
                places[-1],
                of=person.profile_id,
                within=SCHEDULE_PATIENCE,
                every=0.2,
            ),
        )


@pytest.fixture(scope="session", autouse=True)
def start_waiting_early(request: pytest.FixtureRequest) -> None:
    """Let the schedule's minute pass beside the other tests of this tier."""
    if any("waiting" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("waiting")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look last at what has to wait."""
    items.sort(key=lambda item: "waiting" in getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was measured on the way."""
    known = {name: seconds for name, seconds in config.stash.get(_FIGURES, {}).items() if seconds}
    people = config.stash.get(_PEOPLE, None)
    latencies = people.latencies() if people else {}
    if not known and not latencies:
        return
    terminalreporter.section("seen over HTTP")
    for name, seconds in known.items():
        terminalreporter.line(f"{name}: {_spread([second * 1000 for second in seconds])}")
    for route, milliseconds in sorted(latencies.items()):
        if len(milliseconds) < ENOUGH_CALLS:
            continue
        terminalreporter.line(f"{route}: {_spread(milliseconds)}")


def _spread(milliseconds: list[float]) -> str:
    points = (min(milliseconds), statistics.median(milliseconds), max(milliseconds))
    numbers = " / ".join(f"{point:,.0f}" for point in points)
    return f"{numbers} ms (min / median / max of {len(milliseconds)})"
