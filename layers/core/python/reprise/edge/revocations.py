"""Revocations as the queue brings them, and what operators are told of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from reprise.application.publish_revocations import Published
from reprise.domain.revocations import Revocation
from reprise.edge import observability
from reprise.edge.consumers import BadMessageError
from reprise.edge.powertools import MetricUnit

_STRICT = ConfigDict(extra="forbid", alias_generator=to_camel)

Holder = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{22}$")]
UnixSeconds = Annotated[int, Field(strict=True, gt=0, lt=1 << 40)]


class RevocationBody(BaseModel):
    """One holder whose grants shall be refused."""

    model_config = _STRICT

    holder: Holder
    revoked_at: UnixSeconds
    until: UnixSeconds


class RevocationsBody(BaseModel):
    """The body of a message in the revocation queue."""

    model_config = _STRICT

    revocations: Annotated[list[RevocationBody], Field(min_length=1, max_length=1000)]


def read_revocations(body: str) -> Sequence[Revocation]:
    """Return the revocations that a message tells.

    Raises:
        BadMessageError: it tells none.
    """
    try:
        told = RevocationsBody.model_validate_json(body)
    except ValidationError as error:
        raise BadMessageError("not a message of revocations") from error
    return [Revocation(each.holder, each.revoked_at, each.until) for each in told.revocations]


def measure_collected(collected: int) -> Mapping[str, Any]:
    """Count what is to be refused now; return the same for its line in the log."""
    observability.count("RevocationsTold", collected)
    return {"revocations": collected}


def measure_published(told: int, published: Published) -> Mapping[str, Any]:
    """Measure what a message changed at the edge; return the rest for its line in the log.

    The lag is measured where there were news: how long the oldest of them took to get here.
    """
    observability.count("HoldersRevoked", published.revoked)
    observability.count("HoldersForgotten", published.forgotten)
    if published.revoked:
        observability.gauge("RevocationLag", published.lag, MetricUnit.Seconds)
    return {"told": told}
