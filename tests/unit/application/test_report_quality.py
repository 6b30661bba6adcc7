"""Who may tell how well a playback went, and what it is joined to."""

import pytest

from reprise.application.report_quality import Heard, report_quality
from reprise.domain.errors import RateLimitedError, UnauthenticatedError
from reprise.domain.playback import Playback
from tests.builders import make_viewer
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.playbacks import FakePlaybacks

PLAYED = Playback("p1", "film-1", "film-1", "holder-1")


VIEWER = make_viewer()


def heard(live: FakeLivePlaces, *, begun: bool = False) -> Heard:
    playbacks = FakePlaybacks(live)
    if begun:
        playbacks.begin(viewer=VIEWER, playback=PLAYED)
    return report_quality(viewer=VIEWER, playback_id=PLAYED.id, playbacks=playbacks)


def test_a_session_that_is_live_is_heard_counted_and_joined_to_what_it_plays() -> None:
    live = FakeLivePlaces(reports_per_minute=2)
    live.sign_in(VIEWER)
    assert heard(live, begun=True) == Heard(proved=True, playback=PLAYED)
    assert heard(live) == Heard(proved=True, playback=None)
    with pytest.raises(RateLimitedError):
        heard(live)


def test_a_session_that_was_ended_is_not_heard() -> None:
    with pytest.raises(UnauthenticatedError):
        heard(FakeLivePlaces())


def test_who_can_not_be_looked_up_is_heard_by_the_token_alone() -> None:
    live = FakeLivePlaces()
    live.down = True
    assert heard(live) == Heard(proved=False, playback=None)
