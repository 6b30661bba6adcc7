"""The two ends of an import, from outside of any function."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from reprise.adapters.catalog_copies_redis import RedisCatalogCopies
from reprise.adapters.catalog_import_postgres import PostgresCatalogStore
from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.postgres import Postgres
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.catalog_ports import CatalogCopies, CatalogStore

REDIS_TIMEOUT_MS = 5_000
STATEMENT_SECONDS = 600
"""A statement writes a thousand titles; an import waits for the one before it."""


@contextmanager
def catalog_stores(
    *, postgres_dsn: str, redis_url: str
) -> Iterator[tuple[CatalogStore, CatalogCopies]]:
    """Yield what writes the catalog and what lets readers see it; they connect on first use."""
    postgres = Postgres(dsn=lambda: postgres_dsn, statement_seconds=STATEMENT_SECONDS)
    client = connect(url=redis_url, cluster=False, timeout_ms=REDIS_TIMEOUT_MS)
    source = PostgresTitles(postgres=postgres)
    copies = RedisCatalogCopies(RedisCalls(client), source=source, now=time.time)
    try:
        yield PostgresCatalogStore(postgres=postgres), copies
    finally:
        client.close()
        postgres.close()
