"""Taking over a screen: it is the caller's for certain, and nobody's place moves."""

from dataclasses import replace

import pytest

from reprise.domain.errors import NotFoundError, UnauthenticatedError
from reprise.domain.identity import Viewer
from reprise.domain.leases import ScreensTakenError
from tests.builders import PHONE
from tests.unit.application.playing import Playing


@pytest.fixture
def playing() -> Playing:
    return Playing()


@pytest.fixture
def tv(playing: Playing) -> Viewer:
    return playing.join(plan="basic")


@pytest.fixture
def phone(playing: Playing, tv: Viewer) -> Viewer:
    return playing.join(of=tv, device=PHONE, plan="basic")


def test_the_refused_player_gets_the_screen_and_the_other_is_refused_next(
    playing: Playing, tv: Viewer, phone: Viewer
) -> None:
    other = playing.play(tv)
    with pytest.raises(ScreensTakenError):
        playing.play(phone)
    playing.take_over(other.playback_id, phone)
    started = playing.play(phone)
    assert playing.holders(tv) == [started.playback_id]
    with pytest.raises(ScreensTakenError):
        playing.refresh(other.playback_id, tv)


def test_nobody_slips_in_between(playing: Playing, tv: Viewer, phone: Viewer) -> None:
    other = playing.play(tv)
    playing.take_over(other.playback_id, phone)
    with pytest.raises(ScreensTakenError) as refused:
        playing.play(tv)
    (holder,) = refused.value.holders
    assert (holder.device, holder.title) == (PHONE, "")
    assert playing.play(phone).leased


def test_what_holds_no_screen_of_the_account_cannot_be_taken(
    playing: Playing, tv: Viewer, phone: Viewer
) -> None:
    stranger = playing.play(playing.join())
    for playback_id in (stranger.playback_id, "unknown"):
        with pytest.raises(NotFoundError):
            playing.take_over(playback_id, phone)
    assert playing.holders(tv) == []


def test_a_plan_that_became_smaller_has_no_screen_to_hand_over(playing: Playing) -> None:
    first = playing.join()
    others = [playing.join(of=first), playing.join(of=first)]
    held = [playing.play(viewer) for viewer in (first, *others)]
    small = replace(
        playing.join(of=first, device=PHONE), policy=replace(first.policy, plan="basic")
    )
    playing.live.sign_in(small, device=PHONE)
    with pytest.raises(ScreensTakenError):
        playing.take_over(held[0].playback_id, small)


def test_a_revoked_session_takes_nothing(playing: Playing, tv: Viewer, phone: Viewer) -> None:
    other = playing.play(tv)
    playing.live.revoke(phone)
    with pytest.raises(UnauthenticatedError):
        playing.take_over(other.playback_id, phone)
    assert playing.holders(tv) == [other.playback_id]
