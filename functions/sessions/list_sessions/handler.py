"""GET /sessions: the devices that are signed in to the account.

200 · 400 · 401 · 403 · 429 · 503
"""

import os
from typing import Any

from reprise.application.list_sessions import list_sessions
from reprise.bootstrap.identity import SessionWiring
from reprise.edge import sessions
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

SETTINGS = SessionSettings.from_env(os.environ)

wiring = SessionWiring(SETTINGS)
api = Api(access="account", prover=wiring)


@api.route("GET", "/sessions", answer=sessions.SESSIONS)
def get_sessions(request: Request) -> Reply:
    found = list_sessions(claims=request.asking, records=wiring.records, now=request.now)
    return sessions.listed(found)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
