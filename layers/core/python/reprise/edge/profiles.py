"""Profiles on the wire: what a client asks for, and what it is shown. A PIN is never shown."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Self, TypedDict

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
    with_config,
)
from pydantic.alias_generators import to_camel

from reprise.application.create_profile import NewProfile
from reprise.application.select_profile import Selected
from reprise.domain.errors import PreconditionFailedError, UnauthenticatedError
from reprise.domain.identity import Claims
from reprise.domain.profiles import ProfileChange, Receipt, StoredProfile, is_visible
from reprise.edge import requests
from reprise.edge.http import Request
from reprise.edge.requests import Id
from reprise.edge.responses import Reply, instant
from reprise.edge.wire import IdText, InstantText

NAME_LENGTH = 40
LANGUAGE_LENGTH = 35
"""What RFC 5646, section 4.4.1, tells everybody to have room for."""

_LANGUAGE_PATTERN = (
    "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    "(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$"
)
_PIN_PATTERN = "^[0-9]{4,8}$"
_LANGUAGE = re.compile(_LANGUAGE_PATTERN)
_PIN = re.compile(_PIN_PATTERN)
_STRONG_TAG = re.compile(r'"([0-9]{1,9})"')
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_CAMEL = ConfigDict(alias_generator=to_camel)


def _name(text: str) -> str:
    if any(unicodedata.category(character) in _BREAKS for character in text):
        raise ValueError("must be one line of text")
    if not is_visible(text):
        raise ValueError("must have something to see")
    return text


def _language(text: str) -> str:
    if len(text) > LANGUAGE_LENGTH or not _LANGUAGE.fullmatch(text):
        raise ValueError("must be a language tag as in en or pt-BR")
    return text


def _pin(text: str) -> str:
    if not _PIN.fullmatch(text) or not text.isascii():
        raise ValueError("must be 4 to 8 digits")
    return text


Name = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=NAME_LENGTH),
    AfterValidator(_name),
]
Language = Annotated[
    str,
    StringConstraints(strict=True),
    AfterValidator(_language),
    WithJsonSchema({"type": "string", "pattern": _LANGUAGE_PATTERN, "maxLength": LANGUAGE_LENGTH}),
]
Pin = Annotated[
    str,
    StringConstraints(strict=True),
    AfterValidator(_pin),
    WithJsonSchema({"type": "string", "pattern": _PIN_PATTERN}),
]
Level = Annotated[int, Field(strict=True, ge=1, le=5)]
Flag = Annotated[bool, Field(strict=True)]


class CreateProfileRequest(BaseModel):
    """The body of `POST /profiles`. Without `maturityLevel` it is as high as may be given."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    name: Name
    kids: Flag = False
    maturity_level: Level = 5
    language: Language = "en"
    avatar: Id = "heron"
    pin: Pin = Field(default="", repr=False)

    def wanted(self) -> NewProfile:
        said = "maturity_level" in self.model_fields_set
        return NewProfile(
            name=self.name,
            kids=self.kids,
            maturity_level=self.maturity_level if said else None,
            language=self.language,
            avatar=self.avatar,
            pin=self.pin or None,
        )


class EditProfileRequest(BaseModel):
    """The body of `PATCH /profiles/{id}`: what is left out stays. A `pin` of null removes the PIN;
    `currentPin` proves it where it guards what changes."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    name: Name = ""
    kids: Flag = False
    maturity_level: Level = 5
    language: Language = ""
    avatar: Id = ""
    pin: Pin | None = Field(default=None, repr=False)
    current_pin: Pin = Field(default="", repr=False)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set - {"current_pin"}:
            raise ValueError("must change something")
        return self

    def change(self) -> ProfileChange:
        said = self.model_fields_set
        return ProfileChange(
            name=self.name or None,
            kids=self.kids if "kids" in said else None,
            maturity_level=self.maturity_level if "maturity_level" in said else None,
            language=self.language or None,
            avatar=self.avatar or None,
            sets_pin="pin" in said,
            pin=self.pin,
        )


class SelectProfileRequest(BaseModel):
    """The body of `POST /profiles/{id}/select`, which may be left out where there is no PIN."""

    model_config = ConfigDict(extra="forbid")

    pin: Pin = Field(default="", repr=False)


def read_pin(request: Request) -> str | None:
    """Return the PIN of the body, None where there is no body or no PIN in it.

    Raises:
        InvalidRequestError, TooLargeError, UnsupportedMediaTypeError: as `requests.parse`.
    """
    if not request.event.get("body"):
        return None
    return requests.parse(request, SelectProfileRequest).pin or None


def caller(request: Request) -> Claims:
    """Return who is asking, on a route whose declared access is `account`."""
    if request.claims is None:
        raise UnauthenticatedError("sign in first")
    return request.claims


def asked_versions(request: Request) -> Collection[int] | None:
    """Return the versions that `If-Match` names, None for any or where it is not sent.

    What it names otherwise is no version of ours: it matches nothing.
    """
    header = request.headers.get("if-match", "*").strip()
    if header == "*":
        return None
    tags = [_STRONG_TAG.fullmatch(tag.strip()) for tag in header.split(",")]
    return {int(tag[1]) for tag in tags if tag is not None}


def needed_versions(request: Request) -> Collection[int] | None:
    """As `asked_versions`, where the header has to be sent.

    Raises:
        PreconditionFailedError: it is not.
    """
    if "if-match" not in request.headers:
        raise PreconditionFailedError("send If-Match with the profile's ETag, or * for any version")
    return asked_versions(request)


@with_config(_CAMEL)
class KeptProfileBody(TypedDict):
    """A profile. `version` is what its ETag says, in quotes."""

    id: IdText
    name: str
    kids: bool
    maturity_level: int
    has_pin: bool
    language: str
    avatar: str
    version: int


class ProfilesBody(TypedDict):
    """Everybody of an account, in their order."""

    items: list[KeptProfileBody]


class ChosenBody(TypedDict):
    """The profile that the access token is for."""

    id: IdText
    name: str


@with_config(_CAMEL)
class SelectedBody(TypedDict):
    """What a client goes on with. The access token that it had proves nothing any more."""

    access_token: str
    expires_in: int
    profile: ChosenBody


@with_config(_CAMEL)
class ReceiptBody(TypedDict):
    """What was removed: rows of each table, and keys and marks of live state, by store."""

    profile_id: IdText
    deleted_at: InstantText
    removed: Mapping[str, Mapping[str, int]]


PROFILE: TypeAdapter[Any] = TypeAdapter(KeptProfileBody)
PROFILES: TypeAdapter[Any] = TypeAdapter(ProfilesBody)
SELECTED: TypeAdapter[Any] = TypeAdapter(SelectedBody)
RECEIPT: TypeAdapter[Any] = TypeAdapter(ReceiptBody)


def everybody(found: Sequence[StoredProfile]) -> Reply:
    body: ProfilesBody = {"items": [_profile(each) for each in found]}
    return Reply(status=200, body=_json(PROFILES, body))


def profile(stored: StoredProfile, *, status: int = 200) -> Reply:
    """Answer one profile with its ETag."""
    etag = {"ETag": f'"{stored.version}"'}
    return Reply(status=status, body=_json(PROFILE, _profile(stored)), headers=etag)


def selected(result: Selected) -> Reply:
    body: SelectedBody = {
        "access_token": result.access_token,
        "expires_in": result.expires_in,
        "profile": {"id": result.profile.id, "name": result.profile.name},
    }
    return Reply(status=200, body=_json(SELECTED, body))


def receipt(found: Receipt) -> Reply:
    body: ReceiptBody = {
        "profile_id": found.profile_id,
        "deleted_at": instant(found.deleted_at * 1_000_000),
        "removed": found.removed,
    }
    return Reply(status=200, body=_json(RECEIPT, body))


def _profile(stored: StoredProfile) -> KeptProfileBody:
    found = stored.profile
    return {
        "id": found.id,
        "name": found.name,
        "kids": found.kids,
        "maturity_level": found.maturity_level,
        "has_pin": found.has_pin,
        "language": found.language,
        "avatar": found.avatar,
        "version": stored.version,
    }


def _json(adapter: TypeAdapter[Any], body: object) -> str:
    return adapter.serializer.to_json(body, by_alias=True).decode()
