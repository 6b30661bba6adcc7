"""The stores of one machine, read from the file that the launcher writes before it deploys."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra_cdk.environments import Environment
from infra_cdk.refusals import RefusedError
from infra_cdk.stores import Stores, grant_secret_name, signing_secret_name

ARCHITECTURES = ("x86_64", "arm64")

_REQUIRED: Mapping[str, tuple[type, Callable[[Any], bool]]] = {
    "redisUrl": (str, lambda url: url.startswith(("redis://", "rediss://"))),
    "cassandra.host": (str, bool),
    "cassandra.port": (int, lambda port: 0 < port < 65_536),
    "cassandra.keyspace": (str, bool),
    "postgresUrl": (str, lambda url: url.startswith(("postgresql://", "postgres://"))),
    "jwks.keys": (list, bool),
    "mediaUrl": (str, lambda url: url.startswith("http") and not url.endswith("/")),
    "edgeStore.arn": (str, lambda arn: arn.startswith("arn:aws:cloudfront::")),
    "edgeStore.url": (str, lambda url: url.startswith("http") and not url.endswith("/")),
    "cursorSecret": (str, bool),
    "edgeSecret": (str, bool),
}
_OPTIONAL: Mapping[str, tuple[type, Callable[[Any], bool]]] = {
    "flushMinutes": (int, lambda minutes: minutes >= 1),
    "architecture": (str, lambda name: name in ARCHITECTURES),
}


def read_config(path: Path) -> Mapping[str, Any]:
    """Return the launcher's file. Raises `RefusedError` that names every wrong key at once."""
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RefusedError(
            f"cannot read the local config {path} ({error}): `make run` writes it",
        ) from error
    wrong = [key for key, rule in _REQUIRED.items() if not _fits(_look_up(config, key), rule)]
    for key, rule in _OPTIONAL.items():
        value = _look_up(config, key)
        if value is not None and not _fits(value, rule):
            wrong.append(key)
    if wrong:
        raise RefusedError(f"missing or wrong in {path}: {', '.join(wrong)}")
    result: Mapping[str, Any] = config
    return result


def adapted(*, environment: Environment, config: Mapping[str, Any]) -> Environment:
    """Return the stage with what this machine decides: its processor and its schedule."""
    return replace(
        environment,
        architecture=config.get("architecture", environment.architecture),
        flush_minutes=config.get("flushMinutes", environment.flush_minutes),
    )


def local_stores(*, stage: str, config: Mapping[str, Any]) -> Stores:
    return Stores(
        redis_url=config["redisUrl"],
        redis_cluster=False,
        cassandra_hosts=config["cassandra"]["host"],
        cassandra_port=config["cassandra"]["port"],
        cassandra_keyspace=config["cassandra"]["keyspace"],
        cassandra_data_center="datacenter1",
        cassandra_auth="none",
        postgres={"POSTGRES_URL": config["postgresUrl"]},
        postgres_secret_name=None,
        signing_secret_name=signing_secret_name(stage=stage),
        grant_secret_name=grant_secret_name(stage=stage),
        media_url=config["mediaUrl"],
        edge_store_arn=config["edgeStore"]["arn"],
        edge_store_url=config["edgeStore"]["url"],
        public_keys=lambda _scope: json.dumps(config["jwks"], separators=(",", ":")),
        cursor_secret=config["cursorSecret"],
        edge_secret=config["edgeSecret"],
        history_tables=(),
        system_tables=(),
        network=None,
    )


def _look_up(config: object, key: str) -> object:
    for part in key.split("."):
        if not isinstance(config, dict):
            return None
        config = config.get(part)
    return config


def _fits(value: object, rule: tuple[type, Callable[[Any], bool]]) -> bool:
    kind, accepts = rule
    return isinstance(value, kind) and not isinstance(value, bool) and accepts(value)
