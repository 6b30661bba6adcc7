"""GET /health: whether each store answers, for whoever asks.

200
"""

import os
from typing import Any

from reprise.application.check_health import check_health
from reprise.bootstrap.system import SystemWiring
from reprise.edge import bodies, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SystemSettings

SETTINGS = SystemSettings.from_env(os.environ)

wiring = SystemWiring(SETTINGS)
api = Api(access="public")


@api.route("GET", "/health", answer=bodies.HEALTH)
def check(_: Request) -> Reply:
    checks = check_health(stores=wiring.stores)
    return responses.health(checks, version=SETTINGS.service.version)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
