"""`CatalogStore` and `CatalogCopies` in memory."""

from collections.abc import Collection

from reprise.application.catalog_ports import Changes
from reprise.domain.catalog_draft import CatalogDraft, DraftTitle, KnownCatalog, RatingSystem
from reprise.domain.errors import UnavailableError


class FakeCatalogStore:
    """Holds titles, rating systems and genres as they were last imported."""

    def __init__(self) -> None:
        self.titles: dict[str, DraftTitle] = {}
        self.systems: dict[str, RatingSystem] = {}
        self.genres: dict[str, str] = {}

    def known(self, *, title_ids: Collection[str]) -> KnownCatalog:
        return KnownCatalog(
            ratings={code: set(system.levels) for code, system in self.systems.items()},
            genres=set(self.genres),
            types={i: self.titles[i].type for i in title_ids if i in self.titles},
        )

    def save(self, *, draft: CatalogDraft, dry_run: bool) -> Changes:
        new = {title.id: title for title in draft.titles}
        touched = {i for i, title in self.titles.items() if self._touches(draft, title)}
        changes = Changes(
            added=[i for i in new if i not in self.titles],
            updated=[i for i in new if i in self.titles and self.titles[i] != new[i]],
            unchanged=[i for i in new if self.titles.get(i) == new[i]],
            also_touched=sorted(touched - set(new)),
        )
        if not dry_run:
            self.titles |= new
            self.systems |= {system.code: system for system in draft.systems}
            self.genres |= draft.genres
        return changes

    def _touches(self, draft: CatalogDraft, title: DraftTitle) -> bool:
        levels = any(
            system.code in title.ratings
            and system.levels.get(title.ratings[system.code])
            != self.systems[system.code].levels[title.ratings[system.code]]
            for system in draft.systems
        )
        names = any(draft.genres.get(g, self.genres[g]) != self.genres[g] for g in title.genres)
        return levels or names


class FakeCatalogCopies:
    """Remembers what was renewed; `down` makes it fail."""

    def __init__(self) -> None:
        self.renewed: list[str] = []
        self.down = False

    def renew(self, *, video_ids: Collection[str]) -> None:
        if self.down:
            raise UnavailableError("live positions do not answer")
        self.renewed += video_ids
