"""Everything of a profile goes, from every store, or the deletion can be repeated."""

from typing import Any

import pytest

from reprise.application.delete_profile import delete_profile
from reprise.domain.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)
from reprise.domain.identity import Profile
from reprise.domain.policy import ForbiddenError
from reprise.domain.profiles import Receipt
from tests.builders import NOW_US
from tests.households import ACCOUNT, ADA, KIM, NOW, TOM, Family, locked


def family_that_watched(*members: Profile) -> Family:
    """Tom has a durable film, a durable episode and a film that is not durable yet."""
    family = Family(members or (ADA, TOM, KIM))
    family.live.places["p-tom"] = {"film": "film", "e-1": "series", "new": "new"}
    family.live.unsaved["p-tom"] = {"new"}
    family.durable.rows["p-tom"] = {("film", "film"), ("series", "e-1")}
    family.live.places["p-kim"] = {"cartoon": "cartoon"}
    family.durable.rows["p-kim"] = {("cartoon", "cartoon")}
    family.profiles.listed["p-tom"] = 4
    return family


def delete(
    family: Family, profile: Profile = TOM, *, standing: Profile | None = ADA, **more: Any
) -> Receipt:
    return delete_profile(
        account_id=more.get("account_id", ACCOUNT.id),
        standing=standing.id if standing else None,
        profile_id=profile.id,
        versions=more.get("versions"),
        profiles=family.profiles,
        sessions=family.sessions,
        attempts=family.attempts,
        live=family.live,
        durable=family.durable,
        now=NOW,
    )


def untouched(family: Family) -> bool:
    return not (family.live.touched or family.durable.touched)


def test_everything_of_the_profile_goes_and_the_receipt_counts_it() -> None:
    family = family_that_watched()
    family.sign_in(TOM, session_id="s-tom")
    assert delete(family) == Receipt(
        profile_id="p-tom",
        deleted_at=NOW,
        removed={
            "postgres": {"profile": 1, "my_list": 4, "session": 1},
            "redis": {"places": 3, "marks": 1, "rows": 0, "sessions": 1},
            "cassandra": {
                "user_watch_history": 2,
                "latest_position": 2,
                "watch_position_by_device": 2,
            },
        },
    )
    assert family.names() == ["Ada", "Kim"]
    assert not family.live.places["p-tom"]
    assert "p-tom" not in family.durable.rows


def test_the_history_is_deleted_for_every_title_that_either_store_knows() -> None:
    family = family_that_watched()
    delete(family)
    assert family.durable.asked == [("p-tom", frozenset({"film", "series", "new"}), NOW_US)]


def test_nobody_else_loses_anything() -> None:
    family = family_that_watched()
    family.sign_in(ADA, session_id="s-ada")
    delete(family)
    assert family.live_as() == {"s-ada": ["p-ada"]}
    assert family.live.places["p-kim"]
    assert family.durable.rows["p-kim"]
    assert {*family.live.touched, *family.durable.touched} == {"p-tom"}


def test_its_sessions_end_and_keep_no_profile() -> None:
    family = family_that_watched()
    for session_id in ("s-1", "s-2"):
        family.sign_in(TOM, session_id=session_id)
    delete(family)
    assert family.live_as() == {}
    assert {row.profile_id for row in family.profiles.rows.values()} == {None}


def test_attempts_at_its_pin_are_forgotten() -> None:
    family = Family((ADA, locked(TOM)))
    family.attempts.hit(kind="pin", key="p-tom")
    delete(family)
    assert not family.attempts.made


def test_deleting_it_again_finds_nothing() -> None:
    family = family_that_watched()
    delete(family)
    with pytest.raises(NotFoundError):
        delete(family)


@pytest.mark.parametrize("account_id", ["a-gone", ACCOUNT.id])
def test_nobody_elses_profile_is_found_and_no_store_of_it_touched(account_id: str) -> None:
    family = family_that_watched()
    stranger = Profile("p-stranger", "X", False, 5, False, "en", "owl")
    with pytest.raises(NotFoundError):
        delete(family, stranger, account_id=account_id)
    assert untouched(family)


def test_another_version_than_was_read_deletes_nothing() -> None:
    family = family_that_watched()
    with pytest.raises(PreconditionFailedError):
        delete(family, versions={2})
    assert untouched(family)
    delete(family, versions={1})


def test_the_last_profile_stays() -> None:
    family = family_that_watched(TOM)
    with pytest.raises(ConflictError, match="at least one"):
        delete(family, standing=None)
    assert untouched(family)


def test_the_one_that_the_session_has_selected_stays() -> None:
    family = family_that_watched()
    with pytest.raises(ConflictError, match="select another"):
        delete(family, standing=TOM)
    assert untouched(family)


@pytest.mark.parametrize(("standing", "reason"), [(KIM, "kids"), (TOM, "pin"), (None, "pin")])
def test_a_kid_deletes_nobody_and_nobody_who_stands_below_a_lock(
    standing: Profile | None, reason: str
) -> None:
    family = family_that_watched(locked(ADA), TOM, KIM)
    with pytest.raises(ForbiddenError) as refused:
        delete(family, ADA, standing=standing)
    assert refused.value.reason == reason
    assert untouched(family)


@pytest.mark.parametrize("store", ["live", "durable", "sessions", "attempts", "profiles"])
def test_a_deletion_that_was_cut_off_goes_on_when_it_is_repeated(store: str) -> None:
    family = family_that_watched()
    family.sign_in(TOM)
    if store == "profiles":
        family.profiles.commits = False
    else:
        getattr(family, store).down = True
    with pytest.raises(UnavailableError):
        delete(family)
    assert family.stored(TOM) is not None
    family.profiles.commits = True
    for each in (family.live, family.durable, family.sessions, family.attempts):
        each.down = False
    delete(family)
    assert family.names() == ["Ada", "Kim"]
    assert family.live_as() == {}
    assert not family.live.places["p-tom"]
    assert "p-tom" not in family.durable.rows


def test_what_was_flushed_after_a_deletion_was_cut_off_is_found_again() -> None:
    """The history is deleted and takes no more; the flusher has made the place clean."""
    family = family_that_watched()
    family.live.erase, erase = fail, family.live.erase  # type: ignore[method-assign]
    with pytest.raises(UnavailableError):
        delete(family)
    family.live.erase = erase  # type: ignore[method-assign]
    family.live.unsaved.clear()
    delete(family)
    assert not family.live.places["p-tom"]


def fail(**_: Any) -> Any:
    raise UnavailableError("live positions do not answer")


def test_a_session_that_begins_meanwhile_is_ended_too_and_what_it_wrote_goes() -> None:
    family = family_that_watched()
    erase = family.live.erase
    rounds: list[int] = []

    def erase_and_sign_in(**what: Any) -> Any:
        counts = erase(**what)
        if not rounds:
            family.sign_in(TOM, session_id="s-late")
            family.live.places["p-tom"]["late"] = "late"
            family.live.unsaved["p-tom"] = {"late"}
        rounds.append(1)
        return counts

    family.live.erase = erase_and_sign_in  # type: ignore[method-assign]
    receipt = delete(family)
    assert len(rounds) == 2
    assert receipt.removed["redis"] == {"places": 4, "marks": 2, "rows": 0, "sessions": 1}
    assert family.live_as() == {}
    assert not family.live.places["p-tom"]


def test_sessions_that_keep_beginning_give_a_deletion_up_for_now() -> None:
    family = family_that_watched()
    erase = family.live.erase

    def erase_and_sign_in(**what: Any) -> Any:
        family.sign_in(TOM, session_id=f"s-{len(family.live.touched)}")
        return erase(**what)

    family.live.erase = erase_and_sign_in  # type: ignore[method-assign]
    with pytest.raises(UnavailableError, match="again"):
        delete(family)
    assert family.stored(TOM) is not None


def test_two_deletions_at_once_leave_the_account_a_profile() -> None:
    family = Family((ADA, TOM))
    erase = family.live.erase

    def erase_while_another_deletes(**what: Any) -> Any:
        family.live.erase = erase  # type: ignore[method-assign]
        delete(family, ADA, standing=None)
        return erase(**what)

    family.live.erase = erase_while_another_deletes  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        delete(family)
    assert family.names() == ["Tom"]
