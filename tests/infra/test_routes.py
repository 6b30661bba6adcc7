"""The table of functions is complete, consistent, and all there is."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from infra_cdk.kinds import (
    ACCOUNTS,
    BASE_LAYERS,
    CORE_LAYER,
    EDGE_STORE,
    HISTORY,
    MEDIA_LAYERS,
    WHEEL_LAYERS,
    Access,
    Function,
    Need,
    Route,
)
from infra_cdk.routes import EVERY_FUNCTION, FUNCTIONS, ROUTES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("row", EVERY_FUNCTION, ids=lambda row: row.folder)
def test_every_row_has_a_handler(row: Function) -> None:
    handler = ROOT / "functions" / row.folder / "handler.py"
    assert handler.is_file()
    names = {
        node.name if isinstance(node, ast.FunctionDef) else getattr(node.targets[0], "id", "")
        for node in ast.parse(handler.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.Assign)
    }
    assert "lambda_handler" in names


def test_every_handler_has_a_row() -> None:
    folders = {
        path.parent.relative_to(ROOT / "functions").as_posix()
        for path in (ROOT / "functions").glob("*/*/handler.py")
    }
    assert folders <= {row.folder for row in EVERY_FUNCTION}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.folder)
def test_a_handler_declares_the_access_of_its_row(route: Route) -> None:
    tree = ast.parse((ROOT / "functions" / route.folder / "handler.py").read_text(encoding="utf-8"))
    declared = {
        keyword.value.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "access" and isinstance(keyword.value, ast.Constant)
    }
    assert declared == {route.access.value}


def test_no_two_rows_share_a_path_or_a_folder() -> None:
    endpoints = Counter((route.method, route.path) for route in ROUTES)
    folders = Counter(row.folder for row in EVERY_FUNCTION)
    names = Counter(row.title for row in EVERY_FUNCTION)
    assert max(endpoints.values()) == max(folders.values()) == max(names.values()) == 1


def test_only_signing_in_the_keys_and_health_are_public() -> None:
    public = {route.path for route in ROUTES if route.access is Access.PUBLIC}
    signing_in = {"/auth/login", "/auth/signup", "/auth/refresh"}
    assert public == signing_in | {"/.well-known/jwks.json", "/health"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.folder)
def test_a_route_that_is_not_public_can_prove_tokens_and_sessions(route: Route) -> None:
    if route.access is not Access.PUBLIC:
        assert {Need.PROVE_TOKENS, Need.LIVE_STATE} <= route.needs


@pytest.mark.parametrize("row", EVERY_FUNCTION, ids=lambda row: row.folder)
def test_a_function_loads_the_driver_of_each_store_it_reaches_and_no_other(row: Function) -> None:
    reaches_history = bool(row.needs & {Need.HISTORY_READ, Need.HISTORY_WRITE})
    assert (HISTORY in row.layers) == reaches_history
    assert (ACCOUNTS in row.layers) == (Need.ACCOUNTS in row.needs)
    assert (EDGE_STORE in row.layers) == (Need.KEEP_EDGE_STORE in row.needs)
    assert not set(row.layers) & set(BASE_LAYERS)


def test_only_the_flusher_an_operator_and_an_erasure_may_write_the_history() -> None:
    writers = {row.folder for row in FUNCTIONS if Need.HISTORY_WRITE in row.needs}
    flush = {"flush/flush_places", "flush/redrive_quarantined"}
    assert writers == flush | {"profiles/delete_profile"}


def test_only_signing_in_may_read_the_private_keys() -> None:
    signers = {row.folder for row in FUNCTIONS if Need.SIGN_TOKENS in row.needs}
    signing_in = {"auth/log_in", "auth/sign_up", "auth/refresh_session"}
    assert signers == signing_in | {"profiles/select_profile"}


def test_every_layer_of_the_table_exists() -> None:
    assert (ROOT / "layers" / CORE_LAYER / "python" / "reprise").is_dir()
    for name in (*WHEEL_LAYERS, *MEDIA_LAYERS):
        assert (ROOT / "layers" / name / "requirements.txt").is_file()


def test_the_infrastructure_and_the_service_never_import_each_other() -> None:
    assert not _imports(ROOT / "infra_cdk") & {"reprise", "functions"}
    assert "infra_cdk" not in _imports(ROOT / "layers" / CORE_LAYER)
    assert "infra_cdk" not in _imports(ROOT / "functions")


def _imports(folder: Path) -> set[str]:
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found


def test_a_place_in_a_path_has_one_variable() -> None:
    """API Gateway refuses two names for what stands behind the same parent."""
    named: dict[str, set[str]] = {}
    for route in ROUTES:
        parts = route.path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                named.setdefault("/".join(parts[:place]), set()).add(part)
    assert {parent: names for parent, names in named.items() if len(names) > 1} == {}
