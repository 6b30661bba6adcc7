"""The media bucket: whole publications in folders that never change once they are complete."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reprise_local.errors import LocalError
from reprise_local.media.package import MANIFEST, Package

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DEFAULT_NAME = "reprise-local-media"
_FOREVER = "public, max-age=31536000, immutable"
_DAY = "public, max-age=86400"
_KINDS: Mapping[str, tuple[str, str]] = {
    ".m3u8": ("application/vnd.apple.mpegurl", _DAY),
    ".m4s": ("video/iso.segment", _FOREVER),
    ".mp4": ("video/mp4", _FOREVER),
    ".vtt": ("text/vtt; charset=utf-8", _DAY),
    ".jpg": ("image/jpeg", _FOREVER),
    ".json": ("application/json", _DAY),
}
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


def publish(client: "S3Client", package: Package, *, bucket: str) -> int:
    """Upload what is not there yet and return how many files that were; 0 where all of it is.

    The manifest goes last: where it is, all of it is.

    Raises:
        LocalError: the store does not answer or refuses; what was uploaded is in nobody's way.
    """

    def put(name: str) -> None:
        _put(client, bucket, f"{package.media.path}/{name}", package.files[name])

    *names, last = package.files
    assert last == MANIFEST
    manifest = f"{package.media.path}/{last}"
    with _told(bucket):
        if _found(lambda: client.head_object(Bucket=bucket, Key=manifest)):
            return 0
        with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
            for _ in pool.map(put, names):
                pass
        put(last)
    return len(package.files)


def _put(client: "S3Client", bucket: str, key: str, path: Path) -> None:
    content_type, cache_control = _KINDS[path.suffix]
    client.put_object(
        Bucket=bucket,
        Key=key,
        Body=path.read_bytes(),
        ContentType=content_type,
        CacheControl=cache_control,
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
