"""Secrets by name, from AWS Secrets Manager. boto3 is imported on first use: only log-in and
functions that had to leave the fast path ever read one."""

from reprise.domain.errors import UnavailableError

CONNECT_SECONDS = 1
READ_SECONDS = 2


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
