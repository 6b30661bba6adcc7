"""`RegionSource` and `RegionContent` in memory, by the windows of titles."""

from collections.abc import Collection, Set

from reprise.domain.catalog import Title
from reprise.domain.errors import UnavailableError
from tests.builders import NOW_US
from tests.fakes.catalog import FakeTitles


class FakeRegionSource:
    """Windows of titles, which tests change; `asked` lists every region, `down` makes it fail."""

    def __init__(self, *titles: Title) -> None:
        self.titles = list(titles)
        self.asked: list[str] = []
        self.down = False

    def available_between(self, *, region: str, begin: int, end: int) -> Set[str]:
        self.asked.append(region)
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
        return {
            title.id
            for title in self.titles
            for window in title.windows
            if window.region == region
            and window.starts_at <= end
            and (window.ends_at is None or window.ends_at > begin)
        }


class FakeRegionContent:
    """Answers from a catalog as it is now; `now` is Unix seconds."""

    def __init__(self, catalog: FakeTitles) -> None:
        self._catalog = catalog
        self.now = NOW_US // 1_000_000

    def available(self, *, region: str) -> Set[str]:
        source = FakeRegionSource(*self._catalog.known.values())
        return source.available_between(region=region, begin=self.now, end=self.now + 3600)

    def among(self, *, region: str, video_ids: Collection[str]) -> Set[str]:
        return self.available(region=region) & set(video_ids)
