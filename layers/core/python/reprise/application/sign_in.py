"""What every way of signing in shares: a session, live, and the tokens that a client gets for it.

The session is kept first and made live before that is committed: what fails between leaves nothing
that anybody has a token for, and nothing is live that was revoked meanwhile.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reprise.application.identity_ports import Entry, Sessions, TokenIssuer
from reprise.domain.identity import Account, Claims, PolicyFacts, Profile

ACCESS_SECONDS = 900
SESSION_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class SignedIn:
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


@dataclass(frozen=True, slots=True)
class Door:
    """Where sessions become live: `country` is where the client is, where that is known."""

    sessions: Sessions
    issuer: TokenIssuer
    country: str | None
    now: int

    def enter(self, entry: Entry) -> None:
        """Make the session live, for as long as it can be refreshed."""
        self.sessions.start(
            claims=self._claims(entry), device=entry.device, lifetime=SESSION_SECONDS
        )

    def hand_out(self, entry: Entry, *, refresh_token: str) -> SignedIn:
        """Return the tokens of a session that was entered."""
        return SignedIn(
            access_token=self.issuer.issue(claims=self._claims(entry), now=self.now),
            expires_in=ACCESS_SECONDS,
            refresh_token=refresh_token,
            session_id=entry.session_id,
            account=entry.stored.account,
            profile=entry.profile,
            profiles=entry.stored.profiles,
        )

    def _claims(self, entry: Entry) -> Claims:
        account, profile = entry.stored.account, entry.profile
        return Claims(
            account_id=account.id,
            session_id=entry.session_id,
            profile_id=profile.id if profile else None,
            policy=policy_facts(account, profile, country=self.country) if profile else None,
            expires_at=self.now + ACCESS_SECONDS,
        )


@dataclass(frozen=True, slots=True)
class Secrets:
    """Makers of ids and of refresh tokens of at least 256 random bits."""

    new_id: Callable[[], str]
    new_secret: Callable[[], str]


def policy_facts(account: Account, profile: Profile, *, country: str | None) -> PolicyFacts:
    """Return what the policy gate is told; the region is where the client is, where known."""
    return PolicyFacts(
        region=country or account.region,
        plan=account.plan,
        maturity_level=profile.maturity_level,
        kids=profile.kids,
    )


def normalise_email(email: str) -> str:
    """Return the one spelling under which an address is stored and looked up."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def refresh_token_hash(token: str) -> str:
    """Return what is stored of a refresh token; its 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
