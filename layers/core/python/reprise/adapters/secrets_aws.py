"""Secrets by name, from AWS Secrets Manager. boto3 is imported on first use: only log-in and
functions that had to leave the fast path ever read one."""

import json
from typing import Any

from reprise.domain.errors import UnavailableError

CONNECT_SECONDS = 1
READ_SECONDS = 2
TRUSTED_ROOTS = "/etc/pki/tls/certs/ca-bundle.crt"
"""Lambda's own; the proxy's certificate comes from Amazon Trust Services."""


def read_secret(*, secret_id: str) -> str:
    """Return the text of a secret.

    Raises:
        UnavailableError: Secrets Manager does not answer, or not with this secret.
    """
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 2, "mode": "standard"},
    )
    try:
        client = boto3.client("secretsmanager", config=config)
        return client.get_secret_value(SecretId=secret_id)["SecretString"]
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError("secrets do not answer") from error


def read_postgres_dsn(*, secret_id: str, host: str | None) -> str:
    """Return the connection string of a database secret; `host` is the proxy in front of it.

    Raises:
        UnavailableError: as `read_secret`.
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    facts: dict[str, Any] = json.loads(read_secret(secret_id=secret_id))
    return make_conninfo(
        host=host or facts["host"],
        port=facts["port"],
        dbname=facts["dbname"],
        user=facts["username"],
        password=facts["password"],
        sslmode="verify-full",
        sslrootcert=TRUSTED_ROOTS,
    )
