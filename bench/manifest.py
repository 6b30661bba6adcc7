"""Press play: the real handler of `GET /stream/{id}/manifest`, warm, against a bare script call.

In process, with real API Gateway events and tokens, a real Redis, and grants signed with ECDSA:
everything that a Lambda environment does for a manifest but the runtime's receiving and sending.
"""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench import console, world
from bench.clocks import Contender, in_turns
from bench.figures import Section, Target, micros
from bench.latency import latency_table
from bench.progress import bare_script
from bench.stores import Redis, on_one_core, private_redis
from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.adapters.publications_redis import media_key, media_to_json
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from tests.builders import make_report
from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.published import publication

VIEWERS = 64
CONTEXT = world.Context()
CPU_SECONDS = 5e-3
HANDLER, KNOWN, BARE = "manifest", "manifest that the player has", "bare EVALSHA"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--blocks", type=int, default=30, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=300, help="calls a round")


def run(options: argparse.Namespace) -> Section:
    with private_redis() as redis, world.log_discarded():
        plays = Plays.start(redis)
        contenders = {
            HANDLER: Contender(plays.press, plays.take),
            KNOWN: Contender(plays.look_again, plays.take_known),
            BARE: Contender.plain(bare_script(redis)),
        }
        samples = in_turns(contenders, blocks=options.blocks, calls=options.calls)
        with on_one_core(redis):
            alone = in_turns(contenders, blocks=options.blocks, calls=options.calls)
    return Section(
        title="Manifest handler",
        how=(
            f"{VIEWERS} viewers press play, each on a film of eight qualities that is half watched;"
            " every call of the real `lambda_handler` passes the gate, reads the place, begins a"
            " playback, takes a screen and signs a grant (200). Titles are in memory and"
            " publications in Redis, so that neither Cassandra nor PostgreSQL is asked. The second"
            " contender sends `If-None-Match` (304: no new playback, screen or grant). The bare"
            " call is `EVALSHA` of a script that returns 1. Contenders take turns,"
            f" {options.calls:,} calls each,"
            f" {options.blocks} rounds; first Redis has a core of its own, then it shares this one."
        ),
        targets=(
            Target(
                "processor time a manifest, warm",
                f"≤ {micros(CPU_SECONDS)}",
                micros(samples[HANDLER].cpu),
                samples[HANDLER].cpu <= CPU_SECONDS,
            ),
            Target(
                "p50 of a manifest, warm",
                f"≤ {micros(CPU_SECONDS)}",
                micros(samples[HANDLER].p50),
                samples[HANDLER].p50 <= CPU_SECONDS,
            ),
        ),
        tables=(
            latency_table("Redis on the other core", samples, bare=BARE),
            latency_table("all on one core", alone, bare=BARE),
        ),
    )


@dataclass(frozen=True, slots=True)
class Plays:
    """A warm function, and endless streams of its events: with and without a known tag."""

    module: Any
    events: Iterator[dict[str, Any]]
    known: Iterator[dict[str, Any]]

    @classmethod
    def start(cls, redis: Redis) -> "Plays":
        """Become the function, sign viewers in, publish their films and make their places live."""
        world.become_function(world.handler_environment(redis_url=redis.url))
        world.become_function(
            {"GRANT_SIGNING_SECRET_ID": "none", "MEDIA_URL": "https://media.reprise.example/media"}
        )
        from functions.stream.play_film import handler  # noqa: PLC0415

        handler.wiring.signer = CloudFrontSigner(keys=signing_set(ecdsa_key()), setting="bench")
        titles = world.films(VIEWERS)
        world.publish(redis.calls, titles)
        viewers = tuple(zip(world.sign_in(redis.calls, count=VIEWERS), titles, strict=True))
        for viewer, title in viewers:
            _publish(redis, title)
            _watch(handler, viewer, title)
        fresh = [_event(viewer, title) for viewer, title in viewers]
        tags = [
            handler.lambda_handler(event, CONTEXT)["multiValueHeaders"]["ETag"][0]
            for event in fresh
        ]
        known = [_with_tag(event, tag) for event, tag in zip(fresh, tags, strict=True)]
        return cls(handler, itertools.cycle(fresh), itertools.cycle(known))

    def take(self, count: int) -> Sequence[dict[str, Any]]:
        """Return the next events of the stream."""
        return list(itertools.islice(self.events, count))

    def take_known(self, count: int) -> Sequence[dict[str, Any]]:
        """Return the next events of players that have the manifest."""
        return list(itertools.islice(self.known, count))

    def press(self, event: dict[str, Any]) -> None:
        answer = self.module.lambda_handler(event, CONTEXT)
        if answer["statusCode"] != 200 or '"resumePosition":1000.0' not in answer["body"]:
            raise RuntimeError(f"not a manifest that resumes: {answer}")

    def look_again(self, event: dict[str, Any]) -> None:
        answer = self.module.lambda_handler(event, CONTEXT)
        if answer["statusCode"] != 304:
            raise RuntimeError(f"not a manifest that is known: {answer}")


def _publish(redis: Redis, title: Title) -> None:
    text = media_to_json(publication(title.id, title.id), refreshed_at=world.now_us() // 1_000_000)
    redis.calls.client.set(media_key(title.id), text)


def _watch(handler: Any, viewer: Viewer, title: Title) -> None:
    report = make_report(video_id=title.id, item_id=title.id)
    handler.wiring.live.record(
        viewer=viewer, reports=[(report, title.items[0].facts)], durable={title.id: None}
    )


def _event(viewer: Viewer, title: Title) -> dict[str, Any]:
    event = world.gateway_event(
        method="GET", path=f"/stream/{title.id}/manifest", token=world.token_of(viewer)
    )
    resource = "/stream/{id}/manifest"
    return event | {"resource": resource, "pathParameters": {"id": title.id}}


def _with_tag(event: dict[str, Any], tag: str) -> dict[str, Any]:
    headers = event["headers"] | {"If-None-Match": tag}
    many = {name: [value] for name, value in headers.items()}
    return event | {"headers": headers, "multiValueHeaders": many}


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
