"""A publication: where its parts are, and what a plan sees of it."""

import pytest

from reprise.domain.media import url_of
from tests.published import MEDIA, publication


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


@pytest.mark.parametrize(
    ("there", "plan", "missing"),
    [
        pytest.param(
            ("1080p", "720p", "144p"), "basic", ["480p", "360p", "288p", "240p"], id="gaps"
        ),
        pytest.param(("360p", "288p", "240p", "144p"), "premium", [], id="a small source"),
        pytest.param((), "premium", [], id="the whole ladder"),
        pytest.param(("8k",), "premium", [], id="nothing that a plan knows"),
        pytest.param(("1080p", "720p"), "nobody's", [], id="a plan nobody knows"),
    ],
)
def test_a_gap_below_the_best_rendition_is_missing(
    there: tuple[str, ...], plan: str, missing: list[str]
) -> None:
    media = publication("t", "i", *there)
    assert media.missing(plan) == missing


def test_a_path_is_found_under_the_url_of_media() -> None:
    url = url_of("media/t 1/i/v/premium.m3u8", media_url="https://host/media", holder="h-1")
    assert url == "https://host/media/h-1/t%201/i/v/premium.m3u8"
