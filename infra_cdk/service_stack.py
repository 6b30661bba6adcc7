"""The functions of a stage with the API, the queues and the timers that call them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra_cdk.constructs.flush_queues import FlushQueues
from infra_cdk.constructs.layers import Layers
from infra_cdk.constructs.monitoring import Monitoring
from infra_cdk.constructs.rest_api import RestApi
from infra_cdk.constructs.route_function import FunctionDefaults, RouteFunction
from infra_cdk.constructs.web_firewall import WebFirewall
from infra_cdk.environments import RETENTIONS, Environment, FirewallLimits
from infra_cdk.kinds import BASE_LAYERS, CORE_LAYER, WHEEL_LAYERS, Function
from infra_cdk.routes import FUNCTIONS, ROUTES
from infra_cdk.stores import Stores
from infra_cdk.wiring import Wiring
from infra_cdk.workers import (
    COLLECT_REVOCATIONS,
    FLUSH_PLACES,
    NOTE_COMPLETIONS,
    PLAN_FLUSH,
    PUBLISH_REVOCATIONS,
    SWEEP_OVERDUE,
)

ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}

ORDERS_PER_INVOCATION = 10
COMPLETIONS_PER_INVOCATION = 5
COMPLETION_NOTERS = 4
REVOCATIONS_PER_INVOCATION = 5
REVOCATION_PUBLISHERS = 2
"""The fewest that SQS takes. One would do: they change the same store, one change at a time."""

REVOCATION_MINUTES = 1


class ServiceStack(cdk.Stack):
    """Everything without state of its own: it can be removed and deployed again at any time."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        stores: Stores,
        functions_folder: Path,
        layer_folders: Mapping[str, Path],
        version: str,
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env, description=f"Reprise, {environment.stage}")
        self._environment = environment
        self._functions_folder = functions_folder
        self._removal = RemovalPolicy.RETAIN if environment.retain else RemovalPolicy.DESTROY
        self._retention = logs.RetentionDays[RETENTIONS[environment.log_retention_days]]
        self._architecture = ARCHITECTURES[environment.architecture]
        self._defaults = FunctionDefaults(
            architecture=self._architecture,
            log_retention=self._retention,
            removal_policy=self._removal,
            network=stores.network,
        )
        self.layers = Layers(
            self,
            "Layers",
            stage=environment.stage,
            folders={name: layer_folders[name] for name in (CORE_LAYER, *WHEEL_LAYERS)},
            architecture=self._architecture,
        )
        self.queues = FlushQueues(
            self,
            "Queues",
            stage=environment.stage,
            flusher_timeout=Duration.seconds(FLUSH_PLACES.timeout_seconds),
            noter_timeout=Duration.seconds(NOTE_COMPLETIONS.timeout_seconds),
            publisher_timeout=Duration.seconds(PUBLISH_REVOCATIONS.timeout_seconds),
            removal_policy=self._removal,
        )
        self.wiring = Wiring(
            stage=environment.stage,
            version=version,
            log_level=environment.log_level,
            log_ins_per_network=environment.log_ins_per_network,
            sign_ups_per_network=environment.sign_ups_per_network,
            quality_by_title=environment.quality_by_title,
            stores=stores,
            jwks=stores.public_keys(self),
            queues=self.queues,
        )
        self.functions = {row: self._function(row) for row in FUNCTIONS}
        self._consume_orders()
        self._consume_completions()
        self._consume_revocations()
        self._schedule("FlushSchedule", PLAN_FLUSH, minutes=environment.flush_minutes)
        self._schedule("SweepSchedule", SWEEP_OVERDUE, minutes=environment.sweep_minutes)
        self._schedule("RevocationSchedule", COLLECT_REVOCATIONS, minutes=REVOCATION_MINUTES)
        self.rest_api = self._api()
        if environment.firewall is not None:
            self._protect(environment.firewall)
        if environment.alarms:
            self._watch()
        self._outputs()

    def _function(self, row: Function) -> lambda_.Function:
        reserved = self._environment.flusher_concurrency if row is FLUSH_PLACES else None
        built = RouteFunction(
            self,
            row.title,
            name=row.deployed_name(stage=self._environment.stage),
            folder=self._functions_folder / row.folder,
            layers=[self.layers.versions[name] for name in (*BASE_LAYERS, *row.layers)],
            environment=self.wiring.variables(row),
            timeout=Duration.seconds(row.timeout_seconds),
            memory_mb=row.memory_mb,
            defaults=self._defaults if row.in_network else replace(self._defaults, network=None),
            reserved_concurrency=reserved,
        )
        self.wiring.grant(function=row, to=built.function)
        return built.function

    def _consume_orders(self) -> None:
        """Flushers take orders no faster than their reserved concurrency lets them run."""
        self.functions[FLUSH_PLACES].add_event_source(
            sources.SqsEventSource(
                self.queues.orders,
                batch_size=ORDERS_PER_INVOCATION,
                report_batch_item_failures=True,
                max_concurrency=self._environment.flusher_concurrency,
            ),
        )

    def _consume_completions(self) -> None:
        """Completions come in bursts after each flush; few at a time spare the database."""
        self.functions[NOTE_COMPLETIONS].add_event_source(
            sources.SqsEventSource(
                self.queues.completions,
                batch_size=COMPLETIONS_PER_INVOCATION,
                report_batch_item_failures=True,
                max_concurrency=COMPLETION_NOTERS,
            ),
        )

    def _consume_revocations(self) -> None:
        """Each minute's messages tell the whole last hour, most of which the edge knows."""
        self.functions[PUBLISH_REVOCATIONS].add_event_source(
            sources.SqsEventSource(
                self.queues.revocations,
                batch_size=REVOCATIONS_PER_INVOCATION,
                report_batch_item_failures=True,
                max_concurrency=REVOCATION_PUBLISHERS,
            ),
        )

    def _schedule(self, id_: str, row: Function, *, minutes: int) -> None:
        """Call a worker by the clock; a missed call is not repeated, since the next one is near."""
        rule = events.Rule(
            self,
            id_,
            rule_name=f"{row.deployed_name(stage=self._environment.stage)}-schedule",
            schedule=events.Schedule.rate(Duration.minutes(minutes)),
        )
        rule.add_target(targets.LambdaFunction(self.functions[row], retry_attempts=0))
        cdk.CfnOutput(self, f"{id_}Rule", value=rule.rule_name)

    def _api(self) -> RestApi:
        return RestApi(
            self,
            "RestApi",
            stage=self._environment.stage,
            routes={route: self.functions[route] for route in ROUTES},
            requests_per_second=self._environment.requests_per_second,
            request_burst=self._environment.request_burst,
            log_retention=self._retention,
            removal_policy=self._removal,
            account_role=self._environment.gateway_account_role,
        )

    def _protect(self, limits: FirewallLimits) -> None:
        WebFirewall(
            self,
            "WebFirewall",
            stage=self._environment.stage,
            limits=limits,
            gateway_stage_arn=self.rest_api.api.deployment_stage.stage_arn,
            log_retention=self._retention,
            removal_policy=self._removal,
        )

    def _watch(self) -> None:
        monitoring = Monitoring(
            self,
            "Monitoring",
            stage=self._environment.stage,
            flush_minutes=self._environment.flush_minutes,
            functions=self.functions,
            dead_letters=self.queues.dead_letters,
            completion_dead_letters=self.queues.completion_dead_letters,
            revocation_dead_letters=self.queues.revocation_dead_letters,
        )
        cdk.CfnOutput(self, "AlarmTopic", value=monitoring.topic.topic_arn)

    def _outputs(self) -> None:
        values = {
            "RestApiId": self.rest_api.api.rest_api_id,
            "ApiUrl": self.rest_api.api.url,
            "FlushQueueUrl": self.queues.orders.queue_url,
            "FlushDeadLetterQueueUrl": self.queues.dead_letters.queue_url,
            "EventQueueUrl": self.queues.events.queue_url,
            "CompletionQueueUrl": self.queues.completions.queue_url,
            "CompletionDeadLetterQueueUrl": self.queues.completion_dead_letters.queue_url,
            "RevocationQueueUrl": self.queues.revocations.queue_url,
            "RevocationDeadLetterQueueUrl": self.queues.revocation_dead_letters.queue_url,
            "QuarantineQueueUrl": self.queues.quarantine.queue_url,
            "FlusherConcurrency": str(self._environment.flusher_concurrency),
        }
        values |= {
            f"{row.title}Function": built.function_name for row, built in self.functions.items()
        }
        for name, value in values.items():
            cdk.CfnOutput(self, name, value=value)
