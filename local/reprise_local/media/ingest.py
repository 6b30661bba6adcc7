"""One file into the catalog: probe, encode, package, keep, upload, and only then say so."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reprise.domain.catalog import Item
from reprise.domain.media import Media, Runtime
from reprise.domain.package_checks import CATALOG_APART_SECONDS
from reprise_local.errors import LocalError
from reprise_local.locks import exclusive
from reprise_local.media import bucket, package
from reprise_local.media.kept import Kept, Record, disk_told
from reprise_local.media.package import Order, Package
from reprise_local.media.probe import Source, probe
from reprise_local.media.recipes import Choices
from reprise_local.media.subtitles import texts_of
from reprise_local.media.workshop import Workshop
from reprise_local.paths import LOCAL

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

WORKSHOPS = LOCAL / "media"
PREFIX = "media"
TOLERANCE_SECONDS = CATALOG_APART_SECONDS
"""How far a file's length may be from the catalog's: beyond it, one of the two is another film."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the catalog names: a publication's path, and what people know it by."""

    title_id: str
    item_id: str
    name: str
    path: str

    @property
    def target(self) -> str:
        """The options that say so to `media ingest`."""
        episode = "" if self.item_id == self.title_id else f" --episode {self.item_id}"
        return f"--title {self.title_id}{episode}"


class Catalog(Protocol):
    """What an ingest needs of the catalog; see `shelf.Shelf`."""

    def item(self, *, title_id: str, episode_id: str | None) -> Item: ...

    def put(self, media: Media, *, title_id: str, runtime: Runtime) -> None: ...

    def published(self) -> Sequence[Published]: ...

    def withdraw(self, *, item_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """Where it goes. `item_id` is the film's own id or the episode's."""

    title_id: str
    episode_id: str | None = None

    @property
    def item_id(self) -> str:
        return self.episode_id or self.title_id

    @property
    def prefix(self) -> str:
        return f"{PREFIX}/{self.title_id}/{self.item_id}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people say of one file: `subtitles` by language, `credits_start` in seconds.

    With `set_duration` a file of another length than the catalog's is taken, and the catalog's
    length becomes the file's. `silent` shows nothing.
    """

    choices: Choices = field(default_factory=Choices)
    subtitles: Mapping[str, Path] = field(default_factory=dict)
    credits_start: float | None = None
    set_duration: bool = False
    silent: bool = False
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    media: Media
    uploaded: int


def ingest(
    path: Path,
    *,
    target: Target,
    wishes: Wishes,
    shelf: Catalog,
    kept: Kept,
    client: "S3Client",
    bucket_name: str,
    workshops: Path = WORKSHOPS,
) -> Outcome:
    """Make a file playable as a film or an episode; again, only what has changed is done.

    The measured length becomes the catalog's. What it replaces goes once nobody can be playing it.

    Raises:
        LocalError: nothing that clients see has changed; what was encoded is kept.
    """
    item = shelf.item(title_id=target.title_id, episode_id=target.episode_id)
    source = probe(path)
    _refuse_credits(wishes.credits_start, source)
    if not wishes.set_duration:
        _refuse_other_length(source, item)
    made = build(source, target=target, wishes=wishes, workshops=workshops)
    runtime = Runtime(made.media.duration, wishes.credits_start)
    made = kept.keep(made, Record(path.name, runtime))
    bucket.make_sure_of(client, bucket=bucket_name)
    uploaded = bucket.publish(client, made, bucket=bucket_name, silent=wishes.silent)
    shelf.put(made.media, title_id=target.title_id, runtime=runtime)
    prune(shelf=shelf, kept=kept, client=client, bucket_name=bucket_name)
    return Outcome(made.media, uploaded)


def prune(*, shelf: Catalog, kept: Kept, client: "S3Client", bucket_name: str) -> int:
    """Delete what the catalog names no more and nobody can be playing; return how many there were.

    Raises:
        LocalError: a store or the disk refuses; what is left goes the next time.
    """
    named = {published.path for published in shelf.published()}
    due = kept.due(named=named, now=time.time())
    for path in due:
        bucket.remove(client, path, bucket=bucket_name)
        kept.forget(path)
    return len(due)


def build(
    source: Source, *, target: Target, wishes: Wishes, workshops: Path = WORKSHOPS
) -> Package:
    """Do everything that needs no other machine, and return what is to be uploaded."""
    folder = workshops / target.item_id
    order = Order(source, wishes.choices, texts_of(source, wishes.subtitles))
    busy = f"another reprise command is ingesting {target.item_id}: wait for it"
    with disk_told(folder), exclusive(workshops / f"{target.item_id}.lock", busy=busy):
        return package.make(
            order,
            workshop=Workshop(folder),
            item_id=target.item_id,
            prefix=target.prefix,
            jobs=wishes.jobs,
            silent=wishes.silent,
        )


def _refuse_credits(credits_start: float | None, source: Source) -> None:
    if credits_start is not None and not 0 < credits_start < source.duration:
        raise LocalError(
            f"credits at {credits_start:g} s: {source.path.name} lasts {source.duration:.1f} s"
        )


def _refuse_other_length(source: Source, item: Item) -> None:
    if abs(source.duration - item.duration) > TOLERANCE_SECONDS:
        raise LocalError(
            f"{source.path.name} lasts {source.duration:.1f} s, and the catalog says that"
            f" “{item.title}” lasts {item.duration:.1f} s: places beyond the shorter would play"
            " nothing",
            mend="the same command with --set-duration: the catalog takes the file's length and"
            " drops markers beyond it",
        )
