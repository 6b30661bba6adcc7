"""Sessions and passwords on the wire: what an account's owner sends, and is shown."""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from pydantic.alias_generators import to_camel

from reprise.application.identity_ports import SessionRecord
from reprise.edge.bodies import DeviceBody
from reprise.edge.responses import Reply, instant
from reprise.edge.sign_in import Password
from reprise.edge.wire import IdText, InstantText

_SECOND = 1_000_000

NewPassword = Annotated[str, StringConstraints(strict=True, min_length=8, max_length=1024)]


class ChangePasswordRequest(BaseModel):
    """The body of `PUT /auth/password`."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    current_password: Password = Field(repr=False)
    new_password: NewPassword = Field(repr=False)


@with_config(ConfigDict(alias_generator=to_camel))
class SessionBody(TypedDict):
    """A device that is signed in. `lastSeenAt` is when it last signed in or refreshed its token.

    `country` is where that was, null where it is not known; `current` is the session that asks.
    """

    id: IdText
    device: DeviceBody
    created_at: InstantText
    last_seen_at: InstantText
    country: Annotated[str | None, Field(examples=["US"])]
    current: bool


class SessionsBody(TypedDict):
    """The newest 100 sessions of the account, newest first."""

    items: list[SessionBody]


SESSIONS: TypeAdapter[Any] = TypeAdapter(SessionsBody)


def listed(found: Sequence[tuple[SessionRecord, bool]]) -> Reply:
    """Answer the sessions of an account."""
    body: SessionsBody = {"items": [_session(record, current) for record, current in found]}
    return Reply(status=200, body=SESSIONS.serializer.to_json(body, by_alias=True).decode())


def _session(record: SessionRecord, current: bool) -> SessionBody:
    device = record.device
    return {
        "id": record.id,
        "device": {"id": device.id, "type": device.type, "name": device.name},
        "created_at": instant(record.created_at * _SECOND),
        "last_seen_at": instant(record.last_seen_at * _SECOND),
        "country": record.country,
        "current": current,
    }
