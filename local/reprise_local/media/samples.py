"""Two short invented titles, so that everything that plays can be played on any machine.

The time and the name of the rung are burnt in, each title hums a tone of its own, and both have
subtitles in two languages. The film is 1080p, so that plans differ; noise makes the bit rates real.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprise_local import stamps
from reprise_local.console import Steps
from reprise_local.locks import exclusive
from reprise_local.media import ffmpeg
from reprise_local.media.ingest import WORKSHOPS, Catalog, Outcome, Target, Wishes, ingest
from reprise_local.media.recipes import Choices
from reprise_local.media.workshop import stamp_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SECONDS = 40
RATE = 24
_CUE_SECONDS = 4
_WORDS = {"en": "{title}, second {second}", "de": "{title}, Sekunde {second}"}
_CHOICES = Choices(preset="ultrafast", label=True)


@dataclass(frozen=True, slots=True)
class Sample:
    """A film or an episode to make up; `tone` in hertz."""

    name: str
    width: int
    height: int
    tone: int

    @property
    def arguments(self) -> Sequence[str]:
        """What makes ffmpeg draw it, the same bytes every time."""
        pictures = f"testsrc2=s={self.width}x{self.height}:r={RATE}:d={SECONDS}"
        sound = f"sine=f={self.tone}:r=48000:d={SECONDS}"
        return (
            *("-f", "lavfi", "-i", f"{pictures},noise=c0s=4:c0f=t:all_seed=1"),
            *("-f", "lavfi", "-i", sound, "-map", "0:v", "-map", "1:a"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "26", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", "-b:a", "96k", "-metadata:s:a:0", "language=eng"),
            *("-fflags", "+bitexact", "-flags", "+bitexact"),
        )


FILM = Sample("film", 1920, 1080, 330)
EPISODE = Sample("episode", 854, 480, 440)


def ingest_samples(
    *,
    catalog: Mapping[str, Any],
    shelf: Catalog,
    client: "S3Client",
    bucket_name: str,
    steps: Steps,
    workshops: Path = WORKSHOPS,
) -> Sequence[Outcome]:
    """Make the seeded film and the first episode of the seeded series playable.

    `catalog` is that of `stack.json`. The second time this only looks whether all of it is there
    and says so to the catalog again, which a seeding makes forget. The catalog keeps its own
    runtimes, which the seeded journeys are about.
    """
    series = catalog["series"]
    targets = {
        FILM: Target(catalog["film"]),
        EPISODE: Target(series["videoId"], series["episodes"][0]),
    }
    outcomes = []
    for sample, target in targets.items():
        with steps.step(f"Media of the sample {sample.name}") as step:
            outcome = ingest(
                make(sample, workshops / "samples"),
                target=target,
                wishes=_wishes(sample, workshops / "samples"),
                shelf=shelf,
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
    wanted = stamp_of(sample.arguments, _WORDS)
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
    for second in range(0, SECONDS, _CUE_SECONDS):
        text = _WORDS[language].format(title=sample.name.capitalize(), second=second)
        until = second + _CUE_SECONDS - 1
        lines += [f"00:00:{second:02}.000 --> 00:00:{until:02}.000", text, ""]
    return "\n".join(lines)


def _wishes(sample: Sample, folder: Path) -> Wishes:
    return Wishes(
        choices=_CHOICES,
        subtitles={language: _subtitles(sample, folder, language) for language in _WORDS},
        keep_runtime=True,
        silent=True,
    )


def _subtitles(sample: Sample, folder: Path, language: str) -> Path:
    return folder / f"{sample.name}-{language}.vtt"
