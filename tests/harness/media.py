"""Small real sources, and places to publish to that remember everything."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from reprise.domain.catalog import Item
from reprise.domain.media import Media, Runtime
from reprise_local.errors import LocalError
from reprise_local.media.ingest import Published
from reprise_local.media.recipes import Choices

SECONDS = 10
RATE = "24000/1001"
FRAMES = 240
FAST = Choices(preset="ultrafast")

CUES = "1\n00:00:01,000 --> 00:00:02,500\nGood evening & welcome\n\n"


def ffmpeg(*arguments: str, cwd: Path | None = None) -> str:
    """Run ffmpeg strictly and return what it complained of: nothing, where all is well."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-v", "error", "-y", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def ffprobe(path: Path, entries: str, *more: str) -> list[str]:
    """Return the lines of these entries, such as `packet=pts_time`."""
    command = ["ffprobe", "-v", "error", *more, "-show_entries", entries, "-of", "csv=p=0"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.strip(",") for line in done.stdout.splitlines() if line.strip(",")]


def draw(path: Path, *, size: str = "640x360", rate: str = RATE, noise: int = 18) -> Path:
    """Make ten seconds of noisy pictures, sound in two languages, subtitles in one."""
    words = path.with_suffix(".srt")
    words.write_text(CUES, encoding="utf-8")
    pictures = f"testsrc2=s={size}:r={rate},noise=alls={noise}:allf=t:all_seed=1,trim=end_frame=240"
    ffmpeg(
        *("-f", "lavfi", "-i", pictures),
        *("-f", "lavfi", "-i", f"sine=f=440:r=44100:d={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=f=550:r=44100:d={SECONDS}"),
        *("-i", str(words), "-map", "0", "-map", "1", "-map", "2", "-map", "3"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "22", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-c:s", "mov_text"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"),
        *("-metadata:s:s:0", "language=eng", "-movflags", "+faststart"),
        str(path),
    )
    return path


@dataclass
class FakeCatalog:
    """A catalog of one film; `told` is what it was told of."""

    film: str
    duration: float = FRAMES * 1001 / 24_000
    told: list[tuple[Media, Runtime]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    now: Media | None = None

    def item(self, *, title_id: str, episode_id: str | None) -> Item:
        if (title_id, episode_id) != (self.film, None):
            raise LocalError(f"the catalog has no title {title_id}")
        return Item(id=self.film, title="A film", duration=self.duration)

    def put(self, media: Media, *, title_id: str, runtime: Runtime) -> None:
        assert title_id == self.film
        self.told.append((media, runtime))
        self.now, self.duration = media, runtime.duration

    def published(self) -> list[Published]:
        path = self.now.path if self.now else ""
        return [Published(self.film, self.film, "A film", path)] if path else []

    def withdraw(self, *, item_id: str) -> None:
        self.withdrawn.append(item_id)
        self.now = None
