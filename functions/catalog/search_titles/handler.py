"""GET /search: titles by name, other names, genres and descriptions, typing errors forgiven.

200 · 400 · 401 · 403 · 429 · 503
"""

import os
from typing import Any

from reprise.application.search_titles import search_titles
from reprise.bootstrap.catalog import CatalogWiring
from reprise.edge import catalog, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import CatalogSettings

SETTINGS = CatalogSettings.from_env(os.environ)

wiring = CatalogWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("GET", "/search", query=catalog.SearchQuery, answer=catalog.SEARCH)
def search(request: Request) -> Reply:
    query = requests.parse_query(
        request, catalog.SearchQuery, cursor_secret=SETTINGS.cursors.secret
    )
    page = search_titles(
        viewer=request.viewer,
        query=query.q,
        limit=query.limit,
        after=query.cursor,
        search=wiring.search,
        catalog=wiring.catalog,
        live=wiring.live,
        now=request.now,
    )
    return catalog.found(
        page,
        query=query.q,
        cursor_secret=SETTINGS.cursors.secret,
        profile_id=request.viewer.profile_id,
    )


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
