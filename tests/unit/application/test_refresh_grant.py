"""The next grant: for whoever may still play, after however long a pause."""

from dataclasses import replace

import pytest

from reprise.domain.catalog import Window
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.leases import ScreensTakenError
from reprise.domain.playback import REMEMBERED_SECONDS
from reprise.domain.policy import ForbiddenError
from tests.builders import PHONE
from tests.unit.application.playing import NOW, Playing

DAY = 86_400


@pytest.fixture
def playing() -> Playing:
    return Playing()


def test_a_grant_is_extended_from_now_on(playing: Playing) -> None:
    started = playing.play()
    playing.now += 1800
    refreshed = playing.refresh(started.playback_id)
    assert (refreshed.leased, refreshed.grant.expires_at) == (True, NOW + 1800 + 3600)
    assert playing.holders() == [started.playback_id]


def test_an_episode_goes_on_too(playing: Playing) -> None:
    episode = playing.series.items[0]
    started = playing.play(video_id=playing.series.id, episode_id=episode.id)
    playing.refresh(started.playback_id)
    granted = f"https://host/media/{playing.holder()}/{playing.series.id}/*"
    assert [grant.resource for grant in playing.signer.signed] == [granted, granted]


def test_a_grant_stays_its_holders_when_another_session_goes_on(playing: Playing) -> None:
    started = playing.play()
    playing.refresh(started.playback_id, playing.join(of=playing.viewer, device=PHONE))
    first, second = playing.signer.signed
    assert first.resource == second.resource


def test_after_a_pause_of_a_day_it_plays_on_and_has_its_screen_again(playing: Playing) -> None:
    started = playing.play()
    playing.now += DAY
    assert playing.holders() == []
    assert playing.refresh(started.playback_id).leased
    assert playing.holders() == [started.playback_id]


def test_each_refresh_keeps_the_playback_in_mind_for_longer(playing: Playing) -> None:
    started = playing.play()
    for _ in range(3):
        playing.now += REMEMBERED_SECONDS - 1
        playing.refresh(started.playback_id)
    playing.now += REMEMBERED_SECONDS
    with pytest.raises(NotFoundError):
        playing.refresh(started.playback_id)


def test_the_screen_of_a_pause_may_be_anothers_by_now(playing: Playing) -> None:
    tv = playing.join(plan="basic")
    phone = playing.join(of=tv, device=PHONE, plan="basic")
    paused = playing.play(tv)
    playing.now += DAY
    playing.play(phone)
    with pytest.raises(ScreensTakenError):
        playing.refresh(paused.playback_id, tv)


def test_a_revoked_session_gets_no_more(playing: Playing) -> None:
    started = playing.play()
    playing.live.revoke(playing.viewer)
    with pytest.raises(UnauthenticatedError):
        playing.refresh(started.playback_id)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"region": "FR"}, "region", id="another country"),
        pytest.param({"plan": "free"}, "plan", id="another plan"),
        pytest.param({"maturity_level": 1}, "maturity", id="a lower level"),
        pytest.param({"maturity_level": 1, "kids": True}, "maturity", id="a child by now"),
    ],
)
def test_what_the_session_may_do_now_counts(
    playing: Playing, change: dict[str, object], reason: str
) -> None:
    started = playing.play()
    policy = replace(playing.viewer.policy, **change)  # type: ignore[arg-type]
    playing.live.sign_in(playing.viewer, policy=policy)
    with pytest.raises(ForbiddenError) as refused:
        playing.refresh(started.playback_id)
    assert refused.value.reason == reason


def test_a_title_that_left_gets_no_more(playing: Playing) -> None:
    started = playing.play()
    gone = replace(playing.film, windows=(Window("US", 0, NOW),))
    playing.catalog.known[gone.id] = gone
    with pytest.raises(ForbiddenError):
        playing.refresh(started.playback_id)
    del playing.catalog.known[gone.id]
    with pytest.raises(NotFoundError):
        playing.refresh(started.playback_id)


def test_anothers_playback_is_unknown(playing: Playing) -> None:
    started = playing.play()
    with pytest.raises(NotFoundError):
        playing.refresh(started.playback_id, playing.join())


def test_without_leases_it_plays_on_and_without_sessions_it_waits(playing: Playing) -> None:
    started = playing.play()
    playing.leases.down = True
    assert not playing.refresh(started.playback_id).leased
    playing.live.down = True
    with pytest.raises(UnavailableError):
        playing.refresh(started.playback_id)
