"""GET /history: what was watched, one entry a viewing, with what moved or refused each place.

200 · 400 · 401 · 403 · 429 · 503
"""

import os
from typing import Any

from reprise.application.list_history import list_history
from reprise.bootstrap.playstate import PlaystateWiring
from reprise.edge import bodies, requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import PlaystateSettings

SETTINGS = PlaystateSettings.from_env(os.environ)

wiring = PlaystateWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("GET", "/history", query=requests.HistoryQuery, answer=bodies.HISTORY)
def list_viewings(request: Request) -> Reply:
    query = requests.parse_query(
        request, requests.HistoryQuery, cursor_secret=SETTINGS.cursors.secret
    )
    view = list_history(
        viewer=request.viewer,
        limit=query.limit,
        before=query.cursor,
        catalog=wiring.catalog,
        live=wiring.live,
        durable=wiring.durable,
        now=request.now,
    )
    return responses.history(
        view, cursor_secret=SETTINGS.cursors.secret, profile_id=request.viewer.profile_id
    )


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
