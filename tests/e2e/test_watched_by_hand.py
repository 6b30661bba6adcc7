"""Watched and not watched by hand, over HTTP."""

import pytest

from tests.e2e.api_client import PHONE, TV, ApiClient, Player
from tests.e2e.people import Person
from tests.harness.stack import DemoCatalog

pytestmark = pytest.mark.cloud


def test_not_watched_restores_the_place_that_stood_before(
    person: Person, tv: ApiClient, film: str
) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    before = player.plays(30)["place"]
    phone = person.on(PHONE)
    marked = phone.must("PUT", f"/videos/{film}/watched")["place"]
    assert (marked["completed"], marked["position"], marked["rev"]) == (True, 6420.0, 2)
    assert marked["playbackId"] is None
    assert phone.row() == []
    restored = phone.must("DELETE", f"/videos/{film}/watched")["place"]
    changing = {"rev", "changedAt"}
    assert {k: v for k, v in restored.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    assert restored["rev"] == 3
    assert [item["resumePosition"] for item in phone.row()] == [1230.0]
    assert player.plays(30)["moved"] is True


def test_the_mark_wins_over_the_player_that_still_plays(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    player.plays(30)
    tv.must("PUT", f"/videos/{film}/watched")
    answer = player.plays(30)
    assert (answer["moved"], answer["reason"]) == (False, "act_spent")
    assert answer["place"]["completed"] is True


def test_a_film_that_was_never_played_can_be_marked_and_unmarked(tv: ApiClient, film: str) -> None:
    nothing = tv.must("DELETE", f"/videos/{film}/watched")
    assert nothing == {"place": None}
    marked = tv.must("PUT", f"/videos/{film}/watched")["place"]
    assert (marked["completed"], marked["device"]) == (True, TV)
    assert tv.must("PUT", f"/videos/{film}/watched")["place"] == marked


def test_one_episode_marked_puts_the_next_in_the_row(tv: ApiClient, catalog: DemoCatalog) -> None:
    path = f"/videos/{catalog.series}/watched?episodeId={catalog.episodes[3]}"
    place = tv.must("PUT", path)["place"]
    assert (place["episodeId"], place["completed"]) == (catalog.episodes[3], True)
    (item,) = tv.row()
    assert (item["episodeId"], item["nextUp"]) == (catalog.episodes[4], True)


def test_a_whole_series_is_marked_by_all_its_aired_episodes(
    tv: ApiClient, catalog: DemoCatalog
) -> None:
    Player(tv, catalog.series, episode_id=catalog.episodes[0]).act("start", position=900.0).plays(
        30
    )
    path = f"/videos/{catalog.series}/watched"
    marked = tv.must("PUT", path)["places"]
    assert {place["episodeId"] for place in marked} >= set(catalog.episodes)
    assert all(place["completed"] for place in marked)
    assert tv.row() == []
    unmarked = tv.must("DELETE", path)["places"]
    assert not any(place["completed"] for place in unmarked)
    by_id = {place["episodeId"]: place for place in unmarked}
    assert by_id[catalog.episodes[0]]["position"] == 930.0


def test_unknown_titles_and_episodes_and_parameters_are_refused(
    tv: ApiClient, film: str, catalog: DemoCatalog
) -> None:
    for method in ("PUT", "DELETE"):
        for path in (
            "/videos/no-such-title/watched",
            f"/videos/{film}/watched?episodeId={catalog.episodes[0]}",
            f"/videos/{catalog.series}/watched?episodeId={film}",
        ):
            answer = tv.call(method, path)
            assert (answer.status, answer.kind) == (404, "not-found"), path
        for query in ("episodeId=a:b", "episodeId=a&episodeId=b", "all=true"):
            answer = tv.call(method, f"/videos/{catalog.series}/watched?{query}")
            assert (answer.status, answer.kind) == (400, "invalid-request"), query
            assert answer.wrong_fields == [query.partition("=")[0]]
