"""My list on the wire: what a client asks for, and what it is shown."""

from typing import Annotated, Any, NotRequired, TypedDict, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    with_config,
)
from pydantic.alias_generators import to_camel

from reprise.application.list_my_list import MyListPage
from reprise.application.listed_titles import ListedTitle
from reprise.domain.my_list import LENGTH, Removal
from reprise.edge import requests
from reprise.edge.cursors import read_cursor, write_cursor
from reprise.edge.http import Request
from reprise.edge.requests import CURSOR_SCHEMA, Instant
from reprise.edge.responses import Reply, instant, unix_instant
from reprise.edge.wire import IdText, InstantText, one_of

PAGE = 50
CURSORS_OF = "my-list"
_CAMEL = ConfigDict(alias_generator=to_camel)


def _behind(value: object, info: ValidationInfo) -> object:
    cursor = requests.once(value)
    if not isinstance(cursor, str):
        return cursor
    secret, profile_id = cast("tuple[str, str]", info.context)
    return read_cursor(cursor, secret=secret, profile_id=profile_id, of=CURSORS_OF)


class MyListQuery(BaseModel):
    """The query of `GET /my-list`: which page, and since when to tell what was taken out."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    limit: Annotated[int, Field(ge=1, le=PAGE), BeforeValidator(requests.whole_number)] = PAGE
    cursor: Annotated[tuple[int, str] | None, BeforeValidator(_behind), CURSOR_SCHEMA] = None
    changed_since: Annotated[Instant | None, BeforeValidator(requests.once)] = None


class ListPositionBody(BaseModel):
    """The body of `PUT /my-list/{videoId}`, which may be left out.

    Without `position` a new title goes to the front, and one that is in the list stays.
    """

    model_config = ConfigDict(extra="forbid")

    position: Annotated[int, Field(strict=True, ge=0, lt=LENGTH)] = 0


def read_position(request: Request) -> int | None:
    """Return where the title shall go, None where the client does not say.

    Raises:
        InvalidRequestError, TooLargeError, UnsupportedMediaTypeError: as `requests.parse`.
    """
    if not request.event.get("body"):
        return None
    body = requests.parse(request, ListPositionBody)
    return body.position if "position" in body.model_fields_set else None


@with_config(_CAMEL)
class ListedBody(TypedDict):
    """One title of my list. `position` counts from 0 what the viewer is shown.

    `leavesAt` is null unless the title leaves the viewer's region within 30 days.
    """

    video_id: IdText
    title: str
    type: Annotated[str, one_of("film", "series")]
    position: int
    added_at: InstantText
    artwork_url: str
    leaves_at: InstantText | None


@with_config(_CAMEL)
class RemovalBody(TypedDict):
    """A title that was taken out of my list."""

    video_id: IdText
    removed_at: InstantText


@with_config(_CAMEL)
class MyListBody(TypedDict):
    """A page of my list. `asOf` is the `changedSince` of the next time.

    `removed` comes where `changedSince` was asked for: the latest 500, each of the last 90 days.
    """

    items: list[ListedBody]
    next_cursor: str | None
    as_of: InstantText
    removed: NotRequired[list[RemovalBody]]


LISTED: TypeAdapter[Any] = TypeAdapter(ListedBody)
MY_LIST: TypeAdapter[Any] = TypeAdapter(MyListBody)


def page(found: MyListPage, *, cursor_secret: str, profile_id: str) -> Reply:
    """Answer a page with the cursor of the next."""
    following = None
    if found.next is not None:
        following = write_cursor(
            found.next, secret=cursor_secret, profile_id=profile_id, of=CURSORS_OF
        )
    body: MyListBody = {
        "items": [_listed(each) for each in found.items],
        "next_cursor": following,
        "as_of": instant(found.as_of),
    }
    if found.removals is not None:
        body["removed"] = [_removal(each) for each in found.removals]
    return Reply(status=200, body=MY_LIST.serializer.to_json(body, by_alias=True).decode())


def listed(found: ListedTitle) -> Reply:
    """Answer one title where it now is."""
    return Reply(status=200, body=LISTED.serializer.to_json(_listed(found), by_alias=True).decode())


def _listed(found: ListedTitle) -> ListedBody:
    return {
        "video_id": found.title.id,
        "title": found.title.title,
        "type": cast("Any", found.title.type),
        "position": found.position,
        "added_at": instant(found.entry.added_at),
        "artwork_url": found.title.artwork_url,
        "leaves_at": unix_instant(found.leaves_at),
    }


def _removal(removal: Removal) -> RemovalBody:
    return {"video_id": removal.video_id, "removed_at": instant(removal.removed_at)}
