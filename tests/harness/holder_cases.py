"""What the edge makes of paths that name a holder: one table for both edges, here and on AWS."""

from collections.abc import Mapping

HOLDER = "vG0y3_Zk-8QpLw5hTn1xAa"
REVOKED = "Rr9_-QmX2bY7cV4kJ0sDfE"

CASES: Mapping[str, tuple[str, str | None]] = {
    "a file": (f"/media/{HOLDER}/t-1/v/0001.m4s", "/media/t-1/v/0001.m4s"),
    "a file at the top": (f"/media/{HOLDER}/x.vtt", "/media/x.vtt"),
    "escapes, which stay": (
        f"/media/{HOLDER}/a%20b%20%26/%C3%BC.vtt",
        "/media/a%20b%20%26/%C3%BC.vtt",
    ),
    "a title of a holder's length": (f"/media/{HOLDER}/{HOLDER}/x.vtt", f"/media/{HOLDER}/x.vtt"),
    "a title named as one revoked": (f"/media/{HOLDER}/{REVOKED}/x.vtt", f"/media/{REVOKED}/x.vtt"),
    "one revoked in other letters": (f"/media/{REVOKED.swapcase()}/t-1/x", "/media/t-1/x"),
    "one revoked": (f"/media/{REVOKED}/t-1/v/0001.m4s", None),
    "one revoked, two segments": (f"/media/{REVOKED}/{HOLDER}/x", None),
    "no holder": ("/media/t-1/v/0001.m4s", None),
    "a holder further down": (f"/media/t-1/{HOLDER}/0001.m4s", None),
    "a holder alone": (f"/media/{HOLDER}", None),
    "a holder and a slash": (f"/media/{HOLDER}/", None),
    "a letter too few": (f"/media/{HOLDER[1:]}/t-1/x", None),
    "a letter too many": (f"/media/{HOLDER}A/t-1/x", None),
    "a letter of other base64": (f"/media/{HOLDER[:-1]}+/t-1/x", None),
    "a letter that is escaped": (f"/media/{HOLDER[:-1]}%61/t-1/x", None),
    "a letter of no alphabet": (f"/media/{HOLDER[:-1]}*/t-1/x", None),
    "a holder in a folder that is escaped": (f"/%6dedia/{HOLDER}/t-1/x", None),
    "nothing": ("/media/", None),
}
"""By what it is about: the path as sent, and that of the object, or None for 403."""
