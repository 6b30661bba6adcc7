"""A session moves from profile to profile, and is live as one of them at most."""

from dataclasses import replace

import pytest

from reprise.application.select_profile import Selected, select_profile
from reprise.domain.errors import (
    ConflictError,
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from reprise.domain.identity import Claims, PolicyFacts, Profile
from reprise.domain.policy import ForbiddenError
from tests.households import ACCOUNT, ADA, KIM, MONTH, NOW, PIN, TOM, Family, locked, stored


def select(
    family: Family,
    claims: Claims,
    profile: Profile,
    *,
    pin: str | None = None,
    country: str | None = None,
) -> Selected:
    return select_profile(
        claims=claims,
        profile_id=profile.id,
        pin=pin,
        country=country,
        profiles=family.profiles,
        sessions=family.sessions,
        passwords=family.passwords,
        attempts=family.attempts,
        issuer=family.tokens,
        now=NOW,
    )


def test_the_session_goes_on_as_the_other_profile_and_only_as_that() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    result = select(family, claims, TOM)
    assert (result.profile, result.expires_in) == (TOM, 900)
    assert family.live_as() == {"s-1": ["p-tom"]}
    assert family.profiles.rows["s-1"].profile_id == "p-tom"
    issued = family.tokens.verify(token=result.access_token, now=NOW)
    assert issued == replace(
        claims, profile_id="p-tom", policy=PolicyFacts("US", "premium", 3, kids=False)
    )


def test_a_session_without_a_profile_gets_one() -> None:
    family = Family()
    select(family, family.sign_in(None), KIM)
    assert family.live_as() == {"s-1": ["p-kim"]}
    assert family.policies()["s-1"] == PolicyFacts("US", "premium", 2, kids=True)


def test_selecting_the_same_profile_again_brings_its_session_up_to_date() -> None:
    family = Family()
    select(family, family.sign_in(TOM), TOM)
    assert family.live_as() == {"s-1": ["p-tom"]}


def test_the_session_lives_no_longer_than_it_did() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    row = family.profiles.rows["s-1"]
    family.profiles.rows["s-1"] = replace(row, kept=replace(row.kept, expires_at=NOW + 60))
    select(family, claims, TOM)
    (live,) = family.sessions.live.values()
    assert live.lifetime == 60
    assert live.lifetime < MONTH


def test_the_region_is_where_the_request_came_from_else_where_the_session_was_last() -> None:
    family = Family()
    claims = family.sign_in(ADA, country="GB")
    select(family, claims, TOM)
    assert family.policies()["s-1"] == PolicyFacts("GB", "premium", 3, kids=False)
    family = Family()
    select(family, family.sign_in(ADA, country="GB"), TOM, country="DE")
    assert family.policies()["s-1"] == PolicyFacts("DE", "premium", 3, kids=False)
    assert family.profiles.rows["s-1"].kept.country == "DE"


def test_a_kid_does_not_leave() -> None:
    family = Family()
    with pytest.raises(ForbiddenError) as refused:
        select(family, family.sign_in(KIM), ADA)
    assert refused.value.reason == "kids"
    assert family.live_as() == {"s-1": ["p-kim"]}


def test_a_locked_profile_takes_its_pin() -> None:
    family = Family((locked(ADA), TOM))
    claims = family.sign_in(TOM)
    for pin in (None, "0000"):
        with pytest.raises(ForbiddenError) as refused:
            select(family, claims, ADA, pin=pin)
        assert refused.value.reason == "pin"
    assert family.live_as() == {"s-1": ["p-tom"]}
    select(family, claims, ADA, pin=PIN)
    assert family.live_as() == {"s-1": ["p-ada"]}


def test_too_many_wrong_pins_lock_the_profile_for_every_session() -> None:
    family = Family((locked(ADA), TOM))
    for n in range(5):
        with pytest.raises(ForbiddenError):
            select(family, family.sign_in(TOM, session_id=f"s-{n}"), ADA, pin="0000")
    with pytest.raises(RateLimitedError):
        select(family, family.sign_in(TOM, session_id="s-6"), ADA, pin=PIN)


def test_nobody_elses_profile_is_found() -> None:
    family = Family()
    with pytest.raises(NotFoundError):
        select(family, family.sign_in(ADA), Profile("p-x", "X", False, 5, False, "en", "owl"))
    assert family.live_as() == {"s-1": ["p-ada"]}


def test_a_session_that_is_not_kept_selects_nothing() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    del family.profiles.rows["s-1"]
    with pytest.raises(UnauthenticatedError):
        select(family, claims, TOM)


def test_a_pin_that_is_set_in_the_same_moment_counts() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    read = family.profiles.household
    household = read(account_id=ACCOUNT.id)
    assert household is not None
    family.profiles.household = lambda *, account_id: household  # type: ignore[method-assign]
    family.profiles.households[ACCOUNT.id] = replace(
        household, profiles=(stored(ADA), stored(locked(TOM)))
    )
    with pytest.raises(ConflictError):
        select(family, claims, TOM)
    assert family.live_as() == {"s-1": ["p-ada"]}


def test_where_live_sessions_do_not_answer_nothing_is_kept() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    family.sessions.down = True
    with pytest.raises(UnavailableError):
        select(family, claims, TOM)
    assert family.profiles.rows["s-1"].profile_id == "p-ada"
    assert not family.tokens.issued


def test_where_the_choice_is_not_kept_nothing_is_live_as_it_and_no_token_is_out() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    family.profiles.commits = False
    with pytest.raises(UnavailableError):
        select(family, claims, TOM)
    assert family.live_as() == {}
    assert family.profiles.rows["s-1"].profile_id == "p-ada"
    assert not family.tokens.issued


def test_where_the_store_is_down_the_session_stays_as_it_is() -> None:
    family = Family()
    claims = family.sign_in(ADA)
    family.profiles.down = True
    with pytest.raises(UnavailableError):
        select(family, claims, TOM)
    family.profiles.down = False

    def fail(**_: object) -> None:
        raise UnavailableError("the account and catalog store does not answer")

    family.profiles.select = fail  # type: ignore[method-assign]
    with pytest.raises(UnavailableError):
        select(family, claims, TOM)
    assert family.live_as() == {"s-1": ["p-ada"]}
