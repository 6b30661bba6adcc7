"""POST /auth/login: opens a session on a device and hands out its tokens.

200 · 400 · 401 · 403 (a PIN) · 404 (not this account's profile) · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.log_in import log_in
from reprise.bootstrap.identity import SignInWiring
from reprise.bootstrap.start import started
from reprise.edge import requests, sign_in
from reprise.edge.api import Api
from reprise.edge.country import country_of
from reprise.edge.http import Context, Event, Request
from reprise.edge.network import network_of
from reprise.edge.responses import Reply
from reprise.settings import AuthSettings

SETTINGS, wiring = started(AuthSettings, SignInWiring, os.environ)

api = Api(access="public")


@api.route("POST", "/auth/login", body=sign_in.LogInRequest, answer=sign_in.SIGNED_IN)
def post_login(request: Request) -> Reply:
    body = requests.parse(request, sign_in.LogInRequest)
    country = country_of(request, edge_secret=SETTINGS.edge.secret)
    result = log_in(
        email=body.email,
        password=body.password,
        device=body.signing_in(),
        profile_id=body.profile_id or None,
        pin=body.pin or None,
        network=network_of(request),
        accounts=wiring.accounts,
        profiles=wiring.profiles,
        passwords=wiring.passwords,
        records=wiring.records,
        attempts=wiring.attempts,
        door=wiring.door(country=country, now=request.now),
        secrets=wiring.secrets,
    )
    return sign_in.signed_in(request, result)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
