"""Key pairs of grants, made once a run, in every form that signers and edges take them in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

type PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class GrantKey:
    """One pair under the id that CloudFront would give it."""

    id: str
    key: PrivateKey

    @property
    def private_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def public_pem(self) -> str:
        return (
            self.key.public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )


@cache
def ecdsa_key(id_: str = "KECDSA1") -> GrantKey:
    return GrantKey(id_, ec.generate_private_key(ec.SECP256R1()))


@cache
def rsa_key(id_: str = "KRSA1") -> GrantKey:
    return GrantKey(id_, rsa.generate_private_key(public_exponent=65537, key_size=2048))


def signing_set(*keys: GrantKey) -> str:
    """Return what the signer's secret holds; the first of the keys signs."""
    return json.dumps({"keys": [{"id": key.id, "privateKey": key.private_pem} for key in keys]})


def key_group(keys: Sequence[GrantKey]) -> dict[str, str]:
    """Return the public keys that an edge trusts, by id."""
    return {key.id: key.public_pem for key in keys}
