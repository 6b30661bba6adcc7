"""Signing in and proving who asks: the real handlers with real stores, and Argon2 by itself.

In process, with real API Gateway events, RS256 tokens, a Redis and a PostgreSQL of the run's own.
"""

import argparse
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from unittest import mock

import psycopg

from bench import console, world
from bench.clocks import Contender, Sample, in_turns
from bench.figures import Section, Table, Target, micros, millis, ratio
from bench.stores import Redis, private_postgres, private_redis
from reprise.adapters.passwords_argon2 import Argon2Passwords
from reprise.adapters.tokens_pyjwt import JwtIssuer, JwtVerifier
from reprise_local import seeding_sql as sql
from tests.builders import make_viewer
from tests.harness.keys import SIGNING, VERIFYING

CONTEXT = world.Context()
PASSWORD = "a long password of the benchmark"
HANDLER, ARGON, WITHOUT, REFRESH, LIST = (
    "log-in",
    "Argon2id alone",
    "log-in with a cheap hash",
    "refresh",
    "list of sessions",
)
PROOF, PING = "proof of a token", "PING"
OWN_SECONDS, PROOF_SECONDS = 20e-3, 200e-6
ACCOUNTS = 64


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--blocks", type=int, default=15, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=20, help="calls a round")


def run(options: argparse.Namespace) -> Section:
    with private_redis() as redis, private_postgres() as postgres_url, world.log_discarded():
        front = Front(redis, postgres_url)
        samples = in_turns(front.contenders(), blocks=options.blocks, calls=options.calls)
        quick = in_turns(
            {PROOF: Contender.plain(front.prove), PING: Contender.plain(redis.calls.client.ping)},
            blocks=options.blocks,
            calls=options.calls * 25,
        )
        front.close()
    return Section(
        title="Signing in",
        how=(
            f"{ACCOUNTS} accounts with a profile each sign in, one after the other, on a device of"
            " their own. A log-in is one Argon2id comparison (64 MiB), two counted attempts, one"
            " transaction that keeps the session and makes it live, and one RS256 signature;"
            " beside it the comparison alone, and the same log-in with a hash that costs nothing."
            f" {options.calls} calls each in turns, {options.blocks} rounds; PostgreSQL without"
            " `fsync`, as its share of a commit is the disk's and not ours. A proof is what every"
            " other route does first: the signature and the claims of a token, without I/O."
        ),
        targets=_targets(samples, quick),
        tables=(_table(samples), _table(quick)),
    )


class Front:
    """The functions of signing in, warm, and people who use them."""

    def __init__(self, redis: Redis, postgres_url: str) -> None:
        world.become_function(
            {
                **world.handler_environment(redis_url=redis.url),
                "POSTGRES_URL": postgres_url,
                "LOG_INS_PER_NETWORK": str(world.NO_LIMIT),
            }
        )
        from functions.auth.log_in import handler as log_in  # noqa: PLC0415
        from functions.auth.refresh_session import handler as refresh  # noqa: PLC0415
        from functions.sessions.list_sessions import handler as listing  # noqa: PLC0415

        self._log_in, self._refresh, self._listing = log_in, refresh, listing
        for module in (log_in, refresh):
            module.wiring.issuer = JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api")
        self._verifier = JwtVerifier(keys=VERIFYING, issuer="reprise", audience="reprise-api")
        self._dear = Argon2Passwords()
        self._hash = self._dear.hash(password=PASSWORD)
        self._emails = itertools.cycle(_people(postgres_url, self._hash))
        self._token = world.token_of(make_viewer())
        self._session = self._signed_in(next(self._emails))

    def contenders(self) -> Mapping[str, Contender]:
        return {
            HANDLER: Contender(self._sign_in, self._events),
            ARGON: Contender.plain(self._compare),
            WITHOUT: Contender(self._sign_in_cheaply, self._events),
            REFRESH: Contender.plain(self._go_on),
            LIST: Contender.plain(self._list),
        }

    def prove(self) -> None:
        self._verifier.verify(token=self._token, now=int(time.time()))

    def close(self) -> None:
        for module in (self._log_in, self._refresh, self._listing):
            module.wiring._postgres.close()  # noqa: SLF001  # the run ends its server

    def _events(self, count: int) -> Sequence[dict[str, Any]]:
        return [_event("/auth/login", _body(next(self._emails))) for _ in range(count)]

    def _sign_in(self, event: dict[str, Any]) -> dict[str, Any]:
        return _answered(self._log_in.lambda_handler(event, CONTEXT))

    def _sign_in_cheaply(self, event: dict[str, Any]) -> None:
        with mock.patch.object(self._log_in.wiring, "passwords", _Free()):
            self._sign_in(event)

    def _signed_in(self, email: str) -> dict[str, Any]:
        return world.answer_body(self._sign_in(_event("/auth/login", _body(email))))

    def _compare(self) -> None:
        if not self._dear.verify(password_hash=self._hash, password=PASSWORD):
            raise RuntimeError("the password does not fit")

    def _go_on(self) -> None:
        event = _event("/auth/refresh", {"refreshToken": self._session["refreshToken"]})
        answer = _answered(self._refresh.lambda_handler(event, CONTEXT))
        self._session = world.answer_body(answer)

    def _list(self) -> None:
        event = world.gateway_event(
            method="GET", path="/sessions", token=self._session["accessToken"]
        )
        _answered(self._listing.lambda_handler(event, CONTEXT))


class _Free:
    """Passwords that cost nothing to compare."""

    def hash(self, *, password: str) -> str:
        return password

    def verify(self, *, password_hash: str | None, password: str) -> bool:
        return bool(password_hash and password)


def _people(postgres_url: str, password_hash: str) -> Iterator[str]:
    """Put accounts there and return their addresses."""
    viewers = [make_viewer() for _ in range(ACCOUNTS)]
    with psycopg.connect(postgres_url) as connection:
        for viewer in viewers:
            connection.execute(
                sql.ACCOUNT,
                {
                    "id": viewer.account_id,
                    "email": f"{viewer.account_id}@example.org",
                    "hash": password_hash,
                    "plan": "premium",
                    "region": "US",
                },
            )
            connection.execute(
                sql.PROFILE,
                {
                    "id": viewer.profile_id,
                    "account": viewer.account_id,
                    "position": 0,
                    "name": "Ada",
                    "kids": False,
                    "maturityLevel": 5,
                    "pin": None,
                    "language": "en",
                    "avatar": "heron",
                },
            )
    return iter([f"{viewer.account_id}@example.org" for viewer in viewers])


def _body(email: str) -> dict[str, Any]:
    device = {"id": "bench", "type": "tv", "name": "Bench"}
    return {"email": email, "password": PASSWORD, "device": device}


def _event(path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return world.gateway_event(method="POST", path=path, token="", body=body)


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["statusCode"] != 200:
        raise RuntimeError(f"not answered: {answer['body']}")
    return answer


def _targets(samples: Mapping[str, Sample], quick: Mapping[str, Sample]) -> tuple[Target, ...]:
    own, proof = samples[WITHOUT].p50, quick[PROOF].p50
    return (
        Target(
            "log-in, Argon2 apart, p50", f"≤ {millis(OWN_SECONDS)}", millis(own), own <= OWN_SECONDS
        ),
        Target(
            "proof of a token, p50",
            f"≤ {micros(PROOF_SECONDS)}",
            micros(proof),
            proof <= PROOF_SECONDS,
        ),
    )


def _table(samples: Mapping[str, Sample]) -> Table:
    first = next(iter(samples.values()))
    rows = [
        (
            name,
            millis(sample.p50),
            millis(sample.p95),
            millis(sample.cpu),
            ratio(sample.p50 / first.p50),
        )
        for name, sample in samples.items()
    ]
    return Table(("what", "p50", "p95", "processor", f"to the {next(iter(samples))}"), tuple(rows))


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
