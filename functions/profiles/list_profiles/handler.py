"""GET /profiles: everybody of the account, in their order.

200 · 401 · 403 (a kids profile asks) · 404 (the account is gone) · 429 · 503
"""

import os
from typing import Any

from reprise.application.list_profiles import list_profiles
from reprise.bootstrap.profiles import ProfilesWiring
from reprise.edge import profiles
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

wiring = ProfilesWiring(SessionSettings.from_env(os.environ))
api = Api(access="account", prover=wiring)


@api.route("GET", "/profiles", answer=profiles.PROFILES)
def get_profiles(request: Request) -> Reply:
    found = list_profiles(account_id=profiles.caller(request).account_id, profiles=wiring.profiles)
    return profiles.everybody(found)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
