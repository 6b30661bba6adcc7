"""Profiles over HTTP: a family, its PINs, and what is left of who leaves."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.api_client import PHONE, TABLET, Answer, ApiClient, Json, Player
from tests.e2e.cloud import Aws, Durable, Live, eventually
from tests.e2e.people import People, Person

pytestmark = pytest.mark.cloud

PATIENCE = 30.0
FAMILY: tuple[Json, ...] = (
    {"name": "Ada"},
    {"name": "Tom", "maturityLevel": 3},
    {"name": "Kim", "kids": True, "maturityLevel": 2},
)


@pytest.fixture
def family(people: People) -> Person:
    return people.someone(profiles=FAMILY)


def items(client: ApiClient) -> Sequence[Json]:
    found: Sequence[Json] = client.must("GET", "/profiles")["items"]
    return found


def edit(client: ApiClient, profile_id: str, etag: str | None = "*", **change: Any) -> Answer:
    return client.call("PATCH", f"/profiles/{profile_id}", change, headers={"If-Match": etag})


def select(client: ApiClient, profile_id: str, **body: Any) -> Answer:
    """Select, and go on with the new token where that succeeds."""
    answer = client.call("POST", f"/profiles/{profile_id}/select", body)
    if answer.status == 200:
        client.token = answer.json["accessToken"]
        client.profile_id = profile_id
    return answer


def test_a_profile_is_made_changed_and_deleted(family: Person) -> None:
    tv = family.on()
    made = tv.call("POST", "/profiles", {"name": "Bea", "maturityLevel": 4, "avatar": "owl"})
    assert (made.status, made.headers["ETag"]) == (201, '"1"')
    assert [item["name"] for item in items(tv)] == ["Ada", "Tom", "Kim", "Bea"]
    changed = edit(tv, made.json["id"], made.headers["ETag"], name="Bea Lovelace")
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    stale = edit(tv, made.json["id"], made.headers["ETag"], name="B")
    assert (stale.status, stale.kind) == (412, "precondition-failed")
    assert edit(tv, made.json["id"], None, name="B").status == 412
    assert items(tv)[-1] == changed.json
    deleted = tv.call("DELETE", f"/profiles/{made.json['id']}")
    assert deleted.status == 200
    assert deleted.json["removed"]["postgres"]["profile"] == 1
    again = tv.call("DELETE", f"/profiles/{made.json['id']}")
    assert (again.status, again.kind) == (404, "not-found")


def test_an_account_has_five_profiles_and_each_a_name_of_its_own(family: Person) -> None:
    tv = family.on()
    taken = tv.call("POST", "/profiles", {"name": "KIM"})
    assert (taken.status, taken.kind) == (409, "conflict")
    for name in ("Bea", "Cleo"):
        assert tv.call("POST", "/profiles", {"name": name}).status == 201
    full = tv.call("POST", "/profiles", {"name": "Dan"})
    assert (full.status, full.kind) == (409, "conflict")


def test_a_session_moves_to_another_profile_and_its_old_token_is_refused(
    family: Person, film: str
) -> None:
    phone = family.on(PHONE)
    old = phone.token
    assert select(phone, family.profiles[1].id).status == 200
    Player(phone, film).act("start", position=1200.0).plays(30)
    assert len(phone.row()) == 1
    headers = {"Authorization": f"Bearer {old}"}
    for path in ("/continue-watching", "/profiles"):
        refused = phone.call("GET", path, headers=headers)
        assert (refused.status, refused.kind) == (401, "unauthenticated")
    assert family.on(TABLET).row() == []


def test_a_level_takes_effect_at_the_next_request_of_a_session_that_is_under_way(
    family: Person, film: str
) -> None:
    tv, phone = family.on(), family.on(PHONE, profile=1)
    player = Player(phone, film).act("start", position=1200.0)
    player.plays(30)
    assert edit(tv, family.profiles[1].id, maturityLevel=1).status == 200
    refused = phone.call("POST", "/stream/progress", player.next(plays=30))
    assert (refused.status, refused.json["reason"]) == (403, "maturity")
    assert phone.row() == []
    assert edit(tv, family.profiles[1].id, maturityLevel=3).status == 200
    assert len(phone.row()) == 1


def test_a_kid_reaches_no_route_of_the_account_and_no_other_profile(family: Person) -> None:
    kid = family.on(profile=2)
    other = family.profiles[0].id
    answers = [
        kid.call("GET", "/profiles"),
        kid.call("POST", "/profiles", {"name": "Bea"}),
        edit(kid, family.profiles[2].id, kids=False),
        kid.call("DELETE", f"/profiles/{other}"),
        select(kid, other),
    ]
    for answer in answers:
        assert (answer.status, answer.kind, answer.json["reason"]) == (403, "forbidden", "kids")
    assert kid.row() == []


def test_a_pin_locks_a_profile_and_five_wrong_ones_lock_it_for_everybody(family: Person) -> None:
    tv, phone = family.on(), family.on(PHONE, profile=1)
    adult = family.profiles[0].id
    assert edit(tv, adult, pin="2580").json["hasPin"] is True
    for pin in ({}, {"pin": "0000"}):
        refused = select(phone, adult, **pin)
        assert (refused.status, refused.json["reason"]) == (403, "pin")
    assert select(phone, adult, pin="2580").status == 200
    back = select(phone, family.profiles[1].id)
    assert back.status == 200
    for _ in range(5):
        assert select(phone, adult, pin="0000").status == 403
    for client in (phone, tv):
        locked = select(client, adult, pin="2580")
        assert (locked.status, locked.kind) == (429, "rate-limited")
        assert 0 < int(locked.headers["Retry-After"]) <= 900


def test_what_stands_below_a_lock_does_not_lift_itself_above_it(family: Person) -> None:
    tv, phone = family.on(), family.on(PHONE, profile=1)
    assert edit(tv, family.profiles[0].id, pin="2580").status == 200
    lifted = edit(phone, family.profiles[1].id, maturityLevel=5)
    made = phone.call("POST", "/profiles", {"name": "Me", "maturityLevel": 5})
    gone = phone.call("DELETE", f"/profiles/{family.profiles[0].id}")
    for answer in (lifted, made, gone):
        assert (answer.status, answer.json["reason"]) == (403, "pin")
    unproved = edit(tv, family.profiles[0].id, pin=None)
    assert (unproved.status, unproved.json["reason"]) == (403, "pin")
    assert edit(tv, family.profiles[0].id, pin=None, currentPin="2580").status == 200
    assert edit(phone, family.profiles[1].id, maturityLevel=5).status == 200


def test_a_deleted_profile_leaves_nothing_in_any_store(
    family: Person, film: str, live: Live, durable: Durable, aws: Aws
) -> None:
    tv, phone = family.on(), family.on(PHONE, profile=1)
    gone = family.profiles[1].id
    player = Player(phone, film).act("start", position=1200.0)
    player.plays(30)
    stopped = player.report("stopped", plays=10)["place"]
    durable.await_rev(stopped, of=gone, within=PATIENCE)
    Player(phone, film).act("start", position=1500.0).plays(70)
    phone.must("PUT", f"/my-list/{film}")
    receipt = tv.call("DELETE", f"/profiles/{gone}")
    assert receipt.status == 200
    removed = receipt.json["removed"]
    assert removed["postgres"] == {"profile": 1, "my_list": 1, "session": 1}
    assert (removed["redis"]["places"], removed["redis"]["sessions"]) == (1, 1)
    assert removed["cassandra"]["latest_position"] == 1
    refused = phone.call("GET", "/continue-watching")
    assert (refused.status, refused.kind) == (401, "unauthenticated")
    assert {key.split(":")[1] for key in live.keys(gone)} <= {"erased"}
    assert live.marks(gone) == set()
    assert durable.place(gone, film) is None
    assert durable.viewings(gone) == []
    assert durable.by_device(gone, film) == {}
    eventually(
        lambda: aws.records("DeleteProfileFunction", since=0, erasedProfileId=gone),
        within=PATIENCE,
        otherwise="the deletion is not in the log",
    )


def test_nobody_touches_another_accounts_profile(family: Person, people: People) -> None:
    stranger = people.someone().on()
    theirs = family.profiles[1].id
    answers = [
        edit(stranger, theirs, name="Mine"),
        select(stranger, theirs),
        stranger.call("DELETE", f"/profiles/{theirs}"),
        stranger.call("DELETE", f"/profiles/{uuid4()}"),
    ]
    for answer in answers:
        assert (answer.status, answer.kind) == (404, "not-found")
    assert items(family.on())[1]["name"] == "Tom"


def test_the_selected_and_the_last_profile_stay(people: People) -> None:
    alone = people.someone()
    own = alone.on().call("DELETE", f"/profiles/{alone.profile_id}")
    assert (own.status, own.kind) == (409, "conflict")
