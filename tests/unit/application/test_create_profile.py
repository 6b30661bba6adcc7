"""Who may be added to an account, by whom, and up to what level."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.application.create_profile import NewProfile, create_profile
from reprise.application.list_profiles import list_profiles
from reprise.domain.errors import ConflictError, NotFoundError, UnavailableError, UnfitFieldError
from reprise.domain.identity import Profile
from reprise.domain.policy import ForbiddenError
from reprise.domain.profiles import StoredProfile
from tests.households import ACCOUNT, ADA, KIM, TOM, Family, locked, stored

BEA = NewProfile(name="Bea", kids=False, maturity_level=4, language="pt", avatar="owl")


def create(
    family: Family, wanted: NewProfile = BEA, *, standing: Profile | None = ADA, **more: Any
) -> StoredProfile:
    return create_profile(
        account_id=more.get("account_id", ACCOUNT.id),
        standing=standing.id if standing else None,
        wanted=wanted,
        profiles=family.profiles,
        passwords=family.passwords,
        new_id=lambda: "p-new",
    )


def test_a_new_profile_comes_last_and_is_as_it_was_wanted() -> None:
    family = Family()
    made = create(family)
    assert made == StoredProfile(Profile("p-new", "Bea", False, 4, False, "pt", "owl"), None, 1)
    assert family.names() == ["Ada", "Tom", "Kim", "Bea"]


def test_everybody_is_listed_in_their_order() -> None:
    family = Family()
    found = list_profiles(account_id=ACCOUNT.id, profiles=family.profiles)
    assert [each.profile for each in found] == [ADA, TOM, KIM]


def test_an_account_that_is_gone_has_nobody_and_gets_nobody() -> None:
    family = Family()
    with pytest.raises(NotFoundError):
        list_profiles(account_id="a-gone", profiles=family.profiles)
    with pytest.raises(NotFoundError):
        create(family, account_id="a-gone")


def test_a_pin_is_kept_as_its_hash_only() -> None:
    made = create(Family(), replace(BEA, pin="2468"))
    assert made.profile.has_pin
    assert made.pin_hash == "hashed:2468"
    assert "2468" not in repr(replace(BEA, pin="2468"))


@pytest.mark.parametrize(("kids", "level"), [(False, 5), (True, 2)])
def test_without_a_level_it_gets_as_much_as_may_be(kids: bool, level: int) -> None:
    made = create(Family(), replace(BEA, kids=kids, maturity_level=None))
    assert made.profile.maturity_level == level


def test_from_below_a_lock_it_gets_no_more_than_who_makes_it() -> None:
    family = Family((locked(ADA), TOM))
    with pytest.raises(ForbiddenError) as refused:
        create(family, standing=TOM)
    assert refused.value.reason == "pin"
    made = create(family, replace(BEA, maturity_level=None), standing=TOM)
    assert made.profile.maturity_level == 3


def test_without_a_profile_nothing_is_made_below_a_lock() -> None:
    family = Family((locked(ADA),))
    for level in (None, 1):
        with pytest.raises(ForbiddenError) as refused:
            create(family, replace(BEA, maturity_level=level), standing=None)
        assert refused.value.reason == "pin"
    assert family.names() == ["Ada"]


def test_an_account_without_profiles_gets_its_first_one() -> None:
    family = Family(())
    create(family, standing=None)
    assert family.names() == ["Bea"]


def test_a_kid_makes_nobody() -> None:
    with pytest.raises(ForbiddenError) as refused:
        create(Family(), standing=KIM)
    assert refused.value.reason == "kids"


def test_a_kids_profile_above_the_level_of_kids_is_refused_by_its_field() -> None:
    with pytest.raises(UnfitFieldError) as refused:
        create(Family(), replace(BEA, kids=True, maturity_level=3))
    assert refused.value.field == "maturityLevel"


def test_a_sixth_profile_is_one_too_many() -> None:
    family = Family(tuple(replace(ADA, id=f"p-{n}", name=f"Ada {n}") for n in range(5)))
    with pytest.raises(ConflictError, match="at most 5"):
        create(family)


def test_a_name_is_given_once() -> None:
    with pytest.raises(ConflictError):
        create(Family(), replace(BEA, name="ADA"))


def test_what_somebody_else_made_meanwhile_counts() -> None:
    family = Family((ADA,))
    household = family.profiles.households[ACCOUNT.id]
    crowded = replace(household, profiles=(*household.profiles, stored(replace(TOM, name="bea"))))
    read = family.profiles.household

    def read_before(*, account_id: str) -> Any:
        found = read(account_id=account_id)
        family.profiles.households[ACCOUNT.id] = crowded
        return found

    family.profiles.household = read_before  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        create(family)


def test_making_the_same_one_again_changes_nothing() -> None:
    family = Family()
    made = create(family)
    family.profiles.add(account_id=ACCOUNT.id, new=made, check=lambda _: pytest.fail("checked"))
    assert family.names().count("Bea") == 1


def test_a_store_that_is_down_is_said() -> None:
    family = Family()
    family.profiles.down = True
    with pytest.raises(UnavailableError):
        create(family)
