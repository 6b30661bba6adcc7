"""GET /videos/{videoId}: a title's own page: what it is, its seasons, pictures and markers.

200 · 304 · 401 · 403 · 404 · 429 · 503
"""

import os
from typing import Any

from reprise.application.show_title import show_title
from reprise.bootstrap.catalog import CatalogWiring
from reprise.edge import catalog, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import CatalogSettings

SETTINGS = CatalogSettings.from_env(os.environ)

wiring = CatalogWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("GET", "/videos/{videoId}", answer=catalog.TITLE)
def show(request: Request) -> Reply:
    shown = show_title(
        viewer=request.viewer,
        video_id=requests.path_id(request, "videoId"),
        catalog=wiring.catalog,
        pages=wiring.pages,
        live=wiring.live,
        now=request.now,
    )
    return catalog.title(request, shown)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
