"""A publication: where its parts are, and what a plan sees of it."""

import pytest

from tests.published import MEDIA


@pytest.mark.parametrize(
    ("plan", "seen"),
    [
        ("basic", ["720p", "144p"]),
        ("standard", ["1080p", "720p", "144p"]),
        ("premium", ["1080p", "720p", "144p"]),
        ("nobody's", []),
    ],
)
def test_a_plan_sees_its_own_renditions(plan: str, seen: list[str]) -> None:
    assert [rendition.quality for rendition in MEDIA.allowed(plan)] == seen


def test_each_plan_has_a_master_playlist_of_its_own() -> None:
    masters = {MEDIA.master_path(plan) for plan in ("basic", "standard", "premium")}
    assert masters == {
        f"{MEDIA.path}/basic.m3u8",
        f"{MEDIA.path}/standard.m3u8",
        f"{MEDIA.path}/premium.m3u8",
    }
