"""The one session with Cassandra, or with Amazon Keyspaces, of an execution environment.

It connects at the first use, prepares each statement once, and imports the driver only then, so
that a route which merely may need the history does not pay for it. What Keyspaces needs (protocol
4, TLS with Amazon's roots, SigV4, no schema metadata) is chosen by `auth="sigv4"`; that half has
not run against AWS yet.
"""

import importlib
import ssl
import threading
from dataclasses import dataclass
from typing import Any, Literal

from reprise.domain.errors import UnavailableError

type Session = Any
"""`cassandra.cluster.Session`; the driver ships no types."""

FIRST_RECONNECT_SECONDS = 0.05
RECONNECT_SECONDS = 1.0
"""A connection that died while its environment slept is made anew within the request that finds
out; a node that is really down is tried ever more slowly, up to once a second."""

HEARTBEAT_SECONDS = 30
"""Below the 350 s after which a load balancer forgets an idle connection."""

RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class CassandraAddress:
    """Where the history is. `timeout_ms` bounds each request, and each connection attempt.

    `ca_bundle` is the path of the trusted roots for TLS (Keyspaces), `region` its AWS region.
    """

    hosts: tuple[str, ...]
    port: int
    keyspace: str
    local_dc: str
    timeout_ms: int = 2_000
    auth: Literal["none", "sigv4"] = "none"
    region: str = ""
    ca_bundle: str | None = None

    @property
    def is_keyspaces(self) -> bool:
        return self.auth == "sigv4"


class CassandraConnection:
    """A session that opens when first asked for, and again after a failed attempt."""

    def __init__(self, address: CassandraAddress) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._cluster: Any = None
        self._session: Session | None = None
        self._prepared: dict[str, Any] = {}

    def session(self) -> Session:
        """Return the open session.

        Raises:
            UnavailableError: no host answers.
        """
        if self._session is None:
            with self._lock:
                if self._session is None:
                    self._session = self._connect()
        return self._session

    def prepared(self, statement: str) -> Any:
        """Return the prepared statement; preparing also proves that the table is there.

        Raises:
            UnavailableError: no host answers, or the schema is not what the code expects.
        """
        from cassandra import DriverException, InvalidRequest  # noqa: PLC0415
        from cassandra.cluster import NoHostAvailable  # noqa: PLC0415

        found = self._prepared.get(statement)
        if found is None:
            try:
                found = self.session().prepare(statement)
            except (DriverException, InvalidRequest, NoHostAvailable) as error:
                raise unavailable("the watch history can't be asked") from error
            self._prepared[statement] = found
        return found

    def close(self) -> None:
        with self._lock:
            if self._cluster is not None:
                self._cluster.shutdown()
            self._cluster, self._session, self._prepared = None, None, {}

    def _connect(self) -> Session:
        from cassandra import DriverException  # noqa: PLC0415
        from cassandra.cluster import Cluster, NoHostAvailable  # noqa: PLC0415

        cluster = Cluster(**_options(self.address))
        try:
            session = cluster.connect(self.address.keyspace)
        except (NoHostAvailable, DriverException) as error:
            cluster.shutdown()
            raise unavailable("the watch history does not answer") from error
        self._cluster = cluster
        return session


def unavailable(message: str) -> UnavailableError:
    return UnavailableError(message, retry_after=RETRY_AFTER_SECONDS)


def _options(address: CassandraAddress) -> dict[str, Any]:
    from cassandra import ConsistencyLevel  # noqa: PLC0415
    from cassandra.cluster import EXEC_PROFILE_DEFAULT, ExecutionProfile  # noqa: PLC0415
    from cassandra.policies import (  # noqa: PLC0415
        DCAwareRoundRobinPolicy,
        ExponentialReconnectionPolicy,
    )

    timeout = address.timeout_ms / 1000
    profile = ExecutionProfile(
        load_balancing_policy=DCAwareRoundRobinPolicy(local_dc=address.local_dc),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL,
        request_timeout=timeout,
    )
    options = {
        "contact_points": list(address.hosts),
        "port": address.port,
        "execution_profiles": {EXEC_PROFILE_DEFAULT: profile},
        "reconnection_policy": ExponentialReconnectionPolicy(
            FIRST_RECONNECT_SECONDS, RECONNECT_SECONDS, max_attempts=None
        ),
        "connect_timeout": timeout,
        "control_connection_timeout": timeout,
        "idle_heartbeat_interval": HEARTBEAT_SECONDS,
        "idle_heartbeat_timeout": timeout,
        "schema_metadata_enabled": False,
        "token_metadata_enabled": False,
        "compression": False,
        # Cassandra's since 4.0. Unnamed, the driver tries its newest first and warns at each start.
        "protocol_version": 5,
    }
    return options | (_keyspaces_options(address) if address.is_keyspaces else {})


def _keyspaces_options(address: CassandraAddress) -> dict[str, Any]:
    import boto3  # noqa: PLC0415

    sigv4 = importlib.import_module("cassandra_sigv4.auth")
    context = ssl.create_default_context(cafile=address.ca_bundle)
    # Peers are announced by address; the chain is still verified.
    context.check_hostname = False
    return {
        "ssl_context": context,
        "auth_provider": sigv4.SigV4AuthProvider(boto3.Session(region_name=address.region)),
        "protocol_version": 4,
    }
