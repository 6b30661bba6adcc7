"""The servers a test runs against, as the file that `make test-servers` writes describes them."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

VARIABLE = "REPRISE_TEST_STACK"
MEND = (
    "these tests need private servers: run `make test-servers`, then "
    f"`export {VARIABLE}=.local/test/stack.json` (or simply `make test`)"
)
MEND_CLOUD = "these tests need the deployed test stack: run `make test-servers WITH_CLOUD=1`"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the seed made; `profiles` are (id, name), the first one is selected."""

    email: str
    password: str
    plan: str
    profiles: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DemoTitles:
    """A film and a series with its aired episodes."""

    film: str
    series: str
    episodes: Sequence[str]


@dataclass(frozen=True, slots=True)
class DemoCatalog(DemoTitles):
    """Known titles of the seed; of the `playable` ones there are files, and they are short."""

    playable: DemoTitles


@dataclass(frozen=True, slots=True)
class TestStack:
    """Where the private servers answer; the cloud's URLs and `catalog` are None until deployed."""

    __test__ = False  # pytest: a dataclass, whatever its name

    redis_url: str
    cassandra_host: str
    cassandra_port: int
    cassandra_keyspace: str
    postgres_url: str
    api_url: str | None
    endpoint_url: str | None
    edge_url: str | None
    accounts: Sequence[DemoAccount]
    catalog: DemoCatalog | None

    @classmethod
    def read(cls, path: Path) -> Self:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            redis_url=facts["redisUrl"],
            cassandra_host=facts["cassandra"]["host"],
            cassandra_port=facts["cassandra"]["port"],
            cassandra_keyspace=facts["cassandra"]["keyspace"],
            postgres_url=facts["postgresUrl"],
            api_url=facts.get("apiUrl"),
            endpoint_url=facts.get("endpointUrl"),
            edge_url=facts.get("edgeUrl"),
            accounts=tuple(_account(entry) for entry in facts.get("accounts", ())),
            catalog=_catalog(facts.get("catalog")),
        )


def configured_path() -> Path | None:
    """Return the file that the environment names, where it names one that exists."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named and Path(named).is_file() else None


def _account(facts: dict[str, Any]) -> DemoAccount:
    return DemoAccount(
        email=facts["email"],
        password=facts["password"],
        plan=facts["plan"],
        profiles=tuple((profile["id"], profile["name"]) for profile in facts["profiles"]),
    )


def _catalog(facts: dict[str, Any] | None) -> DemoCatalog | None:
    if not facts:
        return None
    return DemoCatalog(**_titles(facts), playable=DemoTitles(**_titles(facts["playable"])))


def _titles(facts: dict[str, Any]) -> dict[str, Any]:
    series = facts["series"]
    return {
        "film": facts["film"],
        "series": series["videoId"],
        "episodes": tuple(series["episodes"]),
    }
