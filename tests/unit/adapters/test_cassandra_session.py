"""What a session asks for, on one machine and on Keyspaces."""

import ssl
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT

from reprise.adapters import cassandra_session
from reprise.adapters.cassandra_session import CassandraAddress

LOCAL = CassandraAddress(
    hosts=("127.0.0.1",), port=9042, keyspace="reprise", local_dc="datacenter1", timeout_ms=1_500
)
KEYSPACES = CassandraAddress(
    hosts=("cassandra.us-east-1.amazonaws.com",),
    port=9142,
    keyspace="reprise",
    local_dc="us-east-1",
    auth="sigv4",
    region="us-east-1",
)


def options(address: CassandraAddress) -> dict[str, Any]:
    return cassandra_session._options(address)


def test_every_request_is_bounded_and_at_local_quorum() -> None:
    asked = options(LOCAL)
    profile = asked["execution_profiles"][EXEC_PROFILE_DEFAULT]
    assert profile.consistency_level == ConsistencyLevel.LOCAL_QUORUM
    assert profile.request_timeout == asked["connect_timeout"] == 1.5


def test_a_store_that_comes_back_is_found_within_a_second() -> None:
    assert next(iter(options(LOCAL)["reconnection_policy"].new_schedule())) < 1.0


def test_one_machine_needs_no_tls() -> None:
    asked = options(LOCAL)
    assert not {"ssl_context", "auth_provider"} & set(asked)
    assert asked["protocol_version"] == 5


def test_keyspaces_is_spoken_to_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    auth = ModuleType("cassandra_sigv4.auth")
    auth.SigV4AuthProvider = lambda session: SimpleNamespace(  # type: ignore[attr-defined]
        region=session.region_name
    )
    monkeypatch.setitem(sys.modules, "cassandra_sigv4", ModuleType("cassandra_sigv4"))
    monkeypatch.setitem(sys.modules, "cassandra_sigv4.auth", auth)
    asked = options(KEYSPACES)
    assert asked["protocol_version"] == 4
    assert asked["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert asked["auth_provider"].region == "us-east-1"
    assert not asked["schema_metadata_enabled"]
    assert not asked["token_metadata_enabled"]
    assert asked["idle_heartbeat_interval"] < 350
