"""Encoding on AWS, for stages that ask for it (`-c transcode=mediaconvert`): nothing runs idle."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra_cdk.constructs.package_publisher import PackagePublisher
from infra_cdk.constructs.route_function import FunctionDefaults
from infra_cdk.environments import RETENTIONS, Environment
from infra_cdk.service_stack import ARCHITECTURES
from infra_cdk.stores import Network
from infra_cdk.transcoding import machine
from infra_cdk.wiring import Wiring

KEPT_SOURCE_DAYS = 30
LONGEST_HOURS = 12
_JOB_RULE = "StepFunctionsGetEventsForMediaConvertJobRule"
"""The rule by which Step Functions hears of a job's end; the name is the service's."""


class MediaStack(cdk.Stack):
    """An inbox for sources, the machine that encodes what lies in it into the media bucket, and the
    function that then names it in the catalog."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        media_bucket: s3.IBucket,
        network: Network | None,
        wiring: Wiring,
        functions_folder: Path,
        layer_folders: Mapping[str, Path],
        env: cdk.Environment,
    ) -> None:
        super().__init__(
            scope,
            id_,
            env=env,
            description=f"Reprise, {environment.stage}: encoding",
            termination_protection=environment.retain,
        )
        removal = RemovalPolicy.RETAIN if environment.retain else RemovalPolicy.DESTROY
        self.inbox = self._inbox(removal)
        retention = logs.RetentionDays[RETENTIONS[environment.log_retention_days]]
        job_role = self._job_role(media_bucket)
        self.publisher = PackagePublisher(
            self,
            "Publisher",
            wiring=replace(wiring, media_bucket=media_bucket),
            defaults=FunctionDefaults(
                architecture=ARCHITECTURES[environment.architecture],
                log_retention=retention,
                removal_policy=removal,
                network=network,
            ),
            functions_folder=functions_folder,
            layer_folders=layer_folders,
        )
        log_group = logs.LogGroup(
            self,
            "Logs",
            # Step Functions may write to groups of this name without a policy of the account.
            log_group_name=f"/aws/vendedlogs/states/reprise-{environment.stage}-encode",
            retention=retention,
            removal_policy=removal,
        )
        self.machine = stepfunctions.StateMachine(
            self,
            "Encode",
            state_machine_name=f"reprise-{environment.stage}-encode",
            definition_body=stepfunctions.DefinitionBody.from_string(
                self.to_json_string(
                    machine(
                        inbox=self.inbox.bucket_name,
                        media=media_bucket.bucket_name,
                        job_role=job_role.role_arn,
                        publisher=self.publisher.function.function_arn,
                    )
                )
            ),
            timeout=Duration.hours(LONGEST_HOURS),
            tracing_enabled=True,
            logs=stepfunctions.LogOptions(destination=log_group, level=stepfunctions.LogLevel.ALL),
            removal_policy=removal,
        )
        self._allow(self.machine, job_role)
        cdk.CfnOutput(self, "InboxBucket", value=self.inbox.bucket_name)
        cdk.CfnOutput(self, "EncodeMachineArn", value=self.machine.state_machine_arn)

    def _inbox(self, removal: RemovalPolicy) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Inbox",
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=removal,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(KEPT_SOURCE_DAYS),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
        )

    def _job_role(self, media_bucket: s3.IBucket) -> iam.Role:
        role = iam.Role(
            self,
            "JobRole",
            assumed_by=iam.ServicePrincipal("mediaconvert.amazonaws.com"),
            description="What an encoding job may do: read the inbox, write media",
        )
        for actions, resource in (
            (["s3:GetObject"], self.inbox.arn_for_objects("*")),
            (["s3:PutObject"], media_bucket.arn_for_objects("media/*")),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        return role

    def _allow(self, encode: stepfunctions.StateMachine, job_role: iam.Role) -> None:
        arn = self.format_arn
        jobs = arn(service="mediaconvert", resource="jobs", resource_name="*")
        queue = arn(service="mediaconvert", resource="queues", resource_name="Default")
        rule = arn(service="events", resource="rule", resource_name=_JOB_RULE)
        statements = (
            (["mediaconvert:CreateJob"], [queue]),
            (["mediaconvert:GetJob", "mediaconvert:CancelJob"], [jobs]),
            (["events:PutTargets", "events:PutRule", "events:DescribeRule"], [rule]),
            (["lambda:InvokeFunction"], [self.publisher.function.function_arn]),
            # Probing reads with the caller's own permissions, and takes no resource of its own.
            (["mediaconvert:Probe"], ["*"]),
            (["s3:GetObject"], [self.inbox.arn_for_objects("*")]),
        )
        for actions, resources in statements:
            encode.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=resources))
        encode.add_to_role_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[job_role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}},
            )
        )
