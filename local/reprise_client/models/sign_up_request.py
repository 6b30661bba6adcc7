from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.sign_up_request_plan import SignUpRequestPlan, check_sign_up_request_plan
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.device_request import DeviceRequest


T = TypeVar("T", bound="SignUpRequest")


@_attrs_define
class SignUpRequest:
    """The body of `POST /auth/signup`. `region` is an ISO 3166-1 alpha-2 code.

    Attributes:
        email (str):
        password (str):
        region (str):
        device (DeviceRequest): The device that signs in; every report of the session bears it.
        plan (SignUpRequestPlan | Unset):  Default: 'basic'.
    """

    email: str
    password: str
    region: str
    device: DeviceRequest
    plan: SignUpRequestPlan | Unset = "basic"

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        password = self.password

        region = self.region

        device = self.device.to_dict()

        plan: str | Unset = UNSET
        if not isinstance(self.plan, Unset):
            plan = self.plan

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "password": password,
                "region": region,
                "device": device,
            }
        )
        if plan is not UNSET:
            field_dict["plan"] = plan

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_request import DeviceRequest

        d = dict(src_dict)
        email = d.pop("email")

        password = d.pop("password")

        region = d.pop("region")

        device = DeviceRequest.from_dict(d.pop("device"))

        _plan = d.pop("plan", UNSET)
        plan: SignUpRequestPlan | Unset
        if isinstance(_plan, Unset):
            plan = UNSET
        else:
            plan = check_sign_up_request_plan(_plan)

        sign_up_request = cls(
            email=email,
            password=password,
            region=region,
            device=device,
            plan=plan,
        )

        return sign_up_request
