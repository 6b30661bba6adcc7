"""Folders of encoded media in an S3 bucket.

Only texts are read and written; of what players download, its size is all that is asked.
"""

from collections.abc import Callable, Mapping

from reprise.adapters import aws_clients
from reprise.adapters.aws_clients import Client
from reprise.domain.errors import UnavailableError
from reprise.domain.packages import UnfitPackageError

CONNECT_SECONDS = 2
READ_SECONDS = 10
LONGEST_TEXT = 8 * 1024 * 1024
"""Of a playlist, in bytes; one of ten hours has a tenth of it."""

PLAYLIST, WORDS = "application/vnd.apple.mpegurl", "text/vtt"
CACHE = "private, max-age=86400"
"""As `infra_cdk.delivery_rules` says of what needs a grant."""


def connect() -> Client:
    """Return a client that answers or fails within seconds."""
    return aws_clients.connect(
        "s3", connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, attempts=3
    )


class S3Packages:
    """The port `Packages`."""

    def __init__(self, *, bucket: str, connect: Callable[[], Client] = connect) -> None:
        self._bucket = bucket
        self._connect = connect
        self._client: Client = None

    def sizes(self, *, folder: str) -> Mapping[str, int]:
        prefix = f"{folder}/"

        def listed(client: Client) -> Mapping[str, int]:
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            return {
                entry["Key"].removeprefix(prefix): int(entry["Size"])
                for page in pages
                for entry in page.get("Contents", ())
            }

        return self._ask(listed)

    def read(self, *, path: str) -> str:
        body = self._ask(
            lambda client: client.get_object(
                Bucket=self._bucket, Key=path, Range=f"bytes=0-{LONGEST_TEXT}"
            )["Body"].read()
        )
        if len(body) > LONGEST_TEXT:
            raise UnfitPackageError([f"{path} is longer than any playlist"])
        try:
            return str(body, "utf-8")
        except UnicodeDecodeError as error:
            raise UnfitPackageError([f"{path} is no text"]) from error

    def write(self, *, path: str, text: str) -> None:
        self._ask(
            lambda client: client.put_object(
                Bucket=self._bucket,
                Key=path,
                Body=text.encode(),
                ContentType=PLAYLIST if path.endswith(".m3u8") else WORDS,
                CacheControl=CACHE,
            )
        )

    def _ask[Answer](self, question: Callable[[Client], Answer]) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            if self._client is None:
                self._client = self._connect()
            return question(self._client)
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError(f"the media bucket does not answer: {error}") from error
