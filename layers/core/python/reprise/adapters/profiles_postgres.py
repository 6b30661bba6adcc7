"""Profiles in PostgreSQL, and which of them each session has selected.

Whoever changes an account's profiles holds the account's row for itself, so names and the number of
profiles stay true whatever happens at once; whoever makes a session live holds it with others. So a
change sees every session that it has to tell. Rows are locked in the order of `identity_postgres`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from reprise.adapters.postgres import Connection, Postgres
from reprise.application.profile_ports import KeptSession
from reprise.domain.errors import (
    NotFoundError,
    PreconditionFailedError,
    UnauthenticatedError,
)
from reprise.domain.identity import Account, Device, Profile
from reprise.domain.profiles import Household, StoredProfile, check_not_last

_ACCOUNT = "SELECT id::text, email, plan, region FROM account WHERE id = %s::uuid"
_PROFILES = """
SELECT id::text, name, kids, maturity_level, language, avatar, pin_hash, version
FROM profile WHERE account_id = %s::uuid ORDER BY position
"""
ADD = """
INSERT INTO profile (id, account_id, position, name, kids, maturity_level, pin_hash, language,
                     avatar, version)
VALUES (%(id)s::uuid, %(account)s::uuid,
        (SELECT coalesce(max(position) + 1, 0) FROM profile WHERE account_id = %(account)s::uuid),
        %(name)s, %(kids)s, %(level)s, %(pin_hash)s, %(language)s, %(avatar)s, %(version)s)
ON CONFLICT (id) DO NOTHING
"""
CHANGE = """
UPDATE profile SET name = %(name)s, kids = %(kids)s, maturity_level = %(level)s,
       pin_hash = %(pin_hash)s, language = %(language)s, avatar = %(avatar)s,
       version = version + 1, updated_at = now()
WHERE id = %(id)s::uuid AND account_id = %(account)s::uuid AND version = %(version)s
RETURNING version
"""
SESSIONS = """
SELECT id::text, device_id, device_type, device_name, country,
       floor(extract(epoch FROM expires_at))::bigint
FROM session WHERE profile_id = %s::uuid AND revoked_at IS NULL AND expires_at > now()
ORDER BY created_at, id
"""
SELECT = """
UPDATE session SET profile_id = %(profile)s::uuid, country = coalesce(%(country)s, country),
       last_seen_at = greatest(last_seen_at, to_timestamp(%(now)s))
WHERE id = %(session)s::uuid AND account_id = %(account)s::uuid
  AND revoked_at IS NULL AND expires_at > to_timestamp(%(now)s)
RETURNING id::text, device_id, device_type, device_name, country,
          floor(extract(epoch FROM expires_at))::bigint
"""
REMOVE = "SELECT 1 FROM profile WHERE id = %s::uuid AND account_id = %s::uuid FOR UPDATE"
REMOVE = "DELETE FROM profile WHERE id = %s::uuid"
LEAVE = "UPDATE session SET profile_id = NULL WHERE profile_id = %s::uuid"
EMPTY_MY_LIST = "DELETE FROM my_list WHERE profile_id = %s::uuid"
EXISTING = "SELECT id::text FROM profile WHERE id = ANY(%s::uuid[])"


class PostgresProfiles:
    """The port `Profiles`. Every method raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def household(self, *, account_id: str) -> Household | None:
        return self._postgres.run(lambda connection: _household(connection, account_id))

    def add(
        self, *, account_id: str, new: StoredProfile, check: Callable[[Household], None]
    ) -> StoredProfile:
        def write(connection: Connection) -> None:
            household = _held(connection, account_id)
            if household.profile(new.profile.id) is None:
                check(household)
                connection.execute(ADD, _row(account_id, new))

        self._postgres.run(write)
        return new

    def update(
        self,
        *,
        account_id: str,
        changed: StoredProfile,
        check: Callable[[Household], None],
        before_commit: Callable[[Sequence[KeptSession]], None],
    ) -> StoredProfile:
        def write(connection: Connection) -> StoredProfile:
            check(_held(connection, account_id))
            found = connection.execute(CHANGE, _row(account_id, changed)).fetchone()
            if found is None:
                raise PreconditionFailedError("the profile was changed in this moment")
            before_commit(_sessions(connection, changed.profile.id))
            return StoredProfile(changed.profile, changed.pin_hash, version=found[0])

        return self._postgres.run(write)

    def select(
        self,
        *,
        account_id: str,
        session_id: str,
        profile_id: str,
        country: str | None,
        now: int,
        before_commit: Callable[[Account, StoredProfile, KeptSession], None],
    ) -> None:
        keys = {"account": account_id, "session": session_id, "profile": profile_id}

        def write(connection: Connection) -> None:
            household = _held(connection, account_id, "FOR SHARE")
            chosen = household.own(profile_id)
            kept = connection.execute(SELECT, {**keys, "country": country, "now": now}).fetchone()
            if kept is None:
                raise UnauthenticatedError("the session has ended; sign in again")
            before_commit(household.account, chosen, _kept(kept))

        self._postgres.run(write)

    def sessions(self, *, profile_id: str) -> Sequence[KeptSession]:
        return self._postgres.run(lambda connection: _sessions(connection, profile_id))

    def remove(
        self, *, account_id: str, profile_id: str, ended: Collection[str]
    ) -> Mapping[str, int] | None:
        def write(connection: Connection) -> Mapping[str, int] | None:
            check_not_last(_held(connection, account_id), profile_id=profile_id)
            if any(kept.id not in ended for kept in _sessions(connection, profile_id)):
                return None
            left = connection.execute(LEAVE, [profile_id]).rowcount
            listed = connection.execute(EMPTY_MY_LIST, [profile_id]).rowcount
            gone = connection.execute(REMOVE, [profile_id]).rowcount
            return {"profile": gone, "my_list": listed, "session": left}

        return self._postgres.run(write)

    def existing(self, *, profile_ids: Collection[str]) -> Collection[str]:
        def read(connection: Connection) -> Collection[str]:
            asked = [profile_id for profile_id in profile_ids if _is_uuid(profile_id)]
            rows = connection.execute(EXISTING, [asked]).fetchall()
            return {profile_id for (profile_id,) in rows}

        return self._postgres.run(read)


def _held(
    connection: Connection, account_id: str, lock: LiteralString = "FOR NO KEY UPDATE"
) -> Household:
    household = _household(connection, account_id, lock)
    if household is None:
        raise NotFoundError("there is no such account")
    return household


def _household(
    connection: Connection, account_id: str, lock: LiteralString = ""
) -> Household | None:
    account = connection.execute(f"{_ACCOUNT} {lock}", [account_id]).fetchone()
    if account is None:
        return None
    profiles = connection.execute(f"{_PROFILES} {lock}", [account_id]).fetchall()
    return Household(Account(*account), tuple(_stored(row) for row in profiles))


def _stored(row: Sequence[Any]) -> StoredProfile:
    profile_id, name, kids, level, language, avatar, pin_hash, version = row
    profile = Profile(
        id=profile_id,
        name=name,
        kids=kids,
        maturity_level=level,
        has_pin=pin_hash is not None,
        language=language,
        avatar=avatar,
    )
    return StoredProfile(profile, pin_hash, version)


def _row(account_id: str, stored: StoredProfile) -> dict[str, Any]:
    profile = stored.profile
    return {
        "id": profile.id,
        "account": account_id,
        "name": profile.name,
        "kids": profile.kids,
        "level": profile.maturity_level,
        "pin_hash": stored.pin_hash,
        "language": profile.language,
        "avatar": profile.avatar,
        "version": stored.version,
    }


def _sessions(connection: Connection, profile_id: str) -> Sequence[KeptSession]:
    return tuple(_kept(row) for row in connection.execute(SESSIONS, [profile_id]).fetchall())


def _kept(row: Sequence[Any]) -> KeptSession:
    session_id, device_id, device_type, device_name, country, expires_at = row
    return KeptSession(
        id=session_id,
        device=Device(id=device_id, type=device_type, name=device_name),
        country=country,
        expires_at=expires_at,
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
