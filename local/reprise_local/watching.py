"""What a player does with a manifest: reads files through the edge, with the grant or without."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

from reprise_local.errors import LocalError
from reprise_local.media import ffmpeg

_PROGRESS = ("-progress", "pipe:1", "-nostats")
_NO_PROXY = ("-http_proxy", "none")
"""Whatever the environment says: the edge is on loopback."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One manifest's files. `playlist` is that of its best quality, without a query."""

    quality: str
    playlist: str
    cookies: Mapping[str, str]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Self:
        """Raises:
        LocalError: the manifest has nothing to play.
        """
        if not manifest["qualities"]:
            raise LocalError(f"nothing is published of “{manifest['title']}”", mend="make run")
        best = max(manifest["qualities"], key=lambda quality: int(quality["bitrate"]))
        playlist, _, _ = str(best["url"]).partition("?")
        return cls(best["quality"], playlist, manifest["grant"]["cookies"])

    def read(self, *how: str, start: float = 0.0) -> float:
        """Let ffmpeg read it with the grant's cookies and return how many seconds of it came.

        They count from the second `start`. `how` is what ffmpeg does with it; it decodes everything
        unless told, also what lies before: ffmpeg 5 can't seek in fragmented MP4 by HLS, as players
        do. A playlist's relative addresses inherit no query, so that ffmpeg is given cookies, which
        go along with each of its requests.

        Raises:
            LocalError: it could not be read whole.
        """
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = (*_NO_PROXY, "-headers", f"Cookie: {cookies}\r\n", "-i", self.playlist)
        seek = ("-ss", f"{start:.3f}") if start else ()
        options = ("-nostdin", "-v", "error", "-xerror", *_PROGRESS)
        code, told, complaints = ffmpeg.capture(
            "ffmpeg", [*options, *given, "-map", "0:v", *seek, *how, "-f", "null", "-"]
        )
        if code != 0 or complaints:
            raise LocalError(f"ffmpeg can't play {self.playlist}: {complaints[-300:]}")
        return _seconds(told)

    def status_without_grant(self) -> int:
        """Return what the edge answers to somebody who shows no grant."""
        return httpx.get(self.playlist, timeout=10, trust_env=False).status_code


def _seconds(told: str) -> float:
    values = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    microseconds = values.get("out_time_us", "")
    return int(microseconds) / 1e6 if microseconds.isdigit() else 0.0
