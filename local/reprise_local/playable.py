"""What a stack needs so that its titles play: the buckets, and the files in them."""

from contextlib import closing

from reprise_local.aws import LocalAws
from reprise_local.console import Steps
from reprise_local.facts import Facts
from reprise_local.locks import exclusive
from reprise_local.media import bucket
from reprise_local.media.ingest import WORKSHOPS, prune
from reprise_local.media.kept import Kept
from reprise_local.media.restoring import restore
from reprise_local.media.samples import ingest_samples
from reprise_local.media.shelf import Shelf
from reprise_local.servers.edge import MEDIA_BUCKET, PUBLIC_BUCKET
from reprise_local.stack import Stack

_LOCK = WORKSHOPS / "stacks.lock"
"""What is encoded belongs to the checkout: a second stack waits for it instead of doing it too."""


def make_playable(stack: Stack, known: Facts, steps: Steps) -> int:
    """Publish the sample titles and all that was ingested, and return how many of them play.

    `known` is of a stack whose catalog is seeded. Only its first time in a checkout encodes
    anything. LocalStack forgets its buckets when it ends, so that files are uploaded once a start.

    Raises:
        LocalError: ffmpeg or a store failed; says which.
    """
    client = LocalAws(stack.localstack.endpoint).objects()
    for name in (PUBLIC_BUCKET, MEDIA_BUCKET):
        bucket.make_sure_of(client, bucket=name)
    kept = Kept(stack.folder.media)
    with (
        exclusive(_LOCK),
        closing(Shelf(postgres_dsn=stack.postgres.url, redis_url=stack.redis.url)) as shelf,
    ):
        ingest_samples(
            catalog=known["catalog"],
            shelf=shelf,
            kept=kept,
            client=client,
            bucket_name=MEDIA_BUCKET,
            steps=steps,
        )
        playing = restore(
            shelf=shelf, kept=kept, client=client, bucket_name=MEDIA_BUCKET, steps=steps
        )
        prune(shelf=shelf, kept=kept, client=client, bucket_name=MEDIA_BUCKET)
    return playing
