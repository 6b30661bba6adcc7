"""What queues and schedules send, as what the flush understands; partial failures per record.

A message that is not ours fails alone, with a line in the log that says so, and ends in the
dead-letter queue after its retries.
"""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from reprise.domain.buckets import BUCKETS
from reprise.domain.flush import FlushOrder
from reprise.edge import observability
from reprise.edge.http import Context, Event

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

_LAST_BUCKET = BUCKETS - 1

Id = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Bucket = Annotated[int, Field(strict=True, ge=0, le=_LAST_BUCKET)]


class BadMessageError(Exception):
    """A message that is not what its producer promises; no retry can mend it."""


class FlushOrderBody(BaseModel):
    """The body of a message in the flush queue."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    first_bucket: Bucket
    last_bucket: Bucket
    profile_id: Id | None = None
    item_ids: list[Id] = []
    older_than: Annotated[int, Field(strict=True, ge=0)] | None = None


def read_order(body: str) -> FlushOrder:
    """Return the order that a flush message carries.

    Raises:
        BadMessageError: it carries none.
    """
    try:
        order = FlushOrderBody.model_validate_json(body)
    except ValidationError as error:
        raise BadMessageError("not a flush order") from error
    if order.last_bucket < order.first_bucket or bool(order.item_ids) != bool(order.profile_id):
        raise BadMessageError("a flush order that orders nothing")
    return FlushOrder(
        first_bucket=order.first_bucket,
        last_bucket=order.last_bucket,
        profile_id=order.profile_id,
        item_ids=tuple(order.item_ids),
        older_than=order.older_than,
    )


def consume[Message](
    event: Event,
    context: Context,
    *,
    name: str,
    read: Callable[[str], Message],
    work: Callable[[Message], Mapping[str, Any]],
) -> dict[str, Any]:
    """Do `work` for what `read` finds in each SQS record; answer which failed, and only those.

    `work` returns the facts of its line in the log, and raises for what is to be delivered again.
    """
    # What is called by the clock reads no queue, and pays for no reader of one.
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType  # noqa: PLC0415

    def handle(record: "SQSRecord") -> None:
        run(context, name=name, work=lambda: work(read(record.body)))

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(records=list(event["Records"]), handler=handle):
        processor.process()
    return dict(processor.response())


def consume_orders(
    event: Event,
    context: Context,
    *,
    name: str,
    work: Callable[[FlushOrder], Mapping[str, Any]],
) -> dict[str, Any]:
    """Do `work` for the order of each message of the flush queue, as `consume`."""
    return consume(event, context, name=name, read=read_order, work=work)


def run(context: Context, *, name: str, work: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Do a piece of scheduled or queued work, writing its line with the facts it returns.

    Whatever `work` raises goes on to the caller, after the line.
    """
    started = time.perf_counter()
    facts: Mapping[str, Any] = {}
    level = "ERROR"
    try:
        facts = work()
        level = "INFO"
    except Exception as error:
        facts = {"error": type(error).__name__, "detail": str(error)}
        observability.logger.exception("work failed", extra={"work": name})
        raise
    finally:
        observability.write_line(
            route=name,
            level=level,
            facts={"requestId": context.aws_request_id, **facts},
            milliseconds=round((time.perf_counter() - started) * 1000, 3),
            message="work",
        )
    return facts
