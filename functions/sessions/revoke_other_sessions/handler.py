"""DELETE /sessions: ends every session of the account but the one that asks.

204 · 400 · 401 · 403 · 429 · 503
"""

import os
from typing import Any

from reprise.application.revoke_sessions import revoke_other_sessions
from reprise.bootstrap.identity import SessionWiring
from reprise.edge import responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

SETTINGS = SessionSettings.from_env(os.environ)

wiring = SessionWiring(SETTINGS)
api = Api(access="account", prover=wiring)


@api.route("DELETE", "/sessions", status=204)
def delete_sessions(request: Request) -> Reply:
    ended = revoke_other_sessions(
        claims=request.asking,
        accounts=wiring.accounts,
        records=wiring.records,
        sessions=wiring.sessions,
        now=request.now,
    )
    request.note(revokedSessions=ended)
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
