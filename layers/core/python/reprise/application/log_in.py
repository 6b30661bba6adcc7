"""`POST /auth/login`: from an e-mail address and a password to a live session and its tokens.

An address may have several accounts, told apart by their passwords (decision 0010). A failing
log-in costs the same whether there is any, and is answered the same.
"""

from collections.abc import Callable, Sequence

from reprise.application.attempts import refuse_excess
from reprise.application.identity_ports import (
    Accounts,
    AttemptLimits,
    Credentials,
    NewSession,
    Passwords,
    SessionRecords,
    StoredAccount,
)
from reprise.application.list_profiles import household_of
from reprise.application.pins import prove_pin
from reprise.application.profile_ports import Profiles
from reprise.application.sign_in import (
    SESSION_SECONDS,
    Door,
    Secrets,
    SignedIn,
    normalise_email,
    refresh_token_hash,
)
from reprise.domain.errors import NotFoundError, UnauthenticatedError
from reprise.domain.identity import Device, Profile
from reprise.domain.passwords import normalise_password
from reprise.domain.policy import ForbiddenError

LEAST_COMPARED = 2
"""So many comparisons a failing log-in spends at least: an address with one account, or with none,
takes as long as one with two."""


def log_in(
    *,
    email: str,
    password: str,
    device: Device,
    profile_id: str | None,
    pin: str | None,
    network: str,
    accounts: Accounts,
    profiles: Profiles,
    passwords: Passwords,
    records: SessionRecords,
    attempts: AttemptLimits,
    door: Door,
    secrets: Secrets,
) -> SignedIn:
    """Open a session on a device, as `profile_id`, else as the profile that this device had
    selected last, else as the first one; the last two only where they have no PIN. `pin` opens a
    named profile that has one: who lives in a household of kids reaches a locked profile this way.

    Raises:
        UnauthenticatedError: no account has this address and password.
        RateLimitedError: this address, this network address, or whoever guesses this profile's PIN,
            has tried too often.
        NotFoundError: the profile is not of this account.
        ForbiddenError: the profile has a PIN, and none or a wrong one was given (`pin`).
        UnavailableError: accounts, live sessions or attempts do not answer.
    """
    address = normalise_email(email)
    refuse_excess(attempts, kind="log-in-network", key=network)
    # Read before the attempt counts: nobody is locked out because the store was away.
    candidates = accounts.credentials(email=address)
    refuse_excess(attempts, kind="log-in", key=address)
    proved = prove_one(candidates, passwords, normalise_password(password))
    if proved is None:
        raise UnauthenticatedError("the e-mail address or the password is wrong")
    attempts.clear(kind="log-in", key=address)
    if profile_id is not None and pin is not None:
        named = household_of(account_id=proved.account_id, profiles=profiles).own(profile_id)
        prove_pin(stored=named, pin=pin, passwords=passwords, attempts=attempts)
    return open_session(
        proved,
        device=device,
        choose=choice_of(profile_id, unlocked=pin is not None),
        records=records,
        door=door,
        secrets=secrets,
    )


def prove_one(
    candidates: Sequence[Credentials], passwords: Passwords, password: str
) -> Credentials | None:
    """Return the account that has this password, after at least two comparisons where none has."""
    for each in candidates:
        if passwords.verify(password_hash=each.password_hash, password=password):
            return each
    for _ in range(LEAST_COMPARED - len(candidates)):
        passwords.verify(password_hash=None, password=password)
    return None


def open_session(
    proved: Credentials,
    *,
    device: Device,
    choose: Callable[[StoredAccount, str | None], Profile | None],
    records: SessionRecords,
    door: Door,
    secrets: Secrets,
) -> SignedIn:
    """Keep a session of a proved account, make it live, and hand out its tokens."""
    refresh_token = secrets.new_secret()
    session = NewSession(
        id=secrets.new_id(),
        account_id=proved.account_id,
        device=device,
        refresh_token_hash=refresh_token_hash(refresh_token),
        country=door.country,
        expires_at=door.now + SESSION_SECONDS,
        now=door.now,
    )
    entry = records.open(
        session=session,
        password_hash=proved.password_hash,
        choose=choose,
        enter=door.enter,
    )
    return door.hand_out(entry, refresh_token=refresh_token)


def choice_of(
    profile_id: str | None, *, unlocked: bool = False
) -> Callable[[StoredAccount, str | None], Profile | None]:
    """Return what chooses the profile of a session that begins; a named one may be `unlocked`."""

    def choose(stored: StoredAccount, remembered: str | None) -> Profile | None:
        if profile_id is not None:
            return _named(stored.profiles, profile_id, unlocked=unlocked)
        open_ones = [profile for profile in stored.profiles if not profile.has_pin]
        last = next((profile for profile in open_ones if profile.id == remembered), None)
        return last or next(iter(open_ones), None)

    return choose


def _named(profiles: Sequence[Profile], profile_id: str, *, unlocked: bool) -> Profile:
    named = next((profile for profile in profiles if profile.id == profile_id), None)
    if named is None:
        raise NotFoundError("this account has no such profile")
    if named.has_pin and not unlocked:
        raise ForbiddenError("this profile is locked: its PIN is needed", reason="pin")
    return named
