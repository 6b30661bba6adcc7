"""A stage's files and the edge that serves them, on AWS; one machine has its own edge instead."""

import aws_cdk as cdk
from aws_cdk import RemovalPolicy
from constructs import Construct

from infra_cdk.constructs.file_buckets import FileBuckets
from infra_cdk.constructs.network_edge import NetworkEdge
from infra_cdk.delivery_settings import DeliverySettings
from infra_cdk.environments import Environment


class DeliveryStack(cdk.Stack):
    """The outputs name what its settings and the signer's secret need: key pair ids, the store."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        settings: DeliverySettings,
        api_domain: str,
        edge_secret: str,
        env: cdk.Environment,
    ) -> None:
        super().__init__(
            scope,
            id_,
            env=env,
            description=f"Reprise, {environment.stage}: its files and its edge",
            termination_protection=environment.retain,
        )
        removal = RemovalPolicy.RETAIN if environment.retain else RemovalPolicy.DESTROY
        self.buckets = FileBuckets(
            self, "Files", log_days=environment.log_retention_days, removal_policy=removal
        )
        self.edge = NetworkEdge(
            self,
            "Edge",
            stage=environment.stage,
            settings=settings,
            buckets=self.buckets,
            api_domain=api_domain,
            edge_secret=edge_secret,
        )
        values = {
            "MediaUrl": settings.media_url,
            "DistributionDomain": self.edge.distribution.distribution_domain_name,
            "MediaBucket": self.buckets.media.bucket_name,
            "PublicBucket": self.buckets.public.bucket_name,
            "EdgeStoreArn": self.edge.revoked.key_value_store_arn,
        }
        values |= {f"KeyId{digest}": key.public_key_id for digest, key in self.edge.keys.items()}
        for name, value in values.items():
            cdk.CfnOutput(self, name, value=value)
