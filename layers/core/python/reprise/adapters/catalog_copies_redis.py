"""Lets readers see what the catalog says now: titles are put anew, pages and offers forgotten."""

from collections.abc import Callable, Collection
from itertools import batched

from reprise.adapters.catalog_redis import publish_titles
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.region_content_redis import forget_regions
from reprise.adapters.title_pages_redis import forget_pages
from reprise.application.ports import TitleSource

BATCH = 500


class RedisCatalogCopies:
    """The port `CatalogCopies`; `now` is Unix seconds."""

    def __init__(self, calls: RedisCalls, *, source: TitleSource, now: Callable[[], float]) -> None:
        self._calls = calls
        self._source = source
        self._now = now

    def renew(self, *, video_ids: Collection[str]) -> None:
        """A region that closed keeps its titles within the hour: the gate refuses them."""
        regions: set[str] = set()
        for part in batched(video_ids, BATCH, strict=False):
            titles = self._source.load(video_ids=part)
            publish_titles(self._calls, titles.values(), now=int(self._now()))
            forget_pages(self._calls, part)
            regions |= {window.region for title in titles.values() for window in title.windows}
        forget_regions(self._calls, regions)
