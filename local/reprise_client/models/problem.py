from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.field_problem import FieldProblem
    from ..models.screen import Screen


T = TypeVar("T", bound="Problem")


@_attrs_define
class Problem:
    """Why a request was refused (RFC 9457). `type` names the kind, which clients may rely on. `reason` comes with
    `forbidden` and says what a client can show; `errors` comes with `invalid-request` and names every wrong field at
    once. `screens` comes with the reason of that name: who plays, and what to take over.

        Attributes:
            type_ (str):
            title (str):
            status (int):
            detail (str):
            instance (str):
            correlation_id (str):
            reason (str | Unset):
            errors (list[FieldProblem] | Unset):
            screens (list[Screen] | Unset):
    """

    type_: str
    title: str
    status: int
    detail: str
    instance: str
    correlation_id: str
    reason: str | Unset = UNSET
    errors: list[FieldProblem] | Unset = UNSET
    screens: list[Screen] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        title = self.title

        status = self.status

        detail = self.detail

        instance = self.instance

        correlation_id = self.correlation_id

        reason = self.reason

        errors: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item = errors_item_data.to_dict()
                errors.append(errors_item)

        screens: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.screens, Unset):
            screens = []
            for screens_item_data in self.screens:
                screens_item = screens_item_data.to_dict()
                screens.append(screens_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "title": title,
                "status": status,
                "detail": detail,
                "instance": instance,
                "correlationId": correlation_id,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if errors is not UNSET:
            field_dict["errors"] = errors
        if screens is not UNSET:
            field_dict["screens"] = screens

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.field_problem import FieldProblem
        from ..models.screen import Screen

        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        status = d.pop("status")

        detail = d.pop("detail")

        instance = d.pop("instance")

        correlation_id = d.pop("correlationId")

        reason = d.pop("reason", UNSET)

        _errors = d.pop("errors", UNSET)
        errors: list[FieldProblem] | Unset = UNSET
        if _errors is not UNSET:
            errors = []
            for errors_item_data in _errors:
                errors_item = FieldProblem.from_dict(errors_item_data)

                errors.append(errors_item)

        _screens = d.pop("screens", UNSET)
        screens: list[Screen] | Unset = UNSET
        if _screens is not UNSET:
            screens = []
            for screens_item_data in _screens:
                screens_item = Screen.from_dict(screens_item_data)

                screens.append(screens_item)

        problem = cls(
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            instance=instance,
            correlation_id=correlation_id,
            reason=reason,
            errors=errors,
            screens=screens,
        )

        problem.additional_properties = d
        return problem

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
