"""Who may change what of whom, and which names and levels go together."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.errors import ConflictError, NotFoundError, UnfitFieldError
from reprise.domain.identity import Account, Profile
from reprise.domain.policy import ForbiddenError
from reprise.domain.profiles import (
    Household,
    ProfileChange,
    StoredProfile,
    ceiling,
    check_kids_level,
    check_name,
    check_not_last,
    check_reach,
    check_room,
    is_visible,
    limits_differ,
    name_key,
    stricter,
)

ADULT = Profile("p-adult", "Ada", False, 5, False, "en", "heron")
TEEN = Profile("p-teen", "Tom", False, 3, False, "en", "fox")
KID = Profile("p-kid", "Kim", True, 2, False, "en", "comet")


def household(*profiles: Profile) -> Household:
    stored = [StoredProfile(each, "hash" if each.has_pin else None, 1) for each in profiles]
    return Household(Account("a-1", "ada@example.org", "premium", "US"), stored)


def locked(profile: Profile) -> Profile:
    return replace(profile, has_pin=True)


def test_a_profile_of_the_account_is_found_and_no_other() -> None:
    home = household(ADULT, KID)
    assert home.own("p-kid").profile == KID
    assert home.profile(None) is None
    with pytest.raises(NotFoundError):
        home.own("p-other")


@pytest.mark.parametrize(
    ("profiles", "standing", "highest"),
    [
        ((), None, 5),
        ((ADULT, TEEN), None, 5),
        ((ADULT, TEEN), "p-teen", 5),
        ((locked(ADULT), TEEN), "p-teen", 3),
        ((locked(ADULT), TEEN), "p-adult", 5),
        ((locked(ADULT), TEEN), None, 0),
        ((locked(ADULT), TEEN), "p-gone", 0),
        ((ADULT, locked(TEEN)), "p-adult", 5),
        ((locked(TEEN),), "p-teen", 5),
        ((locked(ADULT), replace(ADULT, id="p-2")), "p-2", 5),
    ],
)
def test_a_session_gives_its_own_level_while_a_higher_one_is_locked_and_any_level_otherwise(
    profiles: tuple[Profile, ...], standing: str | None, highest: int
) -> None:
    assert ceiling(household(*profiles), standing=standing) == highest


def test_a_kids_profile_gives_nothing() -> None:
    with pytest.raises(ForbiddenError) as refused:
        ceiling(household(ADULT, KID), standing="p-kid")
    assert refused.value.reason == "kids"


def test_what_is_within_reach_passes_and_what_is_above_says_pin() -> None:
    check_reach(3, level=3)
    with pytest.raises(ForbiddenError) as refused:
        check_reach(3, level=4)
    assert refused.value.reason == "pin"


def test_a_kids_profile_never_exceeds_the_level_of_kids() -> None:
    check_kids_level(kids=True, maturity_level=2)
    check_kids_level(kids=False, maturity_level=5)
    with pytest.raises(UnfitFieldError) as refused:
        check_kids_level(kids=True, maturity_level=3)
    assert refused.value.field == "maturityLevel"


def test_making_a_kids_profile_of_an_adults_takes_lowering_it_too() -> None:
    with pytest.raises(UnfitFieldError):
        ProfileChange(kids=True).applied(ADULT)
    lowered = ProfileChange(kids=True, maturity_level=1).applied(ADULT)
    assert (lowered.kids, lowered.maturity_level) == (True, 1)


@pytest.mark.parametrize(
    ("change", "guarded"),
    [
        (ProfileChange(name="Bea"), False),
        (ProfileChange(language="pt", avatar="owl"), False),
        (ProfileChange(maturity_level=5), False),
        (ProfileChange(kids=False), False),
        (ProfileChange(maturity_level=4), True),
        (ProfileChange(kids=True, maturity_level=2), True),
        (ProfileChange(sets_pin=True, pin="1234"), True),
        (ProfileChange(sets_pin=True), True),
    ],
)
def test_the_level_the_kids_flag_and_the_pin_are_guarded_where_they_change(
    change: ProfileChange, guarded: bool
) -> None:
    assert change.is_guarded(ADULT) is guarded


@pytest.mark.parametrize(
    ("field", "value"), [("name", "Bea"), ("language", "pt"), ("avatar", "owl"), ("kids", False)]
)
def test_a_change_changes_its_field_and_nothing_else(field: str, value: Any) -> None:
    assert ProfileChange(**{field: value}).applied(KID) == replace(KID, **{field: value})


def test_setting_and_removing_a_pin_shows_in_the_profile() -> None:
    assert ProfileChange(sets_pin=True, pin="1234").applied(ADULT).has_pin
    assert not ProfileChange(sets_pin=True).applied(locked(ADULT)).has_pin
    assert ProfileChange(name="Bea").applied(locked(ADULT)).has_pin


def test_an_account_has_at_most_five_profiles() -> None:
    four = household(*(replace(ADULT, id=f"p-{n}") for n in range(4)))
    check_room(four.profiles)
    five = household(*(replace(ADULT, id=f"p-{n}") for n in range(5)))
    with pytest.raises(ConflictError):
        check_room(five.profiles)


@pytest.mark.parametrize("name", ["Ada", "ADA", " ada ", "Ａｄａ", "aDa\u00a0"])
def test_a_name_that_reads_like_another_is_taken(name: str) -> None:
    with pytest.raises(ConflictError):
        check_name(household(ADULT, TEEN).profiles, name=name, of="p-teen")


def test_a_profile_may_keep_its_own_name_or_spell_it_otherwise() -> None:
    check_name(household(ADULT, TEEN).profiles, name="ADA", of="p-adult")


def test_names_fold_ligatures_sharp_s_and_inner_space() -> None:
    assert name_key("ﬁn  Groß") == name_key("FIN GROSS")


@pytest.mark.parametrize(("name", "visible"), [("a", True), ("🦊", True), ("\u200b\u2060", False)])
def test_a_name_has_something_to_see(name: str, visible: bool) -> None:
    assert is_visible(name) is visible


def test_the_last_profile_stays() -> None:
    check_not_last(household(ADULT, KID), profile_id="p-kid")
    check_not_last(household(ADULT), profile_id="p-kid")
    with pytest.raises(ConflictError):
        check_not_last(household(ADULT), profile_id="p-adult")


def test_the_stricter_of_two_may_watch_no_more_than_either() -> None:
    assert _limits(stricter(ADULT, replace(ADULT, maturity_level=3))) == (3, False)
    assert _limits(stricter(replace(KID, maturity_level=2), ADULT)) == (2, True)


def _limits(profile: Profile) -> tuple[int, bool]:
    return profile.maturity_level, profile.kids


def test_only_level_and_kids_flag_are_limits() -> None:
    assert not limits_differ(ADULT, replace(ADULT, name="Bea", has_pin=True))
    assert limits_differ(ADULT, replace(ADULT, maturity_level=4))
    assert limits_differ(KID, replace(KID, kids=False))


def test_a_pin_hash_is_not_shown() -> None:
    assert "secret" not in repr(StoredProfile(ADULT, "secret", 1))
    assert "4711" not in repr(ProfileChange(sets_pin=True, pin="4711"))
