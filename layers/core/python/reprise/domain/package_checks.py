"""What an encoding must be before anybody may play it.

A package is refused as a whole, with everything that is wrong with it at once: players that meet
half of one stall in the middle of a film.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from math import ceil

from reprise.domain.catalog import Item
from reprise.domain.media import SEGMENT_SECONDS, Media
from reprise.domain.packages import (
    BASE,
    PICTURES,
    Encoding,
    ListedVariant,
    Package,
    UnfitPackageError,
    missing_files,
)
from reprise.domain.qualities import LADDER

SOUND_APART_SECONDS = 0.5
SOURCE_APART_SECONDS = 1.0
CATALOG_APART_SECONDS = 3.0
"""What differs by more is another film, or cut off: places beyond its end would play nothing."""

_PICTURES_SHARE = 0.99
"""Of one in four seconds: frames are not taken at whole seconds where the rate is none."""

_ALIGNED_SECONDS = 0.1
_SEGMENT_APART_SECONDS = 0.5


def refuse_unfit(package: Package, *, best: str) -> None:
    """Raises:
    UnfitPackageError: something of it is missing, or does not fit the rest.
    """
    problems = list(_problems(package, best))
    if problems:
        raise UnfitPackageError(problems)


def refuse_other_length(media: Media, *, item: Item, encoding: Encoding) -> None:
    """Raises:
    UnfitPackageError: it is not as long as its source, or as the catalog says that it is.
    """
    problems = []
    if encoding.source_duration and _apart(
        media.duration, encoding.source_duration, SOURCE_APART_SECONDS
    ):
        problems.append(
            f"it lasts {media.duration:.1f} s, its source {encoding.source_duration:.1f} s"
        )
    if not encoding.set_duration and _apart(media.duration, item.duration, CATALOG_APART_SECONDS):
        problems.append(
            f"it lasts {media.duration:.1f} s, and the catalog says that {item.title!r} lasts "
            f"{item.duration:.1f} s: setDuration has the catalog take the new length"
        )
    if problems:
        raise UnfitPackageError(problems)


def pictures_of(package: Package, duration: float) -> Sequence[str]:
    """Return the storyboard's files in their order; numbers begin at 0 or at 1, without a gap."""
    names = [f"{BASE}-thumbnail.{number:07}.jpg" for number in range(ceil(duration) + 1)]
    if f"{PICTURES}/{names[0]}" not in package.sizes:
        names = names[1:]
    wanted = names[: ceil(duration / SEGMENT_SECONDS)]
    return list(takewhile(lambda name: package.sizes.get(f"{PICTURES}/{name}"), wanted))


def _problems(package: Package, best: str) -> Iterator[str]:
    yield from _ladder_problems(package.master.variants, best)
    if not package.master.variants:
        return
    for uri in package.master.uris:
        yield from _track_problems(uri, package)
    for text in package.master.texts:
        pieces = len(package.playlists[text.uri].pieces)
        if pieces > 1:
            yield f"{text.uri} comes in {pieces} pieces: the catalog takes one file a language"
    yield from _timing_problems(package)
    seconds = package.playlists[package.master.variants[0].uri].seconds
    wanted = max(1, int(_PICTURES_SHARE * seconds / SEGMENT_SECONDS))
    found = len(pictures_of(package, seconds))
    if found < wanted:
        yield f"{found} pictures of a storyboard of {wanted}"


def _ladder_problems(variants: Sequence[ListedVariant], best: str) -> Iterator[str]:
    names = [quality.name for quality in LADDER]
    found = [variant.name for variant in variants]
    for name in names[names.index(best) :]:
        if found.count(name) != 1:
            yield f"{found.count(name)} rungs of {name}"
    for variant in variants:
        if variant.name not in names:
            yield f"{variant.uri} is no quality"


def _track_problems(uri: str, package: Package) -> Iterator[str]:
    playlist = package.playlists[uri]
    if not playlist.ended:
        yield f"{uri} has no end"
    if not playlist.pieces or any(piece.seconds <= 0 for piece in playlist.pieces):
        yield f"{uri} lists nothing, or what takes no time"
    names = [*sorted(playlist.inits), *(piece.uri for piece in playlist.pieces)]
    lost = missing_files(names, package.sizes)
    if lost:
        yield f"{uri} lists {len(lost)} files that are not there, first {lost[0]}"


def _timing_problems(package: Package) -> Iterator[str]:
    """Give what is wrong between tracks: players change from one to another at any segment."""
    first = package.master.variants[0].uri
    lengths = [piece.seconds for piece in package.playlists[first].pieces]
    if any(_apart(seconds, SEGMENT_SECONDS, _SEGMENT_APART_SECONDS) for seconds in lengths[:-1]):
        yield f"{first} has segments of other than {SEGMENT_SECONDS} s"
    for variant in package.master.variants[1:]:
        others = [piece.seconds for piece in package.playlists[variant.uri].pieces]
        if len(others) != len(lengths) or any(
            _apart(one, other, _ALIGNED_SECONDS) for one, other in zip(lengths, others, strict=True)
        ):
            yield f"{variant.uri} is cut at other moments than {first}"
    for sound in package.master.sounds:
        seconds = package.playlists[sound.uri].seconds
        if _apart(seconds, sum(lengths), SOUND_APART_SECONDS):
            yield f"{sound.uri} lasts {seconds:.1f} s, {first} {sum(lengths):.1f} s"


def _apart(one: float, other: float, most: float) -> bool:
    return abs(one - other) > most
