"""How a handler's own words become the API's description."""

from typing import Annotated, Any, TypedDict

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, with_config

from reprise.edge.api import Operation
from reprise.edge.openapi import Described, describe
from reprise.edge.openapi_notes import NotesError, read_notes
from reprise.edge.openapi_schemas import SchemaError
from reprise.edge.requests import CURSOR_SCHEMA, Instant

NOTES = """GET /things/{thingId}: what a thing
is made of.

200 · 304 · 403 (kids) ·
404

More of it.
"""


class ThingBody(TypedDict):
    """A thing."""

    title: str


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=50), BeforeValidator(lambda value: value)] = 50
    cursor: Annotated[tuple[int, str] | None, CURSOR_SCHEMA] = None


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: Instant
    note: str = ""


def described(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "method": "GET",
        "path": "/things/{thingId}",
        "status": 200,
        "body": None,
        "body_required": True,
        "query": None,
        "answer": TypeAdapter(ThingBody),
    }
    about: dict[str, Any] = {"docstring": NOTES, "access": "viewer", "kids_may": False}
    about |= {name: changes.pop(name) for name in about if name in changes}
    operation = Operation(**(values | changes))
    route = Described(area="things", name="show_thing", operation=operation, **about)
    return describe(routes=[route], version="1.2.3")


def operation_of(document: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = document["paths"]["/things/{thingId}"]["get"]
    return operation


def test_a_docstring_says_purpose_statuses_and_more() -> None:
    notes = read_notes(NOTES, method="GET", path="/things/{thingId}")
    assert notes.summary == "What a thing is made of"
    assert notes.statuses == {200: "", 304: "", 403: "kids", 404: ""}
    assert notes.more == "More of it."


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("GET /others: x.\n\n200", "must begin with 'GET /things: '"),
        ("", "must begin with"),
        ("GET /things: x.", "as `200 · 403"),
        ("GET /things: x.\n\n200 and 404", "not '200 and 404'"),
    ],
)
def test_a_docstring_of_another_form_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(NotesError, match=complaint):
        read_notes(text, method="GET", path="/things")


def test_the_success_that_is_declared_has_to_be_among_the_statuses() -> None:
    with pytest.raises(NotesError, match="answers 201"):
        described(status=201)


def test_a_route_answers_what_its_docstring_says_and_what_the_edge_always_may() -> None:
    responses = operation_of(described())["responses"]
    expected = ["200", "304", "400", "401", "403", "404", "413", "429", "500", "503"]
    assert list(responses) == expected
    assert responses["403"]["description"] == "Not allowed for this profile: kids"
    assert responses["404"] == {"$ref": "#/components/responses/NotFound"}


def test_what_can_be_unchanged_is_asked_by_its_etag() -> None:
    operation = operation_of(described())
    assert "If-None-Match" in [found.get("name") for found in operation["parameters"]]
    assert "ETag" in operation["responses"]["200"]["headers"]
    assert "content" not in operation["responses"]["304"]


def test_a_public_route_needs_no_token_and_is_counted_by_no_session() -> None:
    operation = operation_of(described(access="public"))
    assert operation["security"] == []
    assert "401" not in operation["responses"]
    assert list(operation["responses"]["200"]["headers"]) == ["X-Correlation-Id", "ETag"]


def test_a_public_route_that_counts_says_so_in_its_statuses() -> None:
    counting = NOTES.replace("404", "404 · 429")
    operation = operation_of(described(access="public", docstring=counting))
    assert "RateLimit" in operation["responses"]["200"]["headers"]


@pytest.mark.parametrize(("kids_may", "said"), [(False, True), (True, False)])
def test_a_route_of_the_account_says_whether_kids_profiles_may(kids_may: bool, said: bool) -> None:
    operation = operation_of(described(access="account", kids_may=kids_may))
    assert ("Refused to kids profiles." in operation["description"]) == said


def test_a_query_becomes_parameters_that_may_be_left_out_but_never_null() -> None:
    document = described(query=Asked)
    found = {each.get("name"): each for each in operation_of(document)["parameters"]}
    assert found["limit"]["schema"] == {
        "default": 50, "maximum": 50, "minimum": 1, "type": "integer"
    }  # fmt: skip
    assert found["cursor"]["schema"]["type"] == "string"
    assert "default" not in found["cursor"]["schema"]
    assert "Asked" not in document["components"]["schemas"]


def test_a_body_is_named_by_its_class_and_keeps_a_field_called_title() -> None:
    schemas = described(body=Sent)["components"]["schemas"]
    assert schemas["Thing"]["properties"] == {"title": {"type": "string"}}
    assert schemas["Sent"]["properties"]["at"] == {"type": "string", "format": "date-time"}
    assert schemas["Sent"]["additionalProperties"] is False
    assert "default" not in schemas["Sent"]["properties"]["note"]


def test_a_body_may_be_called_otherwise_but_no_two_the_same() -> None:
    @with_config(ConfigDict(title="Sent"))
    class OtherBody(TypedDict):
        title: str

    assert "Sent" in described(answer=TypeAdapter(OtherBody))["components"]["schemas"]
    with pytest.raises(SchemaError, match="two bodies are called Sent"):
        described(answer=TypeAdapter(OtherBody), body=Sent)


@pytest.mark.parametrize("required", [True, False])
def test_a_body_that_may_be_left_out_is_described_so(required: bool) -> None:
    operation = operation_of(described(body=Sent, body_required=required))
    assert operation["requestBody"]["required"] is required
