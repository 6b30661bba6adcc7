"""The wiring of the collector of revocations, which reaches the database and a queue."""

import time
from collections.abc import Callable
from functools import cached_property

from reprise.adapters.postgres import Postgres
from reprise.adapters.revocation_queue_sqs import SqsRevocationQueue
from reprise.adapters.revoked_sessions_postgres import PostgresRevokedSessions
from reprise.application.revocation_ports import RevocationQueue, RevokedSessions
from reprise.bootstrap.stores import postgres_dsn
from reprise.settings import CollectorSettings


class CollectorWiring:
    """The ports of the collector."""

    def __init__(self, settings: CollectorSettings) -> None:
        self._settings = settings
        self.clock: Callable[[], float] = time.time

    @cached_property
    def revoked_sessions(self) -> RevokedSessions:
        postgres = Postgres(dsn=postgres_dsn(self._settings.postgres))
        return PostgresRevokedSessions(postgres=postgres)

    @cached_property
    def revocation_queue(self) -> RevocationQueue:
        return SqsRevocationQueue(url=self._settings.revocations.queue_url)
