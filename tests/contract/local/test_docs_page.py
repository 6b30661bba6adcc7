"""The docs page is served whole, from this machine alone, and ends cleanly."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest

from reprise_local import docs_page
from reprise_local.api_description import DOCUMENT
from reprise_local.errors import LocalError
from reprise_local.ports import free_port, is_taken
from reprise_local.servers import DocsServer


@pytest.fixture
def page() -> Iterator[httpx.Client]:
    with docs_page.serve(0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        with httpx.Client(base_url=docs_page.url_of(server), trust_env=False) as client:
            yield client
        server.shutdown()
        thread.join()


def test_the_page_its_scripts_and_the_document_are_served(page: httpx.Client) -> None:
    html = page.get("/")
    assert html.headers["Content-Type"].startswith("text/html")
    scripts = re.findall(r'<script src="([^"]+)"', html.text)
    assert scripts == ["renderer.js", "start.js"]
    for script in scripts:
        found = page.get(script)
        assert (found.status_code, found.headers["Content-Type"]) == (200, "text/javascript")
    described = page.get("openapi.json").json()
    committed = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert described["paths"] == committed["paths"]


def test_the_page_names_nothing_that_is_elsewhere(page: httpx.Client) -> None:
    for name in ("/", "start.js"):
        assert "//" not in page.get(name).text.replace("// The renderer", "")
    policy = page.get("/").headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/../pyproject.toml", "/renderer.js/", "/%2e%2e/README.md"])
def test_nothing_else_is_served(page: httpx.Client, path: str) -> None:
    assert page.get(path).status_code == 404


def test_a_port_that_is_taken_is_said_to_be(page: httpx.Client) -> None:
    port = page.base_url.port
    assert port is not None
    with pytest.raises(LocalError, match=f"port {port} is taken"):
        docs_page.serve(port)


def test_a_stack_starts_and_ends_it_like_any_server(tmp_path: Path) -> None:
    port = free_port()
    with DocsServer(folder=tmp_path / "docs", port=port) as server:
        assert server.answers()
        assert is_taken(port)
    assert not server.running
    assert not is_taken(port)
