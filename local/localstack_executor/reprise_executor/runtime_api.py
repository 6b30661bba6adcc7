"""The AWS Lambda Runtime API over HTTP, one server per runtime process.

The transport only: it turns the four requests a runtime client makes into calls of a `Desk`. A
server lives exactly as long as its process, so a late request of a killed process can never
take or answer the next process's call.
"""

import contextlib
import socket
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol

from reprise_executor.calls import Call
from reprise_executor.faults import MAX_RESPONSE_BYTES

_ROOT = "/2018-06-01/runtime"
_ACCEPTED = b'{"status":"OK"}\n'
_UNKNOWN = b'{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}\n'
_TOO_LARGE = b'{"errorMessage":"Response too large","errorType":"RequestEntityTooLarge"}\n'


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A call with the moment, in Unix milliseconds, at which its time is up."""

    call: Call
    deadline_ms: int


class Desk(Protocol):
    """The side of a runtime process that the Runtime API serves."""

    def next_call(self) -> Dispatch | None:
        """Block until there is a call; None when the process is to be ended."""

    def answered(self, request_id: str, payload: bytes) -> bool:
        """Take a response; False when that call is not the open one."""

    def refused(self, request_id: str, size: int) -> None:
        """Note a response that is over the size limit."""

    def failed_call(self, request_id: str, payload: bytes) -> bool:
        """Take a function error; False when that call is not the open one."""

    def init_failed(self, payload: bytes) -> None:
        """Take the error that kept the handler from loading."""


class RuntimeApi:
    """Serves `desk` on a free loopback port until closed."""

    def __init__(self, desk: Desk) -> None:
        self._server = _Server(desk)
        host, port = self._server.socket.getsockname()
        self.address = f"{host}:{port}"
        Thread(target=self._server.accept_until_closed, daemon=True).start()

    def close(self) -> None:
        """Stop listening. Open connections end when `next_call` returns None."""
        self._server.end()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own bind looks the host name up, which can take seconds.
        self.socket.bind(self.server_address)

    def accept_until_closed(self) -> None:
        # serve_forever() polls, and closing it waits for the poll; accept() needs neither.
        with contextlib.suppress(OSError):
            while True:
                request, address = self.get_request()
                self.process_request(request, address)

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection cut by a dying process is normal and is seen elsewhere."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # Without these two an answer waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        if self.path != f"{_ROOT}/invocation/next":
            self._reply(HTTPStatus.NOT_FOUND, b"")
            return
        dispatch = self.server.desk.next_call()
        if dispatch is None:
            self.close_connection = True
            return
        self._reply(HTTPStatus.OK, dispatch.call.payload, _headers(dispatch))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        match self.path.removeprefix(f"{_ROOT}/").split("/"):
            case ["init", "error"]:
                self.server.desk.init_failed(body)
                self._reply(HTTPStatus.ACCEPTED, _ACCEPTED)
            case ["invocation", request_id, "error"]:
                self._settle(known=self.server.desk.failed_call(request_id, body))
            case ["invocation", request_id, "response"] if len(body) > MAX_RESPONSE_BYTES:
                self.server.desk.refused(request_id, len(body))
                self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
            case ["invocation", request_id, "response"]:
                self._settle(known=self.server.desk.answered(request_id, body))
            case _:
                self._reply(HTTPStatus.NOT_FOUND, b"")

    def _settle(self, *, known: bool) -> None:
        if known:
            self._reply(HTTPStatus.ACCEPTED, _ACCEPTED)
        else:
            self._reply(HTTPStatus.BAD_REQUEST, _UNKNOWN)

    def _reply(
        self, status: HTTPStatus, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_args: object) -> None:
        """One line per request would drown LocalStack's own log."""


def _headers(dispatch: Dispatch) -> dict[str, str]:
    call = dispatch.call
    headers = {
        "Lambda-Runtime-Aws-Request-Id": call.request_id,
        "Lambda-Runtime-Deadline-Ms": str(dispatch.deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": call.function_arn,
    }
    if call.trace_id:
        headers["Lambda-Runtime-Trace-Id"] = call.trace_id
    if call.client_context:
        headers["Lambda-Runtime-Client-Context"] = call.client_context
    return headers
