"""Page cursors: opaque, signed, and worth nothing to another profile or for another list.

A signed one can be read by whoever takes the trouble, so it says nothing but where the last shown
entry stands. A sealed one can't: the search goes on behind titles that its viewer may not see.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_MAC_BYTES = 16
CURSOR_LIMIT = 512


def write_cursor(
    position: tuple[int, str], *, secret: str, profile_id: str, of: str = "history"
) -> str:
    """Return the cursor of a position (order, id) in this profile's list of that name."""
    payload = f"{position[0]}.{position[1]}".encode()
    signed = _mac(payload, secret=secret, owner=(of, profile_id)) + payload
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def read_cursor(
    cursor: str, *, secret: str, profile_id: str, of: str = "history"
) -> tuple[int, str]:
    """Return the position that `write_cursor` wrote.

    Raises:
        ValueError: it is not one of ours, or it is another profile's or list's.
    """
    payload = _unsigned(cursor, secret=secret, owner=(of, profile_id))
    if payload is None:
        raise ValueError("is not a cursor of this list")
    order, _, item_id = payload.decode().partition(".")
    return int(order), item_id


def _unsigned(cursor: str, *, secret: str, owner: tuple[str, str]) -> bytes | None:
    signed = _decoded(cursor)
    if signed is None:
        return None
    mac, payload = signed[:_MAC_BYTES], signed[_MAC_BYTES:]
    expected = _mac(payload, secret=secret, owner=owner)
    return payload if hmac.compare_digest(mac, expected) else None


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


def _mac(payload: bytes, *, secret: str, owner: tuple[str, str]) -> bytes:
    message = "\0".join((*owner, "")).encode() + payload
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()[:_MAC_BYTES]
