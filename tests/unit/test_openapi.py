"""The committed description of the API is what the handlers say, whole and sound."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from infra_cdk.routes import ROUTES
from reprise_local import api_description

DESCRIBED: dict[str, Any] = json.loads(api_description.document())
OPERATIONS = [
    pytest.param(operation, id=operation["operationId"])
    for methods in DESCRIBED["paths"].values()
    for operation in methods.values()
]


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolved(reference: str) -> Any:
    found: Any = DESCRIBED
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_committed_document_is_fresh() -> None:
    assert api_description.is_fresh(api_description.document()), f"run `{api_description.COMMAND}`"


def test_every_route_of_the_table_is_described() -> None:
    described = {
        (method.upper(), path) for path, found in DESCRIBED["paths"].items() for method in found
    }
    assert described == {(route.method, route.path) for route in ROUTES}


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DESCRIBED):
        assert resolved(reference)


def test_every_component_is_used() -> None:
    used = set(references(DESCRIBED))
    for kind in ("schemas", "headers", "parameters"):
        for name in DESCRIBED["components"][kind]:
            assert f"#/components/{kind}/{name}" in used, name


@pytest.mark.parametrize("name", DESCRIBED["components"]["schemas"])
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(DESCRIBED["components"]["schemas"][name])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_success_with_a_body_says_what_is_in_it(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if status.startswith("2") and status not in {"202", "204"}:
            assert response["content"]["application/json"]["schema"], status


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_sent_in_a_body_is_described_by_a_name_and_an_example_that_fits(
    operation: dict[str, Any],
) -> None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        assert "415" not in operation["responses"]
        return
    assert content["schema"]["$ref"].startswith("#/components/schemas/")
    validator = Draft202012Validator({**content["schema"], "components": DESCRIBED["components"]})
    assert content["examples"]
    for example in content["examples"].values():
        validator.validate(example["value"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whoever_needs_a_token_is_told_so(operation: dict[str, Any]) -> None:
    assert ("401" in operation["responses"]) or operation["security"] == []
    if operation["security"]:
        assert {"401", "403"} <= set(operation["responses"])


def test_operations_have_names_of_their_own() -> None:
    names = [operation.id for operation in OPERATIONS]
    assert len(names) == len(set(names))
