"""POST /stream/{id}/takeover: free the screen of a playback for the caller to play on.

204 · 401 · 403 (more screens in use than the plan has) · 404 (it holds no screen) · 429 · 503
"""

import os
from typing import Any

from reprise.application.take_over_screen import take_over_screen
from reprise.bootstrap.playback import ScreenWiring
from reprise.edge import requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import ScreenSettings

SETTINGS = ScreenSettings.from_env(os.environ)

wiring = ScreenWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("POST", "/stream/{id}/takeover", status=204)
def take_over(request: Request) -> Reply:
    take_over_screen(
        viewer=request.viewer,
        playback_id=requests.path_id(request, "id"),
        playbacks=wiring.playbacks,
        leases=wiring.leases,
        now=request.now,
    )
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
