"""The routes about profiles, field by field as on the wire."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.identity import Profile
from reprise.domain.profiles import StoredProfile
from tests.builders import KID, make_viewer
from tests.harness.functions import Answer, World, load

ONE = "/profiles/{profileId}"
SELECT = "/profiles/{profileId}/select"
ROUTES: dict[str, tuple[str, str, Any]] = {
    "list_profiles": ("GET", "/profiles", None),
    "create_profile": ("POST", "/profiles", {"name": "Bea"}),
    "edit_profile": ("PATCH", ONE, {"name": "Tim"}),
    "delete_profile": ("DELETE", ONE, None),
    "select_profile": ("POST", SELECT, {}),
}
CHANGING = ("edit_profile", "delete_profile", "select_profile")


@pytest.fixture
def world() -> World:
    return World()


def call(world: World, name: str, **parts: Any) -> Answer:
    method, resource, body = ROUTES[name]
    if "{profileId}" in resource:
        parts.setdefault("path", {"profileId": world.other.id})
    if name == "edit_profile":
        parts["headers"] = {"If-Match": "*"} | parts.get("headers", {})
    if body is not None and "raw" not in parts:
        parts.setdefault("body", body)
    headers = {name: text for name, text in parts.pop("headers", {}).items() if text is not None}
    event = world.event(method, resource, headers=headers, **parts)
    return world.request(f"profiles/{name}", event)


def household(world: World) -> Any:
    return world.profiles.households[world.viewer.account_id]


def names(world: World) -> list[str]:
    return [each.profile.name for each in household(world).profiles]


def lock(world: World, profile_id: str, pin: str = "4711") -> None:
    home = household(world)
    members = tuple(
        StoredProfile(
            replace(each.profile, has_pin=True), world.passwords.hash(password=pin), each.version
        )
        if each.profile.id == profile_id
        else each
        for each in home.profiles
    )
    world.profiles.households[home.account.id] = replace(home, profiles=members)


def test_everybody_is_listed_with_their_versions(world: World) -> None:
    answer = call(world, "list_profiles")
    assert answer.status == 200
    assert answer.body == {
        "items": [
            {
                "id": world.viewer.profile_id,
                "name": "Ada",
                "kids": False,
                "maturityLevel": 5,
                "hasPin": False,
                "language": "en",
                "avatar": "heron",
                "version": 1,
            },
            {
                "id": world.other.id,
                "name": "Tom",
                "kids": False,
                "maturityLevel": 3,
                "hasPin": False,
                "language": "en",
                "avatar": "fox",
                "version": 1,
            },
        ]
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_profile_is_answered_as_it_is_with_its_etag(world: World) -> None:
    body = {
        "name": "  Kim  ",
        "kids": True,
        "maturityLevel": 2,
        "language": "pt-BR",
        "avatar": "owl",
        "pin": "123456",
    }
    answer = call(world, "create_profile", body=body)
    assert (answer.status, answer.headers["ETag"]) == (201, '"1"')
    made = answer.body
    assert made.pop("id")
    assert made == {
        "name": "Kim",
        "kids": True,
        "maturityLevel": 2,
        "hasPin": True,
        "language": "pt-BR",
        "avatar": "owl",
        "version": 1,
    }
    assert "123456" not in answer.log


def test_a_name_is_enough(world: World) -> None:
    made = call(world, "create_profile").body
    assert (made["kids"], made["maturityLevel"], made["hasPin"]) == (False, 5, False)
    kid = call(world, "create_profile", body={"name": "Kim", "kids": True}).body
    assert kid["maturityLevel"] == 2


def test_a_sixth_profile_and_a_taken_name_are_409(world: World) -> None:
    assert (
        call(world, "create_profile", body={"name": "ＡＤＡ"}).body["type"] == "/problems/conflict"
    )
    for name in ("Bea", "Cleo", "Dan"):
        assert call(world, "create_profile", body={"name": name}).status == 201
    full = call(world, "create_profile", body={"name": "Eve"})
    assert (full.status, full.body["type"]) == (409, "/problems/conflict")
    assert names(world) == ["Ada", "Tom", "Bea", "Cleo", "Dan"]


def test_a_change_takes_the_version_that_was_read(world: World) -> None:
    answer = call(world, "edit_profile", headers={"If-Match": '"1"'})
    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.body["name"], answer.body["version"]) == ("Tim", 2)
    stale = call(world, "edit_profile", headers={"If-Match": '"1"'}, body={"name": "Tam"})
    assert (stale.status, stale.body["type"]) == (412, "/problems/precondition-failed")
    assert call(world, "edit_profile", headers={"If-Match": '"7", "2"'}).status == 200


@pytest.mark.parametrize(
    "header", [None, "", '"2"', "1", 'W/"1"', '"one"', '"1" "2"', '"99999999999"', "**", '"１"']
)
def test_without_the_right_version_nothing_changes(world: World, header: str | None) -> None:
    answer = call(world, "edit_profile", headers={"If-Match": header})
    assert (answer.status, answer.body["type"]) == (412, "/problems/precondition-failed")
    assert names(world) == ["Ada", "Tom"]
    if header is None:
        assert "If-Match" in answer.body["detail"]


def test_a_version_that_is_sent_twice_is_400(world: World) -> None:
    event = world.event(
        "PATCH",
        ONE,
        headers={"If-Match": ['"1"', '"2"']},
        path={"profileId": world.other.id},
        body={"name": "Tim"},
    )
    answer = world.request("profiles/edit_profile", event)
    assert (answer.status, answer.wrong_fields) == (400, ["if-match"])


def test_a_level_is_told_to_live_sessions_before_it_is_answered(world: World) -> None:
    mine = world.viewer.profile_id
    answer = call(world, "edit_profile", path={"profileId": mine}, body={"maturityLevel": 2})
    assert answer.status == 200
    (live,) = world.sessions.live.values()
    assert live.policy is not None
    assert live.policy.maturity_level == 2


def test_a_pin_is_set_proved_and_removed(world: World) -> None:
    assert call(world, "edit_profile", body={"pin": "4711"}).body["hasPin"]
    unproved = call(world, "edit_profile", body={"pin": None})
    assert (unproved.status, unproved.body["reason"]) == (403, "pin")
    wrong = call(world, "edit_profile", body={"maturityLevel": 2, "currentPin": "0000"})
    assert (wrong.status, wrong.body["reason"]) == (403, "pin")
    removed = call(world, "edit_profile", body={"pin": None, "currentPin": "4711"})
    assert (removed.status, removed.body["hasPin"]) == (200, False)


def test_a_kids_profile_above_its_level_is_400_by_its_field(world: World) -> None:
    raised = call(world, "create_profile", body={"name": "Kim", "kids": True, "maturityLevel": 3})
    assert (raised.status, raised.wrong_fields) == (400, ["maturityLevel"])
    turned = call(world, "edit_profile", body={"kids": True})
    assert (turned.status, turned.wrong_fields) == (400, ["maturityLevel"])
    assert turned.body["type"] == "/problems/invalid-request"


def test_selecting_answers_a_token_for_the_other_profile(world: World) -> None:
    answer = call(world, "select_profile")
    assert answer.status == 200
    token = answer.body.pop("accessToken")
    assert answer.body == {"expiresIn": 900, "profile": {"id": world.other.id, "name": "Tom"}}
    claims = world.tokens.verify(token=token, now=world.now)
    assert claims.profile_id == world.other.id
    assert token not in answer.log
    again = call(world, "list_profiles")
    assert (again.status, again.body["type"]) == (401, "/problems/unauthenticated")
    with_new = world.event("GET", "/profiles", headers={"Authorization": f"Bearer {token}"})
    assert world.request("profiles/list_profiles", with_new).status == 200


def test_selecting_takes_no_body_where_there_is_no_pin(world: World) -> None:
    assert call(world, "select_profile", raw=None).status == 200


def test_five_wrong_pins_lock_a_profile_for_a_quarter_of_an_hour(world: World) -> None:
    lock(world, world.other.id)
    for _ in range(5):
        wrong = call(world, "select_profile", body={"pin": "80861729"})
        assert (wrong.status, wrong.body["reason"]) == (403, "pin")
        assert "80861729" not in wrong.log
    locked = call(world, "select_profile", body={"pin": "4711"})
    assert (locked.status, locked.body["type"]) == (429, "/problems/rate-limited")
    assert 0 < int(locked.headers["Retry-After"]) <= 900
    assert "locked" in locked.body["detail"]
    world.now += 901
    assert call(world, "select_profile", body={"pin": "4711"}).status == 200


def test_a_deletion_answers_its_receipt_and_logs_it_once(world: World) -> None:
    gone = world.other.id
    world.live_erasure.places[gone] = {"film": "film"}
    world.durable_erasure.rows[gone] = {("film", "film")}
    answer = call(world, "delete_profile")
    assert answer.status == 200
    removed = {
        "postgres": {"profile": 1, "my_list": 0, "session": 0},
        "redis": {"places": 1, "marks": 0, "rows": 0, "sessions": 0},
        "cassandra": {
            "user_watch_history": 1,
            "latest_position": 1,
            "watch_position_by_device": 1,
        },
    }
    assert answer.body == {
        "profileId": gone,
        "deletedAt": "2026-11-18T11:06:40.000000Z",
        "removed": removed,
    }
    (line,) = answer.lines
    assert (line["erasedProfileId"], line["removed"]) == (gone, removed)
    assert call(world, "delete_profile").status == 404


def test_a_deletion_heeds_a_version_where_one_is_sent(world: World) -> None:
    stale = call(world, "delete_profile", headers={"If-Match": '"2"'})
    assert stale.status == 412
    assert not world.live_erasure.touched
    assert call(world, "delete_profile", headers={"If-Match": '"1"'}).status == 200


def test_the_selected_and_the_last_profile_stay(world: World) -> None:
    own = call(world, "delete_profile", path={"profileId": world.viewer.profile_id})
    assert (own.status, own.body["type"]) == (409, "/problems/conflict")
    assert call(world, "delete_profile").status == 200
    last = call(world, "delete_profile", path={"profileId": world.viewer.profile_id})
    assert last.status == 409
    assert names(world) == ["Ada"]


@pytest.mark.parametrize("name", ROUTES)
def test_a_kid_gets_none_of_it(world: World, name: str) -> None:
    kid = make_viewer(account_id=world.viewer.account_id, profile_id=world.other.id, policy=KID)
    world.sign_in(kid)
    headers = {"Authorization": f"Bearer {world.token(kid)}"}
    answer = call(world, name, headers=headers, **_own_path(world, name))
    assert (answer.status, answer.body["reason"]) == (403, "kids")
    assert names(world) == ["Ada", "Tom"]


def _own_path(world: World, name: str) -> dict[str, Any]:
    return {"path": {"profileId": world.viewer.profile_id}} if name in CHANGING else {}


@pytest.mark.parametrize("name", CHANGING)
def test_another_accounts_profile_is_404_and_no_store_of_it_is_touched(
    world: World, name: str
) -> None:
    theirs = Profile("2f1e4b7a-0000-4000-8000-00000000000a", "Eve", False, 5, False, "en", "owl")
    other = replace(household(world), account=replace(household(world).account, id="a-other"))
    world.profiles.households["a-other"] = replace(
        other, profiles=(StoredProfile(theirs, None, 1),)
    )
    answer = call(world, name, path={"profileId": theirs.id})
    assert (answer.status, answer.body["type"]) == (404, "/problems/not-found")
    assert not world.live_erasure.touched
    assert not world.durable_erasure.touched
    assert not world.attempts.made
    assert world.profiles.households["a-other"].profiles == (StoredProfile(theirs, None, 1),)


@pytest.mark.parametrize("name", CHANGING)
@pytest.mark.parametrize("profile_id", ["", "{b0001}", "a:b", "..", "x" * 65, "é", "a\0b"])
def test_what_can_be_no_profiles_id_is_404(world: World, name: str, profile_id: str) -> None:
    assert call(world, name, path={"profileId": profile_id}).status == 404


@pytest.mark.parametrize("name", ROUTES)
def test_query_parameters_are_400(world: World, name: str) -> None:
    answer = call(world, name, query={"debug": "1"})
    assert (answer.status, answer.wrong_fields) == (400, ["debug"])


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("token", [None, "Bearer nonsense"])
def test_nobody_is_answered_without_a_token(world: World, name: str, token: str | None) -> None:
    answer = call(world, name, headers={"Authorization": token or ""})
    assert answer.status == 401


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("store", ["profiles", "sessions"])
def test_a_store_that_is_down_is_503(world: World, name: str, store: str) -> None:
    getattr(world, store).down = True
    answer = call(world, name)
    assert (answer.status, answer.body["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


NOT_NAMES: tuple[Any, ...] = (
    "",
    "   ",
    "x" * 41,
    "a\nb",
    "a\0b",
    "a\u2028b",
    "\u200b",
    "\x7f",
    7,
    None,
    [],
    True,
)
NOT_LANGUAGES: tuple[Any, ...] = (
    "",
    "e",
    "english",
    "en_US",
    "en-",
    "de-DE-x" * 6,
    "eñ",
    "en\n",
    7,
    None,
)
NOT_PINS: tuple[Any, ...] = (
    "",
    "123",
    "123456789",
    "12a4",
    "١٢٣٤",
    "1234\n",
    " 1234",
    1234,
    True,
    [],
)
NOT_LEVELS: tuple[Any, ...] = (0, 6, -1, "3", 3.0, 3.5, True, None, [], 10**30)
NOT_FLAGS: tuple[Any, ...] = ("true", 1, 0, None, [])
NOT_IDS: tuple[Any, ...] = ("", "a b", "{}", "../x", "x" * 65, "é", 3, None)
BAD: dict[str, tuple[Any, ...]] = {
    "name": NOT_NAMES,
    "language": NOT_LANGUAGES,
    "pin": NOT_PINS,
    "maturityLevel": NOT_LEVELS,
    "kids": NOT_FLAGS,
    "avatar": NOT_IDS,
    **dict.fromkeys(("role", "accountId", "version", "hasPin", "id", "__proto__"), ("x",)),
}
CASES = [(field, value) for field, values in BAD.items() for value in values]


@pytest.mark.parametrize(("field", "value"), [*CASES, ("pin", None), ("currentPin", "1234")])
def test_a_new_profiles_field_that_is_not_as_it_must_be_is_400(
    world: World, field: str, value: Any
) -> None:
    answer = call(world, "create_profile", body={"name": "Bea"} | {field: value})
    assert (answer.status, answer.wrong_fields) == (400, [field])
    assert names(world) == ["Ada", "Tom"]


@pytest.mark.parametrize(
    ("field", "value"), [*CASES, *(("currentPin", value) for value in (*NOT_PINS, None))]
)
def test_a_changed_field_that_is_not_as_it_must_be_is_400(
    world: World, field: str, value: Any
) -> None:
    answer = call(world, "edit_profile", body={field: value})
    assert answer.status == 400
    assert field in answer.wrong_fields
    assert household(world).profiles[1].version == 1


@pytest.mark.parametrize("body", [{}, {"currentPin": "1234"}])
def test_a_change_of_nothing_is_400(world: World, body: Any) -> None:
    answer = call(world, "edit_profile", body=body)
    assert (answer.status, answer.wrong_fields) == (400, ["body"])


@pytest.mark.parametrize(
    ("field", "value"), [*(("pin", value) for value in (*NOT_PINS, None)), ("role", "admin")]
)
def test_a_selection_that_is_not_as_it_must_be_is_400(world: World, field: str, value: Any) -> None:
    answer = call(world, "select_profile", body={field: value})
    assert (answer.status, answer.wrong_fields) == (400, [field])


@pytest.mark.parametrize("name", ["create_profile", "edit_profile", "select_profile"])
@pytest.mark.parametrize("raw", ["[", "[]", "null", '"x"', '{"pin":"1234","pin":"1234"}', "7"])
def test_a_body_that_is_no_object_is_400(world: World, name: str, raw: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert call(world, name, raw=raw, headers=headers).status == 400


def test_a_body_over_sixteen_kilobytes_is_413(world: World) -> None:
    assert call(world, "create_profile", body={"name": "x" * 17_000}).status == 413


@pytest.mark.parametrize("name", ["a", "Zoë 🦊", "x" * 40, "母", "O'Brien; DROP TABLE profile"])
def test_a_name_may_be_any_line_that_shows(world: World, name: str) -> None:
    assert call(world, "create_profile", body={"name": name}).status == 201


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "es-419", "sl-rozaj", "de-CH-1996"])
def test_a_language_is_a_tag(world: World, tag: str) -> None:
    answer = call(world, "create_profile", body={"name": "Bea", "language": tag})
    assert (answer.status, answer.body["language"]) == (201, tag)


def test_every_route_is_the_accounts(world: World) -> None:
    for name, (method, resource, _) in ROUTES.items():
        api = load(f"profiles/{name}").api
        assert (api.access, api.methods) == ("account", {resource: method})
