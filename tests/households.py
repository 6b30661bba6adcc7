"""A family for the tests of profiles, its sessions, and everything about them faked."""

from dataclasses import dataclass, field, replace

from reprise.application.profile_ports import KeptSession
from reprise.application.sign_in import policy_facts
from reprise.domain.identity import Account, Claims, PolicyFacts, Profile
from reprise.domain.profiles import Household, StoredProfile
from tests.builders import TV
from tests.fakes.attempts import FakeAttempts
from tests.fakes.erasures import FakeDurableErasure, FakeLiveErasure
from tests.fakes.passwords import FakePasswords
from tests.fakes.profiles import FakeProfiles, SessionRow
from tests.fakes.sessions import FakeSessions
from tests.fakes.tokens import FakeTokens

NOW = 1_795_000_000
MONTH = 30 * 86_400
ACCOUNT = Account("a-1", "ada@example.org", "premium", "US")
ADA = Profile("p-ada", "Ada", False, 5, False, "en", "heron")
TOM = Profile("p-tom", "Tom", False, 3, False, "en", "fox")
KIM = Profile("p-kim", "Kim", True, 2, False, "en", "comet")
PIN = "4711"


def locked(profile: Profile) -> Profile:
    return replace(profile, has_pin=True)


def stored(profile: Profile, *, version: int = 1) -> StoredProfile:
    pin_hash = FakePasswords().hash(password=PIN) if profile.has_pin else None
    return StoredProfile(profile, pin_hash, version)


@dataclass
class Family:
    """An account with these profiles. `sign_in` makes a session that is kept and live."""

    members: tuple[Profile, ...] = (ADA, TOM, KIM)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    passwords: FakePasswords = field(default_factory=FakePasswords)
    attempts: FakeAttempts = field(default_factory=FakeAttempts)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    live: FakeLiveErasure = field(default_factory=FakeLiveErasure)
    durable: FakeDurableErasure = field(default_factory=FakeDurableErasure)

    def __post_init__(self) -> None:
        self.profiles = FakeProfiles(Household(ACCOUNT, tuple(map(stored, self.members))))

    def sign_in(
        self, profile: Profile | None, *, session_id: str = "s-1", country: str | None = None
    ) -> Claims:
        policy = policy_facts(ACCOUNT, profile, country=country) if profile else None
        claims = Claims(
            account_id=ACCOUNT.id,
            session_id=session_id,
            profile_id=profile.id if profile else None,
            policy=policy,
            expires_at=NOW + 900,
        )
        kept = KeptSession(session_id, TV, country, NOW + MONTH)
        self.profiles.rows[session_id] = SessionRow(ACCOUNT.id, claims.profile_id, kept)
        self.sessions.start(claims=claims, device=TV, lifetime=MONTH)
        return claims

    def stored(self, profile: Profile) -> StoredProfile | None:
        return self.profiles.households[ACCOUNT.id].profile(profile.id)

    def names(self) -> list[str]:
        return [each.profile.name for each in self.profiles.households[ACCOUNT.id].profiles]

    def policies(self) -> dict[str, PolicyFacts | None]:
        """Return the policy of each live session by its id."""
        return {key[2]: session.policy for key, session in self.sessions.live.items()}

    def live_as(self) -> dict[str, list[str | None]]:
        """Return the profiles that each session is live as."""
        found: dict[str, list[str | None]] = {}
        for _, profile_id, session_id in self.sessions.live:
            found.setdefault(session_id, []).append(profile_id)
        return found
