"""Secrets Manager on loopback, as far as a function reads it, and every way in which it may not
answer."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

OK, BAD_REQUEST = 200, 400


class SecretStore:
    """`secrets` by name. `fault` is an HTTP status and an error's code to answer instead; `silent`
    takes requests and answers none. `asked` names what was asked for."""

    def __init__(self, **secrets: str) -> None:
        self.secrets: dict[str, str] = dict(secrets)
        self.fault: tuple[int, str] | None = None
        self.silent = False
        self.asked: list[str] = []
        self._over = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._answer))
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def variables(self) -> Mapping[str, str]:
        """Return what sends a function's SDK here."""
        return {
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": self.url,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }

    def _answer(self, name: str) -> tuple[int, Mapping[str, Any]] | None:
        self.asked.append(name)
        if self.silent:
            self._over.wait()
            return None
        if self.fault is not None:
            status, code = self.fault
            return status, {"__type": code, "Message": "not now"}
        if name not in self.secrets:
            return BAD_REQUEST, {"__type": "ResourceNotFoundException", "Message": "no such secret"}
        return OK, {"Name": name, "SecretString": self.secrets[name]}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


type _Answer = Callable[[str], tuple[int, Mapping[str, Any]] | None]


def _handler(answer: _Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            found = answer(json.loads(self.rfile.read(length))["SecretId"])
            if found is None:
                self.close_connection = True
                return
            status, document = found
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: tests look at `asked`."""

    return Handler
