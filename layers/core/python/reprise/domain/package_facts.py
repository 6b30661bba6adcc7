"""A package that is fit to be played, as the catalog and players are to know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reprise.domain.languages import shown_name, tag_or_unknown
from reprise.domain.media import SEGMENT_SECONDS, Media, Storyboard, Subtitles
from reprise.domain.package_checks import pictures_of, refuse_unfit
from reprise.domain.packages import (
    STORYBOARD,
    Encoding,
    ListedAlternative,
    ListedVariant,
    Package,
)
from reprise.domain.packaging import (
    Alternative,
    Iframes,
    Variant,
    master_playlists,
    rates_of,
    rendition_of,
)
from reprise.domain.qualities import LADDER
from reprise.domain.storyboards import picture_size, vtt


@dataclass(frozen=True, slots=True)
class Measured:
    """A package as the catalog is to know it, and the files that only we can write beside it."""

    media: Media
    files: Mapping[str, str]


def measured(package: Package, *, encoding: Encoding) -> Measured:
    """Return what is to be published.

    Raises:
        UnfitPackageError: something of it is missing, or does not fit the rest.
    """
    refuse_unfit(package, best=encoding.best)
    variants = _variants(package)
    sounds = _sounds(package)
    texts = [_alternative(listed) for listed in package.master.texts]
    duration = package.playlists[variants[0].uri].seconds
    width, height = picture_size(width=variants[0].width, height=variants[0].height)
    pictures = pictures_of(package, duration)
    interval = _interval(len(pictures), duration)
    media = Media(
        item_id=encoding.item_id,
        path=encoding.path,
        duration=duration,
        renditions=tuple(rendition_of(each, sounds, path=encoding.path) for each in variants),
        subtitles=tuple(
            Subtitles(text.language, text.name, f"{encoding.path}/{_only_file(text.uri, package)}")
            for text in texts
        ),
        storyboard=Storyboard(f"{encoding.path}/{STORYBOARD}", width, height, interval),
    )
    places = [f"{name}#xywh=0,0,{width},{height}" for name in pictures]
    storyboard = vtt(places, interval=interval, duration=duration)
    masters = master_playlists(variants=variants, sounds=sounds, texts=texts)
    return Measured(media, {STORYBOARD: storyboard, **masters})


def _interval(pictures: int, duration: float) -> float:
    """Return the seconds between pictures: four, or a little more where fewer cover the whole.

    An encoder that takes every 96th frame of 24,000/1,001 a second is 11 s late after three hours.
    """
    return max(SEGMENT_SECONDS, duration / pictures)


def _variants(package: Package) -> Sequence[Variant]:
    """Return the rungs, best first."""
    names = [quality.name for quality in LADDER]
    variants = [_variant(listed, package) for listed in package.master.variants]
    return sorted(variants, key=lambda variant: names.index(variant.quality))


def _variant(listed: ListedVariant, package: Package) -> Variant:
    stem = listed.uri.removesuffix(".m3u8")
    keyframes = [uri for uri in package.master.iframes if uri.startswith((f"{stem}_", f"{stem}-"))]
    return Variant(
        quality=listed.name,
        width=listed.width,
        height=listed.height,
        frame_rate=listed.frame_rate,
        codec=listed.codec,
        rates=rates_of(_sized(listed.uri, package)),
        uri=listed.uri,
        iframes=next((Iframes(uri, rates_of(_sized(uri, package))) for uri in keyframes), None),
    )


def _sounds(package: Package) -> Sequence[Alternative]:
    codec = next(filter(None, (each.sound_codec for each in package.master.variants)), None)
    return [
        _alternative(listed, codec=codec, sized=_sized(listed.uri, package))
        for listed in package.master.sounds
    ]


def _alternative(
    listed: ListedAlternative,
    *,
    codec: str | None = None,
    sized: Sequence[tuple[float, int]] = (),
) -> Alternative:
    tag = tag_or_unknown(listed.language)
    return Alternative(
        uri=listed.uri,
        language=tag,
        name=shown_name(tag),
        codec=codec,
        rates=rates_of(sized) if sized else None,
    )


def _sized(uri: str, package: Package) -> Sequence[tuple[float, int]]:
    return [
        (piece.seconds, package.sizes[piece.uri] if piece.size is None else piece.size)
        for piece in package.playlists[uri].pieces
    ]


def _only_file(uri: str, package: Package) -> str:
    return package.playlists[uri].pieces[0].uri
