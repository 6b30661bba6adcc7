"""The signing keys of a local stack, of tokens and of grants: made once, kept private, reused;
and how any are replaced."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

FILE = "signing.json"
KEY_BITS = 2048
GRANTS_FILE = "grants.json"
GRANTS_PUBLIC_FILE = "grants-public.json"
GRANT_KEYS = 2
"""One that signs and one for the next rotation: the edge trusts both."""
type Key = dict[str, Any]
PUBLIC_FIELDS = ("kty", "kid", "alg", "use", "n", "e")


def ensure_signing_keys(folder: Path) -> tuple[str, str]:
    """Return the private and the public JWK set, as JSON; make and keep them where there are none.

    Two that start at once end with the same keys. The file is readable by its owner only.
    """
    path = folder / FILE
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _keep(path, json.dumps({"keys": [new_key()]}))
    private = read_signing_keys(folder)
    return json.dumps({"keys": private}), json.dumps({"keys": public_halves(private)})


def ensure_grant_keys(folder: Path) -> tuple[str, Path]:
    """Return what the grants' signer reads, as JSON, and the file of the keys that an edge trusts.

    Made and kept where there are none; two that start at once end with the same keys.
    """
    path, public_path = folder / GRANTS_FILE, folder / GRANTS_PUBLIC_FILE
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pairs = [_new_pair() for _ in range(GRANT_KEYS)]
        _keep(path, json.dumps({"keys": pairs}))
    private: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if not public_path.is_file():
        _keep(public_path, json.dumps(public_pairs(private)))
    return json.dumps(private), public_path


def public_pairs(private: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an edge trusts, of what the grants' signer reads."""
    pairs = [{name: pair.get(name) for name in ("id", "publicKey")} for pair in private["keys"]]
    return {"keys": pairs}


def _new_pair() -> dict[str, str]:
    """Return an ECDSA P-256 pair under an id of the form that CloudFront gives out."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "id": "K" + os.urandom(7).hex().upper()[:13],
        "privateKey": private.decode(),
        "publicKey": public.decode(),
    }


def read_signing_keys(folder: Path) -> list[Key]:
    """Return the private keys of a folder, the one that signs first."""
    found: list[Key] = json.loads((folder / FILE).read_text(encoding="utf-8"))["keys"]
    return found


def replace_signing_keys(folder: Path, keys: Sequence[Key]) -> None:
    """Put other private keys there, all or none."""
    temporary = _written(folder, json.dumps({"keys": list(keys)}))
    temporary.replace(folder / FILE)


def public_halves(keys: Sequence[Key]) -> list[Key]:
    return [{name: key[name] for name in PUBLIC_FIELDS} for key in keys]


def new_key() -> Key:
    """Return a new private key as a JWK."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    kid = base64url_encode(os.urandom(9)).decode()
    facts: dict[str, Any] = RSAAlgorithm.to_jwk(key, as_dict=True)
    facts.pop("key_ops", None)
    return {**facts, "kid": kid, "alg": "RS256", "use": "sig"}


def _keep(path: Path, text: str) -> None:
    """Write whole or not at all; whoever comes second keeps the first one's keys."""
    temporary = _written(path.parent, text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _written(folder: Path, text: str) -> Path:
    """Return a file beside the others that only its owner can read."""
    with NamedTemporaryFile("w", dir=folder, prefix=".signing-", delete=False) as file:
        file.write(text)
    path = Path(file.name)
    path.chmod(0o600)
    return path
