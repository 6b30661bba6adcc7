"""Publish what was encoded in the cloud: check it, measure it, and let the catalog name it last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reprise.application.catalog_ports import CatalogCopies
from reprise.application.media_ports import Packages, PlaylistReader, PublicationCopies
from reprise.application.playback_ports import Renditions
from reprise.application.ports import TitleSource
from reprise.domain.catalog import Item
from reprise.domain.errors import NotFoundError
from reprise.domain.media import Media, Runtime
from reprise.domain.package_checks import refuse_other_length
from reprise.domain.package_facts import measured
from reprise.domain.packages import (
    MASTER,
    Encoding,
    Package,
    UnfitPackageError,
    missing_files,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Who has to hear of a new publication: readers of titles, and readers of what plays."""

    catalog: CatalogCopies
    publications: PublicationCopies


def publish_encoded(
    *,
    encoding: Encoding,
    titles: TitleSource,
    packages: Packages,
    playlists: PlaylistReader,
    renditions: Renditions,
    copies: Copies,
) -> Media:
    """Return what can be played from now on.

    Everything is checked before anything is written, and the catalog is told in one transaction
    after the files are there: whatever ends a run, what played before it plays on, and the next
    run does all of it again.

    Raises:
        NotFoundError: the catalog has no such item.
        UnfitPackageError: it must not be played; the message says all that is wrong with it.
        UnavailableError: a store does not answer. Where it is live state, the catalog was told.
    """
    item = _item(encoding, titles)
    package = _package(encoding, packages, playlists)
    made = measured(package, encoding=encoding)
    refuse_other_length(made.media, item=item, encoding=encoding)
    for name, text in made.files.items():
        packages.write(path=f"{encoding.path}/{name}", text=text)
    renditions.put(media=made.media, runtime=Runtime(made.media.duration))
    copies.catalog.renew(video_ids=[encoding.title_id])
    copies.publications.renew(media=made.media)
    return made.media


def _item(encoding: Encoding, titles: TitleSource) -> Item:
    title = titles.load(video_ids=[encoding.title_id]).get(encoding.title_id)
    item = None if title is None else title.item(encoding.episode_id)
    if item is None:
        raise NotFoundError(f"the catalog has no {encoding.item_id} in {encoding.title_id}")
    return item


def _package(encoding: Encoding, packages: Packages, playlists: PlaylistReader) -> Package:
    sizes = packages.sizes(folder=encoding.path)
    _refuse_missing([MASTER], sizes)
    master = playlists.master(packages.read(path=f"{encoding.path}/{MASTER}"), name=MASTER)
    _refuse_missing(master.uris, sizes)
    tracks = {
        uri: playlists.media(packages.read(path=f"{encoding.path}/{uri}"), name=uri)
        for uri in master.uris
    }
    return Package(master=master, playlists=tracks, sizes=sizes)


def _refuse_missing(names: Sequence[str], sizes: Mapping[str, int]) -> None:
    missing = missing_files(names, sizes)
    if missing:
        raise UnfitPackageError([f"{name} is not there" for name in missing])
