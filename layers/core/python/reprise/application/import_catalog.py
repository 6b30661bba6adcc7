"""Write a catalog that was handed in: all of it, or none of it and everything that is wrong."""

from collections.abc import Sequence

from reprise.application.catalog_ports import CatalogCopies, CatalogStore, Changes
from reprise.domain.catalog_draft import CatalogDraft, Problem, problems_of
from reprise.domain.errors import RepriseError


class BadCatalogError(RepriseError):
    """Nothing was written; `problems` names everything that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"the catalog has {count}")
        self.problems = problems


def import_catalog(
    *,
    draft: CatalogDraft,
    found: Sequence[Problem],
    store: CatalogStore,
    copies: CatalogCopies,
    dry_run: bool,
) -> Changes:
    """Write what differs and let readers see it; return what became of every title.

    `found` is what the reading of the document found wrong already; the rest of it is judged all
    the same. Copies are renewed of unchanged titles too, so that an import that was cut short is
    mended by another.

    Raises:
        BadCatalogError: something is wrong, and nothing was written.
        UnavailableError: a store does not answer. Where that was Redis, the catalog is written,
            and readers see it once their copies are due.
    """
    known = store.known(title_ids=draft.title_ids)
    problems = [*found, *problems_of(draft, known=known)]
    if problems:
        raise BadCatalogError(problems)
    changes = store.save(draft=draft, dry_run=dry_run)
    if not dry_run:
        copies.renew(video_ids=[*draft.title_ids, *changes.also_touched])
    return changes
