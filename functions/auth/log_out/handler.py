"""POST /auth/logout: ends the session that asks.

204 · 400 · 401 · 429 · 503
"""

import os
from typing import Any

from reprise.application.log_out import log_out
from reprise.bootstrap.identity import SessionWiring
from reprise.edge import responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

SETTINGS = SessionSettings.from_env(os.environ)

wiring = SessionWiring(SETTINGS)
api = Api(access="account", prover=wiring, kids_may=True)


@api.route("POST", "/auth/logout", status=204)
def post_logout(request: Request) -> Reply:
    log_out(
        claims=request.asking,
        accounts=wiring.accounts,
        records=wiring.records,
        sessions=wiring.sessions,
        now=request.now,
    )
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
