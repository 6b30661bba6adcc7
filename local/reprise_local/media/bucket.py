"""The media bucket: whole publications in folders that never change once they are complete."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra_cdk.delivery_rules import SIGNED_CACHE, content_type
from reprise_local.errors import LocalError
from reprise_local.media.package import MANIFEST, Package
from reprise_local.media.progress import Meter

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

DEFAULT_NAME = "reprise-local-media"
_FOREVER = "private, max-age=31536000, immutable"
"""Of what is large: its folder is never written again."""

_LARGE = frozenset({".m4s", ".mp4", ".jpg"})
_SIDE_BY_SIDE = 8


@contextmanager
def _told(bucket: str) -> Iterator[None]:
    """Turn the store's complaints into ours."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - boto3 is heavy

    try:
        yield
    except ClientError as error:
        raise LocalError(f"the media bucket {bucket} refuses: {error}") from error
    except BotoCoreError as error:
        message = f"the store of the media bucket {bucket} does not answer: {error}"
        raise LocalError(message, mend="make run") from error


def make_sure_of(client: "S3Client", *, bucket: str) -> None:
    """Make the bucket where no deployment has; only the local cloud lets this command do so.

    Raises:
        LocalError: the store does not answer or refuses.
    """
    with _told(bucket):
        if not _found(lambda: client.head_bucket(Bucket=bucket)):
            client.create_bucket(Bucket=bucket)


def publish(client: "S3Client", package: Package, *, bucket: str, silent: bool = True) -> int:
    """Upload what is not there yet and return how many files that were; 0 where all of it is.

    The manifest goes last: where it is, all of it is. Shows how far it is unless `silent`.

    Raises:
        LocalError: the store does not answer or refuses; what was uploaded is in nobody's way.
    """

    *names, last = package.files
    assert last == MANIFEST
    if is_there(client, package.media.path, bucket=bucket):
        return 0
    work = {name: float(path.stat().st_size) for name, path in package.files.items()}
    with _told(bucket), Meter(f"uploading to {bucket}", work, silent=silent) as meter:

        def put(name: str) -> None:
            _put(client, bucket, f"{package.media.path}/{name}", package.files[name])
            meter.reach(name, 1.0)

        with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
            for _ in pool.map(put, names):
                pass
        put(last)
    return len(package.files)


def is_there(client: "S3Client", path: str, *, bucket: str) -> bool:
    """Say whether all of a publication is in the bucket.

    Raises:
        LocalError: the store does not answer or refuses.
    """
    key = f"{path}/{MANIFEST}"
    with _told(bucket):
        return _found(lambda: client.head_object(Bucket=bucket, Key=key))


def remove(client: "S3Client", path: str, *, bucket: str) -> None:
    """Delete a publication, its manifest first: half of one is none.

    Raises:
        LocalError: the store does not answer or refuses; what is left is in nobody's way.
    """
    with _told(bucket):
        client.delete_object(Bucket=bucket, Key=f"{path}/{MANIFEST}")
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{path}/")
        for page in pages:
            found = page.get("Contents", [])
            if found:
                doomed: list[ObjectIdentifierTypeDef] = [{"Key": each["Key"]} for each in found]
                client.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})


def _put(client: "S3Client", bucket: str, key: str, path: Path) -> None:
    client.put_object(
        Bucket=bucket,
        Key=key,
        Body=path.read_bytes(),
        ContentType=content_type(path.name),
        CacheControl=_FOREVER if path.suffix in _LARGE else SIGNED_CACHE,
    )


def _found(ask: Callable[[], object]) -> bool:
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        ask()
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NoSuchBucket"}:
            return False
        raise
    return True
