"""Golden examples of the continue-watching row: who is in it, in what order, what comes next."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.catalog import Title, Window
from reprise.domain.identity import PolicyFacts
from reprise.domain.playstate import Place
from reprise.domain.policy import Gate
from reprise.domain.row import (
    ROW_LENGTH,
    TITLES_KEPT,
    RowEntry,
    by_title,
    continue_watching,
    could_be_shown,
    newest,
    worth_keeping,
)
from tests import flush_builders
from tests.builders import ADULT, KID, NOW_US, PHONE, SECOND, TV, make_film, make_series

NOW = NOW_US // SECOND


def at(title: Title, number: int = 0, *, minute: int = 0, **overrides: Any) -> Place:
    """The place of a title's item, last moved at that minute, at 600 s unless said otherwise."""
    defaults: dict[str, Any] = {
        "video_id": title.id,
        "item_id": title.items[number].id,
        "duration": title.items[number].duration,
        "position": 600.0,
        "moved_at": NOW_US + minute * 60 * SECOND,
    }
    return flush_builders.make_place(**(defaults | overrides))


def done(title: Title, number: int = 0, *, minute: int = 0, **overrides: Any) -> Place:
    return at(title, number, minute=minute, **({"completed": True, "position": 2390.0} | overrides))


def row(
    *titles: Title, places: Iterable[Place], facts: PolicyFacts = ADULT, now: int = NOW
) -> tuple[RowEntry, ...]:
    """Return the row of all places, which has to be that of the places a ready row keeps."""
    known = {title.id: title for title in titles}
    gate = Gate(facts=facts, now=now)
    whole = tuple(places)
    entries = continue_watching(places=whole, titles=known, gate=gate)
    kept = worth_keeping(could_be_shown(whole), known)
    assert continue_watching(places=kept, titles=known, gate=gate) == entries
    return entries


def shown(*titles: Title, places: Iterable[Place], **options: Any) -> list[str]:
    return [entry.item.id for entry in row(*titles, places=places, **options)]


# What is in it


def test_a_film_that_was_begun_is_resumed_where_it_stands() -> None:
    film = make_film()
    (entry,) = row(film, places=[at(film, position=1234.5, device=PHONE, minute=3)])
    assert entry == RowEntry(
        title=film,
        item=film.items[0],
        resume_position=1234.5,
        next_up=False,
        last_watched_at=NOW_US + 180 * SECOND,
        device=PHONE,
    )


def test_a_finished_film_is_not_in_it() -> None:
    film = make_film()
    assert row(film, places=[done(film)]) == ()


@pytest.mark.parametrize(("position", "count"), [(269.999, 0), (270.0, 1)])
def test_what_is_near_its_start_is_not_in_it(position: float, count: int) -> None:
    film = make_film()
    assert len(row(film, places=[at(film, position=position)])) == count


def test_a_hidden_title_is_not_in_it() -> None:
    film = make_film()
    assert row(film, places=[at(film, hidden=True)]) == ()


def test_a_title_that_the_catalog_lost_is_not_in_it() -> None:
    film, lost = make_film(), make_film()
    assert shown(film, places=[at(lost, minute=1), at(film)]) == [film.id]


def test_an_episode_that_the_catalog_lost_gives_way_to_the_one_before() -> None:
    series = make_series()
    gone = flush_builders.make_place(
        video_id=series.id, item_id="gone", moved_at=NOW_US + SECOND, position=900.0
    )
    assert shown(series, places=[gone, at(series, 0)]) == [series.items[0].id]


@pytest.mark.parametrize(
    ("facts", "overrides"),
    [
        (KID, {"maturity_level": 3}),
        (ADULT, {"windows": (Window("DE", 0, None),)}),
        (ADULT, {"plans": ("basic",)}),
        (replace(ADULT, maturity_level=4), {"maturity_level": None}),
    ],
    ids=["too mature for a child", "another region", "another plan", "unknown rating"],
)
def test_a_forbidden_title_is_not_in_it(facts: PolicyFacts, overrides: dict[str, Any]) -> None:
    film = make_film(**overrides)
    assert row(film, places=[at(film)], facts=facts) == ()


def test_a_title_leaves_with_its_window() -> None:
    film = make_film(windows=(Window("US", 0, NOW + 10),))
    assert len(row(film, places=[at(film)], now=NOW + 9)) == 1
    assert row(film, places=[at(film)], now=NOW + 10) == ()


def test_a_position_past_the_end_of_a_shortened_item_is_its_end() -> None:
    film = make_film(duration=500.0)
    (entry,) = row(film, places=[at(film, position=700.0)])
    assert entry.resume_position == 500.0


# Order and number


def test_the_row_is_newest_first() -> None:
    films = [make_film() for _ in range(3)]
    places = [at(film, minute=minute) for film, minute in zip(films, (5, 9, 1), strict=True)]
    assert shown(*films, places=places) == [films[1].id, films[0].id, films[2].id]


def test_a_title_has_the_rank_of_what_it_shows_not_of_a_look_at_the_next_episode() -> None:
    series, film = make_series(), make_film()
    looked_at = at(series, 1, minute=9, position=30.0)
    places = [looked_at, at(series, 0, minute=1), at(film, minute=5)]
    entries = row(series, film, places=places)
    assert [entry.title.id for entry in entries] == [film.id, series.id]


def test_ten_newer_titles_leave_no_seat_for_one_that_was_only_looked_at_again() -> None:
    series, films = make_series(), [make_film() for _ in range(10)]
    places = [at(film, minute=10 + n) for n, film in enumerate(films)]
    places += [at(series, 1, minute=99, position=30.0), at(series, 0, minute=1)]
    assert series.id not in [entry.title.id for entry in row(series, *films, places=places)]


def test_the_row_has_ten_distinct_titles_at_most() -> None:
    films = [make_film() for _ in range(14)]
    places = [at(film, minute=minute) for minute, film in enumerate(films)]
    assert shown(*films, places=places) == [film.id for film in reversed(films)][:ROW_LENGTH]


def test_what_is_not_shown_takes_no_seat() -> None:
    films = [make_film() for _ in range(30)]
    places = [done(film, minute=100 + minute) for minute, film in enumerate(films[:15])]
    places += [at(film, minute=minute) for minute, film in enumerate(films[15:])]
    assert len(row(*films, places=places)) == ROW_LENGTH


def test_one_entry_stands_for_a_series_the_episode_watched_last() -> None:
    series = make_series()
    places = [at(series, number, minute=minute) for number, minute in ((0, 1), (2, 9), (4, 5))]
    assert shown(series, places=places) == [series.items[2].id]


def test_an_episode_near_its_start_gives_way_to_the_one_before() -> None:
    series = make_series()
    places = [at(series, 0, minute=1), at(series, 3, minute=2, position=30.0)]
    assert shown(series, places=places) == [series.items[0].id]


def test_a_series_that_was_hidden_stays_out_while_something_near_its_start_is_newer() -> None:
    series = make_series()
    places = [at(series, 0, hidden=True), at(series, 1, minute=2, position=30.0)]
    assert row(series, places=places) == ()
    assert shown(series, places=[places[0], at(series, 1, minute=2)]) == [series.items[1].id]


# The next episode


def test_after_a_completed_episode_the_next_of_its_season_is_to_be_started() -> None:
    series = make_series(seasons=(3, 2))
    (entry,) = row(series, places=[done(series, 0, minute=7, device=PHONE)])
    assert entry == RowEntry(
        title=series,
        item=series.items[1],
        resume_position=0.0,
        next_up=True,
        last_watched_at=NOW_US + 420 * SECOND,
        device=PHONE,
    )


def test_after_the_last_of_a_season_comes_the_first_of_the_next() -> None:
    series = make_series(seasons=(3, 2))
    assert shown(series, places=[done(series, 2)]) == [series.items[3].id]


def test_after_the_last_episode_there_is_none() -> None:
    series = make_series(seasons=(3, 2))
    assert row(series, places=[done(series, 4)]) == ()


def test_an_episode_that_has_not_aired_is_not_next_until_it_has() -> None:
    series = make_series(seasons=(2,))
    first, second = series.items
    series = replace(series, items=(first, replace(second, aired_at=NOW + 60)))
    assert row(series, places=[done(series, 0)]) == ()
    assert shown(series, places=[done(series, 0)], now=NOW + 60) == [second.id]


def test_after_a_special_comes_the_next_special_only() -> None:
    series = make_series(seasons=(2, 1))
    specials = tuple(replace(item, season=0) for item in series.items[:2])
    series = replace(series, items=(*specials, series.items[2]))
    assert shown(series, places=[done(series, 0)]) == [specials[1].id]
    assert row(series, places=[done(series, 1)]) == ()


def test_the_next_episode_of_a_forbidden_series_is_not_in_it() -> None:
    series = make_series(maturity_level=3)
    assert row(series, places=[done(series, 0)], facts=KID) == ()


def test_a_next_episode_that_was_begun_is_resumed() -> None:
    series = make_series()
    places = [at(series, 1, minute=1, position=900.0, device=TV), done(series, 0, minute=5)]
    (entry,) = row(series, places=places)
    assert (entry.item, entry.resume_position, entry.next_up) == (series.items[1], 900.0, False)
    assert entry.last_watched_at == NOW_US + 300 * SECOND


def test_a_next_episode_near_its_start_is_to_be_started() -> None:
    series = make_series()
    places = [at(series, 1, minute=1, position=30.0), done(series, 0, minute=5)]
    (entry,) = row(series, places=places)
    assert (entry.item, entry.resume_position, entry.next_up) == (series.items[1], 0.0, True)


def test_episodes_watched_out_of_order_are_not_suggested_again() -> None:
    series = make_series(seasons=(5,))
    places = [done(series, 1, minute=1), done(series, 2, minute=2), done(series, 0, minute=3)]
    assert shown(series, places=places) == [series.items[3].id]


def test_a_series_completed_out_of_order_is_finished() -> None:
    series = make_series(seasons=(3,))
    places = [done(series, number, minute=9 - number) for number in range(3)]
    assert row(series, places=places) == ()


def test_an_episode_watched_again_leads_to_the_first_not_seen_yet() -> None:
    series = make_series(seasons=(5,))
    places = [done(series, number, minute=number) for number in range(3)]
    rewatching = at(series, 0, minute=10, position=1200.0)
    assert shown(series, places=[*places[1:], rewatching]) == [series.items[0].id]
    assert shown(series, places=[*places[1:], done(series, 0, minute=20)]) == [series.items[3].id]


def test_a_hidden_next_episode_is_not_in_it() -> None:
    series = make_series()
    places = [done(series, 0, minute=5), at(series, 1, minute=1, hidden=True)]
    assert row(series, places=places) == ()


def test_a_hidden_completed_episode_suggests_nothing() -> None:
    series = make_series()
    assert row(series, places=[done(series, 0, hidden=True)]) == ()


def test_an_older_completion_does_not_turn_the_series_back() -> None:
    series = make_series(seasons=(5,))
    places = [done(series, 3, minute=9), done(series, 0, minute=1)]
    assert shown(series, places=places) == [series.items[4].id]


# What a ready row keeps


def test_a_ready_row_keeps_one_place_of_a_title_that_is_being_watched() -> None:
    series = make_series(seasons=(9,))
    places = [at(series, number, minute=number) for number in range(9)]
    kept = worth_keeping(could_be_shown(places), {series.id: series})
    assert kept == (places[8],)


def test_a_ready_row_keeps_what_comes_after_a_completed_episode() -> None:
    series = make_series(seasons=(5,))
    places = [
        *(done(series, 0, minute=1), done(series, 1, minute=9)),
        *(done(series, 2, minute=2), at(series, 4, minute=3)),
    ]
    kept = worth_keeping(could_be_shown(places), {series.id: series})
    assert {place.item_id for place in kept} == {series.items[n].id for n in (1, 2, 4)}


def test_a_ready_row_keeps_the_latest_place_of_a_title_that_says_nothing_yet() -> None:
    film, lost = make_film(), make_film()
    places = [at(film, position=30.0), at(lost, minute=1)]
    assert set(worth_keeping(could_be_shown(places), {film.id: film})) == set(places)


def test_a_ready_row_of_a_hidden_lost_episode_needs_nothing_more() -> None:
    series = make_series()
    near = at(series, 1, minute=9, position=1.0)
    gone = flush_builders.make_place(
        video_id=series.id, item_id="gone", moved_at=NOW_US, hidden=True, completed=True
    )
    assert worth_keeping(could_be_shown([near, gone]), {series.id: series}) == (gone,)


def test_a_ready_row_remembers_that_a_series_was_hidden() -> None:
    series = make_series()
    hidden = at(series, 0, minute=9, hidden=True)
    kept = worth_keeping(could_be_shown([hidden]), {series.id: series})
    late = at(series, 1, minute=5)
    assert row(series, places=[*kept, late]) == ()


def test_finished_and_hidden_films_take_no_room_in_a_ready_row() -> None:
    films = [make_film() for _ in range(TITLES_KEPT + 5)]
    over = [done(film, minute=200 + n) for n, film in enumerate(films[: TITLES_KEPT - 1])]
    over.append(at(films[TITLES_KEPT - 1], minute=300, hidden=True))
    begun = [at(film, minute=n) for n, film in enumerate(films[TITLES_KEPT:])]
    assert len(row(*films, places=[*over, *begun])) == 5


def test_a_ready_row_keeps_the_forty_latest_titles() -> None:
    films = [make_film() for _ in range(TITLES_KEPT + 3)]
    places = [at(film, minute=n) for n, film in enumerate(films)]
    kept = could_be_shown(places)
    assert [group[0].video_id for group in kept] == [film.id for film in films[:2:-1]]


# Groups and stores


def test_places_are_grouped_by_title_the_latest_first() -> None:
    series, film = make_series(), make_film()
    places = [at(series, 0, minute=1), at(film, minute=2), at(series, 1, minute=3)]
    assert by_title(places) == [[places[2], places[0]], [places[1]]]


def test_places_of_the_same_instant_come_in_the_same_order_however_they_are_read() -> None:
    series, film = make_series(), make_film()
    places = [at(series, 0), at(series, 1), at(film)]
    assert by_title(places) == by_title(places[::-1])
    assert row(series, film, places=places) == row(series, film, places=places[::-1])


def test_of_each_item_the_place_with_the_highest_revision_stands() -> None:
    film, other = make_film(), make_film()
    old, new = at(film, rev=3), at(film, rev=4, position=700.0)
    alone = at(other)
    for sources in ([[old], [new, alone]], [[alone, new], [old]]):
        assert set(newest(*sources)) == {new, alone}
    assert newest() == ()
    assert newest([new], [replace(new, position=1.0)]) == (new,)


def test_what_leaves_soon_says_when() -> None:
    leaving = make_film(windows=(Window("US", 0, NOW + 3 * 86_400),))
    staying = make_film()
    entries = row(leaving, staying, places=[at(leaving, minute=1), at(staying)])
    assert [entry.leaves_at for entry in entries] == [NOW + 3 * 86_400, None]
