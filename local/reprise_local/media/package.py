"""The whole of a publication on disk: steps that make it, and the facts that the catalog gets."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from reprise.domain.languages import shown_name, tag_or_unknown
from reprise.domain.media import Media, Storyboard, Subtitles, master_name
from reprise.domain.packaging import (
    Alternative,
    Iframes,
    Variant,
    master_playlists,
    rendition_of,
)
from reprise.domain.qualities import BEST_OF_PLAN
from reprise_local.errors import LocalError
from reprise_local.media import ffmpeg, playlists, storyboards, subtitles
from reprise_local.media.ladder import Rung, rungs_for
from reprise_local.media.probe import Source, Stream
from reprise_local.media.progress import Meter
from reprise_local.media.recipes import (
    FFMPEG_PLAYLIST,
    Choices,
    picture_arguments,
    sound_arguments,
)
from reprise_local.media.subtitles import Text
from reprise_local.media.tracks import FACTS, Track, measure
from reprise_local.media.workshop import Workshop, fingerprint, stamp_of

MANIFEST = "media.json"
"""Uploaded last: where it is, everything else is."""

STORYBOARD = "storyboard"
_STRAY = frozenset({FFMPEG_PLAYLIST, FACTS})
_SOUND_WORK = 60_000.0
_OTHER_WORK = 100_000.0
_LOOK_SECONDS = 0.05
_VERSION_LENGTH = 16
"""Digits of the digest that names a publication's folder."""


@dataclass(frozen=True, slots=True)
class _Step:
    """`work` is in pixels, roughly: what a step costs compared with the others."""

    name: str
    stamp: str
    work: float
    make: Callable[[Path, Callable[[float], None]], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: a source, how, and which subtitle files belong to it."""

    source: Source
    choices: Choices
    texts: tuple[Text, ...]

    @property
    def rungs(self) -> tuple[Rung, ...]:
        source = self.source
        return rungs_for(
            width=source.width, height=source.height, rate=source.rate, hevc=self.choices.hevc
        )

    @property
    def sounds(self) -> Sequence[tuple[str, Stream]]:
        """The first stream of each language."""
        found: dict[str, Stream] = {}
        for stream in self.source.sounds:
            found.setdefault(tag_or_unknown(stream.language), stream)
        return list(found.items())


@dataclass(frozen=True, slots=True)
class Package:
    """All files of a publication, by their names below its folder, the last to upload last."""

    media: Media
    files: Mapping[str, Path]


def make(
    order: Order, *, workshop: Workshop, item_id: str, prefix: str, jobs: int, silent: bool = False
) -> Package:
    """Do what is not done yet and return all of it; its folder is `<prefix>/<version>`.

    `jobs` steps run side by side. The storyboard comes after the rung that it is cut from.

    Raises:
        LocalError: a step failed; what was done before stays for the next run.
    """
    encodings, rest = _encodings(order), _rest(order, workshop)
    steps = [*encodings, *rest]
    workshop.keep_only({step.name: step.stamp for step in steps})
    title = f"encoding {order.source.path.name}"
    with Meter(title, {step.name: step.work for step in steps}, silent=silent) as meter:
        _run(encodings, workshop, meter, jobs)
        _run(rest, workshop, meter, jobs)
    version = stamp_of(*((step.name, step.stamp) for step in steps))[:_VERSION_LENGTH]
    return _assemble(order, workshop, item_id=item_id, path=f"{prefix}/{version}")


def _run(steps: Sequence[_Step], workshop: Workshop, meter: Meter, jobs: int) -> None:
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        running = [pool.submit(_do, step, workshop, meter) for step in steps]
        try:
            for future in as_completed(running):
                future.result()
        except BaseException:
            _abandon(running, steps, workshop)
            raise


def _abandon(running: Sequence[Future[None]], steps: Sequence[_Step], workshop: Workshop) -> None:
    """Wait for nothing more, once one has failed or somebody pressed Ctrl-C."""
    for future in running:
        future.cancel()
    while wait(running, timeout=_LOOK_SECONDS).not_done:
        for step in steps:
            ffmpeg.end_now(workshop.part(step.name))


def _do(step: _Step, workshop: Workshop, meter: Meter) -> None:
    if workshop.has(step.name, step.stamp):
        meter.reach(step.name, 1.0)
        return
    with meter.step(step.name):
        reach = partial(meter.reach, step.name)
        workshop.make(step.name, step.stamp, lambda folder: step.make(folder, reach))


def _encodings(order: Order) -> list[_Step]:
    source = order.source
    mark = fingerprint(source.path)
    steps = []
    for rung in order.rungs:
        arguments = picture_arguments(source=source, rung=rung, choices=order.choices)
        work = float(rung.width * rung.height) + _SOUND_WORK
        steps.append(_encoding(rung.name, mark, source, arguments, work))
    for language, stream in order.sounds:
        arguments = sound_arguments(source=source, stream=stream)
        steps.append(_encoding(_sound(language), mark, source, arguments, _SOUND_WORK))
    return steps


def _encoding(name: str, mark: str, source: Source, arguments: Sequence[str], work: float) -> _Step:
    def make(folder: Path, reach: Callable[[float], None]) -> None:
        ffmpeg.run(
            ["-xerror", "-i", str(source.path.resolve()), *arguments],
            folder=folder,
            title=f"encoding {name} of {source.path.name}",
            progress=lambda seconds: reach(seconds / source.duration),
        )
        track = measure(folder)
        _refuse_other_length(track, source, name)
        track.save(folder)
        (folder / playlists.MEDIA).write_text(playlists.media_playlist(track), encoding="utf-8")
        if track.is_video:
            text = playlists.iframe_playlist(track)
            (folder / playlists.IFRAMES).write_text(text, encoding="utf-8")

    return _Step(name, stamp_of(mark, source.frames, arguments), work, make)


def _refuse_other_length(track: Track, source: Source, name: str) -> None:
    if not all(segment.starts_with_keyframe for segment in track.segments):
        raise LocalError(f"{name}: a segment does not begin with a keyframe")
    if abs(track.duration - source.duration) > 1 / source.rate:
        raise LocalError(
            f"{source.path.name} says it lasts {source.duration:.1f} s, but its pictures end at "
            f"{track.duration:.1f} s: it is cut off or damaged"
        )


def _rest(order: Order, workshop: Workshop) -> list[_Step]:
    """Return the steps of subtitles and storyboard, which need the pictures' length or a rung."""
    duration = order.source.duration
    steps = [_text_step(text, duration) for text in order.texts]
    rung = storyboards.source_rung(order.rungs)
    plan = storyboards.plan_of(rung, duration=duration)
    stamps = [step.stamp for step in _encodings(order) if step.name == rung.name]

    def cut(folder: Path, _: Callable[[float], None]) -> None:
        rung_folder = workshop.path(rung.name).resolve()
        storyboards.cut(plan, rung_folder=rung_folder, folder=folder, duration=duration)

    steps.append(_Step(STORYBOARD, stamp_of(stamps, asdict(plan)), _OTHER_WORK, cut))
    return steps


def _text_step(text: Text, duration: float) -> _Step:
    def convert(folder: Path, _: Callable[[float], None]) -> None:
        subtitles.convert(text, folder=folder, duration=duration)

    stamp = stamp_of(fingerprint(text.path), text.stream, duration)
    return _Step(_text(text.language), stamp, _OTHER_WORK, convert)


def _assemble(order: Order, workshop: Workshop, *, item_id: str, path: str) -> Package:
    tracks = {rung.name: Track.load(workshop.path(rung.name)) for rung in order.rungs}
    sounds = [
        _alternative(_sound(tag), tag, Track.load(workshop.path(_sound(tag))))
        for tag, _ in order.sounds
    ]
    texts = [_alternative(_text(text.language), text.language) for text in order.texts]
    variants = [_variant(rung, order.source, tracks[rung.name]) for rung in order.rungs]
    plan = storyboards.plan_of(storyboards.source_rung(order.rungs), duration=order.source.duration)
    media = Media(
        item_id=item_id,
        path=path,
        duration=tracks[order.rungs[0].name].duration,
        renditions=tuple(rendition_of(variant, sounds, path=path) for variant in variants),
        subtitles=tuple(_subtitles(text.language, path) for text in order.texts),
        storyboard=Storyboard(
            f"{path}/{STORYBOARD}/{storyboards.VTT}", plan.width, plan.height, plan.interval
        ),
    )
    masters = master_playlists(variants=variants, sounds=sounds, texts=texts)
    for name, playlist in masters.items():
        (workshop.folder / name).write_text(playlist, encoding="utf-8")
    (workshop.folder / MANIFEST).write_text(json.dumps(asdict(media), indent=1), encoding="utf-8")
    return Package(media, _files(workshop.folder, _folders(order)))


def _variant(rung: Rung, source: Source, track: Track) -> Variant:
    return Variant(
        quality=rung.name,
        width=rung.width,
        height=rung.height,
        frame_rate=float(source.rate),
        codec=track.codec,
        rates=track.rates,
        uri=f"{rung.name}/{playlists.MEDIA}",
        iframes=Iframes(f"{rung.name}/{playlists.IFRAMES}", track.keyframe_rates),
    )


def _alternative(folder: str, tag: str, track: Track | None = None) -> Alternative:
    return Alternative(
        uri=f"{folder}/{playlists.MEDIA}",
        language=tag,
        name=shown_name(tag),
        codec=track.codec if track else None,
        rates=track.rates if track else None,
    )


def _subtitles(tag: str, path: str) -> Subtitles:
    return Subtitles(tag, shown_name(tag), f"{path}/{_text(tag)}/{subtitles.CUES}")


def _folders(order: Order) -> Sequence[str]:
    return [
        *(rung.name for rung in order.rungs),
        *(_sound(tag) for tag, _ in order.sounds),
        *(_text(text.language) for text in order.texts),
        STORYBOARD,
    ]


def _files(folder: Path, folders: Sequence[str]) -> Mapping[str, Path]:
    names = [
        f"{inner}/{file.name}"
        for inner in folders
        for file in sorted((folder / inner).iterdir())
        if file.name not in _STRAY
    ]
    names += [*(master_name(plan) for plan in BEST_OF_PLAN), MANIFEST]
    return {name: folder / name for name in names}


def _sound(language: str) -> str:
    return f"audio-{language}"


def _text(language: str) -> str:
    return f"subtitles-{language}"
