"""An operator's command: give up to `limit` quarantined items (100 by default) another chance."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from reprise.application.redrive_quarantined import redrive_quarantined
from reprise.bootstrap.flush import RedriveWiring
from reprise.edge import consumers
from reprise.edge.http import Context, Event
from reprise.edge.measures import read_limit
from reprise.settings import RedriveSettings

SETTINGS = RedriveSettings.from_env(os.environ)

wiring = RedriveWiring(SETTINGS)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    limit = read_limit(event)

    def work() -> Mapping[str, Any]:
        report = redrive_quarantined(
            buffer=wiring.buffer,
            durable=wiring.durable,
            publisher=wiring.publisher,
            quarantine=wiring.quarantine,
            queue=wiring.queue,
            profiles=wiring.profiles,
            limit=limit,
            now_us=wiring.now_us(),
        )
        return asdict(report)

    return dict(consumers.run(context, name="flush/redrive_quarantined", work=work))
