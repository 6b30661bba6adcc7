"""An edge that runs is left alone until something that it is made of has changed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reprise_local.errors import LocalError
from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import free_port
from reprise_local.servers import EdgeServer
from reprise_local.servers.edge import EdgeSources
from tests.harness.closed_port import closed_port

pytestmark = pytest.mark.real


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[EdgeServer]:
    _, keys = ensure_grant_keys(tmp_path / "keys")
    config = tmp_path / "deploy.json"
    config.write_text(json.dumps({"edgeSecret": "one"}), encoding="utf-8")
    sources = EdgeSources(
        s3=f"http://127.0.0.1:{closed_port()}",
        keys=keys,
        config=config,
        facts=tmp_path / "stack.json",
    )
    with EdgeServer(folder=tmp_path / "edge", port=free_port(), sources=sources) as server:
        yield server


def process_of(edge: EdgeServer) -> int:
    edge.start()
    assert edge.identity is not None
    assert edge.answers()
    return edge.identity.pid


def test_a_second_start_changes_nothing(edge: EdgeServer) -> None:
    assert process_of(edge) == process_of(edge)


def test_other_keys_are_trusted_from_the_next_start_on(edge: EdgeServer, tmp_path: Path) -> None:
    before = process_of(edge)
    _, others = ensure_grant_keys(tmp_path / "others")
    edge.sources.keys.write_text(others.read_text(encoding="utf-8"), encoding="utf-8")
    assert process_of(edge) != before


def test_another_country_holds_from_the_next_start_on(edge: EdgeServer) -> None:
    before = process_of(edge)
    edge.sources = replace(edge.sources, country="DE")
    after = process_of(edge)
    assert after != before
    assert process_of(edge) == after


def test_a_port_of_the_store_that_is_taken_is_said_before_anything_starts(
    edge: EdgeServer, tmp_path: Path
) -> None:
    other = EdgeServer(
        folder=tmp_path / "other", port=free_port(), sources=edge.sources, store_port=edge.port
    )
    with pytest.raises(LocalError, match="key value store is taken"):
        other.start()
    assert not other.running
