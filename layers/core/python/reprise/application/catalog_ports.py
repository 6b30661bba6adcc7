"""What the title page, the search and the import need of the outside.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.catalog_draft import CatalogDraft, KnownCatalog
from reprise.domain.search import Match
from reprise.domain.title_page import TitlePage


class TitlePages(Protocol):
    """Title pages as viewers' requests see them, and the catalog's truth about them."""

    def page(self, *, video_id: str) -> TitlePage | None: ...


class TitleSearch(Protocol):
    def matches(self, *, query: str, after: Match | None, limit: int) -> Sequence[Match]:
        """Return up to `limit` matches that rank strictly behind `after`, best first.

        Any text is a query; one that holds nothing to look for matches nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the titles of an import, by what became of them."""

    added: Sequence[str]
    updated: Sequence[str]
    unchanged: Sequence[str]
    also_touched: Sequence[str] = ()
    """Titles outside the import, whose rating's level or genre's name it changed."""


class CatalogStore(Protocol):
    """The catalog's truth, for whoever writes it."""

    def known(self, *, title_ids: Collection[str]) -> KnownCatalog: ...

    def save(self, *, draft: CatalogDraft, dry_run: bool) -> Changes:
        """Write what differs in one transaction, or only say what would be written."""
        ...


class CatalogCopies(Protocol):
    """What readers keep of the catalog."""

    def renew(self, *, video_ids: Collection[str]) -> None:
        """Let readers see these titles as the catalog has them now."""
        ...
