from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.grant_cookies import GrantCookies


T = TypeVar("T", bound="Grant")


@_attrs_define
class Grant:
    """Leave to fetch every file of the title until `expiresAt`, as a query or as cookies. Fetch the next one at
    `refreshAt`; one that fails then may be repeated until this one expires.

        Attributes:
            query (str):
            cookies (GrantCookies):
            expires_at (datetime.datetime):
            refresh_at (datetime.datetime):
    """

    query: str
    cookies: GrantCookies
    expires_at: datetime.datetime
    refresh_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query = self.query

        cookies = self.cookies.to_dict()

        expires_at = self.expires_at.isoformat()

        refresh_at = self.refresh_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
                "cookies": cookies,
                "expiresAt": expires_at,
                "refreshAt": refresh_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant_cookies import GrantCookies

        d = dict(src_dict)
        query = d.pop("query")

        cookies = GrantCookies.from_dict(d.pop("cookies"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))

        refresh_at = datetime.datetime.fromisoformat(d.pop("refreshAt"))

        grant = cls(
            query=query,
            cookies=cookies,
            expires_at=expires_at,
            refresh_at=refresh_at,
        )

        grant.additional_properties = d
        return grant

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
