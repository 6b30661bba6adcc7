"""The buckets behind the edge: what needs a grant, what does not, and who asked for either."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.delivery_rules import (
    ALLOW_HEADERS,
    ALLOW_ORIGINS,
    CORS_SECONDS,
    EXPOSE_HEADERS,
)

UNFINISHED_DAYS = 7


class FileBuckets(Construct):
    """Private buckets, reached in TLS alone; the edge reads them, nobody else does.

    Two, since a public behavior must find nothing in its bucket that a signed one guards.
    """

    def __init__(
        self, scope: Construct, id_: str, *, log_days: int, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(scope, id_)
        self._removal_policy = removal_policy
        self.logs = s3.Bucket(
            self,
            "Logs",
            # CloudFront writes logs as another account; this makes them ours.
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=removal_policy,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(log_days))],
        )
        self.media = self._files("Media")
        self.public = self._files("Public")

    def _files(self, id_: str) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=self._removal_policy,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix=f"{id_.lower()}/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(UNFINISHED_DAYS)
                )
            ],
            # What answers a browser's question before its request; the edge's policy overrides.
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.HEAD],
                    allowed_origins=list(ALLOW_ORIGINS),
                    allowed_headers=list(ALLOW_HEADERS),
                    exposed_headers=list(EXPOSE_HEADERS),
                    max_age=CORS_SECONDS,
                )
            ],
        )
