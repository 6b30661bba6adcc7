"""The wiring of the title page and the search."""

from functools import cached_property

from reprise.adapters.title_pages_redis import RedisTitlePages
from reprise.application.catalog_ports import TitlePages, TitleSearch
from reprise.bootstrap.stores import ViewerWiring
from reprise.settings import CatalogSettings, ViewerSettings


class CatalogWiring(ViewerWiring[ViewerSettings]):
    """The ports of the catalog's routes."""

    def __init__(self, settings: CatalogSettings) -> None:
        super().__init__(settings.viewer)

    @cached_property
    def pages(self) -> TitlePages:
        return RedisTitlePages(self._redis, source=self._pages_source, now=self.clock)

    @cached_property
    def search(self) -> TitleSearch:
        from reprise.adapters.search_postgres import PostgresTitleSearch  # noqa: PLC0415

        return PostgresTitleSearch(postgres=self._postgres)

    def _pages_source(self) -> TitlePages:
        from reprise.adapters.title_pages_postgres import PostgresTitlePages  # noqa: PLC0415

        return PostgresTitlePages(postgres=self._postgres)
