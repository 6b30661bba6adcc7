"""Where a player starts."""

import pytest

from reprise.domain.catalog import Item
from reprise.domain.playback import Playback, Spot, resume_position

ITEM = Item(id="i", title="A title", duration=100.0)


@pytest.mark.parametrize(
    ("spot", "position"),
    [
        pytest.param(None, 0.0, id="never watched"),
        pytest.param(Spot(42.5, False), 42.5, id="under way"),
        pytest.param(Spot(99.0, True), 0.0, id="watched to its end"),
        pytest.param(Spot(120.0, False), 100.0, id="shorter since"),
    ],
)
def test_a_player_starts_where_its_viewer_stopped(spot: Spot | None, position: float) -> None:
    assert resume_position(spot, item=ITEM) == position


def test_only_an_episode_has_an_id_beside_its_titles() -> None:
    assert Playback("p", "film", "film", "h").episode_id is None
    assert Playback("p", "series", "episode", "h").episode_id == "episode"
