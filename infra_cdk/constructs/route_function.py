"""One Lambda with a role, a log group and a trace of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aws_cdk.aws_ec2 as ec2
import aws_cdk.aws_iam as iam
import aws_cdk.aws_lambda as lambda_
import aws_cdk.aws_logs as logs
from aws_cdk import Duration, RemovalPolicy
from constructs import Construct

from infra_cdk.permissions import INTERFACE_ACTIONS
from infra_cdk.stores import Network

PRIVATE_SUBNETS = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefaults:
    """What all functions of a stage have in common."""

    architecture: lambda_.Architecture
    log_retention: logs.RetentionDays
    removal_policy: RemovalPolicy
    network: Network | None


class RouteFunction(Construct):
    """A function whose asset is its own folder alone; all else comes from its layers."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        folder: Path,
        layers: Sequence[lambda_.ILayerVersion],
        environment: Mapping[str, str],
        timeout: Duration,
        memory_mb: int,
        defaults: FunctionDefaults,
        reserved_concurrency: int | None = None,
        more_groups: Sequence[ec2.ISecurityGroup] = (),
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=defaults.log_retention,
            removal_policy=defaults.removal_policy,
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {name} may do, and no other function",
        )
        self.log_group.grant_write(self.role)
        network = defaults.network
        if network is not None:
            self.role.add_to_policy(
                iam.PolicyStatement(actions=list(INTERFACE_ACTIONS), resources=["*"]),
            )
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=defaults.architecture,
            code=lambda_.Code.from_asset(str(folder), exclude=["__pycache__", "*.pyc"]),
            handler="handler.lambda_handler",
            layers=list(layers),
            environment=dict(environment),
            timeout=timeout,
            memory_size=memory_mb,
            role=self.role,
            log_group=self.log_group,
            tracing=lambda_.Tracing.ACTIVE,
            reserved_concurrent_executions=reserved_concurrency,
            vpc=network.vpc if network else None,
            vpc_subnets=PRIVATE_SUBNETS if network else None,
            security_groups=[network.functions, *more_groups] if network else None,
        )
