"""`Renditions` in memory, for an invented catalog of items with their runtimes."""

from collections.abc import Sequence

from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.media import Media, Rendition, Runtime


class FakeRenditions:
    """`runtimes` is the catalog: every item there is, by its id; `down` makes `media` fail."""

    def __init__(self, runtimes: dict[str, Runtime]) -> None:
        self.runtimes = runtimes
        self.down = False
        self._published: dict[str, Media] = {}

    def of(self, *, item_id: str) -> Sequence[Rendition]:
        media = self._published.get(item_id)
        return list(media.renditions) if media else []

    def media(self, *, item_id: str) -> Media | None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
        return self._published.get(item_id)

    def put(self, *, media: Media, runtime: Runtime | None = None) -> None:
        if media.item_id not in self.runtimes:
            raise NotFoundError(f"the catalog has no {media.item_id}")
        self._published[media.item_id] = media
        if runtime is None:
            return
        credits_start = runtime.credits_start
        if credits_start is None:
            credits_start = self.runtimes[media.item_id].credits_start
        if credits_start is not None and credits_start >= runtime.duration:
            credits_start = None
        self.runtimes[media.item_id] = Runtime(runtime.duration, credits_start)
