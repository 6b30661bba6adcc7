"""POST /analytics/playback: tell how well a playback went; it is measured, not kept.

202 · 400 · 401 · 403 · 413 · 415 · 429
"""

import os
from typing import Any

from reprise.application.report_quality import report_quality
from reprise.bootstrap.analytics import AnalyticsWiring
from reprise.edge import quality, requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import AnalyticsSettings

SETTINGS = AnalyticsSettings.from_env(os.environ)

wiring = AnalyticsWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route(
    "POST",
    "/analytics/playback",
    status=202,
    body=quality.PlaybackQualityBody,
)
def report(request: Request) -> Reply:
    told = requests.parse(request, quality.PlaybackQualityBody)
    heard = report_quality(
        viewer=request.viewer, playback_id=told.playback_id, playbacks=wiring.playbacks
    )
    request.note(**quality.facts_of(told, heard))
    quality.measure(told, heard, by_title=SETTINGS.quality.by_title)
    return responses.ACCEPTED


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
