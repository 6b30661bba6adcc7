"""PUT /my-list/{videoId}: put a title on the list, or drag it to a position.

200 · 400 · 401 · 403 (refused by the policy) · 404 · 409 (500 titles) · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.put_on_my_list import put_on_my_list
from reprise.bootstrap.my_list import MyListWiring
from reprise.edge import my_list, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import MyListSettings

wiring = MyListWiring(MyListSettings.from_env(os.environ))
api = Api(access="viewer", prover=wiring)


@api.route(
    "PUT",
    "/my-list/{videoId}",
    body=my_list.ListPositionBody,
    body_required=False,
    answer=my_list.LISTED,
)
def put(request: Request) -> Reply:
    video_id = requests.path_id(request, "videoId")
    found = put_on_my_list(
        viewer=request.viewer,
        video_id=video_id,
        position=my_list.read_position(request),
        catalog=wiring.catalog,
        live=wiring.live,
        lists=wiring.lists,
        regions=wiring.regions,
        now=request.now,
    )
    request.note(videoId=video_id, position=found.position)
    return my_list.listed(found)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
