"""The managed Valkey that holds live places: sized, encrypted, reachable by functions alone."""

import aws_cdk.aws_elasticache as elasticache
from aws_cdk import RemovalPolicy
from constructs import Construct

from infra_cdk.constructs.private_network import PrivateNetwork
from infra_cdk.environments import StoreSizes


class LiveCache(Construct):
    """ElastiCache Serverless: always a cluster, always TLS, evicts only what carries a TTL."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        network: PrivateNetwork,
        sizes: StoreSizes,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.cache = elasticache.CfnServerlessCache(
            self,
            "Cache",
            engine="valkey",
            major_engine_version="8",
            serverless_cache_name=f"reprise-{stage}",
            description="Live places, sessions and ready rows",
            subnet_ids=network.subnet_ids,
            security_group_ids=[network.cache.security_group_id],
            snapshot_retention_limit=sizes.cache_snapshots,
            cache_usage_limits=elasticache.CfnServerlessCache.CacheUsageLimitsProperty(
                data_storage=elasticache.CfnServerlessCache.DataStorageProperty(
                    unit="GB",
                    maximum=sizes.cache_max_gigabytes,
                ),
                ecpu_per_second=elasticache.CfnServerlessCache.ECPUPerSecondProperty(
                    maximum=sizes.cache_max_ecpu_per_second,
                ),
            ),
        )
        self.cache.apply_removal_policy(removal_policy)
        self.url = f"rediss://{self.cache.attr_endpoint_address}:{self.cache.attr_endpoint_port}/0"
