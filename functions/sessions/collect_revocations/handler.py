"""Every minute: tell the edge, by a queue, of every session that was revoked with grants left."""

import os
from collections.abc import Mapping
from typing import Any

from reprise.application.collect_revocations import collect_revocations
from reprise.bootstrap.revocations import CollectorWiring
from reprise.edge import consumers, revocations
from reprise.edge.http import Context, Event
from reprise.settings import CollectorSettings

SETTINGS = CollectorSettings.from_env(os.environ)

wiring = CollectorWiring(SETTINGS)


def work() -> Mapping[str, Any]:
    collected = collect_revocations(
        sessions=wiring.revoked_sessions,
        queue=wiring.revocation_queue,
        grant_seconds=SETTINGS.revocations.grant_seconds,
        now=int(wiring.clock()),
    )
    return revocations.measure_collected(collected)


def lambda_handler(_: Event, context: Context) -> dict[str, Any]:
    return dict(consumers.run(context, name="sessions/collect_revocations", work=work))
