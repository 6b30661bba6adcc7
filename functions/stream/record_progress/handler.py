"""POST /stream/progress: a player's report moves its viewer's place, or says why it did not.

200 · 400 · 401 · 403 · 404 · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.record_progress import record_progress
from reprise.bootstrap.stream import StreamWiring
from reprise.edge import bodies, requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import StreamSettings

SETTINGS = StreamSettings.from_env(os.environ)

wiring = StreamWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route("POST", "/stream/progress", body=requests.ReportBody, answer=bodies.PROGRESS)
def record(request: Request) -> Reply:
    report = requests.read_report(request)
    outcome = record_progress(
        viewer=request.viewer,
        report=report,
        catalog=wiring.catalog,
        live=wiring.live,
        durable=wiring.durable,
        queue=wiring.queue,
        now=request.now,
    )
    return responses.progress(
        request,
        report=report,
        outcome=outcome,
        next_seconds=SETTINGS.places.live.next_report_seconds,
    )


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
