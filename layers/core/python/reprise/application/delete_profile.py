"""`DELETE /profiles/{id}`: a profile and everything of it, in every store, with a receipt.

The order is what makes it safe to be cut off anywhere and repeated: its sessions end, so nothing is
written any more; what is about to go is noted; then the history goes, under a timestamp later than
whatever a flusher may still hold; then live state, with the note; and the profile itself last, so
that as long as it exists the rest can be found again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reprise.application.edit_profile import check_version
from reprise.application.identity_ports import AttemptLimits, Sessions
from reprise.application.list_profiles import household_of
from reprise.application.profile_ports import DurableErasure, LiveErasure, Profiles
from reprise.domain.errors import ConflictError, UnavailableError
from reprise.domain.profiles import (
    Household,
    Receipt,
    StoredProfile,
    ceiling,
    check_not_last,
    check_reach,
)

ROUNDS = 3
"""How often sessions that began meanwhile are ended before a deletion is given up for now."""

type Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Stores:
    profiles: Profiles
    sessions: Sessions
    attempts: AttemptLimits
    live: LiveErasure
    durable: DurableErasure


def delete_profile(
    *,
    account_id: str,
    standing: str | None,
    profile_id: str,
    versions: Collection[int] | None,
    profiles: Profiles,
    sessions: Sessions,
    attempts: AttemptLimits,
    live: LiveErasure,
    durable: DurableErasure,
    now: int,
) -> Receipt:
    """Delete a profile that is at one of these versions, from a session that has `standing`.

    A deletion that was cut off counts, when it is repeated, what was left to remove.

    Raises:
        NotFoundError: the account has no such profile, or no more.
        PreconditionFailedError: it is at another version.
        ConflictError: it is the account's last one, or the one that the session has selected.
        ForbiddenError: a PIN locks its level away from the session (`pin`), or the session is a
            kid's (`kids`).
        UnavailableError: a store does not answer; what is gone stays gone, repeat it.
    """
    household = household_of(account_id=account_id, profiles=profiles)
    stored = household.own(profile_id)
    check_version(stored, versions)
    _check_may(household, stored, standing=standing)
    stores = _Stores(profiles, sessions, attempts, live, durable)
    removed = _erased(stores, account_id=account_id, profile_id=profile_id)
    return Receipt(profile_id=profile_id, deleted_at=now, removed=removed)


def _check_may(household: Household, stored: StoredProfile, *, standing: str | None) -> None:
    check_reach(ceiling(household, standing=standing), level=stored.profile.maturity_level)
    check_not_last(household, profile_id=stored.profile.id)
    if stored.profile.id == standing:
        raise ConflictError("this session has this profile selected: select another one first")


def _erased(stores: _Stores, *, account_id: str, profile_id: str) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {"postgres": {}, "redis": {}, "cassandra": {}}
    for _ in range(ROUNDS):
        stores.live.fence(profile_id=profile_id)
        ended = _end_sessions(stores, account_id=account_id, profile_id=profile_id)
        remains = stores.live.remains(profile_id=profile_id)
        items = stores.durable.items(profile_id=profile_id)
        video_ids = {*remains.video_ids, *(video_id for video_id, _ in items)}
        item_ids = {*remains.item_ids, *(item_id for _, item_id in items)}
        stores.live.note(profile_id=profile_id, item_ids=item_ids, video_ids=video_ids)
        history = stores.durable.erase(profile_id=profile_id, video_ids=video_ids, at=remains.at)
        _add(counted["cassandra"], history)
        _add(counted["redis"], stores.live.erase(profile_id=profile_id, item_ids=item_ids))
        _add(counted["redis"], {"sessions": len(ended)})
        stores.attempts.clear(kind="pin", key=profile_id)
        removed = stores.profiles.remove(account_id=account_id, profile_id=profile_id, ended=ended)
        if removed is not None:
            _add(counted["postgres"], removed)
            return counted
    raise UnavailableError("somebody is signing in to this profile; delete it again")


def _end_sessions(stores: _Stores, *, account_id: str, profile_id: str) -> Collection[str]:
    kept = [each.id for each in stores.profiles.sessions(profile_id=profile_id)]
    for session_id in kept:
        stores.sessions.leave(account_id=account_id, session_id=session_id, profile_id=profile_id)
    return kept


def _add(counts: dict[str, int], more: Counts) -> None:
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
