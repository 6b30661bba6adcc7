"""DELETE /videos/{videoId}/watched: not watched after all; the place before it stands again.

200 · 400 · 401 · 403 · 404 · 429 · 503
"""

import os
from typing import Any

from reprise.application.mark_watched import mark_watched
from reprise.bootstrap.playstate import PlaystateWiring
from reprise.edge import bodies, requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import PlaystateSettings

SETTINGS = PlaystateSettings.from_env(os.environ)

wiring = PlaystateWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("DELETE", "/videos/{videoId}/watched", query=requests.ItemQuery, answer=bodies.MARKS)
def unmark(request: Request) -> Reply:
    query = requests.parse_query(request, requests.ItemQuery)
    video_id = requests.path_id(request, "videoId")
    outcomes = mark_watched(
        viewer=request.viewer,
        video_id=video_id,
        episode_id=query.episode_id,
        watched=False,
        catalog=wiring.catalog,
        live=wiring.live,
        durable=wiring.durable,
        queue=wiring.queue,
        now=request.now,
    )
    return responses.marked(outcomes, video_id=video_id, episode_id=query.episode_id)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
