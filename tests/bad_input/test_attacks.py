"""The OWASP API Security Top 10 of 2023, item by item, against every route there is.

The handlers are the real ones, behind real tokens; their stores are fakes that can be looked into.
A test says in its docstring which item it stands for; items that take a real store stand elsewhere.
"""

import ast
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra_cdk.kinds import Access, Route
from infra_cdk.routes import ROUTES
from reprise.domain.attempts import LIMITS
from reprise.domain.identity import PolicyFacts
from tests.bad_input.attacks import named, send, send_in_vain, with_header, with_token
from tests.builders import make_viewer
from tests.harness.functions import World
from tests.harness.samples import good_event

TESTS = Path(__file__).parents[1]
WITH_BODY = [
    route for route in ROUTES if good_event(route.folder, World())["body"] not in {None, ""}
]
OTHERS = {
    "profiles/edit_profile": "profileId",
    "profiles/delete_profile": "profileId",
    "profiles/select_profile": "profileId",
    "sessions/revoke_session": "sessionId",
}
"""Routes whose path names something that belongs to an account."""


@pytest.mark.parametrize("folder", OTHERS)
@pytest.mark.parametrize("ours", [True, False], ids=["of another account", "of nobody"])
def test_what_belongs_to_another_is_unknown_and_left_alone(folder: str, ours: bool) -> None:
    """API1: broken object level authorization."""
    world = World()
    stranger = World()
    foreign = stranger.other.id if "profile" in folder else stranger.viewer.session_id
    world.profiles.households |= stranger.profiles.households
    world.records.sessions |= stranger.records.sessions
    wanted = foreign if ours else str(uuid4())
    [route] = [each for each in ROUTES if each.folder == folder]

    def change(event: dict[str, Any]) -> None:
        event["pathParameters"] = {OTHERS[folder]: wanted}

    answer = send_in_vain(world, route, change)
    assert (answer.status, answer.body["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("route", WITH_BODY, ids=named)
def test_no_body_takes_fields_that_it_does_not_know(route: Route) -> None:
    """API3: broken object property level authorization."""
    world = World()
    extra = {"role": "admin", "accountId": str(uuid4()), "updatedAt": "2026-01-01T00:00:00Z"}

    def change(event: dict[str, Any]) -> None:
        event["body"] = json.dumps(json.loads(event["body"]) | extra)

    answer = send_in_vain(world, route, change)
    assert answer.status == 400
    assert set(extra) <= set(answer.wrong_fields)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_no_answer_tells_what_only_we_may_know(route: Route) -> None:
    """API3: broken object property level authorization."""
    answer = send(World(), route, lambda _: None)
    assert not re.search(
        r"(password|pin|token)_?hash|secret|\"pol\"", json.dumps(answer.body), re.IGNORECASE
    )


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_no_route_reads_more_than_it_takes(route: Route) -> None:
    """API4: unrestricted resource consumption."""
    world = World()

    def change(event: dict[str, Any]) -> None:
        event["body"] = "x" * (128 * 1024 + 1)
        with_header("Content-Type", "application/json")(event)

    answer = send(world, route, change)
    assert (answer.status, answer.body["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize("limit", ["51", "0", "-1", "1000000000"])
@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.path in {"/history", "/my-list"}], ids=named
)
def test_no_page_is_longer_than_fifty(route: Route, limit: str) -> None:
    """API4: unrestricted resource consumption."""

    def change(event: dict[str, Any]) -> None:
        event["multiValueQueryStringParameters"] = {"limit": [limit]}

    answer = send(World(), route, change)
    assert (answer.status, answer.wrong_fields) == (400, ["limit"])


@pytest.mark.parametrize("route", [r for r in ROUTES if r.access is Access.ACCOUNT], ids=named)
def test_a_kids_profile_reaches_nothing_of_the_account_but_the_way_out(route: Route) -> None:
    """API5: broken function level authorization."""
    world = World()
    kid = make_viewer(
        account_id=world.viewer.account_id,
        policy=PolicyFacts(region="US", plan="premium", maturity_level=2, kids=True),
    )
    world.sign_in(kid)
    answer = send(world, route, with_token(world.token(kid)))
    if route.path == "/auth/logout":
        assert answer.status == 204
    else:
        assert (answer.status, answer.body["reason"]) == (403, "kids")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.access is Access.VIEWER], ids=named)
def test_nobody_watches_without_a_profile(route: Route) -> None:
    """API5: broken function level authorization."""
    world = World()
    answer = send(world, route, with_token(world.token(profile_id=None, policy=None)))
    assert (answer.status, answer.body["reason"]) == (403, "pin")


def another_address(event: dict[str, Any]) -> None:
    event["body"] = json.dumps(json.loads(event["body"]) | {"email": f"{uuid4()}@example.org"})


def test_sign_ups_of_one_network_come_to_an_end() -> None:
    """API6: unrestricted access to sensitive business flows."""
    world = World()
    [route] = [each for each in ROUTES if each.path == "/auth/signup"]
    allowed = LIMITS["sign-up-network"].times
    asked = [send(world, route, another_address) for _ in range(allowed + 1)]
    assert [answer.status for answer in asked] == [*([201] * allowed), 429]
    [*_, answer] = asked
    assert 0 < int(answer.headers["Retry-After"]) <= LIMITS["sign-up-network"].seconds


def test_nothing_that_a_client_may_send_is_an_address_to_be_asked() -> None:
    """API7: server side request forgery."""
    document = json.loads((TESTS.parent / "docs" / "api" / "openapi.json").read_text())
    asked: list[str] = []

    def look(schema: object, path: str) -> None:
        if isinstance(schema, dict):
            if schema.get("format") in {"uri", "url", "uri-reference", "iri"}:
                asked.append(path)
            for name, part in schema.items():
                if re.search(r"ur[il]$|callback|webhook", str(name), re.IGNORECASE):
                    asked.append(f"{path}/{name}")
                look(part, f"{path}/{name}")
        elif isinstance(schema, list):
            for part in schema:
                look(part, path)

    schemas = document["components"]["schemas"]
    bodies = [name for name in schemas if name.endswith("Request")] + ["Batch", "Report"]
    for name in bodies:
        look(schemas[name], name)
    assert (asked, len(bodies)) == ([], len(set(bodies)))
    assert len(bodies) >= len(WITH_BODY) - 1, "a request's body has a name of another kind"


@pytest.mark.parametrize("route", ROUTES, ids=named)
@pytest.mark.parametrize("fails", [False, True], ids=["answers", "refuses"])
def test_every_answer_is_locked_down_and_no_failure_tells_how_it_is_built(
    route: Route, fails: bool
) -> None:
    """API8: security misconfiguration."""

    def change(event: dict[str, Any]) -> None:
        if fails:
            event["multiValueQueryStringParameters"] = {"\\u0000'\"; --": ["%2e%2e"]}
            event["body"] = "{"

    answer = send(World(), route, change)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.status < 500
    assert not re.search(r"Traceback|File \"|psycopg|redis\.|cassandra\.", json.dumps(answer.body))


def test_the_description_names_every_route_and_no_other() -> None:
    """API9: improper inventory management."""
    document = json.loads((TESTS.parent / "docs" / "api" / "openapi.json").read_text())
    described = {
        (verb.upper(), path)
        for path, verbs in document["paths"].items()
        for verb in verbs
        if verb in {"get", "post", "put", "patch", "delete"}
    }
    assert described == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_method_that_nobody_described_is_not_answered(route: Route) -> None:
    """API9: improper inventory management."""

    def change(event: dict[str, Any]) -> None:
        event["httpMethod"] = "TRACE"

    answer = send(World(), route, change)
    assert (answer.status, answer.headers["Allow"]) == (405, route.method)


def test_every_item_of_the_ten_has_a_test() -> None:
    found: set[str] = set()
    for module in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found |= set(re.findall(r"^API\d+", ast.get_docstring(node) or ""))
    assert found == {f"API{number}" for number in range(1, 11)}
