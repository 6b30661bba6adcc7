"""PATCH /profiles/{profileId}: change a profile, in effect at its sessions' very next request.

200 · 400 · 401 · 403 (a kids profile asks, a PIN locks the level, or the PIN is not proved) · 404 ·
409 (the name is taken) · 412 (`If-Match` is missing or names another version) · 413 · 415 ·
429 (also after five wrong PINs) · 503

`If-Match` has to be sent. The level, the kids flag and the PIN of a profile that has a PIN change
with its `currentPin` only.
"""

import os
from typing import Any

from reprise.application.edit_profile import edit_profile
from reprise.bootstrap.profiles import LockedProfilesWiring
from reprise.edge import profiles, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SessionSettings

wiring = LockedProfilesWiring(SessionSettings.from_env(os.environ))
api = Api(access="account", prover=wiring)


@api.route(
    "PATCH",
    "/profiles/{profileId}",
    body=profiles.EditProfileRequest,
    answer=profiles.PROFILE,
)
def patch_profile(request: Request) -> Reply:
    caller = profiles.caller(request)
    profile_id = requests.path_id(request, "profileId")
    body = requests.parse(request, profiles.EditProfileRequest)
    changed = edit_profile(
        account_id=caller.account_id,
        standing=caller.profile_id,
        profile_id=profile_id,
        versions=profiles.needed_versions(request),
        change=body.change(),
        current_pin=body.current_pin or None,
        profiles=wiring.profiles,
        sessions=wiring.sessions,
        passwords=wiring.passwords,
        attempts=wiring.attempts,
    )
    request.note(changedProfileId=profile_id, version=changed.version)
    return profiles.profile(changed)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
