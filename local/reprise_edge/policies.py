"""CloudFront's policy statements: read strictly, and applied to one request.

Published under "Serve private content" in CloudFront's developer guide: one statement; a resource
with `*` (any run of characters) and `?` (exactly one) anywhere, which may be left out; an end that
is required, a beginning and an IPv4 range that are not; names exactly so; instants as numbers.
"""

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reprise_edge.refusals import access_denied, malformed_policy

_SCHEMES = ("http://", "https://", "http*://", "*")
_CONDITIONS = {
    "DateLessThan": "AWS:EpochTime",
    "DateGreaterThan": "AWS:EpochTime",
    "IpAddress": "AWS:SourceIp",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What one statement allows; `resource` None is every file of the key group."""

    resource: str | None
    ends_at: int
    starts_at: int | None
    network: ipaddress.IPv4Network | None

    def check(self, *, url: str, address: str, now: float) -> None:
        """Raises:
        RefusedError: not this URL, not now, or not from this address.
        """
        if not (
            now < self.ends_at
            and (self.starts_at is None or now >= self.starts_at)
            and (self.network is None or _within(address, self.network))
            and (self.resource is None or _matcher(self.resource).fullmatch(url))
        ):
            raise access_denied()


def parse_policy(text: bytes) -> Policy:
    """Raises:
    RefusedError: it is no statement that CloudFront documents.
    """
    try:
        document = json.loads(text.decode(), object_pairs_hook=_unique)
        (statement,) = _only(document, {"Statement"})["Statement"]
        _only(statement, {"Resource", "Condition"})
        condition = _only(statement["Condition"], set(_CONDITIONS))
        values = {name: _value(condition, name) for name in condition}
        return Policy(
            resource=_resource(statement),
            ends_at=_instant(values["DateLessThan"]),
            starts_at=_instant(values["DateGreaterThan"]) if "DateGreaterThan" in values else None,
            network=_network(values["IpAddress"]) if "IpAddress" in values else None,
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise malformed_policy() from error


def canned_policy(*, url: str, ends_at: int) -> bytes:
    """Return the statement that a request with `Expires` implies, as its signer signed it."""
    statement = {"Resource": url, "Condition": {"DateLessThan": {"AWS:EpochTime": ends_at}}}
    return json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _only(value: Any, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not value.keys() <= names:
        raise TypeError(f"an object of {names} was expected")
    return value


def _value(condition: Mapping[str, Any], name: str) -> Any:
    kind = _CONDITIONS[name]
    return _only(condition[name], {kind})[kind]


def _resource(statement: Mapping[str, Any]) -> str | None:
    if "Resource" not in statement:
        return None
    resource = statement["Resource"]
    if not isinstance(resource, str) or not resource.startswith(_SCHEMES):
        raise ValueError("a resource is a URL or begins with a wildcard")
    return resource


def _instant(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("instants are whole numbers")
    return value


def _network(value: Any) -> ipaddress.IPv4Network:
    if not isinstance(value, str):
        raise TypeError("a range is text")
    return ipaddress.IPv4Network(value)


def _within(address: str, network: ipaddress.IPv4Network) -> bool:
    try:
        return ipaddress.IPv4Address(address) in network
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _matcher(resource: str) -> re.Pattern[str]:
    """Compile a resource. A text between two `*` is taken where it stands first and never given
    back, so that no resource makes a URL take longer than a walk along it for each `*`."""
    first, *rest = ("".join(map(_part, text)) for text in re.split(r"\*+", resource))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{text})" for text in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _part(character: str) -> str:
    return "." if character == "?" else re.escape(character)
