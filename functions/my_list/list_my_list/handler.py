"""GET /my-list: the titles that a profile put aside, in its own order, a page at a time.

200 · 400 · 401 · 403 · 429 · 503
"""

import os
from typing import Any

from reprise.application.list_my_list import list_my_list
from reprise.bootstrap.my_list import MyListWiring
from reprise.edge import my_list, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import MyListSettings

SETTINGS = MyListSettings.from_env(os.environ)

wiring = MyListWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("GET", "/my-list", query=my_list.MyListQuery, answer=my_list.MY_LIST)
def list_page(request: Request) -> Reply:
    query = requests.parse_query(
        request, my_list.MyListQuery, cursor_secret=SETTINGS.cursors.secret
    )
    found = list_my_list(
        viewer=request.viewer,
        limit=query.limit,
        after=query.cursor,
        changed_since=query.changed_since,
        catalog=wiring.catalog,
        live=wiring.live,
        lists=wiring.lists,
        regions=wiring.regions,
        now=request.now,
    )
    return my_list.page(
        found, cursor_secret=SETTINGS.cursors.secret, profile_id=request.viewer.profile_id
    )


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
