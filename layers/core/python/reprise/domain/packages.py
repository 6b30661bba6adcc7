"""What an encoder in the cloud left in a folder, and what was asked of it.

The names are those that MediaConvert makes of the settings in `infra_cdk.transcoding`: a base name,
what tells an output from the others, and numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reprise.domain.errors import RepriseError
from reprise.domain.media import MEDIA_FOLDER

BASE = "stream"
"""What every file name of an encoding begins with."""

MASTER = f"{BASE}.m3u8"
PICTURES = "storyboard"
STORYBOARD = f"{PICTURES}/storyboard.vtt"
_MOST_PROBLEMS = 20


class UnfitPackageError(RepriseError):
    """What was packaged must not be played; the message says everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = len(problems) - _MOST_PROBLEMS
        shown = [*problems[:_MOST_PROBLEMS], *([f"and {more} more"] if more > 0 else [])]
        super().__init__("; ".join(shown))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Encoding:
    """What was asked for. `best` is the best quality that the source allows.

    `source_duration` is in seconds, 0 where nobody measured it. With `set_duration` the catalog
    takes over a length that it did not expect.
    """

    title_id: str
    item_id: str
    version: str
    best: str
    source_duration: float = 0.0
    set_duration: bool = False

    @property
    def path(self) -> str:
        return f"{MEDIA_FOLDER}{self.title_id}/{self.item_id}/{self.version}"

    @property
    def episode_id(self) -> str | None:
        return None if self.item_id == self.title_id else self.item_id


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a playlist; `size` in bytes where the playlist says which of a file it means."""

    uri: str
    seconds: float
    size: int | None = None


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """One track. `inits` are the files its pieces begin with; `ended` says that it is whole."""

    pieces: tuple[Piece, ...]
    inits: frozenset[str]
    ended: bool

    @property
    def seconds(self) -> float:
        return sum(piece.seconds for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ListedVariant:
    """A rung as a master playlist has it: the codec of its pictures, and of what plays beside."""

    uri: str
    width: int
    height: int
    frame_rate: float
    codec: str
    sound_codec: str | None

    @property
    def name(self) -> str:
        """What the encoder was told to call it."""
        return self.uri.removesuffix(".m3u8").removeprefix(f"{BASE}-")


@dataclass(frozen=True, slots=True)
class ListedAlternative:
    """A sound or subtitles as a master playlist has them; the language as the encoder says it."""

    uri: str
    language: str


@dataclass(frozen=True, slots=True)
class MasterPlaylist:
    """`iframes` are the addresses of playlists of keyframes."""

    variants: tuple[ListedVariant, ...]
    sounds: tuple[ListedAlternative, ...] = ()
    texts: tuple[ListedAlternative, ...] = ()
    iframes: tuple[str, ...] = ()

    @property
    def uris(self) -> Sequence[str]:
        """Every playlist it names, each once."""
        rungs = [variant.uri for variant in self.variants]
        others = [listed.uri for listed in (*self.sounds, *self.texts)]
        return list(dict.fromkeys([*rungs, *others, *self.iframes]))


@dataclass(frozen=True, slots=True)
class Package:
    """What lies in the folder: sizes by name, and the playlists by the names the master has."""

    master: MasterPlaylist
    playlists: Mapping[str, MediaPlaylist]
    sizes: Mapping[str, int]


def missing_files(names: Iterable[str], sizes: Mapping[str, int]) -> Sequence[str]:
    """Return the files that are not there or empty, each once."""
    return [name for name in dict.fromkeys(names) if not sizes.get(name)]
