"""The function that names encoded media in the catalog, and its way to the bucket."""

from collections.abc import Mapping
from pathlib import Path

import aws_cdk.aws_ec2 as ec2
import aws_cdk.aws_iam as iam
from aws_cdk import Aws, Duration
from constructs import Construct

from infra_cdk.constructs.layers import Layers
from infra_cdk.constructs.private_network import HTTPS_PORT
from infra_cdk.constructs.route_function import (
    PRIVATE_SUBNETS,
    FunctionDefaults,
    RouteFunction,
)
from infra_cdk.kinds import BASE_LAYERS
from infra_cdk.stores import Network
from infra_cdk.wiring import Wiring
from infra_cdk.workers import PUBLISH_ENCODED

S3_ACTIONS = ("s3:GetObject", "s3:ListBucket", "s3:PutObject")


class PackagePublisher(Construct):
    """It has layers of its own: those of the service can't change while another stack uses them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        wiring: Wiring,
        defaults: FunctionDefaults,
        functions_folder: Path,
        layer_folders: Mapping[str, Path],
    ) -> None:
        super().__init__(scope, id_)
        row = PUBLISH_ENCODED
        layers = Layers(
            self,
            "Layers",
            stage=f"{wiring.stage}-{row.area}",
            folders={name: layer_folders[name] for name in (*BASE_LAYERS, *row.layers)},
            architecture=defaults.architecture,
        )
        built = RouteFunction(
            self,
            row.title,
            name=row.deployed_name(stage=wiring.stage),
            folder=functions_folder / row.folder,
            layers=list(layers.versions.values()),
            environment=wiring.variables(row),
            timeout=Duration.seconds(row.timeout_seconds),
            memory_mb=row.memory_mb,
            defaults=defaults,
            more_groups=[self._way_to_files(defaults.network)] if defaults.network else (),
        )
        wiring.grant(function=row, to=built.function)
        self.function = built.function

    def _way_to_files(self, network: Network) -> ec2.SecurityGroup:
        """Return the group of what reaches S3 within the account.

        It opens HTTPS to every address, of which the isolated subnets have a route to S3's alone:
        the endpoint's own list of addresses has another name in each region.
        """
        endpoint = ec2.GatewayVpcEndpoint(
            self,
            "Files",
            vpc=network.vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[PRIVATE_SUBNETS],
        )
        endpoint.add_to_policy(
            iam.PolicyStatement(
                principals=[iam.AnyPrincipal()],
                actions=list(S3_ACTIONS),
                resources=["*"],
                conditions={"StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        group = ec2.SecurityGroup(
            self,
            "ToFiles",
            vpc=network.vpc,
            description="What reads encoded media",
            allow_all_outbound=False,
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS_PORT))
        return group
