"""What stands behind the API: the cloud's logs and queues, and both stores, looked at directly."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
from botocore.config import Config
from cassandra.cluster import Session

from reprise.domain.buckets import bucket_of, tag_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = (
    "SELECT position, completed, hidden, rev, place FROM latest_position"
    " WHERE profile_id=%s AND video_id=%s AND item_id=%s"
)


def eventually[T](
    look: Callable[[], T], *, within: float, otherwise: str, every: float = 0.02
) -> T:
    """Return the first true thing that `look` sees; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{otherwise} within {within:.0f} s"
        time.sleep(every)


@dataclass(frozen=True, slots=True)
class Durable:
    """The watch history as Cassandra has it, without the service in between."""

    session: Session

    def place(self, profile_id: str, video_id: str, item_id: str | None = None) -> Any:
        """Return the row of `latest_position` with `changed_at` in µs, or None."""
        keys = (UUID(profile_id), UUID(video_id), UUID(item_id or video_id))
        return self.session.execute(_PLACE, keys).one()

    def viewings(self, profile_id: str) -> Sequence[Any]:
        statement = "SELECT * FROM user_watch_history WHERE profile_id=%s"
        return list(self.session.execute(statement, [UUID(profile_id)]))

    def by_device(self, profile_id: str, video_id: str) -> dict[str, float]:
        """Return each device's position in the title."""
        statement = (
            "SELECT device_id, position FROM watch_position_by_device"
            " WHERE profile_id=%s AND video_id=%s"
        )
        rows = self.session.execute(statement, (UUID(profile_id), UUID(video_id)))
        return {row.device_id: row.position for row in rows}

    def await_rev(
        self, place: dict[str, Any], *, of: str, within: float, every: float = 0.005
    ) -> float:
        """Wait until a place as the API told it, or a later one, is durable; return seconds."""
        began = time.monotonic()
        eventually(
            lambda: self._rev(of, place) >= place["rev"],
            within=within,
            otherwise=f"rev {place['rev']} is not durable",
            every=every,
        )
        return time.monotonic() - began

    def _rev(self, profile_id: str, place: dict[str, Any]) -> int:
        row = self.place(profile_id, place["videoId"], place["episodeId"])
        return 0 if row is None else int(row.rev)


@dataclass(frozen=True, slots=True)
class Live:
    """What Redis holds of a profile."""

    client: Any

    def keys(self, profile_id: str) -> set[str]:
        """Every key that bears the profile's id."""
        return set(self.client.scan_iter(match=f"*{profile_id}*", count=1000))

    def marks(self, profile_id: str) -> set[str]:
        """Its items that are not durable yet."""
        tag = tag_of(bucket_of(profile_id))
        members = {*self.client.zrange(f"{tag}:dirty", 0, -1)}
        members |= {*self.client.zrange(f"{tag}:claimed", 0, -1)}
        return {member for member in members if member.startswith(profile_id)}

    def sign_out(self, profile_id: str, session_id: str) -> None:
        """Revoke a session, as an operator or a log-out would."""
        assert self.client.delete(f"{tag_of(bucket_of(profile_id))}:session:{session_id}") == 1


@dataclass(slots=True)
class Aws:
    """The local cloud's own services. What the event queue gave is kept, for it gives it once."""

    endpoint: str
    outputs: dict[str, str]
    seen: list[dict[str, Any]] = field(default_factory=list)
    _clients: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, endpoint: str, outputs: Path) -> "Aws":
        (found,) = json.loads(outputs.read_text(encoding="utf-8")).values()
        return cls(endpoint=endpoint, outputs=found)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            session = boto3.Session(
                aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
            )
            config = Config(proxies={}, retries={"total_max_attempts": 1})
            self._clients[service] = session.client(  # type: ignore[call-overload]
                service, endpoint_url=self.endpoint, config=config
            )
        return self._clients[service]

    def events(self, profile_id: str) -> list[dict[str, Any]]:
        """Return every viewing event of a profile that was published so far, in order."""
        queue = self.outputs["EventQueueUrl"]
        sqs = self.client("sqs")
        while messages := sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0
        ).get("Messages"):
            for message in messages:
                self.seen.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [event for event in self.seen if event["profileId"] == profile_id]

    def lines(self, output: str, *, since: float) -> list[str]:
        """Return what a function, named by its output, logged since (Unix seconds)."""
        group = f"/aws/lambda/{self.outputs[output]}"
        return list(self._messages(group, since))

    def all_lines(self, *, since: float) -> Iterator[str]:
        """Return what every function logged since (Unix seconds)."""
        logs = self.client("logs")
        for page in logs.get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                yield from self._messages(group["logGroupName"], since)

    def records(self, output: str, *, since: float, **facts: Any) -> list[dict[str, Any]]:
        """Return a function's structured lines that bear these facts."""
        parsed = (
            json.loads(line) for line in self.lines(output, since=since) if line.startswith("{")
        )
        return [record for record in parsed if all(record.get(k) == v for k, v in facts.items())]

    def invoke(self, output: str, event: dict[str, Any]) -> Any:
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs[output], Payload=json.dumps(event).encode()
        )
        text = answer["Payload"].read()
        assert "FunctionError" not in answer, text
        return json.loads(text)

    def _messages(self, group: str, since: float) -> Iterator[str]:
        pages = self.client("logs").get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=group, startTime=int(since * 1000)):
            for event in page["events"]:
                yield event["message"].rstrip()


def microseconds(text: str) -> int:
    """Return µs since the epoch of an instant as the API writes it."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1)
