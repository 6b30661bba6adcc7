"""Accounts and profiles as rows, for every adapter that reads them.

Whoever locks rows locks the account first, then its profiles, then the session and its tokens, so
that no two transactions wait for each other.
"""

from reprise.adapters.postgres import Connection
from reprise.application.identity_ports import StoredAccount
from reprise.domain.identity import Account, Profile

_ACCOUNT = "SELECT email, plan, region, password_hash FROM account WHERE id = %s::uuid"

_PROFILES = """
SELECT id::text, name, kids, maturity_level, pin_hash IS NOT NULL, language, avatar
FROM profile WHERE account_id = %s::uuid ORDER BY position
"""


def read_account(
    connection: Connection, account_id: str, *, locked: bool = False
) -> StoredAccount | None:
    """Return an account with its profiles; `locked`, nobody changes them in this transaction."""
    suffix = " FOR SHARE" if locked else ""
    found = connection.execute(_ACCOUNT + suffix, [account_id]).fetchone()
    if found is None:
        return None
    email, plan, region, password_hash = found
    profiles = connection.execute(_PROFILES + suffix, [account_id]).fetchall()
    return StoredAccount(
        account=Account(id=account_id, email=email, plan=plan, region=region),
        password_hash=password_hash,
        profiles=tuple(
            Profile(
                id=profile_id,
                name=name,
                kids=kids,
                maturity_level=level,
                has_pin=has_pin,
                language=language,
                avatar=avatar,
            )
            for profile_id, name, kids, level, has_pin, language, avatar in profiles
        ),
    )
