"""Every minute: order a flush of what should have been flushed and was not.

Measures how much is dirty, since when, and what dead flushers left behind.
"""

import os
from collections.abc import Mapping
from typing import Any

from reprise.application.sweep_overdue import sweep_overdue
from reprise.bootstrap.flush import PlannerWiring
from reprise.edge import consumers
from reprise.edge.http import Context, Event
from reprise.edge.measures import measure_plan
from reprise.settings import PlannerSettings

SETTINGS = PlannerSettings.from_env(os.environ)

wiring = PlannerWiring(SETTINGS)


def work() -> Mapping[str, Any]:
    plan = sweep_overdue(buffer=wiring.buffer, queue=wiring.queue, now_us=wiring.now_us())
    return measure_plan(plan)


def lambda_handler(_: Event, context: Context) -> dict[str, Any]:
    return dict(consumers.run(context, name="flush/sweep_overdue", work=work))
