"""A stack's edge comes and goes with its cloud, its docs page with a developer's stack."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from reprise_local import deploy, facts
from reprise_local.keys import ensure_grant_keys
from reprise_local.media import bucket
from reprise_local.servers import DocsServer, Server
from reprise_local.servers.edge import MEDIA_BUCKET, STORE_ARN
from reprise_local.stack import Stack

STORES = {"Redis", "PostgreSQL", "Cassandra"}


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A developer's stack in a folder of its own."""
    monkeypatch.setattr("reprise_local.paths.LOCAL", tmp_path)
    monkeypatch.delenv("REPRISE_PORT_OFFSET", raising=False)
    return Stack("dev")


def running(monkeypatch: pytest.MonkeyPatch, *titles: str) -> None:
    monkeypatch.setattr(Server, "running", property(lambda server: server.title in titles))


def told(stack: Stack) -> dict[str, object]:
    facts.write(
        stack.folder,
        stack.stores() | {"apiUrl": "api", "endpointUrl": "aws", "edgeUrl": stack.edge.url},
    )
    stack.forget_what_ended()
    return facts.read(stack.folder) if stack.folder.facts.exists() else {}


def test_the_edge_starts_with_the_cloud_whose_files_it_serves(stack: Stack) -> None:
    assert set(stack.starts()) == STORES | {"LocalStack", "Edge", "API docs"}
    assert set(stack.starts(cloud=False)) == STORES | {"API docs"}


def test_beside_servers_that_somebody_else_started_the_edge_is_still_ours(stack: Stack) -> None:
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for title, start in stack.starts(attach=True).items():
        assert isinstance(start, partial)
        found[start.func.__name__ == "_start"].add(title)
    assert found == {True: {"Edge", "API docs"}, False: STORES | {"LocalStack"}}


def test_the_edge_trusts_the_keys_that_the_stack_makes(stack: Stack) -> None:
    _, public = ensure_grant_keys(stack.folder.keys)
    assert after(stack.edge.command(), "--keys") == str(public)
    assert after(stack.edge.command(), "--config") == str(stack.folder.deploy_config)
    assert after(stack.edge.command(), "--facts") == str(stack.folder.facts)


def test_grants_are_signed_for_where_the_edge_answers(stack: Stack) -> None:
    deploy.write_config(stack, jwks={"keys": [{}]}, flush_minutes=5)
    config = json.loads(stack.folder.deploy_config.read_text())
    assert config["mediaUrl"] == "http://127.0.0.1:18080/media"


def test_revoked_holders_are_published_where_the_edge_keeps_them(stack: Stack) -> None:
    deploy.write_config(stack, jwks={"keys": [{}]}, flush_minutes=5)
    config = json.loads(stack.folder.deploy_config.read_text())
    assert config["edgeStore"] == {"arn": STORE_ARN, "url": "http://0.0.1:18070"}
    account = STORE_ARN.split(":")[4]
    assert f"{account}.0.0.1" == "127.0.0.1", "clients put the account in front of the host"
    assert after(stack.edge.command(), "--store-port") == "18070"
    assert after(stack.edge.command(), "--store-arn") == STORE_ARN
    assert after(stack.edge.command(), "--holders") == str(stack.edge.folder / "holders.json")


def test_files_are_published_where_the_edge_looks_for_them() -> None:
    assert bucket.DEFAULT_NAME == MEDIA_BUCKET


def test_an_edge_that_ended_is_not_promised_any_more(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch, *STORES, "LocalStack")
    known = told(stack)
    assert (known["edgeUrl"], known["apiUrl"], known["endpointUrl"]) == (None, "api", "aws")


def test_a_cloud_that_ended_is_not_promised_any_more(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch, *STORES, "Edge")
    known = told(stack)
    assert (known["edgeUrl"], known["apiUrl"]) == (stack.edge.url, None)


def test_nothing_is_promised_of_a_stack_that_ended(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch)
    assert told(stack) == {}


def after(command: Sequence[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_the_docs_page_belongs_to_a_developers_stack_alone() -> None:
    dev, test = Stack("dev"), Stack("test")
    assert dev.docs in dev.servers
    assert dev.stores()["docsUrl"] == f"http://127.0.0.1:{dev.ports.docs}/"
    assert not any(isinstance(server, DocsServer) for server in test.servers)
    assert test.stores()["docsUrl"] is None


def test_with_servers_of_somebody_else_the_docs_page_is_still_started_here() -> None:
    actions = Stack("dev").starts(attach=True)
    names = {
        title: action.func.__name__
        for title, action in actions.items()
        if isinstance(action, partial)
    }
    assert names.pop(DocsServer.title) == names.pop("Edge") == "_start"
    assert set(names.values()) == {"_attach"}
