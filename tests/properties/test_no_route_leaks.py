"""Whatever the catalog, the profile and the route: nobody is told of a title they may not watch.

Real handlers over faked stores, in which everything of everybody is already in place: viewings,
places, list entries and tombstones of titles that were allowed once. The oracle is written apart
from the gate, in other words.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra_cdk.kinds import Access
from infra_cdk.routes import ROUTES
from reprise.domain.catalog import Item, Rating, Title, Window
from reprise.domain.identity import PolicyFacts
from reprise.domain.leases import Lease
from reprise.domain.playback import Playback
from tests.builders import ADULT, NOW_US, SECOND, TV
from tests.fakes.my_lists import KeptEntry
from tests.fakes.title_pages import page_of
from tests.flush_builders import make_place, make_viewing
from tests.harness.functions import NOW, Answer, World

REGIONS = ("US", "GB")
PLANS = ("basic", "standard", "premium")
LEVELS = st.none() | st.integers(1, 5)

INSTANTS = st.sampled_from([NOW - 9000, NOW - 1, NOW, NOW + 1, NOW + 9000])
WINDOWS = st.builds(
    Window, region=st.sampled_from(REGIONS), starts_at=INSTANTS, ends_at=st.none() | INSTANTS
)
RATINGS = st.builds(
    Rating, country=st.sampled_from((*REGIONS, "DE")), code=st.just("R"), level=LEVELS
)
PEOPLE = st.builds(
    PolicyFacts,
    region=st.sampled_from((*REGIONS, "FR", "")),
    plan=st.sampled_from(PLANS),
    maturity_level=st.integers(1, 5),
    kids=st.booleans(),
)
OPEN = (Window("US", 0, None), Window("GB", 0, None))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is generated of a title; its ids and names follow from its number."""

    is_series: bool
    windows: tuple[Window, ...]
    ratings: tuple[Rating, ...]
    level: int | None
    plans: tuple[str, ...]
    removed: bool
    completed: bool
    position: float

    def title(self, number: int) -> Title:
        episodes = range(1, 4) if self.is_series else range(1)
        return Title(
            id=f"title-{number}-",
            type="series" if self.is_series else "film",
            title=f"Name {number}.",
            rating="R",
            maturity_level=self.level,
            artwork_url=f"/art/{number}.",
            windows=self.windows,
            plans=self.plans,
            ratings=self.ratings,
            items=tuple(
                Item(
                    id=f"episode-{number}-{episode}-" if self.is_series else f"title-{number}-",
                    title=f"Name {number}.{episode}",
                    duration=2400.0,
                    season=int(self.is_series),
                    episode=episode,
                )
                for episode in episodes
            ),
        )


DRAWN = st.builds(
    Drawn,
    is_series=st.booleans(),
    windows=st.just(OPEN) | st.lists(WINDOWS, max_size=3).map(tuple),
    ratings=st.lists(RATINGS, max_size=2).map(tuple),
    level=LEVELS,
    plans=st.just(PLANS) | st.lists(st.sampled_from(PLANS), unique=True).map(tuple),
    removed=st.booleans(),
    completed=st.booleans(),
    position=st.sampled_from([10.0, 900.0, 2399.0]),
)


def may_watch(who: PolicyFacts, title: Title) -> bool:
    """The oracle."""
    open_now = [
        window
        for window in title.windows
        if window.starts_at <= NOW < (math.inf if window.ends_at is None else window.ends_at)
    ]
    told_at_home = [rating.level for rating in title.ratings if rating.country == who.region]
    levels = told_at_home or [title.maturity_level]
    needed = max(math.inf if level is None else level for level in levels)
    reach = math.inf if who.maturity_level == 5 else who.maturity_level
    reach = min(reach, 2) if who.kids else reach
    there = who.region in {window.region for window in open_now}
    return there and who.plan in title.plans and needed <= reach


class Everything(World):
    """A world in which the viewer once could do everything with every title, and did."""

    def __init__(self, drawn: Sequence[Drawn], who: PolicyFacts, *, stale_token: bool) -> None:
        super().__init__()
        self.who = who
        self.drawn = [each.title(number) for number, each in enumerate(drawn)]
        self.catalog.known = {title.id: title for title in self.drawn}
        self.publish(*self.drawn)
        self.pages.stored = {title.id: page_of(title) for title in self.drawn}
        self.search.names = {title.id: title.title for title in self.drawn}
        self.viewer = replace(self.viewer, policy=ADULT if stale_token else who)
        self.live.sign_in(self.viewer, policy=who)
        for number, (each, title) in enumerate(zip(drawn, self.drawn, strict=True)):
            self._watch(number, each, title)
            self._list(number, each, title)

    @property
    def forbidden(self) -> list[Title]:
        return [title for title in self.drawn if not may_watch(self.who, title)]

    def _watch(self, number: int, each: Drawn, title: Title) -> None:
        item, started = title.items[0], NOW_US - (number + 1) * 60 * SECOND
        place = make_place(
            video_id=title.id,
            item_id=item.id,
            completed=each.completed,
            position=each.position,
            viewing_started_at=started,
            moved_at=started,
        )
        profile = self.viewer.profile_id
        self.durable.stored[profile, title.id, item.id] = place
        viewing = make_viewing(video_id=title.id, item_id=item.id, started_at=started)
        self.durable.viewings[profile, started // 1000, item.id] = viewing

    def _list(self, number: int, each: Drawn, title: Title) -> None:
        kept = self.lists.kept.setdefault(self.viewer.profile_id, {})
        kept[title.id] = KeptEntry(number, NOW_US, NOW_US if each.removed else None)


type Calls = Callable[[Everything], Sequence[tuple[Answer, Title | None]]]
"""Answers of a route, each with the title that the client itself named, if it did."""


def listing(folder: str, resource: str, **query: str) -> Calls:
    def call(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
        event = world.event("GET", resource, query=query)
        return [(world.request(folder, event), None)]

    return call


def on_each(folder: str, method: str, resource: str, **parts: Any) -> Calls:
    def call(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
        return [
            (
                world.request(
                    folder, world.event(method, resource, path={"videoId": title.id}, **parts)
                ),
                title,
            )
            for title in world.drawn
        ]

    return call


def report_of(world: Everything, title: Title) -> dict[str, Any]:
    episode = title.items[-1].id if title.is_series else ...
    return world.report(videoId=title.id, episodeId=episode, position=700.0, intervals=[])


def playing(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    """Films by one route and series by the other, of which each answers only its own."""
    return [
        (
            world.request(
                "stream/play_film",
                world.event("GET", "/stream/{id}/manifest", path={"id": title.id}),
            ),
            title,
        )
        for title in world.drawn
        if not title.is_series
    ]


def playing_episodes(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    path = "/stream/{id}/episodes/{episodeId}/manifest"
    return [
        (
            world.request(
                "stream/play_episode",
                world.event("GET", path, path={"id": title.id, "episodeId": item.id}),
            ),
            title,
        )
        for title in world.drawn
        if title.is_series
        for item in title.items
    ]


def going_on(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    """Refresh playbacks that were begun when everything was allowed."""
    answers: list[tuple[Answer, Title | None]] = []
    for title in world.drawn:
        playback = Playback(f"playback-{len(answers)}", title.id, title.items[0].id, "holder")
        world.playbacks.begin(viewer=world.viewer, playback=playback)
        event = world.event("POST", "/stream/{id}/refresh", path={"id": playback.id})
        answers.append((world.request("stream/refresh_grant", event), title))
        world.leases.free(account_id=world.viewer.account_id, playback_id=playback.id)
    return answers


def taking_over(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    """Take the screen on which somebody of the account watches one title after the other."""
    answers: list[tuple[Answer, Title | None]] = []
    for title in world.drawn:
        lease = Lease("playback-0", "somebody", TV, title.title, NOW)
        world.leases.take(account_id=world.viewer.account_id, lease=lease, limit=4)
        event = world.event("POST", "/stream/{id}/takeover", path={"id": lease.playback_id})
        answers.append((world.request("stream/take_over_screen", event), None))
    return answers


def measuring(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    """How a playback went is measured of any id, and tells nothing of what has it."""
    told = {"playbackId": "playback-0", "eventTime": "2026-11-21T20:15:00Z"}
    bodies = [told | {"videoId": title.id} for title in world.drawn]
    events = [world.event("POST", "/analytics/playback", body=body) for body in bodies]
    return [(world.request("analytics/report_playback", event), None) for event in events]


def reporting(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    return [
        (
            world.request(
                "stream/record_progress",
                world.event("POST", "/stream/progress", body=report_of(world, title)),
            ),
            title,
        )
        for title in world.drawn
    ]


def replaying(world: Everything) -> Sequence[tuple[Answer, Title | None]]:
    """A batch names titles of its client's; the answer's places have to be of allowed ones."""
    reports = [report_of(world, title) for title in world.drawn]
    event = world.event("POST", "/stream/progress/batch", body={"reports": reports})
    answer = world.request("stream/record_batch", event)
    for title, result in zip(world.drawn, answer.body["results"], strict=True):
        assert (result["place"] is None) == (result["reason"] == "not_allowed")
        assert (result["place"] is not None) == may_watch(world.who, title)
    return [(answer, None)]


CALLS: Mapping[str, Calls] = {
    "POST /stream/progress": reporting,
    "POST /stream/progress/batch": replaying,
    "GET /stream/{id}/manifest": playing,
    "GET /stream/{id}/episodes/{episodeId}/manifest": playing_episodes,
    "POST /stream/{id}/refresh": going_on,
    "POST /stream/{id}/takeover": taking_over,
    "POST /analytics/playback": measuring,
    "GET /continue-watching": listing("playstate/list_continue_watching", "/continue-watching"),
    "DELETE /continue-watching/{videoId}": on_each(
        "playstate/hide_title", "DELETE", "/continue-watching/{videoId}"
    ),
    "GET /history": listing("playstate/list_history", "/history"),
    "PUT /videos/{videoId}/watched": on_each(
        "playstate/mark_watched", "PUT", "/videos/{videoId}/watched"
    ),
    "DELETE /videos/{videoId}/watched": on_each(
        "playstate/unmark_watched", "DELETE", "/videos/{videoId}/watched"
    ),
    "GET /videos/{videoId}": on_each("catalog/show_title", "GET", "/videos/{videoId}"),
    "GET /search": listing("catalog/search_titles", "/search", q="name"),
    "GET /my-list": listing(
        "my_list/list_my_list", "/my-list", changedSince="2020-01-01T00:00:00Z"
    ),
    "PUT /my-list/{videoId}": on_each(
        "my_list/put_on_my_list", "PUT", "/my-list/{videoId}", body={"position": 1}
    ),
    "DELETE /my-list/{videoId}": on_each(
        "my_list/remove_from_my_list", "DELETE", "/my-list/{videoId}"
    ),
}

REFUSES = {"POST /stream/progress", *(name for name in CALLS if "{" in name)} - {
    "DELETE /my-list/{videoId}",
    "POST /stream/{id}/takeover",
}
"""Routes that act on one title; taking one out of one's own list is open to everybody, and a
screen is whoever's account it is."""


def test_every_route_of_a_viewer_is_tried() -> None:
    routes = {f"{r.method} {r.path}" for r in ROUTES if r.access is Access.VIEWER}
    assert set(CALLS) == routes


def traces(title: Title) -> list[str]:
    """Every text by which an answer could give a title away."""
    items = [text for item in title.items for text in (item.id, item.title)]
    return [title.id, title.title, title.artwork_url, *items]


def mentions(answer: Answer, title: Title) -> list[str]:
    text = json.dumps([answer.body, dict(answer.headers)], ensure_ascii=False)
    return [trace for trace in traces(title) if trace in text]


@pytest.mark.parametrize("route", CALLS)
@settings(max_examples=60)
@given(drawn=st.lists(DRAWN, min_size=1, max_size=6), who=PEOPLE, stale_token=st.booleans())
def test_no_answer_mentions_a_title_that_is_forbidden(
    route: str, drawn: list[Drawn], who: PolicyFacts, stale_token: bool
) -> None:
    """A problem document repeats the path that was asked for, and nothing else of the title."""
    world = Everything(drawn, who, stale_token=stale_token)
    for answer, named in CALLS[route](world):
        if named in world.forbidden:
            assert (answer.status == 403) == (route in REFUSES)
            if answer.status == 403:
                assert answer.body["reason"] in {"maturity", "region", "plan", "kids"}
                answer.body["instance"] = ""
        else:
            assert answer.status in {200, 202, 204}, answer
        for title in world.forbidden:
            assert not mentions(answer, title)


@settings(max_examples=100)
@given(drawn=st.lists(DRAWN, min_size=1, max_size=6), who=PEOPLE)
def test_what_is_allowed_is_shown(drawn: list[Drawn], who: PolicyFacts) -> None:
    """Nobody is kept from what they may watch: a gate that refused everything would pass above."""
    world = Everything(drawn, who, stale_token=False)
    allowed = [title.id for title in world.drawn if may_watch(who, title)]
    ((history, _),) = CALLS["GET /history"](world)
    assert [item["videoId"] for item in history.body["items"]] == allowed
    ((listed, _),) = CALLS["GET /my-list"](world)
    removed = {title.id for title, each in zip(world.drawn, drawn, strict=True) if each.removed}
    assert [i["videoId"] for i in listed.body["items"]] == [i for i in allowed if i not in removed]
    assert {i["videoId"] for i in listed.body["removed"]} == removed & set(allowed)
    ((found, _),) = CALLS["GET /search"](world)
    assert {item["videoId"] for item in found.body["items"]} == set(allowed)


@settings(max_examples=100)
@given(drawn=st.lists(DRAWN, min_size=1, max_size=6), before=PEOPLE, after=PEOPLE)
def test_a_change_of_the_session_counts_from_the_next_request(
    drawn: list[Drawn], before: PolicyFacts, after: PolicyFacts
) -> None:
    """The token stays the same; only what the session in Redis says has changed."""
    world = Everything(drawn, before, stale_token=False)
    for who in (before, after, before):
        world.live.sign_in(world.viewer, policy=who)
        allowed = {title.id for title in world.drawn if may_watch(who, title)}
        ((history, _),) = CALLS["GET /history"](world)
        assert {item["videoId"] for item in history.body["items"]} == allowed
        ((row, _),) = CALLS["GET /continue-watching"](world)
        assert {item["videoId"] for item in row.body["items"]} <= allowed
