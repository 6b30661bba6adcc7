"""A developer's stack brings its docs page; tests need none."""

from functools import partial

from reprise_local.servers import DocsServer
from reprise_local.stack import Stack


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
    assert names.pop(DocsServer.title) == "_start"
    assert set(names.values()) == {"_attach"}
