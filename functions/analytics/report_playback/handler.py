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

wiring = AnalyticsWiring(AnalyticsSettings.from_env(os.environ))
api = Api(access="viewer", prover=wiring)


@api.route(
    "POST",
    "/analytics/playback",
    status=202,
    body=quality.PlaybackQualityBody,
    query=requests.NoQuery,
)
def report(request: Request) -> Reply:
    requests.parse_query(request, requests.NoQuery)
    told = requests.parse(request, quality.PlaybackQualityBody)
    proved = report_quality(viewer=request.viewer, live=wiring.live)
    request.note(**quality.facts_of(told), sessionProved=proved)
    quality.measure(told)
    return responses.ACCEPTED


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
