"""`GrantSigner` as CloudFront checks it: custom policies, signed with a key of its key group.

The policy is JSON without white space; what is signed are its bytes. Both travel in base64 whose
`+`, `=` and `/` are `-`, `_` and `~`. CloudFront takes RSA 2048 and ECDSA P-256 keys and hashes
with SHA-1 unless `Hash-Algorithm` says SHA256. ECDSA signs in a twelfth of RSA's time.

Keys are `{"keys": [{"id": "K…", "privateKey": "-----BEGIN …"}]}`. The first one signs; the second
waits for its turn, and proves at start that it can be read.
"""

import base64
import json
from collections.abc import Callable
from typing import Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from reprise.domain.grants import Grant, SignedGrant
from reprise.settings.environment import SettingsError

type HashName = Literal["SHA1", "SHA256"]
type Sign = Callable[[bytes], bytes]

RSA_BITS = 2048
_HASHES: dict[str, HashAlgorithm] = {
    "SHA1": SHA1(),  # noqa: S303  # what CloudFront takes a signature for that names no hash
    "SHA256": SHA256(),
}
_ALPHABET = bytes.maketrans(b"+=/", b"-_~")


class CloudFrontSigner:
    """Signs with the first of `keys`, all of which are parsed here, once.

    `setting` is the name that `SettingsError` gives to whoever has to mend the keys.
    """

    def __init__(self, *, keys: str, setting: str, hash_name: HashName = "SHA256") -> None:
        self.key_id, self._sign = _signing_keys(keys, setting=setting, hash_name=hash_name)[0]
        self._hash_name = hash_name

    def sign(self, *, grant: Grant) -> SignedGrant:
        policy = policy_of(grant).encode()
        fields = {
            "Policy": _encode(policy),
            "Signature": _encode(self._sign(policy)),
            "Key-Pair-Id": self.key_id,
        }
        if self._hash_name != "SHA1":
            fields["Hash-Algorithm"] = self._hash_name
        return SignedGrant(
            query="&".join(f"{name}={value}" for name, value in fields.items()),
            cookies={f"CloudFront-{name}": value for name, value in fields.items()},
            expires_at=grant.expires_at,
            refresh_at=grant.refresh_at,
        )


def policy_of(grant: Grant) -> str:
    """Return the custom policy statement, in the order and spelling of AWS's own signers."""
    condition: dict[str, Any] = {"DateLessThan": {"AWS:EpochTime": grant.expires_at}}
    if grant.network is not None:
        condition["IpAddress"] = {"AWS:SourceIp": grant.network}
    if grant.starts_at is not None:
        condition["DateGreaterThan"] = {"AWS:EpochTime": grant.starts_at}
    statement = {"Resource": grant.resource, "Condition": condition}
    return json.dumps({"Statement": [statement]}, separators=(",", ":"))


def _encode(octets: bytes) -> str:
    return base64.b64encode(octets).translate(_ALPHABET).decode()


def _signing_keys(text: str, *, setting: str, hash_name: HashName) -> list[tuple[str, Sign]]:
    try:
        return _parsed(_entries(text), _HASHES[hash_name])
    except ValueError as error:
        form = '{"keys": [{"id", "privateKey"}]}'
        raise SettingsError([f"{setting} must hold {form}: {error}"]) from error


def _entries(text: str) -> list[Any]:
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise ValueError("it is not JSON") from error
    entries = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(entries, list):
        raise ValueError("it has no list of keys")  # noqa: TRY004  # bad settings
    return entries


def _parsed(entries: list[Any], hash_algorithm: HashAlgorithm) -> list[tuple[str, Sign]]:
    """Return every key with its id; raises `ValueError` with what is wrong with any of them."""
    keys: list[tuple[str, Sign]] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            keys.append((_id(entry), _signer(_field(entry, "privateKey"), hash_algorithm)))
        except (TypeError, ValueError, UnsupportedAlgorithm) as error:
            problems.append(f"key {number}: {error}")
    if problems:
        raise ValueError(", ".join(problems))
    if not keys or len(dict(keys)) != len(keys):
        raise ValueError("it needs at least one key, each with an id of its own")
    return keys


def _field(entry: Any, name: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, str):
        raise TypeError(f"its {name} must be text")
    return value


def _id(entry: Any) -> str:
    """Return the id. A wrong one is not told: it may be the key, in the wrong field."""
    id_ = _field(entry, "id")
    if not id_.isascii() or not id_.isalnum():
        raise ValueError("its id must be letters and digits")
    return id_


def _signer(pem: str, hash_algorithm: HashAlgorithm) -> Sign:
    key = load_pem_private_key(pem.encode(), password=None)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        algorithm = ec.ECDSA(hash_algorithm)
        return lambda message: key.sign(message, algorithm)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size == RSA_BITS:
        scheme = padding.PKCS1v15()
        return lambda message: key.sign(message, scheme, hash_algorithm)
    raise ValueError("a key must be RSA 2048 or ECDSA P-256")
