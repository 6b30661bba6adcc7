"""A player's side of the edge: files by query or by cookies, and ffmpeg to prove that they play."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tests.e2e.api_client import Json
from tests.harness.media import ffmpeg, ffprobe

LOOPBACK = ("-http_proxy", "none")
_URI = re.compile(r'URI="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the edge said instead of a file."""

    status: int
    code: str
    content_type: str

    @classmethod
    def of(cls, answer: httpx.Response) -> "Refusal":
        code = answer.text.partition("<Code>")[2].partition("</Code>")[0]
        return cls(answer.status_code, code, answer.headers["Content-Type"])


def bare(url: str) -> str:
    """Return a URL without whatever grant it bears."""
    return url.partition("?")[0]


def rung(manifest: Json, quality: str) -> str:
    """Return the bare URL of one quality's playlist."""
    (found,) = [each["url"] for each in manifest["qualities"] if each["quality"] == quality]
    return bare(found)


def get(url: str, *, cookies: Mapping[str, str] | None = None) -> httpx.Response:
    headers = {"Cookie": cookie_header(cookies)} if cookies else {}
    return httpx.get(url, headers=headers, timeout=30, trust_env=False)


def cookie_header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def played_by_cookies(url: str, cookies: Mapping[str, str], *, into: Path) -> float:
    """Let ffmpeg follow a playlist with cookies; return the seconds of pictures that it got."""
    header = f"Cookie: {cookie_header(cookies)}\r\n"
    return _played(*LOOPBACK, "-headers", header, "-i", url, into=into)


def played_by_query(url: str, query: str, *, into: Path) -> float:
    """Let ffmpeg follow a playlist whose every address was given the query, as players do.

    Addresses within a playlist inherit no query, so whoever uses one adds it to each request.
    """
    answer = get(f"{url}?{query}")
    assert answer.status_code == 200, answer.text
    into.mkdir(parents=True, exist_ok=True)
    playlist = into / "signed.m3u8"
    playlist.write_text(_with_query(answer.text, base=url, query=query), encoding="utf-8")
    reach = ("-protocol_whitelist", "file,http,tcp", "-allowed_extensions", "ALL")
    return _played(*reach, "-i", str(playlist), into=into)


def _with_query(playlist: str, *, base: str, query: str) -> str:
    def signed(name: str) -> str:
        return f"{urljoin(base, name)}?{query}"

    lines = [
        _URI.sub(lambda found: f'URI="{signed(found[1])}"', line)
        if line.startswith("#") or not line
        else signed(line)
        for line in playlist.splitlines()
    ]
    return "\n".join(lines) + "\n"


def _played(*source: str, into: Path) -> float:
    into.mkdir(parents=True, exist_ok=True)
    whole = into / "whole.mp4"
    assert ffmpeg("-xerror", *source, "-map", "0:v", "-c", "copy", str(whole)) == ""
    assert ffmpeg("-xerror", "-i", str(whole), "-f", "null", "-") == ""
    (seconds,) = ffprobe(whole, "format=duration")
    return float(seconds)
