"""A network without a way out: functions reach the stores and three AWS services, nothing else."""

import aws_cdk.aws_ec2 as ec2
import aws_cdk.aws_iam as iam
import aws_cdk.aws_logs as logs
from aws_cdk import Fn, RemovalPolicy
from constructs import Construct

REDIS_PORT = 6379
POSTGRES_PORT = 5432
KEYSPACES_PORT = 9142
HTTPS_PORT = 443

_SERVICES = {
    "Sqs": ec2.InterfaceVpcEndpointAwsService.SQS,
    "SecretsManager": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    "Keyspaces": ec2.InterfaceVpcEndpointAwsService.KEYSPACES,
}


class PrivateNetwork(Construct):
    """Isolated subnets, an endpoint per service used, and security groups that name their peers."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        availability_zones: int,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.40.0.0/16"),
            # Chosen by number: naming them would tie the template to one account.
            availability_zones=[
                Fn.select(number, Fn.get_azs()) for number in range(availability_zones)
            ],
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Stores",
                    subnet_type=ec2.SubnetType.PRIVATE_ISOLATED,
                    cidr_mask=20,  # each concurrent environment may take an address of its own
                ),
            ],
        )
        self._log_flows(log_retention, removal_policy)
        self.functions = self._group("Functions", "The functions of Reprise")
        self.endpoints = self._group("Endpoints", "The services that functions call")
        self.cache = self._group("Cache", "Live places and sessions")
        self.proxy = self._group("Proxy", "Connections to accounts and the catalog")
        self.database = self._group("Database", "Accounts and the catalog")
        self._open(self.functions, self.endpoints, HTTPS_PORT)
        self._open(self.functions, self.endpoints, KEYSPACES_PORT)
        self._open(self.functions, self.cache, REDIS_PORT)
        self._open(self.functions, self.proxy, POSTGRES_PORT)
        self._open(self.proxy, self.database, POSTGRES_PORT)
        for name, service in _SERVICES.items():
            self.vpc.add_interface_endpoint(
                name,
                service=service,
                security_groups=[self.endpoints],
                open=False,  # the rules above say who may come in
            )

    @property
    def subnet_ids(self) -> list[str]:
        return [subnet.subnet_id for subnet in self.vpc.isolated_subnets]

    def _group(self, id_: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self,
            id_,
            vpc=self.vpc,
            description=description,
            allow_all_outbound=False,
        )

    def _open(self, source: ec2.SecurityGroup, target: ec2.SecurityGroup, port: int) -> None:
        source.connections.allow_to(target, ec2.Port.tcp(port))

    def _log_flows(self, retention: logs.RetentionDays, removal_policy: RemovalPolicy) -> None:
        group = logs.LogGroup(
            self,
            "FlowLogs",
            retention=retention,
            removal_policy=removal_policy,
        )
        role = iam.Role(
            self,
            "FlowLogsRole",
            assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"),
        )
        self.vpc.add_flow_log(
            "Flows",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group, role),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )
