"""The launcher's player reads the best quality with the cookies, and says what failed."""

from collections.abc import Sequence
from typing import Any

import pytest

from reprise_local.errors import LocalError
from reprise_local.media import ffmpeg
from reprise_local.watching import Stream

MANIFEST: dict[str, Any] = {
    "title": "A film",
    "qualities": [
        {"quality": "480p", "bitrate": 1_050_000, "url": "http://edge/media/t/480p/index.m3u8"},
        {"quality": "720p", "bitrate": 3_000_000, "url": "http://edge/media/t/720p/index.m3u8?P=1"},
    ],
    "grant": {"cookies": {"CloudFront-Policy": "p", "CloudFront-Signature": "s"}},
}


def answering(
    monkeypatch: pytest.MonkeyPatch, code: int, told: str, complaints: str = ""
) -> list[Sequence[str]]:
    calls: list[Sequence[str]] = []

    def capture(name: str, arguments: Sequence[str]) -> tuple[int, str, str]:
        calls.append([name, *arguments])
        return code, told, complaints

    monkeypatch.setattr(ffmpeg, "capture", capture)
    return calls


def test_it_reads_the_best_quality_with_cookies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = answering(monkeypatch, 0, "out_time_us=4000000\nout_time_us=39958333\nprogress=end\n")
    stream = Stream.of(MANIFEST)
    assert (stream.quality, stream.read("-c", "copy")) == ("720p", 39.958333)
    ((name, *arguments),) = calls
    assert name == "ffmpeg"
    assert after(arguments, "-i") == "http://edge/media/t/720p/index.m3u8"
    assert after(arguments, "-headers") == "Cookie: CloudFront-Policy=p; CloudFront-Signature=s\r\n"


def test_what_is_left_counts_from_where_it_is_resumed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = answering(monkeypatch, 0, "out_time_us=61750000\n")
    assert Stream.of(MANIFEST).read(start=118.25) == 61.75
    ((_, *arguments),) = calls
    assert after(arguments, "-ss") == "118.250"
    assert arguments.index("-ss") > arguments.index("-i")  # before it, ffmpeg 5 shows nothing


@pytest.mark.parametrize(("code", "complaints"), [(1, "403 Forbidden"), (0, "a broken segment")])
def test_what_could_not_be_played_whole_is_told(
    monkeypatch: pytest.MonkeyPatch, code: int, complaints: str
) -> None:
    answering(monkeypatch, code, "", complaints)
    with pytest.raises(LocalError, match=complaints):
        Stream.of(MANIFEST).read()


def test_a_title_without_files_is_told_by_its_name() -> None:
    with pytest.raises(LocalError, match="A film"):
        Stream.of(MANIFEST | {"qualities": []})


def after(arguments: Sequence[str], option: str) -> str:
    return arguments[arguments.index(option) + 1]
