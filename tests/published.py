"""A publication as an ingest would make it, for tests that need one without encoding anything."""

from dataclasses import replace

from reprise.domain.media import Media, Rendition, Storyboard, Subtitles
from reprise.domain.qualities import LADDER

ITEM = "4b6d3c52-3f1e-4c0a-9a55-0f0a51d0a001"
PATH = f"media/{ITEM}/{ITEM}/0123456789abcdef"


def publication(title_id: str, item_id: str, *qualities: str) -> Media:
    """Return what a packager makes of an item of any title; by default the whole ladder."""
    path = f"media/{title_id}/{item_id}/0123456789abcdef"
    return Media(
        item_id=item_id,
        path=path,
        duration=5400.0,
        renditions=tuple(
            replace(
                rendition(each.name, each.width, each.height, each.bitrate),
                path=f"{path}/{each.name}/index.m3u8",
            )
            for each in LADDER
            if not qualities or each.name in qualities
        ),
        subtitles=(Subtitles("en", "English", f"{path}/subtitles-en/cues.vtt"),),
        storyboard=Storyboard(f"{path}/storyboard/storyboard.vtt", 160, 90, 4.0),
    )


def rendition(quality: str, width: int, height: int, bitrate: int) -> Rendition:
    return Rendition(
        quality=quality,
        bitrate=bitrate,
        average_bitrate=bitrate - 1000,
        width=width,
        height=height,
        codecs="avc1.64001f,mp4a.40.2",
        frame_rate=23.976,
        path=f"{PATH}/{quality}/index.m3u8",
    )


MEDIA = Media(
    item_id=ITEM,
    path=PATH,
    duration=40.04,
    renditions=(
        rendition("1080p", 1920, 1080, 5_900_000),
        rendition("720p", 1280, 720, 3_100_000),
        rendition("144p", 256, 144, 240_000),
    ),
    subtitles=(
        Subtitles("en", "English", f"{PATH}/subtitles-en/cues.vtt"),
        Subtitles("de", "Deutsch", f"{PATH}/subtitles-de/cues.vtt"),
    ),
    storyboard=Storyboard(f"{PATH}/storyboard/storyboard.vtt", 160, 90, 4.0),
)
