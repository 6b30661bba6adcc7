"""POST /auth/refresh: replaces a refresh token and hands out the next access token.

200 · 400 · 401 (unknown, expired, revoked, or used before) · 413 · 415 · 503
"""

import os
from typing import Any

from reprise.application.refresh_session import refresh_session
from reprise.bootstrap.identity import AuthWiring
from reprise.bootstrap.start import started
from reprise.edge import requests, sign_in
from reprise.edge.api import Api
from reprise.edge.country import country_of
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import AuthSettings

SETTINGS, wiring = started(AuthSettings, AuthWiring, os.environ)

api = Api(access="public")


@api.route("POST", "/auth/refresh", body=sign_in.RefreshRequest, answer=sign_in.SIGNED_IN)
def post_refresh(request: Request) -> Reply:
    body = requests.parse(request, sign_in.RefreshRequest)
    country = country_of(request, edge_secret=SETTINGS.edge.secret)
    result = refresh_session(
        refresh_token=body.refresh_token,
        records=wiring.records,
        door=wiring.door(country=country, now=request.now),
        secrets=wiring.secrets,
    )
    return sign_in.signed_in(request, result)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
