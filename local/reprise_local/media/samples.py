"""A short film and two episodes, made up so that everything that plays can be on any machine.

They are as long as the catalog says, and what it marks as intro and credits can be read in the
picture. The time and the name of the rung are burnt in, each title hums a tone of its own that
beeps at every second, and all have subtitles in two languages. The film is 1080p, so that plans
differ. Few pictures a second keep the first encoding short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprise.domain.catalog import Item
from reprise_local import stamps
from reprise_local.console import Steps
from reprise_local.locks import exclusive
from reprise_local.media import ffmpeg
from reprise_local.media.ingest import WORKSHOPS, Catalog, Outcome, Target, Wishes, ingest
from reprise_local.media.kept import Kept
from reprise_local.media.recipes import Choices
from reprise_local.media.workshop import stamp_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RATE = 5
FILM_SIZE, EPISODE_SIZE = (1920, 1080), (854, 480)
_FILM_TONE, _EPISODE_TONES = 330, 440
_TONE_STEP = 110
_CUE_SECONDS = 4
_WORDS = {"en": "{title}, second {second}", "de": "{title}, Sekunde {second}"}
_CHOICES = Choices(preset="ultrafast", label=True, finest=24)


@dataclass(frozen=True, slots=True)
class Sample:
    """A film or an episode to make up; `tone` in hertz, times as in the catalog."""

    name: str
    title: str
    size: tuple[int, int]
    tone: int
    seconds: float
    marks: Mapping[str, tuple[float, float]]

    @property
    def arguments(self) -> Sequence[str]:
        """What makes ffmpeg draw it, the same bytes every time."""
        width, height = self.size
        pictures = f"testsrc2=s={width}x{height}:r={RATE}:d={self.seconds:g}"
        sound = f"sine=f={self.tone}:b=4:r=48000:d={self.seconds:g}"
        return (
            *("-f", "lavfi", "-i", ",".join([pictures, *self._marks_shown])),
            *("-f", "lavfi", "-i", sound, "-map", "0:v", "-map", "1:a"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", "-b:a", "96k", "-metadata:s:a:0", "language=eng"),
            *("-fflags", "+bitexact", "-flags", "+bitexact"),
        )

    @property
    def _marks_shown(self) -> Sequence[str]:
        return [
            f"drawtext=text={words}:enable='between(t,{start:g},{end:g}-0.001)':fontsize=h/8"
            ":x=(w-tw)/2:y=h*3/4:fontcolor=white:box=1:boxcolor=black:boxborderw=6"
            for words, (start, end) in self.marks.items()
        ]


def sample_of(item: Item, *, name: str, size: tuple[int, int], tone: int) -> Sample:
    """Return what is to be made up for an item of the catalog."""
    marks = {}
    if item.intro_start is not None and item.intro_end is not None:
        marks["intro"] = (item.intro_start, item.intro_end)
    if item.credits_start is not None:
        marks["credits"] = (item.credits_start, item.duration)
    return Sample(name, item.title, size, tone, item.duration, marks)


def samples_of(playable: Mapping[str, Any], shelf: Catalog) -> Mapping[Target, Sample]:
    """Return what is made up, and for which item. `playable` is that of the stack's catalog."""
    film, series = Target(playable["film"]), playable["series"]
    item = shelf.item(title_id=film.title_id, episode_id=None)
    found = {film: sample_of(item, name="film", size=FILM_SIZE, tone=_FILM_TONE)}
    for place, episode in enumerate(series["episodes"]):
        target = Target(series["videoId"], episode)
        found[target] = sample_of(
            shelf.item(title_id=target.title_id, episode_id=episode),
            name=f"episode-{place + 1}",
            size=EPISODE_SIZE,
            tone=_EPISODE_TONES + place * _TONE_STEP,
        )
    return found


def ingest_samples(
    *,
    catalog: Mapping[str, Any],
    shelf: Catalog,
    kept: Kept,
    client: "S3Client",
    bucket_name: str,
    steps: Steps,
    workshops: Path = WORKSHOPS,
) -> Sequence[Outcome]:
    """Make the seeded titles playable that are there to be played.

    `catalog` is that of `stack.json`. The second time this only looks whether all of it is there.
    """
    outcomes = []
    for target, sample in samples_of(catalog["playable"], shelf).items():
        with steps.step(f"Media of “{sample.title}”") as step:
            outcome = ingest(
                make(sample, workshops / "samples"),
                target=target,
                wishes=_wishes(sample, workshops / "samples"),
                shelf=shelf,
                kept=kept,
                client=client,
                bucket_name=bucket_name,
                workshops=workshops,
            )
            step.note = f"{len(outcome.media.renditions)} qualities" + (
                f", {outcome.uploaded} files" if outcome.uploaded else ", here already"
            )
        outcomes.append(outcome)
    return outcomes


def make(sample: Sample, folder: Path) -> Path:
    """Return the file of a sample, made unless it is there."""
    path, stamp = folder / f"{sample.name}.mp4", folder / f"{sample.name}.stamp"
    wanted = stamp_of(sample.title, sample.arguments, _WORDS)
    with exclusive(folder / f"{sample.name}.lock"):
        if path.exists() and stamps.is_done(stamp, wanted):
            return path
        part = f"{sample.name}.part.mp4"
        ffmpeg.run([*sample.arguments, part], folder=folder, title=f"drawing {path.name}")
        for language in _WORDS:
            _subtitles(sample, folder, language).write_text(cues(sample, language), "utf-8")
        (folder / part).rename(path)
        stamps.done(stamp, wanted)
    return path


def cues(sample: Sample, language: str) -> str:
    """Return subtitles that say their own second."""
    lines = ["WEBVTT", ""]
    for second in range(0, int(sample.seconds), _CUE_SECONDS):
        text = _WORDS[language].format(title=sample.title, second=second)
        until = second + _CUE_SECONDS - 1
        lines += [f"{_clock(second)} --> {_clock(until)}", text, ""]
    return "\n".join(lines)


def _clock(second: int) -> str:
    return f"00:{second // 60:02}:{second % 60:02}.000"


def _wishes(sample: Sample, folder: Path) -> Wishes:
    return Wishes(
        choices=_CHOICES,
        subtitles={language: _subtitles(sample, folder, language) for language in _WORDS},
        silent=True,
    )


def _subtitles(sample: Sample, folder: Path, language: str) -> Path:
    return folder / f"{sample.name}-{language}.vtt"
