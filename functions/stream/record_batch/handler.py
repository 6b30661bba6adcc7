"""POST /stream/progress/batch: what an offline player did, replayed by the same rules.

200 · 400 · 401 · 403 · 413 · 415 · 429 · 503
"""

import os
from typing import Any

from reprise.application.replay_reports import replay_reports
from reprise.bootstrap.stream import StreamWiring
from reprise.edge import bodies, requests, responses
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import StreamSettings

SETTINGS = StreamSettings.from_env(os.environ)

wiring = StreamWiring(SETTINGS)
api = Api(access="viewer", prover=wiring)


@api.route(
    "POST",
    "/stream/progress/batch",
    body_limit=requests.BATCH_BODY_LIMIT,
    body=requests.BatchBody,
    answer=bodies.BATCH,
)
def replay(request: Request) -> Reply:
    reports = requests.read_batch(request)
    outcomes = replay_reports(
        viewer=request.viewer,
        reports=reports,
        catalog=wiring.catalog,
        live=wiring.live,
        durable=wiring.durable,
        queue=wiring.queue,
        now=request.now,
    )
    return responses.batch(
        request,
        reports=reports,
        outcomes=outcomes,
        next_seconds=SETTINGS.places.live.next_report_seconds,
    )


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
