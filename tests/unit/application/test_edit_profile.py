"""What a change takes, and that live sessions know of it before anybody else does."""

from typing import Any

import pytest

from reprise.application.edit_profile import edit_profile
from reprise.domain.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    RateLimitedError,
    UnavailableError,
    UnfitFieldError,
)
from reprise.domain.identity import PolicyFacts, Profile
from reprise.domain.policy import ForbiddenError
from reprise.domain.profiles import ProfileChange, StoredProfile
from tests.households import ACCOUNT, ADA, KIM, PIN, TOM, Family, locked

LOWER = ProfileChange(maturity_level=2)


def edit(
    family: Family,
    profile: Profile,
    change: ProfileChange,
    *,
    standing: Profile | None = ADA,
    pin: str | None = None,
    **more: Any,
) -> StoredProfile:
    return edit_profile(
        account_id=more.get("account_id", ACCOUNT.id),
        standing=standing.id if standing else None,
        profile_id=profile.id,
        versions=more.get("versions", {1}),
        change=change,
        current_pin=pin,
        profiles=family.profiles,
        sessions=family.sessions,
        passwords=family.passwords,
        attempts=family.attempts,
    )


def refused(family: Family, profile: Profile, change: ProfileChange, **how: Any) -> str:
    before = family.stored(profile)
    with pytest.raises(ForbiddenError) as error:
        edit(family, profile, change, **how)
    assert family.stored(profile) == before
    return error.value.reason


def test_a_change_is_stored_as_the_next_version() -> None:
    family = Family()
    changed = edit(family, TOM, ProfileChange(name="Tomás", language="pt", avatar="owl"))
    assert changed.version == 2
    assert changed.profile == Profile("p-tom", "Tomás", False, 3, False, "pt", "owl")
    assert family.stored(TOM) == changed


@pytest.mark.parametrize("versions", [{2}, {2, 3}, set()])
def test_another_version_than_was_read_changes_nothing(versions: set[int]) -> None:
    family = Family()
    with pytest.raises(PreconditionFailedError):
        edit(family, TOM, LOWER, versions=versions)
    assert family.stored(TOM).profile == TOM  # type: ignore[union-attr]


def test_any_version_will_do_where_the_caller_says_so() -> None:
    assert edit(Family(), TOM, LOWER, versions=None).version == 2


def test_a_change_in_the_same_moment_wins_once() -> None:
    family = Family()
    read = family.profiles.household
    household = read(account_id=ACCOUNT.id)
    edit(family, TOM, ProfileChange(name="Tim"))
    family.profiles.household = lambda *, account_id: household  # type: ignore[method-assign]
    with pytest.raises(PreconditionFailedError):
        edit(family, TOM, ProfileChange(name="Tam"))


def test_nobody_elses_profile_is_found() -> None:
    family = Family()
    with pytest.raises(NotFoundError):
        edit(family, Profile("p-x", "X", False, 5, False, "en", "owl"), LOWER)
    with pytest.raises(NotFoundError):
        edit(family, TOM, LOWER, account_id="a-gone")


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ConflictError):
        edit(Family(), TOM, ProfileChange(name="ada"))


def test_a_kids_profile_is_not_made_above_the_level_of_kids() -> None:
    with pytest.raises(UnfitFieldError):
        edit(Family(), TOM, ProfileChange(kids=True))


def test_every_live_session_of_the_profile_gets_the_new_policy_in_its_own_region() -> None:
    family = Family()
    family.sign_in(TOM, session_id="s-home")
    family.sign_in(TOM, session_id="s-away", country="DE")
    family.sign_in(ADA, session_id="s-ada")
    edit(family, TOM, LOWER)
    assert family.policies() == {
        "s-home": PolicyFacts("US", "premium", 2, kids=False),
        "s-away": PolicyFacts("DE", "premium", 2, kids=False),
        "s-ada": PolicyFacts("US", "premium", 5, kids=False),
    }


def test_an_unkept_change_without_limits_has_nobody_to_tell() -> None:
    family = Family()
    family.sign_in(TOM)
    family.profiles.commits = False
    family.sessions.down = True
    with pytest.raises(UnavailableError, match="account and catalog"):
        edit(family, TOM, ProfileChange(name="Tim"))


def test_a_change_without_limits_needs_no_live_store() -> None:
    family = Family()
    family.sign_in(TOM)
    family.sessions.down = True
    assert edit(family, TOM, ProfileChange(name="Tim")).version == 2


def test_where_live_sessions_can_not_be_told_nothing_changes() -> None:
    family = Family()
    family.sign_in(TOM)
    family.sessions.down = True
    with pytest.raises(UnavailableError):
        edit(family, TOM, LOWER)
    assert family.stored(TOM).profile == TOM  # type: ignore[union-attr]


def test_where_the_change_is_not_kept_live_sessions_have_the_old_policy_again() -> None:
    family = Family()
    family.sign_in(TOM)
    family.profiles.commits = False
    with pytest.raises(UnavailableError):
        edit(family, TOM, ProfileChange(maturity_level=5))
    assert family.policies() == {"s-1": PolicyFacts("US", "premium", 3, kids=False)}


def test_where_nobody_knows_whether_it_was_kept_nobody_sees_more_than_either_allows() -> None:
    for level, expected in ((5, 3), (1, 1)):
        family = Family()
        family.sign_in(TOM)
        family.profiles.commits = False
        family.profiles.at_commit = lambda family=family: setattr(family.profiles, "down", True)  # type: ignore[misc]
        with pytest.raises(UnavailableError):
            edit(family, TOM, ProfileChange(maturity_level=level))
        assert family.policies() == {"s-1": PolicyFacts("US", "premium", expected, kids=False)}


def test_a_profile_that_is_gone_meanwhile_leaves_the_stricter_policy() -> None:
    family = Family()
    family.sign_in(TOM)
    family.profiles.commits = False

    def vanish() -> None:
        del family.profiles.households[ACCOUNT.id]

    family.profiles.at_commit = vanish
    with pytest.raises(UnavailableError):
        edit(family, TOM, ProfileChange(maturity_level=5))
    assert family.policies() == {"s-1": PolicyFacts("US", "premium", 3, kids=False)}


def test_taking_back_does_its_best_and_says_what_failed_first() -> None:
    family = Family()
    family.sign_in(TOM)
    family.profiles.commits = False
    family.profiles.at_commit = lambda: setattr(family.sessions, "down", True)
    with pytest.raises(UnavailableError, match="account and catalog"):
        edit(family, TOM, LOWER)


def test_a_kid_changes_nobody() -> None:
    assert refused(Family(), TOM, ProfileChange(name="x"), standing=KIM) == "kids"


@pytest.mark.parametrize("change", [LOWER, ProfileChange(kids=False), ProfileChange(name="Bea")])
def test_what_is_not_locked_needs_no_pin(change: ProfileChange) -> None:
    assert edit(Family(), TOM, change, standing=ADA).version == 2


@pytest.mark.parametrize(
    "change",
    [LOWER, ProfileChange(sets_pin=True), ProfileChange(sets_pin=True, pin="9999")],
)
def test_what_is_guarded_of_a_locked_profile_takes_its_pin(change: ProfileChange) -> None:
    family = Family((locked(ADA), TOM))
    assert refused(family, ADA, change) == "pin"
    assert refused(family, ADA, change, pin="0000") == "pin"
    assert edit(family, ADA, change, pin=PIN).version == 2


def test_the_rest_of_a_locked_profile_takes_none() -> None:
    assert edit(Family((locked(ADA), TOM)), ADA, ProfileChange(name="Bea"), standing=TOM)


def test_guessing_a_pin_by_changes_is_limited_as_by_selecting() -> None:
    family = Family((locked(ADA), TOM))
    for _ in range(5):
        refused(family, ADA, LOWER, pin="0000")
    with pytest.raises(RateLimitedError):
        edit(family, ADA, LOWER, pin=PIN)


def test_a_pin_is_set_changed_and_removed() -> None:
    family = Family()
    set_one = edit(family, ADA, ProfileChange(sets_pin=True, pin="1357"))
    assert (set_one.profile.has_pin, set_one.pin_hash) == (True, "hashed:1357")
    kept = edit(family, ADA, ProfileChange(name="Bea"), versions={2})
    assert kept.pin_hash == "hashed:1357"
    removed = edit(family, ADA, ProfileChange(sets_pin=True), versions={3}, pin="1357")
    assert (removed.profile.has_pin, removed.pin_hash) == (False, None)


def test_from_below_a_lock_nobody_is_raised_and_nobody_above_is_lowered() -> None:
    bea = Profile("p-bea", "Bea", False, 5, False, "en", "owl")
    family = Family((locked(ADA), TOM, bea))
    assert refused(family, TOM, ProfileChange(maturity_level=4), standing=TOM) == "pin"
    assert refused(family, bea, LOWER, standing=TOM) == "pin"
    assert refused(family, bea, ProfileChange(sets_pin=True, pin="1234"), standing=TOM) == "pin"
    assert edit(family, TOM, LOWER, standing=TOM).profile.maturity_level == 2


def test_who_knows_a_profiles_pin_stands_where_it_stands() -> None:
    teen = locked(TOM)
    family = Family((locked(ADA), teen))
    assert edit(family, ADA, ProfileChange(maturity_level=4), standing=teen, pin=PIN).version == 2
    change = ProfileChange(maturity_level=5)
    assert refused(family, teen, change, standing=teen, pin=PIN) == "pin"
