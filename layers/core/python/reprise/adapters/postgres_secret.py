"""Where PostgreSQL is, from the secret that Aurora rotates: read again at each connect."""

import json
from urllib.parse import quote

from reprise.domain.errors import UnavailableError


def dsn_of_secret(*, secret_id: str) -> str:
    """Return the URL that the secret's fields make.

    Raises:
        UnavailableError: Secrets Manager does not answer, or the secret is not of a database.
    """
    import boto3  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        client = boto3.client("secretsmanager")
        fields = json.loads(client.get_secret_value(SecretId=secret_id)["SecretString"])
        credentials = f"{quote(fields['username'], safe='')}:{quote(fields['password'], safe='')}"
        return f"postgresql://{credentials}@{fields['host']}:{fields['port']}/{fields['dbname']}"
    except (BotoCoreError, ClientError, KeyError, ValueError) as error:
        raise UnavailableError("the account and catalog store is not known") from error
