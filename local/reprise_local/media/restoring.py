"""What was published is there again after the bucket was lost, or is not promised any more."""

from typing import TYPE_CHECKING

from rich.markup import escape

from reprise_local.console import Steps
from reprise_local.media import bucket
from reprise_local.media.ingest import Catalog, Published
from reprise_local.media.kept import Kept

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def restore(
    *, shelf: Catalog, kept: Kept, client: "S3Client", bucket_name: str, steps: Steps
) -> int:
    """Upload what the catalog names and the bucket lacks, and tell the catalog its length again.

    A seeding gives titles the length that the seed says, whatever was ingested for them. What is
    neither in the bucket nor kept is withdrawn, with a line that says how it plays again: a
    manifest whose files are gone is worse than none. Returns how many publications play.

    Raises:
        LocalError: a store does not answer or refuses.
    """
    playing = 0
    for published in shelf.published():
        found = kept.find(published.path)
        if found is None and not bucket.is_there(client, published.path, bucket=bucket_name):
            _withdraw(published, shelf, steps)
            continue
        playing += 1
        if found is None:
            continue
        if not bucket.is_there(client, published.path, bucket=bucket_name):
            with steps.step(f"Media of “{escape(published.name)}”") as step:
                uploaded = bucket.publish(client, found.package, bucket=bucket_name)
                step.note = f"{uploaded} files, brought back"
        shelf.put(found.package.media, title_id=published.title_id, runtime=found.record.runtime)
    return playing


def _withdraw(published: Published, shelf: Catalog, steps: Steps) -> None:
    shelf.withdraw(item_id=published.item_id)
    steps.say(
        f"[yellow]![/] “{escape(published.name)}” plays no more, its files are gone; again by:"
        f" local/bootstrap media ingest FILE {published.target}"
    )
