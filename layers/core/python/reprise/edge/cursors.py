"""Page cursors: opaque, signed, and worth nothing to another profile."""

import base64
import binascii
import hashlib
import hmac

_MAC_BYTES = 16
_LIMIT = 512


def write_cursor(position: tuple[int, str], *, secret: str, profile_id: str) -> str:
    """Return the cursor of a position (µs, item id) in this profile's history."""
    payload = f"{position[0]}.{position[1]}".encode()
    signed = _mac(payload, secret=secret, profile_id=profile_id) + payload
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def read_cursor(cursor: str, *, secret: str, profile_id: str) -> tuple[int, str]:
    """Return the position that `write_cursor` wrote.

    Raises:
        ValueError: it is not one of ours, or it is another profile's.
    """
    payload = _unsigned(cursor, secret=secret, profile_id=profile_id)
    if payload is None:
        raise ValueError("is not a cursor of this list")
    instant, _, item_id = payload.decode().partition(".")
    return int(instant), item_id


def _unsigned(cursor: str, *, secret: str, profile_id: str) -> bytes | None:
    if len(cursor) > _LIMIT or not cursor.isascii():
        return None
    try:
        signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    mac, payload = signed[:_MAC_BYTES], signed[_MAC_BYTES:]
    expected = _mac(payload, secret=secret, profile_id=profile_id)
    return payload if hmac.compare_digest(mac, expected) else None


def _mac(payload: bytes, *, secret: str, profile_id: str) -> bytes:
    message = b"history\0" + profile_id.encode() + b"\0" + payload
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()[:_MAC_BYTES]
