"""Secrets by name, from AWS Secrets Manager: only functions that sign and those that had to leave
the fast path ever read one."""

from reprise.adapters import aws_clients
from reprise.domain.errors import UnavailableError

CONNECT_SECONDS = 1
READ_SECONDS = 2

_REFUSALS = {
    "ResourceNotFoundException": "is missing or has no value",
    "InvalidRequestException": "is marked for deletion",
    "InvalidParameterException": "has a name that no secret can have",
    "ValidationException": "has a name that no secret can have",
    "AccessDeniedException": "may not be read by this function",
    "DecryptionFailure": "can't be decrypted with its KMS key",
}
"""Answers that stay the same until somebody does something; all others may pass."""


class SecretRefusedError(UnavailableError):
    """There is no such text, or not for us: waiting mends nothing.

    `reason` follows the secret's name, for operators; the message is for clients and names nothing.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("secrets do not answer")
        self.reason = reason


def read_secret(*, secret_id: str, attempts: int = 2) -> str:
    """Return the text of a secret.

    Raises:
        SecretRefusedError: Secrets Manager answers, and not with a text.
        UnavailableError: it does not answer now.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        client = aws_clients.connect(
            "secretsmanager",
            connect_seconds=CONNECT_SECONDS,
            read_seconds=READ_SECONDS,
            attempts=attempts,
        )
        text: str | None = client.get_secret_value(SecretId=secret_id).get("SecretString")
    except ClientError as error:
        reason = _REFUSALS.get(error.response["Error"]["Code"])
        if reason is not None:
            raise SecretRefusedError(reason) from error
        raise UnavailableError("secrets do not answer") from error
    except BotoCoreError as error:
        raise UnavailableError("secrets do not answer") from error
    if text is None:
        raise SecretRefusedError("holds no text")
    return text
