"""`PUT /auth/password`: another password, and the end of every session but the one that asks."""

from collections.abc import Sequence

from reprise.application.attempts import refuse_excess
from reprise.application.identity_ports import (
    Accounts,
    AttemptLimits,
    Passwords,
    Sessions,
    StoredAccount,
)
from reprise.application.revoke_sessions import end_live_session
from reprise.domain.errors import UnauthenticatedError, UnfitFieldError
from reprise.domain.identity import Claims
from reprise.domain.passwords import fault_of_password, normalise_password


def change_password(
    *,
    claims: Claims,
    current: str,
    new: str,
    network: str,
    accounts: Accounts,
    passwords: Passwords,
    sessions: Sessions,
    attempts: AttemptLimits,
    now: int,
) -> None:
    """Change the password of the account, where the current one is proved.

    The other sessions end, live ones included, in the step that stores the new password: there is
    no moment in which it counts and they go on, and a failure changes nothing.

    Raises:
        UnfitFieldError: the current password is wrong, or the new one cannot be taken.
        RateLimitedError: the current one was guessed at too often, here or at log-in.
        UnauthenticatedError: the account is gone.
        UnavailableError: a store does not answer; nothing has changed.
    """
    stored = accounts.read(account_id=claims.account_id)
    if stored is None:
        raise UnauthenticatedError("the account is gone")
    refuse_excess(attempts, kind="log-in-network", key=network)
    refuse_excess(attempts, kind="log-in", key=stored.account.email)
    _prove(stored.password_hash, current, passwords)
    attempts.clear(kind="log-in", key=stored.account.email)
    _check_new(stored, new, accounts=accounts, passwords=passwords)

    def end(session_ids: Sequence[str]) -> None:
        for session_id in session_ids:
            end_live_session(stored, session_id, sessions=sessions)

    changed = accounts.change_password(
        account_id=claims.account_id,
        old_hash=stored.password_hash,
        new_hash=passwords.hash(password=normalise_password(new)),
        keep=claims.session_id,
        now=now,
        before_commit=end,
    )
    if not changed:
        raise UnfitFieldError("currentPassword", "is not the password of this account any more")


def _prove(password_hash: str, current: str, passwords: Passwords) -> None:
    if not passwords.verify(password_hash=password_hash, password=normalise_password(current)):
        raise UnfitFieldError("currentPassword", "is not the password of this account")


def _check_new(
    stored: StoredAccount, new: str, *, accounts: Accounts, passwords: Passwords
) -> None:
    """A password tells the accounts of an address apart, so two of them cannot have the same."""
    fault = fault_of_password(new, email=stored.account.email)
    if fault is not None:
        raise UnfitFieldError("newPassword", fault)
    for each in accounts.credentials(email=stored.account.email):
        other = each.account_id != stored.account.id
        if other and passwords.verify(
            password_hash=each.password_hash, password=normalise_password(new)
        ):
            raise UnfitFieldError("newPassword", "cannot be taken; choose another")
