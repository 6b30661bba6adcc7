"""`reprise openapi`: docs/api/openapi.json, made of the handlers as they stand in the tree.

Nothing is started or reached: handlers are only loaded, in an environment of placeholders.
"""

import importlib
import json
import os
import string
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from infra_cdk.kinds import Route
from infra_cdk.routes import ROUTES
from reprise.edge.openapi import Described, describe
from reprise.edge.openapi_notes import NotesError
from reprise.edge.openapi_schemas import SchemaError
from reprise.edge.wire import EXAMPLE_ID
from reprise_local.errors import LocalError
from reprise_local.paths import ROOT

DOCUMENT = ROOT / "docs" / "api" / "openapi.json"
COMMAND = "make openapi"

_SAMPLES = ROOT / "events" / "samples"
_NOWHERE = "http://127.0.0.1:1"
_PLACEHOLDERS: Mapping[str, str] = {
    "REPRISE_STAGE": "described",
    "REPRISE_VERSION": "0",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CASSANDRA_HOSTS": "127.0.0.1",
    "CASSANDRA_KEYSPACE": "described",
    "POSTGRES_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "JWKS": '{"keys": [{"kty": "RSA", "kid": "described", "n": "AQAB", "e": "AQAB"}]}',
    "JWT_SIGNING_SECRET_ID": "described",
    "FLUSH_QUEUE_URL": _NOWHERE,
    "EVENT_QUEUE_URL": _NOWHERE,
    "QUARANTINE_QUEUE_URL": _NOWHERE,
    "CURSOR_SECRET": "described",
    "EDGE_SECRET": "described",
    "GRANT_SIGNING_SECRET_ID": "described",
    "MEDIA_URL": f"{_NOWHERE}/media",
}
"""Whatever handlers refuse to load without."""

_FILLED_IN: Mapping[str, str] = {
    "EMAIL": "ada@example.org",
    "PASSWORD": "quiet-harbour-17",
    "NOW": "2026-11-21T20:15:00Z",
    "REFRESH_TOKEN": "hV0d4lL3yq2wZ0kqS8mX1uB7nT5cR9eG6aJ3fP2iKxQ",
}
"""What stands in for a sample's placeholders; all others are ids."""


def document() -> str:
    """Return the document as it belongs on disk.

    Raises:
        LocalError: a handler does not describe itself as it should.
    """
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = str(tomllib.load(file)["project"]["version"])
    try:
        described = describe(routes=[_described(route) for route in ROUTES], version=version)
    except (NotesError, SchemaError) as error:
        raise LocalError(str(error)) from error
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def write() -> bool:
    """Write the document; return whether that changed anything."""
    text = document()
    if is_fresh(text):
        return False
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(text, encoding="utf-8")
    return True


def check() -> None:
    """Raises:
    LocalError: the document on disk is not what the handlers say.
    """
    if not is_fresh(document()):
        name = DOCUMENT.relative_to(ROOT)
        raise LocalError(f"{name} is not what the handlers say any more", mend=COMMAND)


def is_fresh(text: str) -> bool:
    return DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text


def _described(route: Route) -> Described:
    module = _load(route)
    api = module.api
    return Described(
        area=route.area,
        name=route.verb_noun,
        access=api.access,
        kids_may=api.kids_may,
        docstring=module.__doc__ or "",
        operation=api.operations[route.path],
        examples=_examples(_SAMPLES / route.folder),
    )


def _load(route: Route) -> ModuleType:
    """Load a handler for its words alone: who loads it later gets one with its own environment."""
    name = f"functions.{route.folder.replace('/', '.')}.handler"
    known = sys.modules.pop(name, None)
    try:
        with mock.patch.dict(os.environ, _PLACEHOLDERS):
            return importlib.import_module(name)
    finally:
        sys.modules.pop(name, None)
        if known is not None:
            sys.modules[name] = known


def _examples(folder: Path) -> Mapping[str, Any]:
    """Return the bodies of a function's good samples, by the samples' names."""
    return {
        path.stem.removeprefix("good").lstrip("_") or "usual": json.loads(body)
        for path in sorted(folder.glob("good*.json"))
        if (body := json.loads(_filled(path.read_text(encoding="utf-8")))["body"])
    }


def _filled(text: str) -> str:
    template = string.Template(text)
    ids = dict.fromkeys(template.get_identifiers(), EXAMPLE_ID)
    return template.substitute({**ids, **_FILLED_IN})
