"""`reprise docs`: the API's description as a page, on loopback, without anything from elsewhere.

Also runs as a program, for the stack that keeps it: `python -m reprise_local.docs_page PORT`.
"""

import json
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reprise_local import facts
from reprise_local.api_description import DOCUMENT
from reprise_local.errors import LocalError
from reprise_local.paths import DOCS_RENDERER, StackFolder

HOST = "127.0.0.1"
_FOLDER = DOCUMENT.parent
_HTML, _SCRIPT, _JSON = "text/html; charset=utf-8", "text/javascript", "application/json"
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; connect-src 'self'; font-src 'self' data:; img-src 'self' data: blob:;"
        " script-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
"""The page may fetch nothing from anywhere else: the browser holds its renderer to that."""


@dataclass(frozen=True, slots=True)
class Served:
    """One file of the page, read anew for each request, so that a reload shows what changed."""

    content_type: str
    read: Callable[[], bytes]


def serve(port: int) -> ThreadingHTTPServer:
    """Return a server that listens on this port, 0 for any; its owner runs and closes it.

    Raises:
        LocalError: the port is taken, or the renderer is not installed.
    """
    if not DOCS_RENDERER.exists():
        raise LocalError("the page's renderer is not installed", mend="make install")
    try:
        return ThreadingHTTPServer((HOST, port), _Handler)
    except OSError as error:
        raise LocalError(f"port {port} is taken", mend="reprise docs --port 0") from error


def url_of(server: ThreadingHTTPServer) -> str:
    return f"http://{HOST}:{server.server_port}/"


def _document() -> bytes:
    """Return the document; its examples speak to the stack that runs here, if one does."""
    described: dict[str, Any] = json.loads(DOCUMENT.read_bytes())
    try:
        api_url = facts.read(StackFolder("dev")).get("apiUrl")
    except LocalError:
        api_url = None
    if api_url:
        described["servers"] = [{"url": api_url}]
    return json.dumps(described, ensure_ascii=False).encode()


def _file(path: Path) -> Callable[[], bytes]:
    return path.read_bytes


_SERVED: Mapping[str, Served] = {
    "/": Served(_HTML, _file(_FOLDER / "index.html")),
    "/start.js": Served(_SCRIPT, _file(_FOLDER / "start.js")),
    "/renderer.js": Served(_SCRIPT, _file(DOCS_RENDERER)),
    "/openapi.json": Served(_JSON, _document),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = _SERVED.get(self.path.partition("?")[0])
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = found.read()
        self.send_response(HTTPStatus.OK)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a request for a page is no news."""


def main(port: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with serve(port) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
