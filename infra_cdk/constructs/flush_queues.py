"""The queues between functions: orders to flush, changes and revocations to tell, failures."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

MAX_RECEIVES = 5
KEPT = Duration.days(14)
"""As long as SQS keeps anything: what lies in these queues waits for a person or a consumer."""

REVOCATIONS_KEPT = Duration.hours(1)
"""All that matters is told again each minute; an older message tells nothing that a new one does
not."""

VISIBILITY_TIMEOUTS = 6
"""How many time-outs of its function a message stays invisible: room for retries and throttles."""


class FlushQueues(Construct):
    """Every queue is encrypted, refuses plain HTTP and outlives no longer than its stage says."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        flusher_timeout: Duration,
        noter_timeout: Duration,
        publisher_timeout: Duration,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self._removal_policy = removal_policy
        self.dead_letters = self._queue("DeadLetters", "flush-dead-letters", retention=KEPT)
        self.orders = self._queue(
            "Orders",
            "flush",
            visibility=_invisible(flusher_timeout),
            dead_letters=sqs.DeadLetterQueue(
                max_receive_count=MAX_RECEIVES,
                queue=self.dead_letters,
            ),
        )
        self.events = self._queue("Events", "events", retention=KEPT)
        self.completion_dead_letters = self._queue(
            "CompletionDeadLetters", "completions-dead-letters", retention=KEPT
        )
        self.completions = self._queue(
            "Completions",
            "completions",
            retention=KEPT,
            visibility=_invisible(noter_timeout),
            dead_letters=sqs.DeadLetterQueue(
                max_receive_count=MAX_RECEIVES,
                queue=self.completion_dead_letters,
            ),
        )
        self.revocation_dead_letters = self._queue(
            "RevocationDeadLetters", "revocations-dead-letters", retention=KEPT
        )
        self.revocations = self._queue(
            "Revocations",
            "revocations",
            retention=REVOCATIONS_KEPT,
            visibility=_invisible(publisher_timeout),
            dead_letters=sqs.DeadLetterQueue(
                max_receive_count=MAX_RECEIVES,
                queue=self.revocation_dead_letters,
            ),
        )
        self.quarantine = self._queue("Quarantine", "quarantine", retention=KEPT)

    def _queue(
        self,
        id_: str,
        name: str,
        *,
        retention: Duration | None = None,
        visibility: Duration | None = None,
        dead_letters: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            id_,
            queue_name=f"reprise-{self._stage}-{name}",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            removal_policy=self._removal_policy,
            retention_period=retention,
            visibility_timeout=visibility,
            dead_letter_queue=dead_letters,
        )


def _invisible(timeout: Duration) -> Duration:
    return Duration.seconds(VISIBILITY_TIMEOUTS * int(timeout.to_seconds()))
