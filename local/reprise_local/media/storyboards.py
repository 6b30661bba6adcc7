"""Sheets of small pictures with a WebVTT file that says which of them belongs to which moment.

They are cut from the keyframes of a small rung, one every segment or every few: nothing is decoded
that need not be, and seeking lands where the picture is from.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise.domain import storyboards
from reprise_local.media import ffmpeg
from reprise_local.media.ladder import Rung
from reprise_local.media.recipes import FFMPEG_PLAYLIST, SEGMENT_SECONDS

VTT = "storyboard.vtt"
SHEETS = "sheet-%03d.jpg"
COLUMNS = ROWS = 5
_HEIGHT = 90
_MOST_PICTURES = 400


@dataclass(frozen=True, slots=True)
class Plan:
    """Which pictures a storyboard has; `interval` in seconds."""

    width: int
    height: int
    interval: int
    pictures: int

    @property
    def arguments(self) -> Sequence[str]:
        """What makes the sheets of a rung, its keyframes decoded only."""
        chosen = f"select='isnan(prev_selected_t)+gte(t-prev_selected_t,{self.interval}-0.5)'"
        tiles = f"scale={self.width}:{self.height},tile={COLUMNS}x{ROWS}"
        return ("-vf", f"{chosen},{tiles}", "-fps_mode", "passthrough", "-q:v", "5", SHEETS)


def plan_of(rung: Rung, *, duration: float) -> Plan:
    """Return a plan with a picture every segment, of long films every few segments."""
    segments = math.ceil(duration / SEGMENT_SECONDS)
    interval = SEGMENT_SECONDS * math.ceil(segments / _MOST_PICTURES)
    width, height = storyboards.picture_size(width=rung.width, height=rung.height)
    return Plan(
        width=width,
        height=height,
        interval=interval,
        pictures=math.ceil(duration / interval),
    )


def source_rung(rungs: Sequence[Rung]) -> Rung:
    """Return the smallest that is twice as high as a picture, or the best of smaller ones."""
    tall = [rung for rung in rungs if rung.height >= 2 * _HEIGHT]
    return tall[-1] if tall else rungs[0]


def cut(plan: Plan, *, rung_folder: Path, folder: Path, duration: float) -> None:
    """Write the sheets and the WebVTT file."""
    playlist = str(rung_folder / FFMPEG_PLAYLIST)
    ffmpeg.run(
        ["-skip_frame", "nokey", "-i", playlist, *plan.arguments],
        folder=folder,
        title="storyboard",
    )
    (folder / VTT).write_text(vtt(plan, duration=duration), encoding="utf-8")


def vtt(plan: Plan, *, duration: float) -> str:
    places = [_place(plan, number) for number in range(plan.pictures)]
    return storyboards.vtt(places, interval=plan.interval, duration=duration)


def _place(plan: Plan, number: int) -> str:
    sheet, tile = divmod(number, COLUMNS * ROWS)
    x, y = tile % COLUMNS * plan.width, tile // COLUMNS * plan.height
    return f"{SHEETS % (sheet + 1)}#xywh={x},{y},{plan.width},{plan.height}"
