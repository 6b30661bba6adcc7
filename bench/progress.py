"""The hot path: the real handler of `POST /stream/progress`, warm, against a bare script call.

In process, with real API Gateway events and RS256 tokens and a real Redis: everything that a Lambda
environment does for a heartbeat but the runtime's own receiving and sending.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench import console, world
from bench.clocks import Contender, Sample, in_turns
from bench.figures import Section, Table, Target, micros, ratio
from bench.latency import latency_table
from bench.progress_stages import stages_of
from bench.stores import Redis, on_one_core, private_redis
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from tests.builders import make_report

VIEWERS = 64
CONTEXT = world.Context()
RATIO, CPU_SECONDS, RATE = 10.0, 300e-6, 3000
HANDLER, BARE, PING = "handler", "bare EVALSHA", "PING"
REST = "beside each other: what stages cost more when they find the caches cold"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--blocks", type=int, default=30, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=1000, help="calls a round")


def run(options: argparse.Namespace) -> Section:
    with private_redis() as redis, world.log_discarded():
        stream = Stream.start(redis)
        contenders = {
            HANDLER: Contender(stream.heartbeat, stream.take),
            BARE: Contender.plain(bare_script(redis)),
            PING: Contender.plain(redis.calls.client.ping),
        }
        samples = in_turns(contenders, blocks=options.blocks, calls=options.calls)
        with on_one_core(redis):
            alone = in_turns(contenders, blocks=options.blocks, calls=options.calls)
        server = stream.server_seconds(options.calls)
        stages = stages_of(stream, calls=options.calls, blocks=max(3, options.blocks // 3))
    return Section(
        title="Progress handler",
        how=(
            f"{VIEWERS} viewers play films; every call of the real `lambda_handler` is a heartbeat"
            " that moves a live place (200, rule `owner`). The bare call is `EVALSHA` of a script"
            " that returns 1, over an equal client. Contenders take turns,"
            f" {options.calls:,} calls each, {options.blocks} rounds. The log line is written to"
            " the null device. First Redis has a core of its own, which sleeps between calls and"
            " which every call must wake; then it shares the handler's, which never sleeps"
            " (decision 0009 says which figure is held to which target)."
        ),
        targets=_targets(samples, alone),
        tables=(
            latency_table("Redis on the other core", samples, bare=BARE),
            latency_table("all on one core", alone, bare=BARE),
            _stage_table(samples[HANDLER], stages, server),
        ),
    )


@dataclass(frozen=True, slots=True)
class Stream:
    """A warm function, and an endless stream of its events."""

    module: Any
    redis: Redis
    viewers: tuple[tuple[Viewer, Title], ...]
    events: Iterator[dict[str, Any]]

    @classmethod
    def start(cls, redis: Redis) -> "Stream":
        """Become the function, sign viewers in and make their places live.

        The catalog is published, and in memory after the first report; no place is cold, so that
        neither Cassandra nor PostgreSQL is asked.
        """
        world.become_function(world.handler_environment(redis_url=redis.url))
        from functions.stream.record_progress import handler  # noqa: PLC0415

        titles = world.films(VIEWERS)
        world.publish(redis.calls, titles)
        viewers = tuple(zip(world.sign_in(redis.calls, count=VIEWERS), titles, strict=True))
        for viewer, title in viewers:
            first = make_report(video_id=title.id, item_id=title.id, playback_id="player")
            handler.wiring.live.record(
                viewer=viewer,
                reports=[(first, title.items[0].facts)],
                durable={title.id: None},
            )
        return cls(handler, redis, viewers, _events(viewers))

    def take(self, count: int) -> Sequence[dict[str, Any]]:
        """Return the next events of the stream."""
        return list(itertools.islice(self.events, count))

    def heartbeat(self, event: dict[str, Any]) -> None:
        answer = self.module.lambda_handler(event, CONTEXT)
        if answer["statusCode"] != 200 or '"moved":true' not in answer["body"]:
            raise RuntimeError(f"not a heartbeat that moved: {answer['body']}")

    def server_seconds(self, calls: int) -> float:
        """Return what Redis itself spends on one heartbeat's script."""
        client = self.redis.calls.client
        client.config_resetstat()
        for event in self.take(calls):
            self.heartbeat(event)
        return float(client.info("commandstats")["cmdstat_evalsha"]["usec_per_call"]) / 1e6


def bare_script(redis: Redis) -> Callable[[], object]:
    """Return the reference: the smallest script, over an equal client."""
    client = redis.calls.client
    sha = client.script_load("return 1")
    return lambda: client.evalsha(sha, 0)


def _targets(
    samples: Mapping[str, Sample], on_one_core: Mapping[str, Sample]
) -> tuple[Target, ...]:
    handler, bare, alone = samples[HANDLER], samples[BARE], on_one_core[HANDLER]
    times, costs, rate = handler.p50 / bare.p50, handler.cpu / bare.cpu, 1 / alone.cpu
    return (
        Target("p50 against the bare script", f"≤ {RATIO:.0f} ×", ratio(times), times <= RATIO),
        Target(
            "processor time against the bare script's",
            f"≤ {RATIO:.0f} ×",
            ratio(costs),
            costs <= RATIO,
        ),
        Target(
            "processor time a report, on one core",
            f"≤ {micros(CPU_SECONDS)}",
            micros(alone.cpu),
            alone.cpu <= CPU_SECONDS,
        ),
        Target(
            "reports a processor second of one process, on one core",
            f"≥ {RATE:,}",
            f"{rate:,.0f}",
            rate >= RATE,
        ),
    )


def _stage_table(handler: Sample, stages: Mapping[str, Sample], server: float) -> Table:
    """Where the processor time goes: every stage measured alone, then all of them together."""
    costs = {name: stage.cpu for name, stage in stages.items()}
    rest = handler.cpu - sum(costs.values())
    rows = [*costs.items(), (REST, rest), ("all of the process", handler.cpu)]
    texts = [(name, micros(cost), f"{cost / handler.cpu * 100:.0f} %") for name, cost in rows]
    return Table(
        ("stage", "processor", "share"),
        (*texts, ("in Redis: the merge script", micros(server), "beside")),
    )


def _events(viewers: tuple[tuple[Viewer, Title], ...]) -> Iterator[dict[str, Any]]:
    """Yield heartbeats, every viewer in turn. Only the body differs between a viewer's events."""
    tokens = [world.token_of(viewer) for viewer, _ in viewers]
    for seq in itertools.count(2):
        for (_, title), token in zip(viewers, tokens, strict=True):
            position = seq * world.STEP_SECONDS
            body = world.report_body(title=title, playback_id="player", seq=seq, position=position)
            yield world.gateway_event(
                method="POST", path="/stream/progress", token=token, body=body
            )


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
