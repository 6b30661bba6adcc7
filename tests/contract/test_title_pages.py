"""The promise of `TitlePages`: kept by the fake, by PostgreSQL, and by Redis before either."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters.catalog_copies_redis import RedisCatalogCopies
from reprise.adapters.catalog_import_postgres import PostgresCatalogStore
from reprise.adapters.catalog_redis import title_key
from reprise.adapters.postgres import Postgres
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.region_content_redis import region_key
from reprise.adapters.title_codec import title_from_json
from reprise.adapters.title_pages_postgres import PostgresTitlePages
from reprise.adapters.title_pages_redis import (
    FRESH_SECONDS,
    KEPT_SECONDS,
    SOURCE_PAUSE_SECONDS,
    RedisTitlePages,
    page_key,
)
from reprise.application.catalog_ports import TitlePages
from reprise.domain.catalog import Window
from reprise.domain.errors import UnavailableError
from reprise.domain.title_page import (
    Artwork,
    Edition,
    Markers,
    PageEpisode,
    TitlePage,
)
from tests.builders import make_film
from tests.catalog_drafts import draft_catalog, draft_episode, draft_film, draft_series
from tests.fakes.catalog import FakeTitleSource
from tests.fakes.title_pages import FakeTitlePages, page_of
from tests.harness.closed_port import closed_postgres_dsn, closed_redis_url
from tests.harness.scratch_postgres import scratch_database

FILM = draft_film(str(uuid4()), original_title="Die Salzkarte", description="A map.")
EPISODES = (
    draft_episode(0, 1, title="Special"),
    draft_episode(1, 1, editions=(Edition("main", 1500.5, Markers(1.0, 2.5, 1400.25)),)),
    draft_episode(1, 2, editions=(), description="To come.", aired_at=1_900_000_000),
)
SERIES = draft_series(str(uuid4()), items=EPISODES, artwork=(), genres=("short", "drama"))
PAGES = (
    TitlePage(
        id=FILM.id,
        type="film",
        title=FILM.title,
        original_title="Die Salzkarte",
        description="A map.",
        genres=("Drama",),
        release_year=2023,
        language="en",
        artwork=FILM.artwork,
        editions=FILM.items[0].editions,
        episodes=(),
    ),
    TitlePage(
        id=SERIES.id,
        type="series",
        title=SERIES.title,
        original_title="",
        description="",
        genres=("Short films", "Drama"),
        release_year=2023,
        language="en",
        artwork=(),
        editions=(),
        episodes=tuple(
            PageEpisode(
                SERIES.item_id(item),
                item.season,
                item.episode,
                item.title,
                item.description,
                item.aired_at,
                item.editions,
            )
            for item in EPISODES
        ),
    ),
)


@pytest.fixture(scope="module")
def postgres(postgres_dsn: str) -> Iterator[Postgres]:
    with scratch_database(postgres_dsn) as dsn:
        postgres = Postgres(dsn=lambda: dsn)
        store = PostgresCatalogStore(postgres=postgres)
        store.save(draft=draft_catalog(FILM, SERIES), dry_run=False)
        yield postgres
        postgres.close()


@pytest.fixture
def calls(request: pytest.FixtureRequest) -> Iterator[RedisCalls]:
    url: str = request.getfixturevalue("stack").redis_url
    client = connect(url=url, cluster=False, timeout_ms=2000)
    yield RedisCalls(client)
    client.close()


@pytest.fixture(
    params=[
        "fake",
        pytest.param("postgres", marks=pytest.mark.real),
        pytest.param("redis", marks=pytest.mark.real),
    ]
)
def pages(request: pytest.FixtureRequest) -> TitlePages:
    if request.param == "fake":
        return FakeTitlePages(*PAGES)
    if request.param == "postgres":
        return PostgresTitlePages(postgres=request.getfixturevalue("postgres"))
    calls = request.getfixturevalue("calls")
    return RedisTitlePages(calls, source=lambda: FakeTitlePages(*PAGES), now=lambda: 1000.0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.type)
def test_a_page_comes_whole_and_the_same_again(pages: TitlePages, page: TitlePage) -> None:
    assert pages.page(video_id=page.id) == page
    assert pages.page(video_id=page.id) == page


@pytest.mark.parametrize("unknown", ["", "film-1", str(uuid4()), "' OR true --", "\0", "*"])
def test_an_unknown_title_has_no_page(pages: TitlePages, unknown: str) -> None:
    assert pages.page(video_id=unknown) is None


def test_a_database_that_is_down_is_said() -> None:
    pages = PostgresTitlePages(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        pages.page(video_id=str(uuid4()))


class Copied:
    """A page nobody else has, its source, and a clock to move."""

    def __init__(self, calls: RedisCalls) -> None:
        self.page = page_of(make_film())
        self.source = FakeTitlePages(self.page)
        self.now = 1_800_000_000.0
        self.calls = calls

    def reader(self) -> RedisTitlePages:
        return RedisTitlePages(self.calls, source=lambda: self.source, now=lambda: self.now)

    def read(self) -> TitlePage | None:
        return self.reader().page(video_id=self.page.id)

    def edit(self) -> TitlePage:
        edited = replace(self.page, title="Edited", artwork=(Artwork("hero", "a", "/a.jpg"),))
        self.source.stored[self.page.id] = edited
        return edited


@pytest.mark.real
class TestRedis:
    @pytest.fixture
    def copied(self, calls: RedisCalls) -> Copied:
        return Copied(calls)

    def test_ten_minutes_pass_before_the_source_is_asked_again(self, copied: Copied) -> None:
        copied.read()
        edited = copied.edit()
        copied.now += FRESH_SECONDS - 1
        assert (copied.read(), copied.source.asked) == (copied.page, 1)
        copied.now += 2
        assert (copied.read(), copied.source.asked) == (edited, 2)

    def test_a_copy_does_not_stay_for_ever(self, copied: Copied) -> None:
        copied.read()
        seconds = copied.calls.client.ttl(page_key(copied.page.id))
        assert FRESH_SECONDS < seconds <= FRESH_SECONDS + KEPT_SECONDS

    def test_while_the_source_is_away_a_copy_is_served_however_old(self, copied: Copied) -> None:
        copied.read()
        copied.source.down = True
        copied.now += KEPT_SECONDS
        reader = copied.reader()
        assert reader.page(video_id=copied.page.id) == copied.page
        assert reader.page(video_id=copied.page.id) == copied.page
        assert copied.source.asked == 2
        copied.now += SOURCE_PAUSE_SECONDS
        reader.page(video_id=copied.page.id)
        assert copied.source.asked == 3

    def test_without_a_copy_a_source_that_is_away_is_said(self, copied: Copied) -> None:
        copied.source.down = True
        with pytest.raises(UnavailableError):
            copied.read()

    @pytest.mark.parametrize("corrupt", ["", "{}", "[]", "null", "nonsense", '{"id": 1}', "\udcff"])
    def test_a_corrupt_copy_is_a_miss(self, copied: Copied, corrupt: str) -> None:
        value = corrupt.encode(errors="surrogateescape")
        copied.calls.client.set(page_key(copied.page.id), value)
        assert (copied.read(), copied.read(), copied.source.asked) == (copied.page,) * 2 + (1,)

    def test_a_copy_of_another_page_or_kind_is_a_miss(self, copied: Copied) -> None:
        other = Copied(copied.calls)
        other.read()
        client, key = copied.calls.client, page_key(copied.page.id)
        client.set(key, client.get(page_key(other.page.id)))
        assert copied.read() == copied.page
        client.delete(key)
        client.rpush(key, "a list")
        assert copied.read() == copied.page
        client.delete(key)

    def test_a_page_that_is_gone_leaves_no_copy(self, copied: Copied) -> None:
        copied.read()
        copied.source.stored.clear()
        copied.now += FRESH_SECONDS + 1
        assert copied.read() is None
        assert not copied.calls.client.exists(page_key(copied.page.id))

    def test_renewed_copies_show_the_catalog_as_it_is(self, copied: Copied) -> None:
        film = make_film(id=copied.page.id, windows=(Window("XX", 0, None),))
        copied.read()
        edited = copied.edit()
        source = FakeTitleSource(film)
        copies = RedisCatalogCopies(copied.calls, source=source, now=lambda: copied.now)
        copied.calls.client.sadd(region_key("XX"), "somebody's")
        copies.renew(video_ids=[film.id, *(str(uuid4()) for _ in range(600))])
        assert not copied.calls.client.exists(region_key("XX"))
        assert copied.read() == edited
        stored: Any = copied.calls.client.get(title_key(film.id))
        assert title_from_json(stored, title_id=film.id) == (film, copied.now)
        assert len(source.asked) == 2
        copies.renew(video_ids=[])


def test_a_redis_that_is_down_costs_the_copy_and_not_the_page() -> None:
    page = page_of(make_film())
    client = connect(url=closed_redis_url(), cluster=False, timeout_ms=100)
    source = FakeTitlePages(page)
    pages = RedisTitlePages(RedisCalls(client), source=lambda: source, now=lambda: 1.0)
    assert pages.page(video_id=page.id) == page
    client.close()
