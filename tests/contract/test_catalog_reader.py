"""The promise of `TitleReader`, kept by the fake and by memory over Redis over the source; then
what only the real one can do: outlive its stores, one after the other."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters import catalog_redis
from reprise.adapters.catalog_redis import RedisTitles, publish_titles, title_key
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.title_codec import title_from_json
from reprise.application.ports import TitleReader
from reprise.domain.catalog import Title
from reprise.domain.errors import UnavailableError
from tests.builders import make_film, make_series
from tests.fakes.catalog import FakeTitles, FakeTitleSource
from tests.harness.closed_port import closed_redis_url

type MakeReader = Callable[..., TitleReader]


class Clock:
    """One clock for both: seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1_795_000_000.0

    def __call__(self) -> float:
        return self.seconds


class Catalog:
    """A reader of its own over a shared Redis and a fake source, with everything at hand."""

    def __init__(self, client: Any, *titles: Title) -> None:
        self.client = client
        self.calls = RedisCalls(client)
        self.source = FakeTitleSource(*titles)
        self.sources_made = 0
        self.clock = Clock()
        self.reader = self.new_environment()

    def new_environment(self, *, outlives_redis: bool = False) -> RedisTitles:
        return RedisTitles(
            self.calls,
            source=self._make,
            clock=self.clock,
            now=self.clock,
            outlives_redis=outlives_redis,
        )

    def read(self, *ids: str) -> dict[str, Title]:
        return dict(self.reader.titles(video_ids=ids))

    def lose_redis(self) -> None:
        lost = connect(url=closed_redis_url(), cluster=False, timeout_ms=250)
        self.reader._calls = RedisCalls(lost)

    def _make(self) -> FakeTitleSource:
        self.sources_made += 1
        return self.source


@pytest.fixture(params=["fake", pytest.param("redis", marks=pytest.mark.real)])
def make_reader(request: pytest.FixtureRequest) -> MakeReader:
    if request.param == "fake":
        return FakeTitles
    client = request.getfixturevalue("redis_client")
    return lambda *titles: Catalog(client, *titles).reader


def test_known_titles_come_by_id(make_reader: MakeReader) -> None:
    film, series = make_film(), make_series()
    reader = make_reader(film, series)
    assert reader.titles(video_ids=[film.id, series.id]) == {film.id: film, series.id: series}


def test_unknown_titles_are_left_out(make_reader: MakeReader) -> None:
    film = make_film()
    reader = make_reader(film)
    for _ in range(2):
        assert reader.titles(video_ids=[str(uuid4()), film.id, "nonsense"]) == {film.id: film}


def test_asking_for_nothing_or_twice_is_harmless(make_reader: MakeReader) -> None:
    film = make_film()
    reader = make_reader(film)
    assert reader.titles(video_ids=[]) == {}
    assert reader.titles(video_ids=[film.id, film.id]) == {film.id: film}


@pytest.fixture
def film() -> Title:
    return make_film()


@pytest.fixture
def catalog(redis_client: Any, film: Title) -> Catalog:
    return Catalog(redis_client, film)


@pytest.mark.real
def test_a_published_title_needs_no_source(catalog: Catalog, film: Title) -> None:
    publish_titles(catalog.calls, [film], now=int(catalog.clock()))
    assert catalog.read(film.id) == {film.id: film}
    assert catalog.sources_made == 0


@pytest.mark.real
def test_what_the_source_says_is_left_in_redis_for_everyone(catalog: Catalog, film: Title) -> None:
    catalog.read(film.id)
    assert title_from_json(catalog.client.get(title_key(film.id)), title_id=film.id) == (
        film,
        int(catalog.clock()),
    )
    assert catalog.client.ttl(title_key(film.id)) == -1
    catalog.source.down = True
    assert catalog.new_environment().titles(video_ids=[film.id]) == {film.id: film}


@pytest.mark.real
def test_memory_answers_for_a_minute_and_then_sees_the_change(
    catalog: Catalog, film: Title
) -> None:
    catalog.read(film.id)
    renamed = make_film(id=film.id, title="Renamed")
    publish_titles(catalog.calls, [renamed], now=int(catalog.clock()))
    catalog.clock.seconds += 59
    assert catalog.read(film.id) == {film.id: film}
    catalog.clock.seconds += 1
    assert catalog.read(film.id) == {film.id: renamed}


@pytest.mark.real
def test_a_copy_older_than_ten_minutes_is_renewed(catalog: Catalog, film: Title) -> None:
    catalog.read(film.id)
    renamed = make_film(id=film.id, title="Renamed")
    catalog.source.stored[film.id] = renamed
    catalog.clock.seconds += 600
    assert catalog.read(film.id) == {film.id: film}
    catalog.clock.seconds += 61
    assert catalog.read(film.id) == {film.id: renamed}


@pytest.mark.real
def test_a_title_that_is_gone_from_the_source_goes_from_redis(
    catalog: Catalog, film: Title
) -> None:
    catalog.read(film.id)
    del catalog.source.stored[film.id]
    catalog.clock.seconds += 700
    assert catalog.read(film.id) == {}
    assert catalog.client.get(title_key(film.id)) is None


@pytest.mark.real
def test_an_old_copy_is_served_while_the_source_is_down_and_it_is_left_alone(
    catalog: Catalog, film: Title
) -> None:
    catalog.read(film.id)
    catalog.source.down = True
    catalog.clock.seconds += 86_400
    assert catalog.read(film.id) == {film.id: film}
    asked = len(catalog.source.asked)
    other = make_film()
    publish_titles(catalog.calls, [other], now=0)
    catalog.clock.seconds += 29
    assert catalog.read(other.id) == {other.id: other}
    assert len(catalog.source.asked) == asked
    catalog.clock.seconds += 61
    assert catalog.read(film.id) == {film.id: film}
    assert len(catalog.source.asked) == asked + 1


@pytest.mark.real
def test_an_unknown_title_is_asked_for_once_in_ten_seconds(catalog: Catalog) -> None:
    unknown = str(uuid4())
    for _ in range(3):
        assert catalog.read(unknown) == {}
    assert catalog.source.asked == [[unknown]]
    catalog.clock.seconds += 10
    catalog.source.stored[unknown] = make_film(id=unknown)
    assert catalog.read(unknown)


@pytest.mark.real
def test_what_nobody_knows_while_the_source_is_down_is_not_called_unknown(
    catalog: Catalog, film: Title
) -> None:
    catalog.source.down = True
    for _ in range(2):
        with pytest.raises(UnavailableError):
            catalog.read(film.id)
    catalog.source.down = False
    assert catalog.read(film.id) == {film.id: film}


@pytest.mark.real
@pytest.mark.parametrize(
    "corrupt",
    [
        "",
        "null",
        "{}",
        "[]",
        "not json",
        '{"refreshedAt": 1}',
        "[" * 100_000,
        b"\xff\xfe\x00",
        b'{"title": "\xc3("}',
    ],
    ids=lambda corrupt: repr(corrupt[:12]),
)
def test_a_corrupt_copy_is_a_miss_and_is_replaced(
    catalog: Catalog, film: Title, corrupt: str | bytes
) -> None:
    """API10: unsafe consumption of what other systems say."""
    catalog.client.set(title_key(film.id), corrupt)
    assert catalog.read(film.id) == {film.id: film}
    assert title_from_json(catalog.client.get(title_key(film.id)), title_id=film.id)[0] == film


@pytest.mark.real
def test_a_key_of_another_kind_is_a_miss_and_is_replaced(catalog: Catalog, film: Title) -> None:
    catalog.client.hset(title_key(film.id), "a", "b")
    other = make_film()
    publish_titles(catalog.calls, [other], now=int(catalog.clock()))
    assert catalog.read(other.id, film.id) == {other.id: other, film.id: film}
    assert catalog.new_environment().titles(video_ids=[film.id]) == {film.id: film}


@pytest.mark.real
def test_another_titles_copy_under_its_key_is_a_miss(catalog: Catalog, film: Title) -> None:
    publish_titles(catalog.calls, [make_film(id="other")], now=int(catalog.clock()))
    catalog.client.set(title_key(film.id), catalog.client.get(title_key("other")))
    assert catalog.read(film.id) == {film.id: film}


@pytest.mark.real
def test_memory_outlives_both_stores(catalog: Catalog, film: Title) -> None:
    catalog.read(film.id)
    catalog.source.down = True
    catalog.lose_redis()
    catalog.clock.seconds += 86_400
    assert catalog.read(film.id) == {film.id: film}
    with pytest.raises(UnavailableError):
        catalog.read(film.id, str(uuid4()))


@pytest.mark.real
def test_without_redis_the_source_is_not_stormed(catalog: Catalog, film: Title) -> None:
    catalog.lose_redis()
    with pytest.raises(UnavailableError):
        catalog.read(film.id)
    assert catalog.sources_made == 0


@pytest.mark.real
def test_who_does_without_redis_is_answered_by_the_source(catalog: Catalog, film: Title) -> None:
    catalog.reader = catalog.new_environment(outlives_redis=True)
    catalog.lose_redis()
    assert catalog.read(film.id) == {film.id: film}
    catalog.source.down = True
    assert catalog.read(film.id) == {film.id: film}
    with pytest.raises(UnavailableError):
        catalog.read(str(uuid4()))


@pytest.mark.real
def test_memory_keeps_no_more_than_its_share(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_redis, "MEMORY_TITLES", 3)
    films = [make_film() for _ in range(5)]
    catalog.source.stored = {film.id: film for film in films}
    for film in films:
        catalog.read(film.id)
    assert list(catalog.reader._memory) == [film.id for film in films[-3:]]
