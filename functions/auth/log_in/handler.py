"""POST /auth/login: opens a session on a device and hands out its tokens.

200 · 400 · 401 · 403 (the profile has a PIN) · 404 (not this account's profile) · 413 · 415 · 503
"""

import os
import secrets
from typing import Any
from uuid import uuid4

from reprise.application.log_in import log_in
from reprise.bootstrap.identity import IdentityWiring
from reprise.edge import requests, sign_in
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import AuthSettings

SECRET_BYTES = 32

wiring = IdentityWiring(AuthSettings.from_env(os.environ))
api = Api(access="public")


@api.route(
    "POST",
    "/auth/login",
    query=requests.NoQuery,
    body=sign_in.LogInRequest,
    answer=sign_in.LOGGED_IN,
)
def post_login(request: Request) -> Reply:
    requests.parse_query(request, requests.NoQuery)
    body = requests.parse(request, sign_in.LogInRequest)
    result = log_in(
        email=body.email,
        password=body.password,
        device=body.signing_in(),
        profile_id=body.profile_id or None,
        accounts=wiring.accounts,
        passwords=wiring.passwords,
        sessions=wiring.sessions,
        issuer=wiring.issuer,
        now=request.now,
        new_id=lambda: str(uuid4()),
        new_secret=lambda: secrets.token_urlsafe(SECRET_BYTES),
    )
    request.note(accountId=result.account.id, sessionId=result.session_id)
    return sign_in.logged_in(result)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
