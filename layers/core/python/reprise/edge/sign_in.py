"""Signing in on the wire: what a client sends, and what it gets."""

import re
import unicodedata
from typing import Annotated, Any, Literal, TypedDict

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    with_config,
)
from pydantic.alias_generators import to_camel

from reprise.application.sign_in import SignedIn
from reprise.domain.identity import Device, Profile
from reprise.domain.passwords import fault_of_password
from reprise.edge.http import Request
from reprise.edge.profiles import Pin
from reprise.edge.requests import Id
from reprise.edge.responses import Reply


def _address(text: str) -> str:
    """Only its shape is judged: whether an address exists is never told."""
    if not text.isprintable() or not _ADDRESS.fullmatch(text):
        raise ValueError("must be an e-mail address")
    return text


def _one_line(text: str) -> str:
    if any(unicodedata.category(character) in _NOT_OF_A_LINE for character in text):
        raise ValueError("must be one line of text")
    return text


_ADDRESS = re.compile(r"\s*[^@\s]+@[^@\s]+\s*")
_NOT_OF_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})

Email = Annotated[str, StringConstraints(strict=True, max_length=254), AfterValidator(_address)]
Password = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=1024)]
Region = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
RefreshToken = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{43,128}$")]
DeviceName = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(_one_line),
]


class DeviceRequest(BaseModel):
    """The device that signs in; every report of the session bears it."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    type: Literal["tv", "phone", "tablet", "laptop", "web"]
    name: DeviceName


class LogInRequest(BaseModel):
    """The body of `POST /auth/login`. `pin` opens the profile that `profileId` names."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    email: Email
    password: Password = Field(repr=False)
    device: DeviceRequest
    profile_id: Id = ""
    pin: Pin = Field(default="", repr=False)

    def signing_in(self) -> Device:
        return Device(id=self.device.id, type=self.device.type, name=self.device.name)


class SignUpRequest(BaseModel):
    """The body of `POST /auth/signup`. `region` is an ISO 3166-1 alpha-2 code."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    email: Email
    password: Password = Field(repr=False)
    region: Region
    plan: Literal["basic", "standard", "premium"] = "basic"
    device: DeviceRequest

    @field_validator("password")
    @classmethod
    def _good(cls, password: str, info: ValidationInfo) -> str:
        fault = fault_of_password(password, email=info.data.get("email", ""))
        if fault is not None:
            raise ValueError(fault)
        return password

    def signing_in(self) -> Device:
        return Device(id=self.device.id, type=self.device.type, name=self.device.name)


class RefreshRequest(BaseModel):
    """The body of `POST /auth/refresh`."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    refresh_token: RefreshToken = Field(repr=False)


class AccountBody(TypedDict):
    """Who signed in."""

    id: str
    email: str
    plan: str
    region: str


class SelectedProfileBody(TypedDict):
    """The profile that the access token is for."""

    id: str
    name: str


@with_config(ConfigDict(alias_generator=to_camel))
class ProfileBody(TypedDict):
    """A profile to choose from."""

    id: str
    name: str
    kids: bool
    maturity_level: int
    has_pin: bool
    language: str
    avatar: str


@with_config(ConfigDict(alias_generator=to_camel))
class SignedInBody(TypedDict):
    """The answer to signing in, in any of its ways."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    session_id: str
    account: AccountBody
    profile: SelectedProfileBody | None
    profiles: list[ProfileBody]


SIGNED_IN: TypeAdapter[Any] = TypeAdapter(SignedInBody)


def signed_in(request: Request, result: SignedIn, *, status: int = 200) -> Reply:
    """Answer with the tokens of a session and everything a client shows first."""
    account, profile = result.account, result.profile
    request.note(accountId=account.id, sessionId=result.session_id)
    body: SignedInBody = {
        "access_token": result.access_token,
        "token_type": "Bearer",
        "expires_in": result.expires_in,
        "refresh_token": result.refresh_token,
        "session_id": result.session_id,
        "account": {
            "id": account.id,
            "email": account.email,
            "plan": account.plan,
            "region": account.region,
        },
        "profile": {"id": profile.id, "name": profile.name} if profile else None,
        "profiles": [_profile(each) for each in result.profiles],
    }
    return Reply(status=status, body=SIGNED_IN.serializer.to_json(body, by_alias=True).decode())


def _profile(profile: Profile) -> ProfileBody:
    return {
        "id": profile.id,
        "name": profile.name,
        "kids": profile.kids,
        "maturity_level": profile.maturity_level,
        "has_pin": profile.has_pin,
        "language": profile.language,
        "avatar": profile.avatar,
    }
