"""`DurablePlaces` in Cassandra or Keyspaces: LOCAL_QUORUM, client-side timestamps, pages of LIMIT.

Reads pass a breaker, because a request of a viewer must not wait for a store that was just found
dead; the flusher's writes do not, they retry with a jittered pause and report what failed by item.
"""

import random
import struct
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pybreaker

from reprise.adapters import cassandra_rows as rows
from reprise.adapters.cassandra_session import CassandraConnection, unavailable
from reprise.adapters.place_codec import CorruptPlaceError, place_from_json
from reprise.application.ports import HistoryPage, PoisonError
from reprise.domain.errors import UnavailableError
from reprise.domain.playstate import DirtyItem, Place, Viewing

CONCURRENCY = 128
ATTEMPTS = 3
PAUSE_SECONDS = 0.1
TIMEOUTS_PER_WRITE = 2
PAGE = 500
FAILURES_TO_OPEN = 2
OPEN_SECONDS = 30

type Key = tuple[str, str]

_UNBINDABLE = (ValueError, TypeError, OverflowError, struct.error)


class CassandraPlaces:
    """The watch history. Rows that can't be read count as missing, and `on_corrupt` hears of them.

    `pause` is what a retry does before it tries again; tests replace it.
    """

    def __init__(
        self,
        connection: CassandraConnection,
        *,
        on_corrupt: Callable[[int], None] = lambda _count: None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._on_corrupt = on_corrupt
        self._timeout = connection.address.timeout_ms / 1000
        self._pause = pause
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_TO_OPEN,
            reset_timeout=OPEN_SECONDS,
            exclude=[lambda error: not isinstance(error, UnavailableError)],
            throw_new_error_on_trip=False,
        )

    def places(self, *, profile_id: str, video_id: str | None = None) -> Sequence[Place]:
        ids = (profile_id,) if video_id is None else (profile_id, video_id)
        statement = rows.PLACES if video_id is None else rows.PLACES_OF_TITLE
        found = self._read(statement, rows.uuids(*ids), page=PAGE)
        return [place for row in found if (place := self._place(row)) is not None]

    def place(self, *, profile_id: str, video_id: str, item_id: str) -> Place | None:
        try:
            ids = rows.uuids(profile_id, video_id, item_id)
        except ValueError as error:
            raise PoisonError(f"no place can have such ids: {error}") from error
        found = self._read(rows.PLACE, ids, page=1)
        return self._place(found[0]) if found else None

    def history(
        self, *, profile_id: str, limit: int, before: tuple[int, str] | None
    ) -> HistoryPage:
        found: list[Any] = []
        for statement, values in rows.history_queries(profile_id=profile_id, before=before):
            room = limit + 1 - len(found)
            if room > 0:
                found += self._read(statement, (*values, room), page=room)
        page, more = found[:limit], len(found) > limit
        viewings = [viewing for row in page if (viewing := self._viewing(row)) is not None]
        return HistoryPage(viewings=viewings, next=rows.cursor_of(page[-1]) if more else None)

    def write(self, *, items: Sequence[DirtyItem], now: int) -> Mapping[Key, Exception]:
        failures: dict[Key, Exception] = {}
        requests: list[tuple[Key, Any]] = []
        for item in items:
            key = (item.profile_id, item.item_id)
            try:
                bound = rows.bind_item(self._connection, item, now=now)
            except _UNBINDABLE as error:
                failures[key] = PoisonError(f"{type(error).__name__}: {error}")
            else:
                requests.extend((key, request) for request in bound)
        return failures | self._send(requests)

    def takes_writes(self, *, items: Sequence[DirtyItem]) -> Collection[Key]:
        requests: list[tuple[Key, Any]] = []
        for item in items:
            key = (item.profile_id, item.item_id)
            with suppress(ValueError):  # ids of nobody: no partition to try
                bound = rows.bind_controls(self._connection, item)
                requests.extend((key, request) for request in bound)
        deadline = time.monotonic() + self._timeout
        failed = {key for key, _, _ in self._execute(requests, deadline)}
        return {key for key, _ in requests} - failed

    def _send(self, requests: list[tuple[Key, Any]]) -> dict[Key, Exception]:
        """Send all, then what failed for the moment again: at most `ATTEMPTS` times, and none late.

        A store that hangs must not use up the time in which a flusher can still give items back.
        """
        poison: dict[Key, Exception] = {}
        failures: dict[Key, Exception] = {}
        deadline = time.monotonic() + TIMEOUTS_PER_WRITE * self._timeout
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(random.uniform(0.5, 1) * PAUSE_SECONDS * 2**attempt)  # noqa: S311
            failed: list[tuple[Key, Any]] = []
            failures = {}
            for key, request, error in self._execute(requests, deadline):
                if isinstance(error, PoisonError):
                    poison[key] = error
                else:
                    failures[key] = error
                    failed.append((key, request))
            requests = failed
            if not requests or time.monotonic() >= deadline:
                break
        return failures | poison

    def _execute(
        self, requests: list[tuple[Key, Any]], deadline: float
    ) -> Iterator[tuple[Key, Any, Exception]]:
        """Yield what failed. The driver takes requests as it goes, and none past the deadline."""
        from cassandra.concurrent import execute_concurrent  # noqa: PLC0415

        if not requests:
            return
        results = execute_concurrent(
            self._connection.session(),
            ((request, None) for _, request in requests if time.monotonic() < deadline),
            concurrency=CONCURRENCY,
            raise_on_first_error=False,
        )
        for (key, request), (succeeded, error) in zip(requests, results, strict=False):
            if not succeeded:
                yield key, request, _write_failure(error)
        for key, request in requests[len(results) :]:
            yield key, request, unavailable("the watch history is too slow")

    def _read(self, statement: str, values: Sequence[Any], *, page: int) -> Sequence[Any]:
        try:
            found: Sequence[Any] = self._breaker.call(self._fetch, statement, values, page)
        except pybreaker.CircuitBreakerError as error:
            raise unavailable("the watch history was down a moment ago") from error
        return found

    def _fetch(self, statement: str, values: Sequence[Any], page: int) -> Sequence[Any]:
        """Read all pages; a page may come short or empty while more follow (expired rows)."""
        from cassandra import DriverException  # noqa: PLC0415
        from cassandra.cluster import NoHostAvailable  # noqa: PLC0415

        prepared = self._connection.prepared(statement)
        deadline = time.monotonic() + self._timeout
        for attempt in range(ATTEMPTS):
            bound = prepared.bind(values)
            bound.fetch_size = page
            try:
                return self._pages(bound, deadline)
            except (DriverException, NoHostAvailable) as error:
                pause = random.uniform(0.5, 1) * PAUSE_SECONDS * 2**attempt  # noqa: S311
                if attempt + 1 == ATTEMPTS or time.monotonic() + pause >= deadline:
                    raise unavailable("the watch history does not answer") from error
                self._pause(pause)
        raise AssertionError("the last attempt returns or raises")

    def _pages(self, bound: Any, deadline: float) -> Sequence[Any]:
        remaining = max(0.05, deadline - time.monotonic())
        result = self._connection.session().execute(bound, timeout=remaining)
        found = list(result.current_rows)
        while result.has_more_pages:
            result.fetch_next_page()
            found.extend(result.current_rows)
        return found

    def _place(self, row: Any) -> Place | None:
        try:
            return place_from_json(row.place or "")
        except CorruptPlaceError:
            self._on_corrupt(1)
            return None

    def _viewing(self, row: Any) -> Viewing | None:
        if not rows.is_whole(row):
            self._on_corrupt(1)
            return None
        return rows.viewing_from_row(row, on_corrupt=lambda: self._on_corrupt(1))


def _write_failure(error: Exception) -> Exception:
    """A refusal of the statement itself is final; whatever else happened may pass."""
    from cassandra import DriverException, InvalidRequest  # noqa: PLC0415
    from cassandra.cluster import NoHostAvailable  # noqa: PLC0415
    from cassandra.connection import ConnectionException  # noqa: PLC0415

    if isinstance(error, InvalidRequest):
        return PoisonError(str(error))
    if isinstance(error, (DriverException, NoHostAvailable, ConnectionException)):
        return unavailable(f"the watch history did not take a write: {type(error).__name__}")
    return PoisonError(f"{type(error).__name__}: {error}")
