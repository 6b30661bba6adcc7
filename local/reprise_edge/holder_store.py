"""A key value store as CloudFront keeps one for its functions: small, with one version over all.

Every change names the version that it was made for, so that of two writers one finds out. The
limits are CloudFront's.
"""

import json
import logging
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from reprise_edge.store_errors import conflict, invalid, missing, too_large

KEYS_PER_UPDATE = 50
KEY_OCTETS = 512
VALUE_OCTETS = 1024
STORE_OCTETS = 5 * 2**20

_log = logging.getLogger(__name__)


class KeyValueStore:
    """What the file at `path` holds, and after every change holds again; times are Unix seconds.

    A file that can't be read is an empty store: it is filled again within a minute, and whoever
    asks for a film meanwhile may have it.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._items: dict[str, str] = {}
        self.etag = uuid4().hex
        self.created = self.modified = clock()
        try:
            self._load(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("%s can't be read, so nothing is revoked: %s", path, error)
        self._order = sorted(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __len__(self) -> int:
        return len(self._items)

    @property
    def octets(self) -> int:
        return _octets(self._items)

    def page(self, *, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """Return the entries that follow a key, in the order of keys; all follow ""."""
        begin = bisect_right(self._order, after)
        return [(key, self._items[key]) for key in self._order[begin : begin + limit]]

    def update(self, *, etag: str, puts: Mapping[str, str], deletes: Sequence[str]) -> None:
        """Make all of these changes to the version of `etag`, or none of them.

        Raises:
            StoreError: the version is another, a key to delete is not there, or it is too much.
        """
        _check(puts, deletes)
        if etag != self.etag:
            raise conflict()
        gone = [key for key in deletes if key not in self._items]
        if gone:
            raise missing(f"no key {gone[0]}")
        kept = {key: value for key, value in self._items.items() if key not in deletes}
        items = kept | dict(puts)
        if _octets(items) > STORE_OCTETS:
            raise too_large()
        self._write(items, etag=uuid4().hex, modified=self._clock())

    def _load(self, found: Any) -> None:
        items = found["items"]
        if not all(isinstance(text, str) for pair in items.items() for text in pair):
            raise TypeError("keys and values are text")
        self._items = items
        self.etag = str(found["etag"])
        self.created, self.modified = float(found["created"]), float(found["modified"])

    def _write(self, items: dict[str, str], *, etag: str, modified: float) -> None:
        state = {"etag": etag, "created": self.created, "modified": modified, "items": items}
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._items, self.etag, self.modified = items, etag, modified
        self._order = sorted(items)


def _check(puts: Mapping[str, str], deletes: Sequence[str]) -> None:
    keys = [*puts, *deletes]
    if not 1 <= len(keys) <= KEYS_PER_UPDATE:
        raise invalid(f"an update is of 1 to {KEYS_PER_UPDATE} keys")
    if len(set(keys)) < len(keys):
        raise invalid("a key stands twice")
    if not all(1 <= len(key.encode()) <= KEY_OCTETS for key in keys):
        raise invalid(f"a key has 1 to {KEY_OCTETS} octets")
    if not all(len(value.encode()) <= VALUE_OCTETS for value in puts.values()):
        raise invalid(f"a value has at most {VALUE_OCTETS} octets")


def _octets(items: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in items.items())
