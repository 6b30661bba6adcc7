"""Page cursors: sealed, and worth nothing to another profile or for another list.

Nobody can make one, and nobody can read one: a list may go on behind a title that its viewer is not
to know of.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

CURSOR_LIMIT = 512


def write_cursor(
    position: tuple[int, str], *, secret: str, profile_id: str, of: str = "history"
) -> str:
    """Return the cursor of a position (order, id) in this profile's list of that name."""
    return seal(f"{position[0]}.{position[1]}", secret=secret, bound_to=(of, profile_id))


def read_cursor(
    cursor: str, *, secret: str, profile_id: str, of: str = "history"
) -> tuple[int, str]:
    """Return the position that `write_cursor` wrote.

    Raises:
        ValueError: it is not one of ours, or it is another profile's or list's.
    """
    payload = unseal(cursor, secret=secret, bound_to=(of, profile_id))
    order, _, item_id = payload.partition(".")
    return int(order), item_id


def seal(payload: str, *, secret: str, bound_to: Sequence[str]) -> str:
    """Return a cursor that nobody but us can read or make."""
    sealed = _cipher(secret).encrypt(payload.encode(), [each.encode() for each in bound_to])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(cursor: str, *, secret: str, bound_to: Sequence[str]) -> str:
    """Return what was sealed for exactly these.

    Raises:
        ValueError: it is not one of ours, or it is bound to something else.
    """
    sealed = _decoded(cursor)
    try:
        payload = _cipher(secret).decrypt(sealed or b"", [each.encode() for each in bound_to])
    except (InvalidTag, ValueError):
        raise ValueError("is not a cursor of this list") from None
    return payload.decode()


def _cipher(secret: str) -> AESSIV:
    return AESSIV(hashlib.sha512(b"sealed cursors\0" + secret.encode()).digest())


def _decoded(cursor: str) -> bytes | None:
    if len(cursor) > CURSOR_LIMIT or not cursor.isascii():
        return None
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
