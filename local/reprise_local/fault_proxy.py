"""A TCP proxy on loopback that breaks connections the ways that networks do, at a test's command.

Threads and blocking sockets, because the tests that use it block too. A fault holds for what
happens after it is set, also on connections that are open already; `heal` ends it.
"""

import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

CHUNK = 64 * 1024
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of zero seconds: closing sends RST instead of FIN."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong right now; see the methods of `FaultProxy`."""

    latency: float = 0.0
    down: bool = False
    black_hole: bool = False
    reset: bool = False
    lose_answers: bool = False
    answer_limit: int | None = None
    request_limit: int | None = None


class FaultProxy:
    """Forwards a loopback port to a target until told otherwise."""

    def __init__(self, *, host: str = "127.0.0.1", port: int) -> None:
        self._target = (host, port)
        self._lock = threading.Lock()
        self._faults = Faults()
        self._left: int | None = None
        self._epoch = 0
        self._links: set[_Link] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.host = "127.0.0.1"
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0
        """How many connections clients have opened, refused ones not counted."""
        threading.Thread(target=self._accept, name="fault-proxy", daemon=True).start()

    def latency(self, seconds: float) -> None:
        """Deliver every chunk of an answer this much later."""
        self._set(Faults(latency=seconds))

    def down(self) -> None:
        """Close every connection, and every new one at once, as a dead server's host does."""
        self._set(Faults(down=True))
        for link in self._open_links():
            link.close()

    def black_hole(self) -> None:
        """Take connections and bytes, and let nothing through in either direction."""
        self._set(Faults(black_hole=True))

    def reset_peer(self, *, times: int | None = None) -> None:
        """Answer the next bytes of a client with a reset; `times` connections, or all."""
        self._set(Faults(reset=True), times)

    def strand(self, *, silently: bool = False) -> None:
        """Answer the next bytes on connections that are open now with a reset; new ones work.

        So does a network that forgot them while their client slept. `silently` never answers.
        """
        for link in self._open_links():
            link.stranded = "silently" if silently else "reset"

    def lose_answers(self, *, times: int | None = None) -> None:
        """Let requests through and cut the connection when the server has answered.

        The server has done what the client will never hear of; `times` connections, or all.
        """
        self._set(Faults(lose_answers=True), times)

    def limit_answer(self, *, after: int, times: int | None = None) -> None:
        """Cut a connection after so many bytes of answers."""
        self._set(Faults(answer_limit=after), times)

    def limit_request(self, *, after: int, times: int | None = None) -> None:
        """Cut a connection after so many bytes of requests; the rest never reaches the server."""
        self._set(Faults(request_limit=after), times)

    def heal(self) -> None:
        """Let everything through again; what was swallowed stays lost."""
        self._set(Faults())

    def point_at(self, *, port: int) -> None:
        """Lead new connections to another port of the target's host, as a changed DNS name does."""
        self._target = (self._target[0], port)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._open_links():
            link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def open_connections(self) -> int:
        return len(self._open_links())

    def _set(self, faults: Faults, times: int | None = None) -> None:
        with self._lock:
            self._faults, self._left, self._epoch = faults, times, self._epoch + 1

    def now(self) -> tuple[Faults, int]:
        """Return the faults that hold and their number, by which links start counting anew."""
        with self._lock:
            return self._faults, self._epoch

    def spend(self) -> None:
        """Count a connection that was broken, and heal after the last one asked for."""
        with self._lock:
            if self._left is None:
                return
            self._left -= 1
            if self._left <= 0:
                self._faults, self._left, self._epoch = Faults(), None, self._epoch + 1

    def forget(self, link: "_Link") -> None:
        with self._lock:
            self._links.discard(link)

    def _open_links(self) -> list["_Link"]:
        with self._lock:
            return list(self._links)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.now()[0].down:
                _cut(client, reset=True)
                continue
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                _cut(client, reset=True)
                continue
            server.settimeout(None)
            link = _Link(self, client, server)
            with self._lock:
                self._links.add(link)
                self.accepted += 1
            link.start()


class _Link:
    """One client's connection and its twin to the server, one thread each way."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self.stranded: Literal["", "reset", "silently"] = ""
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self) -> None:
        for pump in (self._requests, self._answers):
            threading.Thread(target=pump, name="fault-proxy-link", daemon=True).start()

    def close(self, *, reset: bool = False) -> None:
        self._proxy.forget(self)
        _cut(self._client, reset=reset)
        _cut(self._server, reset=False)

    def _requests(self) -> None:
        passed = _Counter()
        while chunk := _receive(self._client):
            faults, epoch = self._proxy.now()
            if faults.black_hole:
                continue
            if self.stranded == "silently":
                continue
            if self.stranded:
                return self.close(reset=True)
            if faults.reset:
                self._proxy.spend()
                return self.close(reset=True)
            allowed = passed.take(chunk, limit=faults.request_limit, epoch=epoch)
            if not _send(self._server, allowed):
                break
            if len(allowed) < len(chunk):
                self._proxy.spend()
                break
        return self.close()

    def _answers(self) -> None:
        passed = _Counter()
        while chunk := _receive(self._server):
            faults, epoch = self._proxy.now()
            if faults.black_hole:
                continue
            if faults.lose_answers:
                self._proxy.spend()
                break
            time.sleep(faults.latency)
            allowed = passed.take(chunk, limit=faults.answer_limit, epoch=epoch)
            if not _send(self._client, allowed):
                break
            if len(allowed) < len(chunk):
                self._proxy.spend()
                break
        self.close()


@dataclass(slots=True)
class _Counter:
    """Bytes of one direction since the present fault was set."""

    passed: int = 0
    epoch: int = -1

    def take(self, chunk: bytes, *, limit: int | None, epoch: int) -> bytes:
        if epoch != self.epoch:
            self.passed, self.epoch = 0, epoch
        allowed = chunk if limit is None else chunk[: max(0, limit - self.passed)]
        self.passed += len(allowed)
        return allowed


def _receive(end: socket.socket) -> bytes:
    try:
        return end.recv(CHUNK)
    except OSError:
        return b""


def _send(end: socket.socket, chunk: bytes) -> bool:
    try:
        end.sendall(chunk)
    except OSError:
        return False
    return True


def _cut(end: socket.socket, *, reset: bool) -> None:
    with suppress(OSError):
        if reset:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        else:
            end.shutdown(socket.SHUT_RDWR)
    end.close()
