"""The continue-watching row, ready and rebuilt, against bare reads of the same data.

A hit is one round trip to Redis; the reference is a plain `HGETALL` of the same hash. A miss also
asks Cassandra; the reference is the driver's own read of the same partition.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench import world
from bench.clocks import Contender, Sample, in_turns
from bench.console import main
from bench.figures import Section, Table, Target, micros, ratio
from bench.stores import Redis, cassandra, private_redis
from reprise.adapters import cassandra_rows
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.application.list_continue_watching import list_continue_watching
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from tests.builders import make_film
from tests.flush_builders import make_item, make_place

TITLES = 20
RATIO = 3.0
CONTEXT = world.Context()
HANDLER, USE_CASE, BARE = "handler, hit", "use case, hit", "bare HGETALL"
MISS, USE_CASE_MISS, BARE_MISS = "handler, miss", "use case, miss", "bare SELECT"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--blocks", type=int, default=20, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=1000, help="calls a round; a tenth for misses")


def run(options: argparse.Namespace) -> Section:
    with private_redis() as redis, cassandra() as address, world.log_discarded():
        row = ReadyRow.start(redis, address)
        hits = in_turns(row.hits(), blocks=options.blocks, calls=options.calls)
        misses = in_turns(row.misses(), blocks=options.blocks, calls=max(10, options.calls // 10))
        row.connection.close()
    times = hits[USE_CASE].p50 / hits[BARE].p50
    return Section(
        title="Continue watching",
        how=(
            f"A profile with {TITLES} titles begun, ten in the row. The use case is held to the"
            " target: it is all that is done between a proved request and the finished row, with"
            " the catalog in memory. The handler adds what every route pays: the token, the frame,"
            " the JSON and the line in the log. Before each miss the row is deleted, off the clock."
        ),
        targets=(
            Target("hit, p50 to a bare read", f"≤ {RATIO:.0f} ×", ratio(times), times <= RATIO),
        ),
        tables=(_table(hits, BARE), _table(misses, BARE_MISS)),
    )


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A warm function, and a viewer whose row it knows."""

    module: Any
    redis: Redis
    connection: CassandraConnection
    viewer: Viewer
    event: Mapping[str, Any]

    @classmethod
    def start(cls, redis: Redis, address: CassandraAddress) -> "ReadyRow":
        """Become the function, write a history, and ask once so that everything is warm."""
        environment = world.handler_environment(redis_url=redis.url, cassandra=address)
        world.become_function(environment)
        from functions.playstate.list_continue_watching import handler  # noqa: PLC0415

        films = [make_film() for _ in range(TITLES)]
        world.publish(redis.calls, films)
        [viewer] = world.sign_in(redis.calls, count=1)
        connection = CassandraConnection(address)
        _write_history(connection, viewer, films)
        event = world.gateway_event(
            method="GET", path="/continue-watching", token=world.token_of(viewer)
        )
        ready = cls(handler, redis, connection, viewer, event)
        ready.ask()
        return ready

    def hits(self) -> Mapping[str, Contender]:
        client, key = self.redis.calls.client, ProfileKeys.of(self.viewer.profile_id).row
        return {
            HANDLER: Contender.plain(self.ask),
            USE_CASE: Contender.plain(self.list),
            BARE: Contender.plain(lambda: client.hgetall(key)),
        }

    def misses(self) -> Mapping[str, Contender]:
        return {
            MISS: Contender.plain(self.ask, before=self.forget),
            USE_CASE_MISS: Contender.plain(self.list, before=self.forget),
            BARE_MISS: Contender.plain(self._select()),
        }

    def ask(self) -> None:
        answer = self.module.lambda_handler(self.event, CONTEXT)
        if answer["statusCode"] != 200 or answer["body"].count('"videoId"') != 10:
            raise RuntimeError(f"not a row of ten: {answer['body']}")

    def list(self) -> None:
        wiring = self.module.wiring
        row = list_continue_watching(
            viewer=self.viewer,
            catalog=wiring.catalog,
            rows=wiring.rows,
            live=wiring.live,
            durable=wiring.durable,
            now=int(wiring.clock()),
            pause=wiring.pause,
        )
        if len(row.entries) != 10 or row.stale:
            raise RuntimeError("not a row of ten")

    def forget(self) -> None:
        self.redis.calls.client.delete(ProfileKeys.of(self.viewer.profile_id).row)

    def _select(self) -> Callable[[], object]:
        statement = self.connection.prepared(cassandra_rows.PLACES)
        session = self.connection.session()
        values = cassandra_rows.uuids(self.viewer.profile_id)
        return lambda: list(session.execute(statement, values))


def _write_history(connection: CassandraConnection, viewer: Viewer, films: Sequence[Title]) -> None:
    now = world.now_us()
    items = []
    for number, film in enumerate(films):
        seen = now - number * world.HOUR * 1_000_000
        place = replace(
            make_place(video_id=film.id, position=1500.0 + number),
            changed_at=seen,
            moved_at=seen,
            viewed_at=seen,
        )
        items.append(make_item(profile_id=viewer.profile_id, place=place))
    failures = CassandraPlaces(connection).write(items=items, now=now)
    if failures:
        raise RuntimeError(f"the history was not written: {failures}")


def _table(samples: Mapping[str, Sample], reference: str) -> Table:
    rows = [
        (
            name,
            micros(sample.p50),
            micros(sample.p95),
            micros(sample.cpu),
            ratio(sample.p50 / samples[reference].p50),
        )
        for name, sample in samples.items()
    ]
    return Table(("call", "p50", "p95", "processor", f"p50 to {reference}"), tuple(rows))


if __name__ == "__main__":
    main(run, about=__doc__, arguments=arguments)
