"""`POST /profiles/{id}/select`: go on as another profile of the account, on the same session.

The new live session begins, and the old one ends, inside the transaction that keeps the choice: a
live session is always the one that is kept, so a change or a deletion of a profile reaches it. What
fails between leaves at worst nothing live: refreshing the session brings back what is kept.
"""

from contextlib import suppress
from dataclasses import dataclass

from reprise.application.identity_ports import AttemptLimits, Passwords, Sessions, TokenIssuer
from reprise.application.list_profiles import household_of
from reprise.application.pins import prove_pin
from reprise.application.profile_ports import KeptSession, Profiles
from reprise.application.sign_in import ACCESS_SECONDS, policy_facts
from reprise.domain.errors import ConflictError, UnavailableError
from reprise.domain.identity import Account, Claims, Profile
from reprise.domain.policy import ForbiddenError
from reprise.domain.profiles import StoredProfile


@dataclass(frozen=True, slots=True)
class Selected:
    """What a client goes on with."""

    access_token: str
    expires_in: int
    profile: Profile


def select_profile(
    *,
    claims: Claims,
    profile_id: str,
    pin: str | None,
    country: str | None,
    profiles: Profiles,
    sessions: Sessions,
    passwords: Passwords,
    attempts: AttemptLimits,
    issuer: TokenIssuer,
    now: int,
) -> Selected:
    """Move the session of these claims to a profile; `country` is where the request came from.

    The choice is kept with the session, so that the device goes on with it later.

    Raises:
        NotFoundError: the account has no such profile.
        ForbiddenError: it is locked and its PIN is not proved (`pin`), or the session is a kid's
            (`kids`).
        RateLimitedError: too many attempts at the PIN.
        ConflictError: the profile's PIN was changed in this moment.
        UnauthenticatedError: the session has ended.
        UnavailableError: a store does not answer.
    """
    household = household_of(account_id=claims.account_id, profiles=profiles)
    chosen = household.own(profile_id)
    standing = household.profile(claims.profile_id)
    if standing is not None and standing.profile.kids:
        raise ForbiddenError("leaving a kids profile takes signing in again", reason="kids")
    prove_pin(stored=chosen, pin=pin, passwords=passwords, attempts=attempts)
    move = _Move(claims, chosen, sessions, now)
    try:
        profiles.select(
            account_id=claims.account_id,
            session_id=claims.session_id,
            profile_id=profile_id,
            country=country,
            now=now,
            before_commit=move.begin,
        )
    except UnavailableError:
        move.take_back()
        raise
    return Selected(
        access_token=issuer.issue(claims=move.claims, now=now),
        expires_in=ACCESS_SECONDS,
        profile=move.profile,
    )


class _Move:
    """A session on its way from one profile to another."""

    def __init__(self, old: Claims, proved: StoredProfile, sessions: Sessions, now: int) -> None:
        self.profile = proved.profile
        self.claims = old
        self._old = old
        self._proved = proved
        self._sessions = sessions
        self._now = now

    def begin(self, account: Account, chosen: StoredProfile, kept: KeptSession) -> None:
        if chosen.pin_hash != self._proved.pin_hash:
            raise ConflictError("the PIN of this profile was changed in this moment")
        self.profile = chosen.profile
        self.claims = Claims(
            account_id=self._old.account_id,
            session_id=self._old.session_id,
            profile_id=chosen.profile.id,
            policy=policy_facts(account, chosen.profile, country=kept.country),
            expires_at=self._now + ACCESS_SECONDS,
        )
        lifetime = max(1, kept.expires_at - self._now)
        self._sessions.start(claims=self.claims, device=kept.device, lifetime=lifetime)
        if self._old.profile_id != chosen.profile.id:
            self._end(self._old)

    def take_back(self) -> None:
        """End what was begun and not kept."""
        if self.claims is not self._old:
            with suppress(UnavailableError):
                self._end(self.claims)

    def _end(self, claims: Claims) -> None:
        self._sessions.leave(
            account_id=claims.account_id,
            session_id=claims.session_id,
            profile_id=claims.profile_id,
        )
