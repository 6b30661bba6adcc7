"""`RevokedHolders` in a CloudFront KeyValueStore: holder → Unix seconds until which it matters.

The store has a version, its ETag, that every change has to name, and lists fifty keys a call. So
what was read is kept with its version and read again only where somebody else changed it. botocore
signs these calls for every region at once (SigV4A), which takes `awscrt`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from reprise.adapters import aws_clients
from reprise.adapters.aws_clients import Client
from reprise.domain.errors import UnavailableError

PER_PAGE = 50
PER_UPDATE = 50
"""CloudFront's limits for one call."""

TRIES = 4
"""Of a change that others keep getting ahead of."""

CONNECT_SECONDS = 2
READ_SECONDS = 5


def connect() -> Client:
    """Return a client that answers or fails within seconds."""
    return aws_clients.connect(
        "cloudfront-keyvaluestore",
        connect_seconds=CONNECT_SECONDS,
        read_seconds=READ_SECONDS,
        attempts=2,
    )


class _ConflictError(Exception):
    """Somebody else has changed the store since it was read."""


@dataclass(slots=True)
class _Version:
    etag: str
    holders: dict[str, int]


class CloudFrontRevokedHolders:
    """The port, of the store with this ARN. A value that is no number counts as 0."""

    def __init__(self, *, arn: str, connect: Callable[[], Client] = connect) -> None:
        self._arn = arn
        self._connect = connect
        self._client: Client = None
        self._known: _Version | None = None

    def all(self) -> Mapping[str, int]:
        return dict(self._read().holders)

    def change(self, *, put: Mapping[str, int], forget: Collection[str]) -> None:
        for _ in range(TRIES):
            try:
                return self._change(put, forget)
            except _ConflictError:
                continue
        raise UnavailableError("others keep changing what the edge refuses")

    def _change(self, put: Mapping[str, int], forget: Collection[str]) -> None:
        """Do what of it is still to be done; what nobody knows can't be deleted."""
        version = self._read()
        ended = [holder for holder in forget if holder in version.holders and holder not in put]
        for some in batched(ended, PER_UPDATE, strict=False):
            self._update(version, Deletes=[{"Key": holder} for holder in some])
            for holder in some:
                del version.holders[holder]
        news = {holder: at for holder, at in put.items() if version.holders.get(holder) != at}
        for these in batched(news.items(), PER_UPDATE, strict=False):
            self._update(version, Puts=[{"Key": key, "Value": str(at)} for key, at in these])
            version.holders |= these

    def _read(self) -> _Version:
        """Return what the store holds now.

        The version is asked for before its keys: one that changes meanwhile is an old one then, and
        no change that names it is taken.
        """
        etag = str(self._call("describe_key_value_store")["ETag"])
        if self._known is None or self._known.etag != etag:
            self._known = _Version(etag, self._listed())
        return self._known

    def _listed(self) -> dict[str, int]:
        found: dict[str, int] = {}
        page: dict[str, str] = {}
        while True:
            answer = self._call("list_keys", MaxResults=PER_PAGE, **page)
            found |= {item["Key"]: _instant(item["Value"]) for item in answer.get("Items", [])}
            if not answer.get("NextToken"):
                return found
            page = {"NextToken": answer["NextToken"]}

    def _update(self, version: _Version, **changes: Any) -> None:
        version.etag = str(self._call("update_keys", IfMatch=version.etag, **changes)["ETag"])

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            return getattr(self._open(), operation)(KvsARN=self._arn, **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConflictException":
                self._known = None
                raise _ConflictError from error
            raise UnavailableError("the edge's store refuses") from error
        except BotoCoreError as error:
            raise UnavailableError("the edge's store does not answer") from error

    def _open(self) -> Client:
        if self._client is None:
            self._client = self._connect()
        return self._client


def _instant(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0
