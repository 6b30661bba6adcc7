"""GET /stream/{id}/episodes/{episodeId}/manifest: the manifest of an episode of that series.

200 · 304 · 401 · 403 (the policy, or every screen is in use) · 404 · 429 · 503
"""

import os
from typing import Any

from reprise.application.start_playback import offer_playback, start_playback
from reprise.bootstrap.playback import ManifestWiring
from reprise.bootstrap.start import started
from reprise.edge import playback, requests
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import ManifestSettings

SETTINGS, wiring = started(ManifestSettings, ManifestWiring, os.environ)

api = Api(access="viewer", prover=wiring)


@api.route(
    "GET",
    "/stream/{id}/episodes/{episodeId}/manifest",
    answer=playback.MANIFEST,
)
def play(request: Request) -> Reply:
    offer = offer_playback(
        viewer=request.viewer,
        video_id=requests.path_id(request, "id"),
        episode_id=requests.path_id(request, "episodeId"),
        playbacks=wiring.playbacks,
        catalog=wiring.catalog,
        publications=wiring.publications,
        durable=wiring.durable,
        now=request.now,
    )
    tag = playback.entity_tag(offer, media_url=SETTINGS.grants.media_url)
    if unchanged := playback.unchanged(request, tag):
        return unchanged
    started = start_playback(
        offer=offer,
        playback_id=wiring.new_id(),
        playbacks=wiring.playbacks,
        leases=wiring.leases,
        grants=wiring.grants,
        now=request.now,
    )
    media_url = SETTINGS.grants.media_url
    return playback.manifest(request, offer, started, media_url=media_url, tag=tag)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
