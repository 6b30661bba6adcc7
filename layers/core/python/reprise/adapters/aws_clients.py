"""Clients of AWS that answer or fail within seconds, made when something is first asked.

botocore takes longer to import than most requests take to answer, and boto3 half as long again for
what nobody here uses, so neither is imported at a start that needs no AWS.
"""

from typing import Any

type Client = Any


def connect(
    service: str,
    *,
    connect_seconds: float,
    read_seconds: float,
    attempts: int,
    connections: int = 10,
) -> Client:
    """Return a client of a service, `attempts` counting the first call too."""
    import botocore.session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=connections,
    )
    return botocore.session.get_session().create_client(service, config=config)
