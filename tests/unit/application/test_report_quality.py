"""Who may tell how well a playback went."""

import pytest

from reprise.application.report_quality import report_quality
from reprise.domain.errors import RateLimitedError, UnauthenticatedError
from tests.builders import make_viewer
from tests.fakes.live_places import FakeLivePlaces


def test_a_session_that_is_live_is_heard_and_counted() -> None:
    live, viewer = FakeLivePlaces(reports_per_minute=1), make_viewer()
    live.sign_in(viewer)
    assert report_quality(viewer=viewer, live=live)
    with pytest.raises(RateLimitedError):
        report_quality(viewer=viewer, live=live)


def test_a_session_that_was_ended_is_not_heard() -> None:
    with pytest.raises(UnauthenticatedError):
        report_quality(viewer=make_viewer(), live=FakeLivePlaces())


def test_who_can_not_be_looked_up_is_heard_by_the_token_alone() -> None:
    live = FakeLivePlaces()
    live.down = True
    assert not report_quality(viewer=make_viewer(), live=live)
