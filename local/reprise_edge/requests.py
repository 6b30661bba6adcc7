"""A request as it came over the wire, and the object that its path names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

TARGET_LIMIT = 8192
"""CloudFront's longest URL."""

_ESCAPED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Request:
    """Path and query stand as sent, percent-encoded. Names of headers are in lower case."""

    method: str
    scheme: str
    path: str
    query: str
    address: str
    raw_headers: Sequence[tuple[str, str]]
    headers: Mapping[str, str]

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> "Request":
        raw = [(name.decode("latin-1"), v.decode("latin-1")) for name, v in scope["headers"]]
        headers: dict[str, str] = {}
        for name, value in raw:
            separator = "; " if name == "cookie" else ", "
            headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
        return cls(
            method=scope["method"],
            scheme=scope["scheme"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            address=(scope["client"] or ("", 0))[0],
            raw_headers=raw,
            headers=headers,
        )

    @property
    def base_url(self) -> str:
        """The URL that a policy is compared with, without the query."""
        return f"{self.scheme}://{self.headers.get('host', '')}{self.path}"

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def plain_path(path: str) -> str | None:
    """Return a path percent-decoded, or None for one that may mean another than it says.

    Those are what some server on the way would rewrite: dot segments, empty segments, slashes that
    are encoded, backslashes, control characters, broken escapes, octets that are no UTF-8.
    """
    if not path.startswith("/") or not _ESCAPED.fullmatch(path) or "%2f" in path.lower():
        return None
    try:
        plain = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return None
    segments = plain[1:].split("/")
    if _UNSAFE.search(plain) or {".", ".."} & set(segments) or "" in segments[:-1]:
        return None
    return plain
