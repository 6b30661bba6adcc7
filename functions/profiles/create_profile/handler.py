"""POST /profiles: one more viewer of the account, at most five.

201 · 400 · 401 · 403 (a kids profile asks, or a PIN locks the level) · 404 (the account is gone) ·
409 (five profiles, or the name is taken) · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.create_profile import create_profile
from reprise.bootstrap.profiles import LockedProfilesWiring
from reprise.edge import profiles, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

wiring = LockedProfilesWiring(SessionSettings.from_env(os.environ))
api = Api(access="account", prover=wiring)


@api.route(
    "POST",
    "/profiles",
    status=201,
    body=profiles.CreateProfileRequest,
    answer=profiles.PROFILE,
)
def post_profile(request: Request) -> Reply:
    caller = profiles.caller(request)
    made = create_profile(
        account_id=caller.account_id,
        standing=caller.profile_id,
        wanted=requests.parse(request, profiles.CreateProfileRequest).wanted(),
        profiles=wiring.profiles,
        passwords=wiring.passwords,
        new_id=wiring.secrets.new_id,
    )
    request.note(madeProfileId=made.profile.id)
    return profiles.profile(made, status=201)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
