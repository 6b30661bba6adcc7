"""Small pictures of a film, and the WebVTT file that says which belongs to which moment."""

from collections.abc import Sequence

_WIDTH, _HEIGHT = 160, 90


def picture_size(*, width: int, height: int) -> tuple[int, int]:
    """Return how large a picture of this video is: within 160×90, never enlarged, even sides."""
    scale = min(_WIDTH / width, _HEIGHT / height, 1)
    return 2 * max(1, round(width * scale / 2)), 2 * max(1, round(height * scale / 2))


def vtt(places: Sequence[str], *, interval: float, duration: float) -> str:
    """Return the file for pictures that lie `interval` seconds apart; `duration` in seconds.

    A place is relative to the file, as in `sheet-001.jpg#xywh=160,0,160,90`.
    """
    starts = [number * interval for number in range(len(places))]
    cues = [
        f"{_clock(start)} --> {_clock(min(start + interval, duration))}\n{place}\n"
        for start, place in zip(starts, places, strict=True)
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
