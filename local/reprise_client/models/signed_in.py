from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.account import Account
    from ..models.profile import Profile
    from ..models.selected_profile import SelectedProfile


T = TypeVar("T", bound="SignedIn")


@_attrs_define
class SignedIn:
    """The answer to signing in, in any of its ways.

    Attributes:
        access_token (str):
        token_type (str):
        expires_in (int):
        refresh_token (str):
        session_id (str):
        account (Account): Who signed in.
        profile (None | SelectedProfile):
        profiles (list[Profile]):
    """

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    session_id: str
    account: Account
    profile: None | SelectedProfile
    profiles: list[Profile]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.selected_profile import SelectedProfile

        access_token = self.access_token

        token_type = self.token_type

        expires_in = self.expires_in

        refresh_token = self.refresh_token

        session_id = self.session_id

        account = self.account.to_dict()

        profile: dict[str, Any] | None
        if isinstance(self.profile, SelectedProfile):
            profile = self.profile.to_dict()
        else:
            profile = self.profile

        profiles = []
        for profiles_item_data in self.profiles:
            profiles_item = profiles_item_data.to_dict()
            profiles.append(profiles_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accessToken": access_token,
                "tokenType": token_type,
                "expiresIn": expires_in,
                "refreshToken": refresh_token,
                "sessionId": session_id,
                "account": account,
                "profile": profile,
                "profiles": profiles,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.account import Account
        from ..models.profile import Profile
        from ..models.selected_profile import SelectedProfile

        d = dict(src_dict)
        access_token = d.pop("accessToken")

        token_type = d.pop("tokenType")

        expires_in = d.pop("expiresIn")

        refresh_token = d.pop("refreshToken")

        session_id = d.pop("sessionId")

        account = Account.from_dict(d.pop("account"))

        def _parse_profile(data: object) -> None | SelectedProfile:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                profile_type_0 = SelectedProfile.from_dict(data)

                return profile_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SelectedProfile, data)

        profile = _parse_profile(d.pop("profile"))

        profiles = []
        _profiles = d.pop("profiles")
        for profiles_item_data in _profiles:
            profiles_item = Profile.from_dict(profiles_item_data)

            profiles.append(profiles_item)

        signed_in = cls(
            access_token=access_token,
            token_type=token_type,
            expires_in=expires_in,
            refresh_token=refresh_token,
            session_id=session_id,
            account=account,
            profile=profile,
            profiles=profiles,
        )

        signed_in.additional_properties = d
        return signed_in

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
