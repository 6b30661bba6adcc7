"""What is on offer in a region: the windows' truth, and sets of it in Redis for an hour."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters import region_content_redis
from reprise.adapters.catalog_copies_redis import RedisCatalogCopies
from reprise.adapters.catalog_redis import title_key
from reprise.adapters.postgres import Postgres
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.region_content_postgres import PostgresRegionSource
from reprise.adapters.region_content_redis import (
    TTL_SECONDS,
    RedisRegionContent,
    forget_regions,
    region_key,
)
from reprise.application.region_ports import RegionContent, RegionSource
from reprise.domain.catalog import Title, Window
from reprise.domain.errors import UnavailableError
from tests.builders import NOW_US, make_film
from tests.contract.test_catalog_source import insert
from tests.fakes.catalog import FakeTitles, FakeTitleSource
from tests.fakes.region_content import FakeRegionContent, FakeRegionSource
from tests.harness.closed_port import closed_postgres_dsn, closed_redis_url
from tests.harness.redis_cluster import redis_cluster

NOW = NOW_US // 1_000_000
HOUR = 3600
REGION = "ZZ"
"""Nobody's: the seed and other tests open nothing there."""


def film(*windows: tuple[int, int | None], region: str = REGION) -> Title:
    opened = tuple(Window(region, begin, end) for begin, end in windows)
    return make_film(windows=opened, rating=None)


OPEN = film((1, None))
ENDING = film((1, NOW + 1))
TWICE = film((1, NOW + 5), (NOW + 5, None))
SOON = film((NOW + HOUR, None))
LATER = film((NOW + HOUR + 1, None))
OVER = film((1, NOW))
ELSEWHERE = film((1, None), region="YY")
NOWHERE = film()
TITLES = (OPEN, ENDING, TWICE, SOON, LATER, OVER, ELSEWHERE, NOWHERE)
ON_OFFER = {title.id for title in (OPEN, ENDING, TWICE, SOON)}


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def source(request: pytest.FixtureRequest) -> Iterator[RegionSource]:
    if request.param == "fake":
        yield FakeRegionSource(*TITLES)
        return
    dsn: str = request.getfixturevalue("postgres_dsn")
    with psycopg.connect(dsn) as connection:
        for title in TITLES:
            insert(connection, title)
    postgres = Postgres(dsn=lambda: dsn)
    yield PostgresRegionSource(postgres=postgres)
    postgres.close()
    with psycopg.connect(dsn) as connection:
        ids = [title.id for title in TITLES]
        connection.execute("DELETE FROM title WHERE id = ANY(%s::uuid[])", [ids])


def test_what_is_open_at_any_time_between_is_on_offer(source: RegionSource) -> None:
    found = source.available_between(region=REGION, begin=NOW, end=NOW + HOUR)
    assert found == ON_OFFER


@pytest.mark.parametrize("region", ["", "zz", "QQ", "' OR true --", "Z%"])
def test_nothing_is_on_offer_where_nothing_opens(source: RegionSource, region: str) -> None:
    assert source.available_between(region=region, begin=NOW, end=NOW + HOUR) == set()


def test_a_database_that_is_down_is_said() -> None:
    away = PostgresRegionSource(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        away.available_between(region=REGION, begin=NOW, end=NOW)


class Offer:
    """A region of its own over a shared Redis and a fake source, with everything at hand."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls = RedisCalls(client)
        self.region = f"Z-{uuid4().hex[:8]}"
        windows = (Window(self.region, 0, None),)
        self.open = [make_film(windows=windows).id for _ in range(3)]
        self.source = FakeRegionSource(*(make_film(id=i, windows=windows) for i in self.open))
        self.pauses = 0
        self.content = self.new_environment(self.calls)

    def new_environment(self, calls: RedisCalls) -> RedisRegionContent:
        return RedisRegionContent(
            calls, source=lambda: self.source, now=lambda: NOW, pause=self._pause
        )

    def available(self) -> set[str]:
        return set(self.content.available(region=self.region))

    def among(self, *ids: str) -> set[str]:
        return set(self.content.among(region=self.region, video_ids=ids))

    def found(self) -> set[str]:
        return set(self.client.scan_iter(match=f"{region_key(self.region)}*", count=1000))

    def _pause(self, seconds: float) -> None:
        assert seconds < 0.1
        self.pauses += 1


@pytest.fixture
def offer(redis_client: Any) -> Iterator[Offer]:
    offer = Offer(redis_client)
    yield offer
    for key in offer.found():
        redis_client.delete(key)


@pytest.fixture(params=["fake", pytest.param("redis", marks=pytest.mark.real)])
def content(request: pytest.FixtureRequest) -> Iterator[RegionContent]:
    if request.param == "fake":
        yield FakeRegionContent(FakeTitles(*TITLES))
        return
    client = request.getfixturevalue("redis_client")
    calls = RedisCalls(client)
    forget_regions(calls, [REGION, "QQ"])
    source = FakeRegionSource(*TITLES)
    yield RedisRegionContent(calls, source=lambda: source, now=lambda: NOW, pause=lambda _: None)
    forget_regions(calls, [REGION, "QQ"])


def test_everything_on_offer_within_the_hour_is_available(content: RegionContent) -> None:
    for _ in range(2):
        assert content.available(region=REGION) == ON_OFFER
        assert content.available(region="QQ") == set()


def test_among_some_titles_those_on_offer_are_found(content: RegionContent) -> None:
    for _ in range(2):
        asked = [OPEN.id, OVER.id, ELSEWHERE.id, OPEN.id, "known", "nonsense", ""]
        assert content.among(region=REGION, video_ids=asked) == {OPEN.id}
        assert content.among(region=REGION, video_ids=[]) == set()
        assert content.among(region="QQ", video_ids=[OPEN.id]) == set()


@pytest.mark.real
def test_the_source_is_asked_once_an_hour_even_where_nothing_is_on_offer(offer: Offer) -> None:
    offer.source.titles.clear()
    for _ in range(3):
        assert offer.available() == set()
        assert offer.among("one") == set()
    assert offer.source.asked == [offer.region]
    assert offer.found() == {region_key(offer.region)}
    assert TTL_SECONDS - 5 <= offer.client.ttl(region_key(offer.region)) <= TTL_SECONDS


@pytest.mark.real
def test_a_change_is_seen_once_the_region_is_forgotten(offer: Offer) -> None:
    assert offer.available() == set(offer.open)
    gone = offer.source.titles.pop()
    assert gone.id in offer.available()
    forget_regions(offer.calls, [offer.region])
    assert gone.id not in offer.available()


@pytest.mark.real
def test_a_title_that_was_imported_is_on_offer_at_once(offer: Offer) -> None:
    assert offer.available() == set(offer.open)
    new = make_film(windows=(Window(offer.region, 0, None),))
    offer.source.titles.append(new)
    copies = RedisCatalogCopies(offer.calls, source=FakeTitleSource(new), now=lambda: NOW)
    copies.renew(video_ids=[new.id])
    offer.client.delete(title_key(new.id))
    assert offer.among(new.id) == {new.id}


@pytest.mark.real
def test_a_large_region_is_written_and_read_in_parts(
    offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(region_content_redis, "PER_COMMAND", 7)
    windows = (Window(offer.region, 0, None),)
    offer.source.titles = [make_film(windows=windows) for _ in range(700)]
    everything = {title.id for title in offer.source.titles}
    assert offer.available() == everything
    assert offer.available() == everything
    assert offer.source.asked == [offer.region]


@pytest.mark.real
def test_while_another_rebuilds_one_looks_again_and_then_does_without(offer: Offer) -> None:
    offer.client.set(f"{region_key(offer.region)}:filling", "1", px=5000)
    assert offer.among(offer.open[0], "other") == {offer.open[0]}
    assert offer.pauses == region_content_redis.WAITS
    assert offer.found() == {f"{region_key(offer.region)}:filling"}


@pytest.mark.real
def test_what_another_rebuilt_meanwhile_is_taken(offer: Offer) -> None:
    offer.client.set(f"{region_key(offer.region)}:filling", "1", px=5000)
    another = offer.new_environment(offer.calls)

    def rebuild(_: float) -> None:
        another._store(offer.region, {"theirs"})

    offer.content._pause = rebuild
    assert offer.available() == {"theirs"}
    assert offer.source.asked == []


@pytest.mark.real
def test_with_the_source_away_everything_may_be_on_offer(offer: Offer) -> None:
    offer.source.down = True
    assert offer.among("one", "two") == {"one", "two"}
    with pytest.raises(UnavailableError):
        offer.available()
    assert offer.found() == set()
    offer.source.down = False
    assert offer.available() == set(offer.open)


@pytest.mark.real
def test_a_set_outlives_its_source(offer: Offer) -> None:
    offer.available()
    offer.source.down = True
    assert offer.available() == set(offer.open)
    assert offer.among(offer.open[0], "other") == {offer.open[0]}


def test_without_redis_everything_may_be_on_offer() -> None:
    lost = RedisCalls(connect(url=closed_redis_url(), cluster=False, timeout_ms=250))
    content = RedisRegionContent(
        lost, source=FakeRegionSource, now=lambda: NOW, pause=lambda _: None
    )
    assert content.among(region=REGION, video_ids=["one"]) == {"one"}
    with pytest.raises(UnavailableError):
        content.available(region=REGION)


@pytest.mark.real
def test_a_cluster_keeps_a_region_in_one_slot(tmp_path: Path) -> None:
    with redis_cluster(tmp_path) as url:
        client = connect(url=url, cluster=True, timeout_ms=5000)
        calls, source = RedisCalls(client), FakeRegionSource(*TITLES)
        content = RedisRegionContent(
            calls, source=lambda: source, now=lambda: NOW, pause=lambda _: None
        )
        for _ in range(2):
            assert content.available(region=REGION) == ON_OFFER
            assert content.among(region=REGION, video_ids=[OPEN.id, OVER.id]) == {OPEN.id}
            forget_regions(calls, [REGION, "QQ"])
        client.close()
    assert source.asked == [REGION] * 2
