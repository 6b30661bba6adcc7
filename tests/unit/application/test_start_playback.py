"""Pressing play: who may, from where, in which qualities, and on how many screens."""

from dataclasses import replace

import pytest

from reprise.domain.catalog import Window
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.leases import ScreensTakenError
from reprise.domain.policy import ForbiddenError
from tests.builders import PHONE, TV, make_report
from tests.flush_builders import make_place
from tests.published import publication
from tests.unit.application.playing import NOW, Playing


@pytest.fixture
def playing() -> Playing:
    return Playing()


def watched(playing: Playing, position: float) -> None:
    """Let the viewer have reported from the film."""
    report = make_report(video_id=playing.film.id, position=position)
    playing.live.record(
        viewer=playing.viewer,
        reports=[(report, playing.film.items[0].facts)],
        durable={playing.film.id: None},
    )


def test_a_film_is_offered_whole_and_granted_for_an_hour(playing: Playing) -> None:
    offer = playing.offer()
    assert (offer.title, offer.item) == (playing.film, playing.film.items[0])
    assert (offer.resume_position, offer.resume_known, offer.next) == (0.0, True, None)
    assert (offer.missing, len(offer.renditions)) == ([], 8)
    started = playing.start(offer)
    assert started.leased
    assert playing.holders() == [started.playback_id]
    (grant,) = playing.signer.signed
    assert grant.resource == f"https://host/media/{playing.holder()}/{playing.film.id}/*"
    assert (grant.issued_at, grant.expires_at) == (NOW, NOW + 3600)


def test_an_episode_leads_to_the_next(playing: Playing) -> None:
    first, second = playing.series.items[:2]
    offer = playing.offer(video_id=playing.series.id, episode_id=first.id)
    assert (offer.item, offer.next) == (first, second)
    playing.start(offer)
    (lease,) = playing.leases.holders(account_id=playing.viewer.account_id)
    assert (lease.title, lease.device) == ("North Line: Episode 1", TV)
    last = playing.series.items[-1]
    assert playing.offer(video_id=playing.series.id, episode_id=last.id).next is None


@pytest.mark.parametrize(("plan", "best"), [("basic", "720p"), ("standard", "1080p")])
def test_a_plan_plays_its_own_qualities(playing: Playing, plan: str, best: str) -> None:
    viewer = playing.join(plan=plan)
    assert playing.offer(viewer).renditions[0].quality == best


def test_a_rendition_that_was_lost_is_left_out_and_named(playing: Playing) -> None:
    there = ("1080p", "480p", "360p", "288p", "240p", "144p")
    playing.publications.put(media=publication(playing.film.id, playing.film.id, *there))
    offer = playing.offer()
    assert [each.quality for each in offer.renditions] == list(there)
    assert offer.missing == ["720p"]


def test_nothing_plays_that_is_not_published_in_a_quality_of_the_plan(playing: Playing) -> None:
    viewer = playing.join(plan="basic")
    playing.publications.put(media=publication(playing.film.id, playing.film.id, "4k"))
    with pytest.raises(NotFoundError):
        playing.offer(viewer)
    film = replace(
        playing.film, id="unpublished", items=(replace(playing.film.items[0], id="unpublished"),)
    )
    playing.catalog.known[film.id] = film
    with pytest.raises(NotFoundError):
        playing.offer(video_id=film.id)


def test_an_announced_episode_does_not_play(playing: Playing) -> None:
    items = (replace(playing.series.items[0], aired_at=NOW + 1), *playing.series.items[1:])
    playing.catalog.known[playing.series.id] = replace(playing.series, items=items)
    with pytest.raises(NotFoundError):
        playing.offer(video_id=playing.series.id, episode_id=items[0].id)


def test_who_does_not_pass_learns_nothing_and_holds_nothing(playing: Playing) -> None:
    with pytest.raises(NotFoundError):
        playing.offer(video_id="unknown")
    with pytest.raises(NotFoundError):
        playing.offer(video_id=playing.series.id)
    closed = replace(playing.film, windows=(Window("GB", 0, None),))
    playing.catalog.known[closed.id] = closed
    with pytest.raises(ForbiddenError) as refused:
        playing.offer()
    assert refused.value.reason == "region"
    playing.live.revoke(playing.viewer)
    with pytest.raises(UnauthenticatedError):
        playing.offer(video_id="unknown")
    assert playing.holders() == []


def test_the_sessions_policy_counts_and_not_the_tokens(playing: Playing) -> None:
    current = replace(playing.viewer.policy, plan="basic")
    playing.live.sign_in(playing.viewer, policy=current)
    assert playing.offer().renditions[0].quality == "720p"


def test_it_resumes_where_the_live_place_is(playing: Playing) -> None:
    watched(playing, 1234.5)
    offer = playing.offer()
    assert (offer.resume_position, offer.resume_known) == (1234.5, True)


def stored(playing: Playing, **place: object) -> None:
    key = (playing.viewer.profile_id, playing.film.id, playing.film.id)
    playing.durable.stored[key] = make_place(video_id=playing.film.id, **place)


def test_it_resumes_where_the_history_says_once_nothing_is_live(playing: Playing) -> None:
    stored(playing, position=900.0)
    assert playing.offer().resume_position == 900.0
    stored(playing, position=5300.0, completed=True)
    assert playing.offer().resume_position == 0.0


def test_while_the_history_is_away_it_plays_from_an_unknown_place(playing: Playing) -> None:
    playing.durable.down = True
    offer = playing.offer()
    assert (offer.resume_position, offer.resume_known) == (0.0, False)
    assert playing.start(offer).leased


def test_while_live_state_is_away_the_token_plays_without_a_screen(playing: Playing) -> None:
    stored(playing, position=900.0)
    playing.live.down = playing.leases.down = True
    offer = playing.offer()
    assert (offer.resume_position, offer.resume_known) == (900.0, False)
    started = playing.start(offer)
    assert (started.leased, started.grant.query) == (False, "Policy=p")


def test_live_state_that_goes_away_meanwhile_stops_nobody(playing: Playing) -> None:
    offer = playing.offer()
    playing.leases.down = True
    assert not playing.start(offer).leased
    playing.leases.down, playing.playbacks.forgets = False, True
    assert not playing.start(offer).leased


def test_a_token_still_meets_the_policy_while_live_state_is_away(playing: Playing) -> None:
    kid = playing.join(kids=True, maturity_level=2)
    playing.live.down = True
    playing.catalog.known[playing.film.id] = replace(playing.film, maturity_level=4)
    with pytest.raises(ForbiddenError):
        playing.offer(kid)


def test_renditions_that_nobody_knows_are_unavailable(playing: Playing) -> None:
    playing.publications.down = True
    with pytest.raises(UnavailableError):
        playing.offer()
    assert playing.holders() == []


def basic_pair(playing: Playing, **policy: object) -> tuple[Viewer, Viewer]:
    """Return two sessions of an account with a single screen."""
    tv = playing.join(plan="basic")
    return tv, playing.join(of=tv, device=PHONE, plan="basic", **policy)


def test_a_full_account_is_refused_and_told_who_plays(playing: Playing) -> None:
    tv, phone = basic_pair(playing)
    first = playing.play(tv)
    with pytest.raises(ScreensTakenError) as refused:
        playing.play(phone)
    (holder,) = refused.value.holders
    assert refused.value.reason == "screens"
    assert (holder.playback_id, holder.device, holder.title) == (
        first.playback_id,
        TV,
        playing.film.title,
    )


@pytest.mark.parametrize("limits", [{"kids": True}, {"maturity_level": 4}])
def test_a_limited_profile_is_not_told_what_others_play(
    playing: Playing, limits: dict[str, object]
) -> None:
    tv, phone = basic_pair(playing, **limits)
    playing.play(tv)
    with pytest.raises(ScreensTakenError) as refused:
        playing.play(phone)
    assert [holder.title for holder in refused.value.holders] == [""]


def test_a_device_that_starts_again_takes_its_own_screen(playing: Playing) -> None:
    tv, _ = basic_pair(playing)
    playing.play(tv)
    again = playing.play(tv)
    assert playing.holders(tv) == [again.playback_id]
