"""`TitleReader` for viewers' requests: process memory, then Redis, then the catalog's truth.

A report must not depend on PostgreSQL. Redis keeps titles without expiry; a copy older than ten
minutes is renewed where the source answers and served as it is where it does not. What memory holds
outlives both stores. The source is made on first need, so that a handler loads no driver for it.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import redis

from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.title_codec import title_from_json, title_to_json
from reprise.application.ports import TitleSource
from reprise.domain.catalog import Title
from reprise.domain.errors import UnavailableError

MEMORY_TITLES = 10_000
FRESH_SECONDS = 60.0
UNKNOWN_SECONDS = 10.0
RENEW_SECONDS = 600
SOURCE_PAUSE_SECONDS = 30.0
"""How long a source that failed is left alone while there are copies to serve."""


def title_key(video_id: str) -> str:
    return f"title:{video_id}"


def publish_titles(calls: RedisCalls, titles: Iterable[Title], *, now: int) -> None:
    """Put titles where readers find them; `now` is Unix seconds.

    Raises:
        UnavailableError: Redis does not answer.
    """
    _write(calls, titles, now=now, gone=())


@dataclass(frozen=True, slots=True)
class _Memory:
    """`title` None is a title that does not exist; `until` is on the monotonic clock."""

    title: Title | None
    until: float


class RedisTitles:
    """The port `TitleReader`.

    `source` makes the catalog's truth on first need. `clock` is monotonic seconds, `now` is Unix
    seconds. Raises `UnavailableError` where a title is known to nobody that answers. The source is
    asked in Redis' stead only where `outlives_redis`: for the few requests that do without Redis.
    """

    def __init__(
        self,
        calls: RedisCalls,
        *,
        source: Callable[[], TitleSource],
        clock: Callable[[], float],
        now: Callable[[], float],
        outlives_redis: bool = False,
    ) -> None:
        self._calls = calls
        self._outlives_redis = outlives_redis
        self._make_source = source
        self._source: TitleSource | None = None
        self._source_paused_until = 0.0
        self._clock = clock
        self._now = now
        self._memory: OrderedDict[str, _Memory] = OrderedDict()

    def titles(self, *, video_ids: Collection[str]) -> Mapping[str, Title]:
        instant = self._clock()
        known: dict[str, Title] = {}
        wanted: list[str] = []
        for video_id in video_ids:
            kept = self._memory.get(video_id)
            if kept is None or kept.until <= instant:
                wanted.append(video_id)
            elif kept.title is not None:
                known[video_id] = kept.title
        return known | self._fetch(wanted) if wanted else known

    def _fetch(self, wanted: list[str]) -> dict[str, Title]:
        copies = {i: kept.title for i in wanted if (kept := self._memory.get(i)) and kept.title}
        try:
            stored = self._stored(wanted)
        except UnavailableError:
            if len(copies) == len(set(wanted)):
                return copies
            if not self._outlives_redis:
                raise
            stored = {}
        copies |= {video_id: title for video_id, (title, _) in stored.items()}
        oldest = int(self._now()) - RENEW_SECONDS
        due = [i for i in wanted if i not in stored or stored[i][1] < oldest]
        return self._remember(wanted, self._renewed(due, copies) if due else copies)

    def _renewed(self, due: list[str], copies: dict[str, Title]) -> dict[str, Title]:
        """Ask the source about `due` and write its answer back; the copies where it is silent."""
        missing = [video_id for video_id in due if video_id not in copies]
        if not missing and self._clock() < self._source_paused_until:
            return copies
        try:
            loaded = self._truth().load(video_ids=due)
        except UnavailableError:
            self._source_paused_until = self._clock() + SOURCE_PAUSE_SECONDS
            if missing:
                raise
            return copies
        self._write_back(due, loaded)
        return {i: title for i, title in copies.items() if i not in due} | dict(loaded)

    def _truth(self) -> TitleSource:
        if self._source is None:
            self._source = self._make_source()
        return self._source

    def _write_back(self, due: list[str], loaded: Mapping[str, Title]) -> None:
        gone = [video_id for video_id in due if video_id not in loaded]
        try:
            _write(self._calls, loaded.values(), now=int(self._now()), gone=gone)
        except UnavailableError:
            return  # the answer stands without its copy; the next environment asks again

    def _stored(self, wanted: list[str]) -> dict[str, tuple[Title, int]]:
        """Return the readable copies in Redis; a corrupt one is a miss."""
        try:
            answers = self._calls.call(lambda: self._read(wanted))
        except UnicodeDecodeError:
            return {}
        found = {}
        for video_id, text in zip(wanted, answers, strict=True):
            try:
                found[video_id] = title_from_json(text, title_id=video_id)
            except ValueError:
                continue
        return found

    def _read(self, wanted: list[str]) -> list[Any]:
        pipeline = self._calls.client.pipeline(transaction=False)
        for video_id in wanted:
            pipeline.get(title_key(video_id))
        answers: list[Any] = pipeline.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, redis.RedisError) and not str(answer).startswith("WRONGTYPE"):
                raise answer
        return answers

    def _remember(self, wanted: list[str], found: dict[str, Title]) -> dict[str, Title]:
        instant = self._clock()
        for video_id in wanted:
            title = found.get(video_id)
            seconds = UNKNOWN_SECONDS if title is None else FRESH_SECONDS
            self._memory[video_id] = _Memory(title, instant + seconds)
            self._memory.move_to_end(video_id)
        while len(self._memory) > MEMORY_TITLES:
            self._memory.popitem(last=False)
        return found


def _write(calls: RedisCalls, titles: Iterable[Title], *, now: int, gone: Collection[str]) -> None:
    documents = [(title_key(t.id), title_to_json(t, refreshed_at=now)) for t in titles]

    def write() -> None:
        pipeline = calls.client.pipeline(transaction=False)
        for key, document in documents:
            pipeline.set(key, document)
        for video_id in gone:
            pipeline.delete(title_key(video_id))
        pipeline.execute()

    calls.call(write)
