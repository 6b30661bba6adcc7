"""The revocation queue: let the edge refuse whom each message names, and forget whose time is up.

Runs outside the network of the stores, for the edge's store is reached over the internet alone.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from reprise.application.publish_revocations import publish_revocations
from reprise.bootstrap.edge_store import PublisherWiring
from reprise.domain.revocations import Revocation
from reprise.edge import consumers, revocations
from reprise.edge.http import Context, Event
from reprise.settings import PublisherSettings

SETTINGS = PublisherSettings.from_env(os.environ)

wiring = PublisherWiring(SETTINGS)


def work(told: Sequence[Revocation]) -> Mapping[str, Any]:
    published = publish_revocations(
        revocations=told, holders=wiring.revoked_holders, now=int(wiring.clock())
    )
    return revocations.measure_published(len(told), published)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return consumers.consume(
        event,
        context,
        name="delivery/publish_revocations",
        read=revocations.read_revocations,
        work=work,
    )
