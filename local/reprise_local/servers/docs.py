"""The API's docs page, for as long as a developer's stack runs."""

import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import httpx

from reprise_local.paths import ROOT
from reprise_local.servers.base import Server

_PATHS = (ROOT, ROOT / "local", ROOT / "layers" / "core" / "python")


class DocsServer(Server):
    """`reprise docs` in the background."""

    title = "API docs"
    patience = 20

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "reprise_local.docs_page", str(self.port)]

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "PYTHONPATH": ":".join(map(str, _PATHS))}

    def answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=1, trust_env=False).status_code == HTTPStatus.OK
        except httpx.HTTPError:
            return False
