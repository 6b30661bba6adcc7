"""POST /auth/signup: makes an account and signs in to it, or signs in to the one that is there.

201 · 400 · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.sign_up import sign_up
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


@api.route("POST", "/auth/signup", status=201, body=sign_in.SignUpRequest, answer=sign_in.SIGNED_IN)
def post_sign_up(request: Request) -> Reply:
    body = requests.parse(request, sign_in.SignUpRequest)
    country = country_of(request, edge_secret=SETTINGS.edge.secret)
    result = sign_up(
        email=body.email,
        password=body.password,
        region=body.region,
        plan=body.plan,
        device=body.signing_in(),
        network=network_of(request),
        accounts=wiring.accounts,
        passwords=wiring.passwords,
        records=wiring.records,
        attempts=wiring.attempts,
        door=wiring.door(country=country, now=request.now),
        secrets=wiring.secrets,
    )
    return sign_in.signed_in(request, result, status=201)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
