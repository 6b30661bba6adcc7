"""DELETE /continue-watching/{videoId}: take a title out of the row, keeping place and history.

204 · 401 · 403 · 404 · 429 · 503
"""

import os
from typing import Any

from reprise.application.hide_title import hide_title
from reprise.bootstrap.playstate import PlaystateWiring
from reprise.edge import requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import PlaystateSettings

SETTINGS = PlaystateSettings.from_env(os.environ)

wiring = PlaystateWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("DELETE", "/continue-watching/{videoId}", status=204)
def hide(request: Request) -> Reply:
    hide_title(
        viewer=request.viewer,
        video_id=requests.path_id(request, "videoId"),
        catalog=wiring.catalog,
        live=wiring.live,
        durable=wiring.durable,
        queue=wiring.queue,
        now=request.now,
    )
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
