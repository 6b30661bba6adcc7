"""The schemas of all bodies, as components of the API's description, under names for clients.

A body's component is called by its class without `Body`, or by the title of its configuration.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

type Schema = dict[str, Any]

REF = "#/components/schemas/"
_ABSENT: tuple[object, ...] = (None, "", [])
"""Defaults that stand for a field which was not sent: a client never sends them."""


class SchemaError(Exception):
    """Two bodies would have the same name."""


class Schemas:
    """Components, and the schema of each adapter and model that was asked for."""

    def __init__(
        self, *, read: Sequence[type[BaseModel]], written: Sequence[TypeAdapter[Any]]
    ) -> None:
        inputs: list[tuple[int, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
            *((id(model), "validation", TypeAdapter(model)) for model in dict.fromkeys(read)),
            *((id(adapter), "serialization", adapter) for adapter in dict.fromkeys(written)),
        ]
        found, definitions = TypeAdapter.json_schemas(
            inputs, ref_template=REF + "{model}", schema_generator=_WithoutFieldTitles
        )
        names = _names(definitions.get("$defs", {}))
        self._asked: dict[int, Schema] = {
            key: _cleaned(schema, names) for (key, _), schema in found.items()
        }
        self._components: dict[str, Schema] = {
            names[name]: _cleaned(_untitled(schema), names)
            for name, schema in definitions.get("$defs", {}).items()
        }

    def of(self, asked: type[BaseModel] | TypeAdapter[Any]) -> Schema:
        """Return the schema of a model or an adapter: mostly a reference to a component."""
        return self._asked[id(asked)]

    def fields(self, model: type[BaseModel]) -> Mapping[str, tuple[Schema, bool]]:
        """Return each field's schema by its name on the wire, and whether it is required."""
        schema = self._resolved(self.of(model))
        required = schema.get("required", [])
        return {
            name: (_without_null(field), name in required)
            for name, field in schema.get("properties", {}).items()
        }

    def about(self, adapter: TypeAdapter[Any]) -> str | None:
        """Return what a body's class says of itself."""
        text = self._resolved(self.of(adapter)).get("description")
        return " ".join(text.split()) if text else None

    def components(self, *, without: Sequence[type[BaseModel]]) -> dict[str, Schema]:
        """Return all components by name, but not these: queries are taken apart."""
        left_out = {self.of(model).get("$ref", "").removeprefix(REF) for model in without}
        return {
            name: schema
            for name, schema in sorted(self._components.items())
            if name not in left_out
        }

    def _resolved(self, schema: Schema) -> Schema:
        name = schema.get("$ref", "").removeprefix(REF)
        return self._components.get(name, schema)


class _WithoutFieldTitles(GenerateJsonSchema):
    """A field's name says what pydantic would repeat as its title."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # its signature
        return False


def _names(definitions: Mapping[str, Schema]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for name, schema in definitions.items():
        short = str(schema.get("title", name)).removesuffix("Body")
        if short in names.values():
            raise SchemaError(f"two bodies are called {short}: title one of them in its config")
        names[name] = short
    return names


def _untitled(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "title"}


def _cleaned(schema: Any, names: Mapping[str, str]) -> Any:
    """Return the schema with components' new names, and without defaults that say nothing."""
    if isinstance(schema, list):
        return [_cleaned(each, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    cleaned: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            cleaned[key] = {name: _cleaned(field, names) for name, field in value.items()}
        elif key == "$ref":
            cleaned[key] = REF + names[value.removeprefix(REF)]
        elif key == "description":
            cleaned[key] = " ".join(value.split())
        elif key in {"examples", "enum", "const"}:
            cleaned[key] = value
        elif key != "default" or value not in _ABSENT:
            cleaned[key] = _cleaned(value, names)
    return cleaned


def _without_null(schema: Schema) -> Schema:
    """A query or a header can't send null: what may be null may be left out."""
    kept: list[Schema] = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(kept) != 1:
        return schema
    left: Schema = {key: value for key, value in schema.items() if key != "anyOf"}
    return left | kept[0]
