"""DELETE /my-list/{videoId}: take a title out of the list, whether it is in it or not.

204 · 400 · 401 · 403 · 404 (not an id) · 429 · 503
"""

import os
from typing import Any

from reprise.application.remove_from_my_list import remove_from_my_list
from reprise.bootstrap.my_list import MyListWiring
from reprise.edge import requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import MyListSettings

wiring = MyListWiring(MyListSettings.from_env(os.environ))
api = Api(access="viewer", prover=wiring)


@api.route("DELETE", "/my-list/{videoId}", status=204)
def remove(request: Request) -> Reply:
    video_id = requests.path_id(request, "videoId")
    remove_from_my_list(
        viewer=request.viewer, video_id=video_id, live=wiring.live, lists=wiring.lists
    )
    request.note(videoId=video_id)
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
