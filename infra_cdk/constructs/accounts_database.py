"""Aurora PostgreSQL for accounts and the catalog, behind a proxy that shares its connections."""

import aws_cdk.aws_ec2 as ec2
import aws_cdk.aws_rds as rds
from aws_cdk import Duration, RemovalPolicy
from constructs import Construct

from infra_cdk.constructs.private_network import PrivateNetwork
from infra_cdk.environments import StoreSizes

DATABASE = "reprise"
OWNER = "reprise"

_ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


class AccountsDatabase(Construct):
    """Serverless v2; its password is made by AWS and read at run time by name."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        network: PrivateNetwork,
        sizes: StoreSizes,
        deletion_protection: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.secret_name = f"reprise/{stage}/postgres"
        self.cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            engine=rds.DatabaseClusterEngine.aurora_postgres(
                version=rds.AuroraPostgresEngineVersion.VER_17_7,
            ),
            credentials=rds.Credentials.from_generated_secret(
                OWNER,
                secret_name=self.secret_name,
            ),
            default_database_name=DATABASE,
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            readers=[
                rds.ClusterInstance.serverless_v2(f"Reader{number}", scale_with_writer=True)
                for number in range(1, sizes.database_readers + 1)
            ],
            serverless_v2_min_capacity=sizes.database_min_capacity,
            serverless_v2_max_capacity=sizes.database_max_capacity,
            vpc=network.vpc,
            vpc_subnets=_ISOLATED,
            security_groups=[network.database],
            storage_encrypted=True,
            backup=rds.BackupProps(retention=Duration.days(sizes.backup_days)),
            cloudwatch_logs_exports=["postgresql"],
            copy_tags_to_snapshot=True,
            deletion_protection=deletion_protection,
            removal_policy=removal_policy,
        )
        secret = self.cluster.secret
        assert secret is not None, "a generated credential has a secret"
        self.proxy = self.cluster.add_proxy(
            "Proxy",
            db_proxy_name=f"reprise-{stage}",
            secrets=[secret],
            vpc=network.vpc,
            vpc_subnets=_ISOLATED,
            security_groups=[network.proxy],
            require_tls=True,
        )
