"""`POST /auth/login`: from an e-mail address and a password to a live session and its tokens.

An unknown address and a wrong password cost the same and are answered the same. The session is kept
in the account store first and made live last, so that a failure between leaves nothing usable.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reprise.application.identity_ports import (
    Accounts,
    Passwords,
    Sessions,
    StoredAccount,
    TokenIssuer,
)
from reprise.domain.errors import NotFoundError, UnauthenticatedError
from reprise.domain.identity import Account, Claims, Device, PolicyFacts, Profile
from reprise.domain.policy import ForbiddenError

ACCESS_SECONDS = 900
SESSION_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What a client gets. `profile` is None where every profile of the account waits for its PIN.

    `refresh_token` exists nowhere else: only its hash is stored.
    """

    access_token: str
    expires_in: int
    refresh_token: str
    session_id: str
    account: Account
    profile: Profile | None
    profiles: Sequence[Profile]


def log_in(
    *,
    email: str,
    password: str,
    device: Device,
    profile_id: str | None,
    accounts: Accounts,
    passwords: Passwords,
    sessions: Sessions,
    issuer: TokenIssuer,
    now: int,
    new_id: Callable[[], str],
    new_secret: Callable[[], str],
) -> LoggedIn:
    """Open a session on a device, as `profile_id` or as the first profile without a PIN.

    Raises:
        UnauthenticatedError: no account has this address and password.
        NotFoundError: the profile is not of this account.
        ForbiddenError: the profile has a PIN, which this route does not take (`pin`).
        UnavailableError: accounts or live sessions do not answer.
    """
    found = _proved(accounts.by_email(email=normalise_email(email)), passwords, password)
    profile = _selected(found.profiles, profile_id)
    claims = _claims(found.account, profile, session_id=new_id(), expires_at=now + ACCESS_SECONDS)
    refresh_token = new_secret()
    accounts.open_session(
        session_id=claims.session_id,
        account_id=found.account.id,
        device=device,
        refresh_token_hash=refresh_token_hash(refresh_token),
        expires_at=now + SESSION_SECONDS,
        now=now,
    )
    sessions.start(claims=claims, device=device, lifetime=SESSION_SECONDS)
    return LoggedIn(
        access_token=issuer.issue(claims=claims, now=now),
        expires_in=ACCESS_SECONDS,
        refresh_token=refresh_token,
        session_id=claims.session_id,
        account=found.account,
        profile=profile,
        profiles=found.profiles,
    )


def normalise_email(email: str) -> str:
    """Return the one spelling under which an address is stored and looked up."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def refresh_token_hash(token: str) -> str:
    """Return what is stored of a refresh token; its 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _proved(found: StoredAccount | None, passwords: Passwords, password: str) -> StoredAccount:
    matches = passwords.verify(
        password_hash=found.password_hash if found else None, password=password
    )
    if found is None or not matches:
        raise UnauthenticatedError("the e-mail address or the password is wrong")
    return found


def _selected(profiles: Sequence[Profile], profile_id: str | None) -> Profile | None:
    if profile_id is None:
        return next((profile for profile in profiles if not profile.has_pin), None)
    named = next((profile for profile in profiles if profile.id == profile_id), None)
    if named is None:
        raise NotFoundError("this account has no such profile")
    if named.has_pin:
        raise ForbiddenError("this profile is selected with its PIN", reason="pin")
    return named


def _claims(
    account: Account, profile: Profile | None, *, session_id: str, expires_at: int
) -> Claims:
    return Claims(
        account_id=account.id,
        session_id=session_id,
        profile_id=profile.id if profile else None,
        policy=_policy(account, profile) if profile else None,
        expires_at=expires_at,
    )


def _policy(account: Account, profile: Profile) -> PolicyFacts:
    return PolicyFacts(
        region=account.region,
        plan=account.plan,
        maturity_level=profile.maturity_level,
        kids=profile.kids,
    )
