"""What a grant of playback covers: every file of one title, from one address, for a while.

A grant outlives the request that made it, so it is short, and a player fetches the next one long
before it needs it: a film may be longer than any grant. Whose it is, its path says, so that the
edge can refuse the grants of a session that was revoked meanwhile.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import quote

GRANT_SECONDS = 3600
EVERYTHING_BELOW = "*"
"""As the edge reads it: any run of characters, slashes and a query included."""

HOLDER_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Grant:
    """Access to every URL that `resource` matches, from `starts_at` until before `expires_at`.

    Instants are Unix seconds; `starts_at` None means at once. `network` is an IPv4 range in CIDR
    form, None for every address.
    """

    resource: str
    issued_at: int
    expires_at: int
    starts_at: int | None = None
    network: str | None = None

    @property
    def refresh_at(self) -> int:
        """When a player shall fetch the next grant: halfway.

        A refresh that fails then may be repeated for as long again before anything stalls.
        """
        return (self.issued_at + self.expires_at) // 2


@dataclass(frozen=True, slots=True)
class SignedGrant:
    """A grant in the two forms that players present it in, both with the same signature."""

    query: str
    cookies: dict[str, str]
    expires_at: int
    refresh_at: int


def grant_of_title(
    *,
    media_url: str,
    holder: str,
    title_id: str,
    now: int,
    seconds: int = GRANT_SECONDS,
    starts_at: int | None = None,
    network: str | None = None,
) -> Grant:
    """Return a holder's grant of one title's files under `media_url`, as in `https://host/media`."""
    return Grant(
        resource=f"{media_url}/{holder}/{segment(title_id)}/{EVERYTHING_BELOW}",
        issued_at=now,
        expires_at=now + seconds,
        starts_at=starts_at,
        network=network,
    )


def holder_of(session_id: str) -> str:
    """Return by what name the edge knows a session: 22 letters that lead nobody back to it."""
    digest = hashlib.sha256(f"reprise holder\n{session_id}".encode()).digest()
    return urlsafe_b64encode(digest[:HOLDER_OCTETS]).decode().rstrip("=")


def segment(text: str) -> str:
    """Return one segment of a path as it stands in a URL.

    The edge compares URLs as requested, so that a grant names the encoded form. A wildcard or a
    slash in an id is encoded too and can't widen a grant.

    Raises:
        ValueError: the text is empty or would climb to another folder.
    """
    if text in {"", ".", ".."}:
        raise ValueError(f"{text!r} is no name of a folder")
    return quote(text, safe="")
