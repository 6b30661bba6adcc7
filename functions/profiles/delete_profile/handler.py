"""DELETE /profiles/{profileId}: a profile and everything of it in every store, with a receipt.

200 · 401 · 403 (a kids profile asks, or a PIN locks the level) · 404 ·
409 (the last one, or the one that this session has selected) ·
412 (`If-Match` names another version) · 429 · 503

What a 503 cut off goes on when the deletion is repeated.
"""

import os
from typing import Any

from reprise.application.delete_profile import delete_profile
from reprise.bootstrap.profiles import ErasureWiring
from reprise.edge import profiles, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import ErasureSettings

wiring = ErasureWiring(ErasureSettings.from_env(os.environ))
api = Api(access="account", prover=wiring)


@api.route("DELETE", "/profiles/{profileId}", answer=profiles.RECEIPT)
def delete(request: Request) -> Reply:
    caller = profiles.caller(request)
    receipt = delete_profile(
        account_id=caller.account_id,
        standing=caller.profile_id,
        profile_id=requests.path_id(request, "profileId"),
        versions=profiles.asked_versions(request),
        profiles=wiring.profiles,
        sessions=wiring.sessions,
        attempts=wiring.attempts,
        live=wiring.live_erasure,
        durable=wiring.durable_erasure,
        now=request.now,
    )
    request.note(erasedProfileId=receipt.profile_id, removed=receipt.removed)
    return profiles.receipt(receipt)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
