"""The flush queue: make what each order names durable, and report the orders to be repeated."""

import os
from collections.abc import Mapping
from typing import Any

from reprise.application.flush_places import flush_places
from reprise.bootstrap.flush import FlushWiring
from reprise.domain.flush import FlushOrder
from reprise.edge import consumers
from reprise.edge.http import Event
from reprise.edge.measures import TimedContext, measure_flush, urgent_first
from reprise.settings import FlushSettings

SETTINGS = FlushSettings.from_env(os.environ)

wiring = FlushWiring(SETTINGS)


def lambda_handler(event: Event, context: TimedContext) -> dict[str, Any]:
    def work(order: FlushOrder) -> Mapping[str, Any]:
        report = flush_places(
            order=order,
            buffer=wiring.buffer,
            durable=wiring.durable,
            publisher=wiring.publisher,
            quarantine=wiring.quarantine,
            now_us=wiring.now_us,
            time_left=lambda: context.get_remaining_time_in_millis() / 1000,
        )
        return measure_flush(report)

    return consumers.consume_orders(
        urgent_first(event), context, name="flush/flush_places", work=work
    )
