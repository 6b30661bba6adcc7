"""PUT /auth/password: changes the account's password and ends its other sessions.

204 · 400 (as well where the current one is wrong) · 401 · 403 · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.change_password import change_password
from reprise.bootstrap.identity import PasswordWiring
from reprise.edge import requests, responses, sessions
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.network import network_of
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

SETTINGS = SessionSettings.from_env(os.environ)

wiring = PasswordWiring(SETTINGS)
api = Api(access="account", prover=wiring)


@api.route("PUT", "/auth/password", status=204, body=sessions.ChangePasswordRequest)
def put_password(request: Request) -> Reply:
    body = requests.parse(request, sessions.ChangePasswordRequest)
    change_password(
        claims=request.asking,
        current=body.current_password,
        new=body.new_password,
        network=network_of(request),
        accounts=wiring.accounts,
        passwords=wiring.passwords,
        sessions=wiring.sessions,
        attempts=wiring.attempts,
        now=request.now,
    )
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
