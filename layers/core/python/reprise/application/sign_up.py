"""`POST /auth/signup`: an account of one's own, or the way back into it.

No answer tells whether an address has an account (decision 0010). An address that has some gets
another, and with the password of one of them it is a log-in: a sign-up whose answer was lost can
be sent again.
"""

from collections.abc import Collection

from reprise.application.attempts import refuse_excess
from reprise.application.identity_ports import (
    ACCOUNTS_PER_ADDRESS,
    Accounts,
    AttemptLimits,
    Credentials,
    Passwords,
    SessionRecords,
    StoredAccount,
)
from reprise.application.log_in import choice_of, open_session, prove_one
from reprise.application.sign_in import Door, Secrets, SignedIn, normalise_email
from reprise.domain.attempts import LIMITS
from reprise.domain.errors import RateLimitedError, UnavailableError
from reprise.domain.identity import Account, Device, Plan, Profile
from reprise.domain.passwords import normalise_password

LOOKS = ACCOUNTS_PER_ADDRESS + 1
"""Each look that another sign-up spoils finds one account more, so the last one finds it full."""

NAME_LENGTH = 30
NOBODY = "Viewer"
AVATAR = "heron"
LANGUAGES = {
    **dict.fromkeys(("DE", "AT", "CH", "LI"), "de"),
    **dict.fromkeys(("FR", "BE", "LU", "MC", "SN", "CI"), "fr"),
    **dict.fromkeys(("ES", "MX", "AR", "CO", "CL", "PE", "VE", "EC", "UY", "BO", "CR"), "es"),
    **dict.fromkeys(("PT", "BR", "AO", "MZ"), "pt"),
    "IT": "it",
    "SM": "it",
    "NL": "nl",
    "PL": "pl",
    "SE": "sv",
    "DK": "da",
    "NO": "nb",
    "FI": "fi",
    "CZ": "cs",
    "TR": "tr",
    "JP": "ja",
    "KR": "ko",
    "UA": "uk",
    "GR": "el",
}
"""What is mostly spoken where; English elsewhere. Each profile can choose for itself."""


def sign_up(
    *,
    email: str,
    password: str,
    region: str,
    plan: Plan,
    device: Device,
    network: str,
    accounts: Accounts,
    passwords: Passwords,
    records: SessionRecords,
    attempts: AttemptLimits,
    door: Door,
    secrets: Secrets,
) -> SignedIn:
    """Make an account with one first profile, unless the password is that of one of this address,
    and open a session of it. The password must be one that `fault_of_password` finds nothing in.

    Raises:
        RateLimitedError: this address, or this network address, has signed up too often.
        UnavailableError: accounts, live sessions or attempts do not answer.
    """
    address, secret = normalise_email(email), normalise_password(password)
    refuse_excess(attempts, kind="sign-up-network", key=network)
    refuse_excess(attempts, kind="sign-up", key=address)
    new = StoredAccount(
        account=Account(id=secrets.new_id(), email=address, plan=plan, region=region),
        password_hash=passwords.hash(password=secret),
        profiles=(_first_profile(address, region, id_=secrets.new_id()),),
    )
    proved = _make_or_find(new, secret, accounts=accounts, passwords=passwords, attempts=attempts)
    return open_session(
        proved,
        device=device,
        choose=choice_of(None),
        records=records,
        door=door,
        secrets=secrets,
    )


def _make_or_find(
    new: StoredAccount,
    password: str,
    *,
    accounts: Accounts,
    passwords: Passwords,
    attempts: AttemptLimits,
) -> Credentials:
    known: Collection[str] = ()
    for look in range(LOOKS):
        candidates = accounts.credentials(email=new.account.email)
        unseen = [each for each in candidates if each.account_id not in known]
        proved = prove_one(unseen, passwords, password)
        if proved is not None:
            return proved
        spent = look == 0 and attempts.hit(kind="new-account", key=new.account.email) is not None
        if spent or len(candidates) >= ACCOUNTS_PER_ADDRESS:
            # A full address, and one that had its share of today, are refused alike.
            seconds = LIMITS["new-account"].seconds
            raise RateLimitedError("too many attempts; try again later", retry_after=seconds)
        known = [each.account_id for each in candidates]
        if accounts.create(new=new, known=known):
            return Credentials(new.account.id, new.password_hash)
    raise UnavailableError("others are signing up with this address right now")


def _first_profile(address: str, region: str, *, id_: str) -> Profile:
    name = address.partition("@")[0][:NAME_LENGTH].strip()
    return Profile(
        id=id_,
        name=name if name.isprintable() and name else NOBODY,
        kids=False,
        maturity_level=5,
        has_pin=False,
        language=LANGUAGES.get(region, "en"),
        avatar=AVATAR,
    )
