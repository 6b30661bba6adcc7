"""One file into the catalog: probe, encode, package, upload, and only then say that it is there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reprise.domain.catalog import Item
from reprise.domain.media import Media, Runtime
from reprise_local.errors import LocalError
from reprise_local.locks import exclusive
from reprise_local.media import bucket, package
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


class Catalog(Protocol):
    """What an ingest needs of the catalog; see `shelf.Shelf`."""

    def item(self, *, title_id: str, episode_id: str | None) -> Item: ...

    def put(self, media: Media, *, title_id: str, runtime: Runtime | None) -> None: ...


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

    With `keep_runtime` the catalog keeps the length and the markers it has. `silent` shows nothing.
    """

    choices: Choices = field(default_factory=Choices)
    subtitles: Mapping[str, Path] = field(default_factory=dict)
    credits_start: float | None = None
    keep_runtime: bool = False
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
    client: "S3Client",
    bucket_name: str,
    workshops: Path = WORKSHOPS,
) -> Outcome:
    """Make a file playable as a film or an episode; again, only what has changed is done.

    Raises:
        LocalError: nothing that clients see has changed; what was encoded is kept.
    """
    shelf.item(title_id=target.title_id, episode_id=target.episode_id)
    source = probe(path)
    _refuse_credits(wishes.credits_start, source)
    made = build(source, target=target, wishes=wishes, workshops=workshops)
    bucket.make_sure_of(client, bucket=bucket_name)
    uploaded = bucket.publish(client, made, bucket=bucket_name)
    runtime = None if wishes.keep_runtime else Runtime(made.media.duration, wishes.credits_start)
    shelf.put(made.media, title_id=target.title_id, runtime=runtime)
    return Outcome(made.media, uploaded)


def build(
    source: Source, *, target: Target, wishes: Wishes, workshops: Path = WORKSHOPS
) -> Package:
    """Do everything that needs no other machine, and return what is to be uploaded."""
    folder = workshops / target.item_id
    order = Order(source, wishes.choices, texts_of(source, wishes.subtitles))
    busy = f"another reprise command is ingesting {target.item_id}: wait for it"
    with exclusive(workshops / f"{target.item_id}.lock", busy=busy):
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
