"""A path is what it says, or it is nothing; a behavior is found by what it says."""

import pytest

from infra_cdk.delivery_rules import API, ARTWORK, DEFAULT, MEDIA, WEB, behavior_of, content_type
from reprise_edge.requests import plain_path


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/", "/"),
        ("/media/t-1/a.m4s", "/media/t-1/a.m4s"),
        ("/media/t-1/", "/media/t-1/"),
        ("/media/a%20b/%C3%A9.vtt", "/media/a b/é.vtt"),
        ("/media/100%25", "/media/100%"),
        ("/media/a+b", "/media/a+b"),
        ("/media/..a/b..", "/media/..a/b.."),
        ("/%6dedia/t-1/a", "/media/t-1/a"),
    ],
)
def test_a_path_is_read_once(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@pytest.mark.parametrize(
    "path",
    [
        "",
        "media/t-1",
        "http://other/media",
        "*",
        "/media/../secret",
        "/media/t-1/..",
        "/media/./a",
        "/media/%2e%2e/secret",
        "/media/.%2E/secret",
        "/media/%2e/a",
        "//media/t-1/a",
        "/media//t-1/a",
        "/media/t-1%2F..%2Ft-2/a",
        "/media%2ft-1",
        "/media/a\\b",
        "/media/%5c..%5cb",
        "/media/a%00.m4s",
        "/media/a%0d%0ab",
        "/media/a%7f",
        "/media/%zz",
        "/media/%2",
        "/media/%",
        "/media/%ff",
        "/media/%c0%ae%c0%ae/secret",
        "/media/%ed%a0%80",
    ],
)
def test_a_path_that_some_server_would_rewrite_names_nothing(path: str) -> None:
    assert plain_path(path) is None


@pytest.mark.parametrize(
    ("path", "behavior"),
    [
        ("/media/t-1/a", MEDIA),
        ("/media/", MEDIA),
        ("/media", DEFAULT),
        ("/Media/t-1/a", DEFAULT),
        ("/mediax/t-1", DEFAULT),
        ("/artwork/t-1.jpg", ARTWORK),
        ("/web/index.html", WEB),
        ("/v1/health", API),
        ("/v1", DEFAULT),
        ("/v10/health", DEFAULT),
        ("/", DEFAULT),
    ],
)
def test_a_behavior_is_found_by_its_pattern_in_order(path: str, behavior: object) -> None:
    assert behavior_of(path) is behavior


def test_only_media_needs_a_grant_and_lies_apart_from_what_does_not() -> None:
    assert MEDIA.signed
    public = (ARTWORK, WEB, API, DEFAULT)
    assert not [behavior for behavior in public if behavior.signed]
    assert MEDIA.origin not in {behavior.origin for behavior in public}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a/master.m3u8", "application/vnd.apple.mpegurl"),
        ("a/init.mp4", "video/mp4"),
        ("a/0001.M4S", "video/iso.segment"),
        ("a/en.vtt", "text/vtt"),
        ("a/sprite.jpg", "image/jpeg"),
        ("a/unknown.xyz", "application/octet-stream"),
        ("no-end", "application/octet-stream"),
    ],
)
def test_files_are_of_the_type_that_players_expect(name: str, kind: str) -> None:
    assert content_type(name) == kind
