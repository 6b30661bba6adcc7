"""POST /stream/{id}/refresh: the next grant of a playback, for whoever may still play.

200 · 401 · 403 (the policy, or every screen is in use) · 404 · 429 · 503
"""

import os
from typing import Any

from reprise.application.refresh_grant import refresh_grant
from reprise.bootstrap.playback import PlaybackWiring
from reprise.bootstrap.start import started
from reprise.edge import playback, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import GrantedSettings

SETTINGS, wiring = started(GrantedSettings, PlaybackWiring, os.environ)

api = Api(access="viewer", prover=wiring)


@api.route(
    "POST",
    "/stream/{id}/refresh",
    answer=playback.REFRESH,
)
def refresh(request: Request) -> Reply:
    playback_id = requests.path_id(request, "id")
    refreshed = refresh_grant(
        viewer=request.viewer,
        playback_id=playback_id,
        playbacks=wiring.playbacks,
        catalog=wiring.catalog,
        leases=wiring.leases,
        grants=wiring.grants,
        now=request.now,
    )
    return playback.refreshed(request, refreshed, playback_id=playback_id)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
