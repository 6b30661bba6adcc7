"""What each stage of the progress handler costs by itself, on the inputs that the handler gets."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Protocol

from bench import world
from bench.clocks import Contender, Sample, in_turns
from reprise.application.ports import RecordAnswer
from reprise.application.record_progress import record_progress
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Report


class Warm(Protocol):
    """A warm progress function with its viewers and events."""

    @property
    def module(self) -> Any: ...

    @property
    def viewers(self) -> Sequence[tuple[Viewer, Title]]: ...

    def take(self, count: int) -> Sequence[dict[str, Any]]: ...


def stages_of(warm: Warm, *, blocks: int, calls: int) -> Mapping[str, Sample]:
    """Measure every stage by itself; each is one call of what the handler calls."""
    from reprise.edge import http, requests, responses  # noqa: PLC0415

    wiring = warm.module.wiring
    [event] = warm.take(1)
    headers, _ = http.read_headers(event)
    now = int(wiring.clock())
    request = http.Request(event=event, headers=headers, correlation_id="bench", now=now)
    token = headers["authorization"].removeprefix("Bearer ")
    report = requests.read_report(request)
    viewer, title = next(pair for pair in warm.viewers if pair[1].id == report.video_id)
    facts = title.items[0].facts
    outcomes = wiring.live.record(viewer=viewer, reports=[(report, facts)]).outcomes
    still = SimpleNamespace(record=lambda **_: RecordAnswer(outcomes=outcomes))
    numbers = itertools.count(report.seq + 1)

    def judge() -> None:
        record_progress(
            viewer=viewer,
            report=report,
            catalog=wiring.catalog,
            live=still,
            durable=wiring.durable,
            queue=wiring.queue,
            now=now,
        )

    frame = empty_route(event)

    def heartbeats(count: int) -> Sequence[Report]:
        return [
            replace(report, seq=seq, intervals=((seq - 1.0, float(seq)),))
            for seq in itertools.islice(numbers, count)
        ]

    stages = {
        "token: RS256 signature and claims": lambda: wiring.tokens.verify(token=token, now=now),
        "body: strict JSON and its model": lambda: requests.read_report(request),
        "use case: catalog in memory, policy": judge,
        "answer: the place as JSON": lambda: responses.progress(
            request, report=report, outcome=outcomes[0], next_seconds=30
        ),
        "frame: headers, routing, log line of an empty route": frame,
    }
    contenders = {name: Contender.plain(stage) for name, stage in stages.items()}
    contenders["Redis call: request, client, waking up, answer"] = Contender(
        lambda each: wiring.live.record(viewer=viewer, reports=[(each, facts)]), heartbeats
    )
    return in_turns(contenders, blocks=blocks, calls=calls)


def empty_route(event: Mapping[str, Any]) -> Callable[[], object]:
    """Return what answers the event by the real frame, for a public route that does nothing."""
    from reprise.edge.api import Api  # noqa: PLC0415
    from reprise.edge.responses import Reply  # noqa: PLC0415

    api = Api(access="public")
    reply = Reply(status=200, body="{}")
    api.route(event["httpMethod"], event["resource"])(lambda _: reply)
    return lambda: api.handle(event, CONTEXT)


CONTEXT = world.Context()
