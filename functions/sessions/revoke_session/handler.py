"""DELETE /sessions/{sessionId}: ends one session of the account for its next request.

204 · 400 · 401 · 403 · 404 · 429 · 503
"""

import os
from typing import Any

from reprise.application.revoke_sessions import revoke_session
from reprise.bootstrap.identity import SessionWiring
from reprise.edge import requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

SETTINGS = SessionSettings.from_env(os.environ)

wiring = SessionWiring(SETTINGS)
api = Api(access="account", prover=wiring)


@api.route("DELETE", "/sessions/{sessionId}", status=204)
def delete_session(request: Request) -> Reply:
    session_id = requests.path_id(request, "sessionId")
    revoke_session(
        claims=request.asking,
        session_id=session_id,
        accounts=wiring.accounts,
        records=wiring.records,
        sessions=wiring.sessions,
        now=request.now,
    )
    request.note(revoked=session_id)
    return responses.NO_CONTENT


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
