"""Bad input as data: what is sent, and which field the answer must name.

Values are Python objects where JSON can say them, and raw text where it can't.
"""

from typing import Any

GONE = ...
"""Takes a field away."""

HOSTILE_IDS: tuple[Any, ...] = (
    "",
    " ",
    "{b0042}",
    "a{b}",
    "a:b",
    "*",
    "a\r\nDEL x",
    "tv-1\n",
    "a\0b",
    "../../etc/passwd",
    "%2e%2e",
    "a/b",
    "x" * 65,
    "x" * 5000,
    "🎬",
    "\u202eabc",
    "аbc",  # a Cyrillic letter that looks Latin
    "'; DROP TABLE account; --",
    "redis.call('FLUSHALL')",
    "a b",
    "a.b",
    7,
    1.5,
    True,
    None,
    [],
    {},
    ["a"],
)

NOT_COUNTERS: tuple[Any, ...] = (
    *("1", "", 1.0, 1.5, True, False, None, [], {}),
    *(0, -1, 10**13 + 1, 2**53 + 1, 2**63, -(2**63), 10**400),
)

NOT_SECONDS: tuple[Any, ...] = (
    *("1", "", "NaN", True, False, None, [], {}, [1.0]),
    *(-1, -0.001, -1e-9, 2**53 + 1, 2**63, 1e300, 10**400),
)

NOT_INSTANTS: tuple[Any, ...] = (
    *("", "now", "2026-11-21", "2026-11-21T20:15:00", "2026-11-21 20:15:00Z", "20:15:00Z"),
    *("2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T25:00:00Z"),
    *("2026-11-21T20:15:00+99:99", "2026-11-21T20:15:00z\n", "٢٠٢٦-11-21T20:15:00Z"),
    *("0000-01-01T00:00:00Z", "12026-01-01T00:00:00Z", "20261121T201500Z", "x" * 5000),
    *(1_795_000_000, 1.5, True, None, [], {}),
)

NOT_INTERVALS: tuple[tuple[Any, list[str]], ...] = (
    (None, ["intervals"]),
    ("[]", ["intervals"]),
    ({}, ["intervals"]),
    ([[0.0, 1.0]] * 33, ["intervals"]),
    ([1.0, 2.0], ["intervals[0]", "intervals[1]"]),
    ([[1.0]], ["intervals[0][1]"]),
    ([[1.0, 2.0, 3.0]], ["intervals[0]"]),
    ([[2.0, 1.0]], ["intervals[0]"]),
    ([[0.0, 1.0], [-1.0, 1.0]], ["intervals[1][0]"]),
    ([["0", 1.0]], ["intervals[0][0]"]),
    ([[True, 1.0]], ["intervals[0][0]"]),
    ([[0.0, None]], ["intervals[0][1]"]),
    ([None], ["intervals[0]"]),
)

NOT_WORDS: tuple[Any, ...] = ("", " ", 1, True, None, [], {}, GONE)

FIELDS: tuple[tuple[str, Any], ...] = (
    *(("videoId", value) for value in (*HOSTILE_IDS, GONE)),
    *(("episodeId", value) for value in HOSTILE_IDS),
    *(("playbackId", value) for value in (*HOSTILE_IDS, GONE)),
    *(("seq", value) for value in (*NOT_COUNTERS, GONE)),
    *(("act", value) for value in (*NOT_COUNTERS, GONE)),
    *(("actKind", value) for value in (*NOT_WORDS, "START", "pause", "stop")),
    *(("playedSinceAct", value) for value in (*NOT_SECONDS, GONE)),
    *(("position", value) for value in (*NOT_SECONDS, GONE)),
    *(("state", value) for value in (*NOT_WORDS, "Playing", "buffering")),
    *(("eventTime", value) for value in (*NOT_INSTANTS, GONE)),
    *((name, "x") for name in ("role", "updatedAt", "profileId", "offline", "rev", "__proto__")),
    *((name, 1) for name in ("videoid", "video_id", "x" * 5000, "é", "a\0b")),
)
"""Of a report: (field, value)."""

RAW_BODIES: dict[str, str | None] = {
    "absent": None,
    "empty": "",
    "blank": " ",
    "not JSON": "videoId=a&seq=1",
    "truncated": '{"videoId": "a", "seq":',
    "an array": "[]",
    "a string": '"report"',
    "a number": "7",
    "null": "null",
    "true": "true",
    "two documents": "{}{}",
    "a trailing comma": '{"seq": 1,}',
    "single quotes": "{'seq': 1}",
    "a comment": '{"seq": 1} // one',
    "a byte order mark": '\ufeff{"seq": 1}',
    "a control character in a string": '{"videoId": "a\nb"}',
    "UTF-16 read as Latin-1": '{"seq": 1}'.encode("utf-16").decode("latin-1"),
    "a lone surrogate": '{"videoId": "\\ud800"}',
    "a lone surrogate as a name": '{"\\udfff": 1}',
    "a raw lone surrogate": '{"videoId": "\ud800"}',
    "ten thousand levels of arrays": "[" * 10_000,
    "closed deep nesting": "[" * 8_000 + "]" * 8_000,
    "deep nesting in a field": '{"position": ' + "[" * 8_000 + "]" * 8_000 + "}",
    "an integer of five thousand digits": '{"seq": ' + "9" * 5_000 + "}",
    "base64 without its flag": "eyJzZXEiOiAxfQ==",
}

DUPLICATES: tuple[str, ...] = (
    '{"seq": 1, "seq": 2}',
    '{"seq": 1, "se\\u0071": 2}',
    '{"reports": [{"seq": 1, "seq": 1}]}',
)

NOT_NUMBERS: tuple[str, ...] = ("NaN", "Infinity", "-Infinity", "1e400", "-1e400")
"""What Python's reader takes for a number and JSON, or a double, does not."""

BASE64_BODIES: dict[str, str] = {
    "JSON with the flag": '{"seq": 1}',
    "not base64": "*" * 8,
    "bytes that are no UTF-8": "//79/A==",
    "UTF-16": "//57AH0A",
    "bad padding": "eyJzZXEiOiAxfQ",
}

CONTENT_TYPES: tuple[str | None, ...] = (
    None,
    "",
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    "application/json, text/plain",
    "application/json;",
)
