"""A second reading of CloudFront's published rules, plain as can be, to hold the edge against.

Shares nothing with the edge: its own alphabet, its own wildcards (a table, not a pattern), its own
arithmetic of addresses.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~"
PADDING = "_"


def allowed(
    *, fields: Mapping[str, str], keys: Mapping[str, Any], url: str, address: str, now: int
) -> bool:
    """Say whether CloudFront lets this request pass; `url` is without the signing parameters."""
    key = keys.get(fields.get("Key-Pair-Id", ""))
    signature = unencoded(fields.get("Signature", ""))
    if key is None or not signature:
        return False
    if "Policy" in fields and "Expires" in fields:
        return False
    if "Policy" in fields:
        policy = unencoded(fields["Policy"])
    elif "Expires" in fields and fields["Expires"].isdecimal():
        policy = (
            '{"Statement":[{"Resource":"' + url + '","Condition":{"DateLessThan":'
            '{"AWS:EpochTime":' + fields["Expires"] + "}}}]}"
        ).encode()
    else:
        return False
    hash_name = fields.get("Hash-Algorithm", "SHA1")
    if not policy or hash_name not in {"SHA1", "SHA256"}:
        return False
    return signed(key, signature, policy, hash_name) and applies(policy, url, address, now)


def applies(policy: bytes, url: str, address: str, now: int) -> bool:
    try:
        statements = json.loads(policy)["Statement"]
        condition = statements[0]["Condition"]
        ends = condition["DateLessThan"]["AWS:EpochTime"]
        starts = condition.get("DateGreaterThan", {"AWS:EpochTime": 0})["AWS:EpochTime"]
        network = condition.get("IpAddress", {"AWS:SourceIp": "0.0.0.0/0"})["AWS:SourceIp"]
        resource = statements[0].get("Resource", "*")
    except (ValueError, TypeError, KeyError, IndexError):
        return False
    return (
        len(statements) == 1
        and starts <= now < ends
        and in_network(address, network)
        and matches(resource, url)
    )


def matches(pattern: str, text: str) -> bool:
    """`*` is any run of characters, `?` any one."""
    reached = {0}
    for mark in pattern:
        if mark == "*":
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        else:
            reached = {
                at + 1 for at in reached if at < len(text) and (mark == "?" or text[at] == mark)
            }
    return len(text) in reached


def in_network(address: str, network: str) -> bool:
    base, _, bits = network.partition("/")
    shift = 32 - int(bits or 32)
    return number(address) >> shift == number(base) >> shift


def number(address: str) -> int:
    value = 0
    for part in address.split("."):
        value = value * 256 + int(part)
    return value


def unencoded(text: str) -> bytes:
    """Return the octets, or nothing where the text is not CloudFront's base64."""
    letters = text.rstrip(PADDING)
    if len(text) % 4 or len(text) - len(letters) > 2 or set(letters) - set(LETTERS):
        return b""
    bits = "".join(f"{LETTERS.index(letter):06b}" for letter in letters)
    whole = len(bits) // 8 * 8
    if "1" in bits[whole:]:
        return b""
    return bytes(int(bits[at : at + 8], 2) for at in range(0, whole, 8))


def signed(key: Any, signature: bytes, policy: bytes, hash_name: str) -> bool:
    algorithm = SHA256() if hash_name == "SHA256" else SHA1()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, policy, padding.PKCS1v15(), algorithm)
        else:
            key.verify(signature, policy, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True
