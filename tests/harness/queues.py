"""The flush queue and the dead-letter queue, as SQS, for tests that look into them."""

import json
from dataclasses import dataclass
from typing import Any

type Client = Any


@dataclass(frozen=True, slots=True)
class Queues:
    sqs: Client
    variables: dict[str, str]

    @property
    def quarantine_url(self) -> str:
        return self.variables["QUARANTINE_QUEUE_URL"]

    def quarantined(self) -> list[dict[str, Any]]:
        """Return the bodies in the dead-letter queue, which stay there."""
        answer = self.sqs.receive_message(
            QueueUrl=self.quarantine_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def hidden(self) -> int:
        """Return how many messages of the dead-letter queue somebody took and did not delete."""
        name = "ApproximateNumberOfMessagesNotVisible"
        answer = self.sqs.get_queue_attributes(QueueUrl=self.quarantine_url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def orders(self) -> list[dict[str, Any]]:
        url = self.variables["FLUSH_QUEUE_URL"]
        answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]
