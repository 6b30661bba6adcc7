"""What wakes somebody: alarms on the promise itself, that nothing stays undurable or unnoticed."""

from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk.aws_cloudwatch as cloudwatch
import aws_cdk.aws_cloudwatch_actions as actions
import aws_cdk.aws_lambda as lambda_
import aws_cdk.aws_sns as sns
import aws_cdk.aws_sqs as sqs
from aws_cdk import Duration
from constructs import Construct

from infra_cdk.kinds import Function
from infra_cdk.workers import FLUSH_PLACES, PUBLISH_REVOCATIONS, SWEEP_OVERDUE

METRICS_NAMESPACE = "Reprise"
FLUSHES_MISSED = 2
REVOCATION_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A metric that a function writes, in the line of its own work."""

    metric: str
    source: Function
    threshold: float
    meaning: str


def signals(*, flush_minutes: int) -> tuple[Signal, ...]:
    """Return what is watched; the age that matters follows from how often places are flushed."""
    return (
        Signal(
            metric="OldestDirtyAge",
            source=SWEEP_OVERDUE,
            threshold=FLUSHES_MISSED * flush_minutes * 60,
            meaning="Places have waited for two flushes: flushing has stopped or cannot keep up",
        ),
        Signal(
            metric="Quarantined",
            source=FLUSH_PLACES,
            threshold=0,
            meaning="A place could not be stored and was set aside: look, mend, redrive",
        ),
        Signal(
            metric="EvictedState",
            source=FLUSH_PLACES,
            threshold=0,
            meaning="A dirty mark had lost its place: the cache threw unsaved state away",
        ),
        Signal(
            metric="RevocationLag",
            source=PUBLISH_REVOCATIONS,
            threshold=REVOCATION_SECONDS,
            meaning="A revoked session's grants worked for minutes: the edge was told late",
        ),
    )


class Monitoring(Construct):
    """Alarms that all tell one topic."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        flush_minutes: int,
        functions: Mapping[Function, lambda_.Function],
        dead_letters: sqs.Queue,
        completion_dead_letters: sqs.Queue,
        revocation_dead_letters: sqs.Queue,
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self.topic = sns.Topic(
            self,
            "Alarms",
            topic_name=f"reprise-{stage}-alarms",
            enforce_ssl=True,
        )
        for signal in signals(flush_minutes=flush_minutes):
            self._watch(signal)
        self._watch_letters(
            "DeadLetters",
            dead_letters,
            meaning="Orders to flush failed five times; the sweep still finds their places",
        )
        self._watch_letters(
            "CompletionDeadLetters",
            completion_dead_letters,
            meaning="Completions failed five times: preferences lack them until they are redriven",
        )
        self._watch_letters(
            "RevocationDeadLetters",
            revocation_dead_letters,
            meaning="Revocations failed five times: the edge lets their grants pass until they end",
        )
        for row, function in functions.items():
            self._alarm(
                f"{row.title}Errors",
                metric=function.metric_errors(period=Duration.minutes(5)),
                threshold=0,
                meaning=f"{row.folder} ended with an error no rule of ours foresaw",
            )

    def _watch(self, signal: Signal) -> None:
        metric = cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=signal.metric,
            dimensions_map={
                "service": signal.source.deployed_name(stage=self._stage),
                "route": signal.source.folder,
            },
            statistic="Maximum",
            period=Duration.minutes(1),
        )
        self._alarm(
            signal.metric, metric=metric, threshold=signal.threshold, meaning=signal.meaning
        )

    def _watch_letters(self, id_: str, queue: sqs.Queue, *, meaning: str) -> None:
        metric = queue.metric_approximate_number_of_messages_visible(
            period=Duration.minutes(1), statistic="Maximum"
        )
        self._alarm(id_, metric=metric, threshold=0, meaning=meaning)

    def _alarm(
        self, id_: str, *, metric: cloudwatch.IMetric, threshold: float, meaning: str
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            id_,
            alarm_name=f"reprise-{self._stage}-{id_}",
            alarm_description=meaning,
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
