"""POST /profiles/{profileId}/select: go on as another profile of the account, with its PIN if any.

200 · 400 · 401 · 403 (a kids profile asks, or the PIN is not proved) · 404 ·
409 (the PIN was changed in this moment) · 413 · 415 · 429 (also after five wrong PINs) · 503

The access token that was sent proves nothing any more. The device goes on with this profile at its
next sign-in.
"""

import os
from typing import Any

from reprise.application.select_profile import select_profile
from reprise.bootstrap.profiles import SelectionWiring
from reprise.bootstrap.start import started
from reprise.edge import profiles, requests
from reprise.edge.api import Api
from reprise.edge.country import country_of
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import SelectionSettings

SETTINGS, wiring = started(SelectionSettings, SelectionWiring, os.environ)

api = Api(access="account", prover=wiring)


@api.route(
    "POST",
    "/profiles/{profileId}/select",
    body=profiles.SelectProfileRequest,
    body_required=False,
    answer=profiles.SELECTED,
)
def post_selection(request: Request) -> Reply:
    result = select_profile(
        claims=profiles.caller(request),
        profile_id=requests.path_id(request, "profileId"),
        pin=profiles.read_pin(request),
        country=country_of(request, edge_secret=SETTINGS.edge.secret),
        profiles=wiring.profiles,
        sessions=wiring.sessions,
        passwords=wiring.passwords,
        attempts=wiring.attempts,
        issuer=wiring.issuer,
        now=request.now,
    )
    request.note(selectedProfileId=result.profile.id)
    return profiles.selected(result)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
