"""Whole small files in memory, as an edge keeps them, and what of one a request gets."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from reprise_edge.answers import Answer, Headers, no_such_range
from reprise_edge.requests import Request

LARGEST = 8 * 2**20
KEPT_SECONDS: Mapping[str, float] = {"media": 60.0, "public": 2.0}
"""By origin. Published media never changes; who works on the web client wants to see it change."""

_SINGLE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class Kept:
    """One file with the headers of its 200."""

    headers: Mapping[str, str]
    body: bytes
    until: float

    def answer(self, request: Request) -> Answer:
        """Answer as S3 would: 200, 206, 304 or 416."""
        headers = tuple(self.headers.items())
        if unchanged(request, self.headers):
            return not_modified(headers)
        wanted = single_range(request)
        if wanted is None or not self._holds(request.headers.get("if-range", "")):
            return Answer(200, headers, self.body)
        size = len(self.body)
        first, last = _bounds(wanted, size)
        if first > last:
            return no_such_range(str(size))
        piece = self.body[first : last + 1]
        whole = _without(headers, "Content-Length")
        extra = (
            ("Content-Length", str(len(piece))),
            ("Content-Range", f"bytes {first}-{last}/{size}"),
        )
        return Answer(206, (*whole, *extra), piece)

    def _holds(self, only_if: str) -> bool:
        """Say whether a range may be cut out of this file for somebody who has another piece."""
        if not only_if:
            return True
        return only_if in {self.headers.get("Etag"), self.headers.get("Last-Modified")}


class Memory:
    """The files that were asked for last, up to `size` octets of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._files: OrderedDict[tuple[str, str], Kept] = OrderedDict()

    def takes(self, length: int) -> bool:
        return length <= min(LARGEST, self._size)

    def get(self, origin: str, key: str, *, now: float) -> Kept | None:
        found = self._files.get((origin, key))
        if found is None:
            return None
        if found.until <= now:
            self._drop((origin, key))
            return None
        self._files.move_to_end((origin, key))
        return found

    def put(
        self, origin: str, key: str, *, headers: Mapping[str, str], body: bytes, now: float
    ) -> None:
        self._drop((origin, key))
        self._files[origin, key] = Kept(headers, body, now + KEPT_SECONDS[origin])
        self._used += len(body)
        while self._used > self._size:
            self._drop(next(iter(self._files)))

    def _drop(self, name: tuple[str, str]) -> None:
        gone = self._files.pop(name, None)
        self._used -= len(gone.body) if gone else 0


def unchanged(request: Request, headers: Mapping[str, str]) -> bool:
    """Say whether a client has what these headers describe already (RFC 9110, 13.1)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or headers.get("Etag") in _TAG.findall(tags)
    since = _instant(request.headers.get("if-modified-since", ""))
    changed = _instant(headers.get("Last-Modified", ""))
    return since is not None and changed is not None and changed <= since


def not_modified(headers: Headers) -> Answer:
    """Return 304 with what else its 200 would have said."""
    return Answer(304, tuple(_without(headers, "Content-Length", "Content-Type")))


def single_range(request: Request) -> str | None:
    """Return the range that a GET asks for, or None where it asks for the whole.

    Several ranges, and what is no range of octets, are the whole: S3 reads them so.
    """
    wanted = request.headers.get("range", "")
    if request.method != "GET":
        return None
    found = _SINGLE_RANGE.fullmatch(wanted)
    if found is None or found.group(1) == found.group(2) == "":
        return None
    first, last = found.groups()
    if first and last and int(first) > int(last):
        return None
    return wanted


def _bounds(wanted: str, size: int) -> tuple[int, int]:
    first, last = wanted.removeprefix("bytes=").split("-")
    if not first:
        return (max(0, size - int(last)) if int(last) else size), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _without(headers: Headers, *names: str) -> Headers:
    return [(name, value) for name, value in headers if name not in names]


def _instant(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
