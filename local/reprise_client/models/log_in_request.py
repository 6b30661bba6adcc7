from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.device_request import DeviceRequest


T = TypeVar("T", bound="LogInRequest")


@_attrs_define
class LogInRequest:
    """The body of `POST /auth/login`. `pin` opens the profile that `profileId` names.

    Attributes:
        email (str):
        password (str):
        device (DeviceRequest): The device that signs in; every report of the session bears it.
        profile_id (str | Unset):
        pin (str | Unset):
    """

    email: str
    password: str
    device: DeviceRequest
    profile_id: str | Unset = UNSET
    pin: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        password = self.password

        device = self.device.to_dict()

        profile_id = self.profile_id

        pin = self.pin

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "password": password,
                "device": device,
            }
        )
        if profile_id is not UNSET:
            field_dict["profileId"] = profile_id
        if pin is not UNSET:
            field_dict["pin"] = pin

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_request import DeviceRequest

        d = dict(src_dict)
        email = d.pop("email")

        password = d.pop("password")

        device = DeviceRequest.from_dict(d.pop("device"))

        profile_id = d.pop("profileId", UNSET)

        pin = d.pop("pin", UNSET)

        log_in_request = cls(
            email=email,
            password=password,
            device=device,
            profile_id=profile_id,
            pin=pin,
        )

        return log_in_request
