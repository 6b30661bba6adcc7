"""GET /continue-watching: the ten titles to go on with, newest first.

200 · 304 · 401 · 403 · 429 · 503
"""

import os
from typing import Any

from reprise.application.list_continue_watching import list_continue_watching
from reprise.bootstrap.playstate import PlaystateWiring
from reprise.edge import bodies, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import PlaystateSettings

SETTINGS = PlaystateSettings.from_env(os.environ)

wiring = PlaystateWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("GET", "/continue-watching", answer=bodies.ROW)
def list_row(request: Request) -> Reply:
    row = list_continue_watching(
        viewer=request.viewer,
        catalog=wiring.catalog,
        rows=wiring.rows,
        live=wiring.live,
        durable=wiring.durable,
        now=request.now,
        pause=wiring.pause,
    )
    return responses.row(request, row)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
