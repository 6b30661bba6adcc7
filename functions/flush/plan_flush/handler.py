"""Every five minutes: order a flush of everything that is dirty.

Measures how much is dirty, since when, and what dead flushers left behind.
"""

import os
from collections.abc import Mapping
from typing import Any

from reprise.application.plan_flush import plan_flush
from reprise.bootstrap.flush import PlannerWiring
from reprise.edge import consumers
from reprise.edge.http import Context, Event
from reprise.edge.measures import measure_plan
from reprise.settings import PlannerSettings

SETTINGS = PlannerSettings.from_env(os.environ)

wiring = PlannerWiring(SETTINGS)


def work() -> Mapping[str, Any]:
    plan = plan_flush(buffer=wiring.buffer, queue=wiring.queue, now_us=wiring.now_us())
    return measure_plan(plan)


def lambda_handler(_: Event, context: Context) -> dict[str, Any]:
    return dict(consumers.run(context, name="flush/plan_flush", work=work))
