"""What the edge serves and says: CloudFront is configured from this, the local edge obeys it.

Imports nothing, so that the edge on one machine starts without the CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

type Origin = Literal["media", "public", "api"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior:
    """Paths that one origin answers; `signed` ones only to who shows a grant."""

    pattern: str
    origin: Origin
    signed: bool = False

    def covers(self, path: str) -> bool:
        """Say whether a path, percent-decoded, is one of these."""
        return self.pattern == "*" or path.startswith(self.pattern.removesuffix("*"))


MEDIA = Behavior(pattern="/media/*", origin="media", signed=True)
ARTWORK = Behavior(pattern="/artwork/*", origin="public")
WEB = Behavior(pattern="/web/*", origin="public")
API = Behavior(pattern="/v1/*", origin="api")
DEFAULT = Behavior(pattern="*", origin="public")
BEHAVIORS = (MEDIA, ARTWORK, WEB, API, DEFAULT)
"""In the order of precedence. Signed and public files lie in buckets of their own: whatever a path
is made to look like, a public behavior finds nothing in its bucket that needs a grant."""

HOLDER_PATTERN = "[A-Za-z0-9_-]{22}"
"""The segment behind `/media/` that says whose grant a request shows: its signature covers the
segment, no object's name has it, and a holder in the key value store is refused."""

ROOT_OBJECT = "web/index.html"
FILE_METHODS = ("GET", "HEAD", "OPTIONS")

ALLOW_ORIGINS = ("*",)
ALLOW_HEADERS = ("*",)
EXPOSE_HEADERS = ("Accept-Ranges", "Content-Length", "Content-Range", "Date", "ETag")
CORS_SECONDS = 86_400
"""Anybody's page may read files, with a grant in the query: no browser sends cookies along to `*`,
so that cookies serve the pages of the edge's own host and nobody else's."""

HSTS_SECONDS = 63_072_000
SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
STRICT_TRANSPORT = f"max-age={HSTS_SECONDS}; includeSubDomains"

CONTENT_TYPES: Mapping[str, str] = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".mp4": "video/mp4",
    ".m4s": "video/iso.segment",
    ".m4a": "audio/mp4",
    ".vtt": "text/vtt",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
}
"""What an object is stored with, by the end of its name."""

SIGNED_CACHE = "private, max-age=86400"
PUBLIC_CACHE = "public, max-age=300"
"""How long players and browsers keep a file. A signed one is kept by nobody who is shared but the
edge, whose own time to live is of its cache policy."""

ERROR_CACHE_SECONDS: Mapping[int, int] = {403: 5, 404: 5, 500: 0, 502: 0, 503: 0, 504: 0}
"""How long the edge remembers an origin's error: one that heals must be seen to heal."""

EDGE_PROOF_HEADER = "X-Reprise-Edge"
COUNTRY_HEADER = "CloudFront-Viewer-Country"
DEBUG_COUNTRY_HEADER = "X-Debug-Country"


def content_type(name: str) -> str:
    """Return what a file of this name is stored and served as."""
    return CONTENT_TYPES.get(name[name.rfind(".") :].lower(), "application/octet-stream")


def behavior_of(path: str) -> Behavior:
    """Return the behavior of a percent-decoded path."""
    return next(behavior for behavior in BEHAVIORS if behavior.covers(path))
