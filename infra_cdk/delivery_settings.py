"""What the operator decides of a stage's edge: its name, its certificate, the keys of its grants.

`-c delivery=<file>`, JSON: `{"domainName", "certificateArn", "publicKeys": ["-----BEGIN…"]}`, and
`"edgeStoreArn"` as soon as the delivery stack's output tells it.
Public keys are no secrets, and CloudFront never changes one in place: a key is known by its digest,
so that a new one is a new resource beside the old.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from infra_cdk.refusals import RefusedError

LEAST_KEYS, MOST_KEYS = 1, 2
_PEM = re.compile(
    r"-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----", re.ASCII
)
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9a-f-]+")
"""CloudFront takes certificates of that region alone."""
_STORE = re.compile(r"arn:aws:cloudfront::\d{12}:key-value-store/[0-9a-f-]{36}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """Of two keys one signs now and one signs next; the edge trusts both.

    Without `edge_store_arn`, which is known once the edge is deployed, nothing tells the edge which
    sessions were revoked.
    """

    domain_name: str
    certificate_arn: str
    public_keys: tuple[str, ...]
    edge_store_arn: str | None = None

    @property
    def media_url(self) -> str:
        return f"https://{self.domain_name}/media"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises:
        RefusedError: names everything that is missing or wrong, at once.
        """
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RefusedError(f"cannot read the delivery settings {path}: {error}") from error
        wrong = [name for name, fits in _RULES.items() if not fits(_value(found, name))]
        if wrong:
            raise RefusedError(f"missing or wrong in {path}: {', '.join(wrong)}")
        return cls(
            domain_name=found["domainName"],
            certificate_arn=found["certificateArn"],
            public_keys=tuple(f"{key.strip()}\n" for key in found["publicKeys"]),
            edge_store_arn=found.get("edgeStoreArn"),
        )


def digest_of(key: str) -> str:
    """Return what a public key is named by."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _value(found: Any, name: str) -> Any:
    return found.get(name) if isinstance(found, dict) else None


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value.strip()) is not None


def _are_keys(value: Any) -> bool:
    return (
        isinstance(value, list)
        and LEAST_KEYS <= len(value) <= MOST_KEYS
        and all(_fits(_PEM, key) for key in value)
        and len({key.strip() for key in value}) == len(value)
    )


_RULES: Mapping[str, Callable[[Any], bool]] = {
    "domainName": lambda value: _fits(_DOMAIN, value),
    "certificateArn": lambda value: _fits(_CERTIFICATE, value),
    "publicKeys": _are_keys,
    "edgeStoreArn": lambda value: value is None or _fits(_STORE, value),
}
