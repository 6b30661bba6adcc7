"""The proxy that breaks connections in fault tests does break them, and only as it was told."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from reprise_local.fault_proxy import FaultProxy


class EchoServer:
    """Answers what it gets, and remembers it."""

    def __init__(self) -> None:
        self.received = bytearray()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    def _echo(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while chunk := connection.recv(65536):
                self.received += chunk
                connection.sendall(chunk)


@pytest.fixture
def server() -> Iterator[EchoServer]:
    echo = EchoServer()
    yield echo
    echo.close()


@pytest.fixture
def proxy(server: EchoServer) -> Iterator[FaultProxy]:
    with FaultProxy(port=server.port) as between:
        yield between


def connect(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection((proxy.host, proxy.port), timeout=2)


def ask(connection: socket.socket, question: bytes) -> bytes:
    connection.sendall(question)
    answer = b""
    while len(answer) < len(question) and (chunk := connection.recv(65536)):
        answer += chunk
    return answer


def eventually(condition: object, *, seconds: float = 2) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_without_a_fault_everything_passes_both_ways(proxy: FaultProxy) -> None:
    question = bytes(range(256)) * 4096
    with connect(proxy) as connection:
        assert ask(connection, b"ping") == b"ping"
        assert ask(connection, question) == question
    assert proxy.accepted == 1


def test_latency_delays_the_answer_and_healing_ends_it(proxy: FaultProxy) -> None:
    with connect(proxy) as connection:
        proxy.latency(0.2)
        began = time.monotonic()
        assert ask(connection, b"slow") == b"slow"
        assert time.monotonic() - began >= 0.2
        proxy.heal()
        began = time.monotonic()
        assert ask(connection, b"fast") == b"fast"
        assert time.monotonic() - began < 0.2


def test_down_ends_open_connections_and_refuses_new_ones(proxy: FaultProxy) -> None:
    with connect(proxy) as connection:
        assert ask(connection, b"up") == b"up"
        proxy.down()
        assert connection.recv(1) == b""
    with suppress(ConnectionResetError, BrokenPipeError), connect(proxy) as connection:
        assert ask(connection, b"down") == b""
    proxy.heal()
    with connect(proxy) as connection:
        assert ask(connection, b"back") == b"back"


def test_black_hole_keeps_the_connection_and_answers_nothing(
    proxy: FaultProxy, server: EchoServer
) -> None:
    proxy.black_hole()
    with connect(proxy) as connection:
        connection.settimeout(0.2)
        connection.sendall(b"into the void")
        with pytest.raises(TimeoutError):
            connection.recv(1)
    assert server.received == b""


def test_reset_breaks_so_many_connections_and_then_heals_itself(proxy: FaultProxy) -> None:
    proxy.reset_peer(times=1)
    with connect(proxy) as connection:
        connection.sendall(b"boom")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with connect(proxy) as connection:
        assert ask(connection, b"again") == b"again"


def test_a_lost_answer_means_that_the_server_has_heard(
    proxy: FaultProxy, server: EchoServer
) -> None:
    proxy.lose_answers(times=1)
    with connect(proxy) as connection:
        connection.sendall(b"do it")
        assert connection.recv(1) == b""
    assert server.received == b"do it"
    with connect(proxy) as connection:
        assert ask(connection, b"fine") == b"fine"


def test_an_answer_is_cut_after_its_limit(proxy: FaultProxy) -> None:
    with connect(proxy) as connection:
        assert ask(connection, b"before") == b"before"
        proxy.limit_answer(after=3, times=1)
        assert ask(connection, b"abcdef") == b"abc"
        assert connection.recv(1) == b""


def test_a_request_is_cut_after_its_limit_and_the_rest_never_arrives(
    proxy: FaultProxy, server: EchoServer
) -> None:
    proxy.limit_request(after=4, times=1)
    with connect(proxy) as connection:
        connection.sendall(b"12345678")
        with suppress(ConnectionResetError):
            while connection.recv(65536):
                pass
    assert eventually(lambda: server.received == b"1234")
    assert eventually(lambda: proxy.open_connections == 0)


def test_new_connections_follow_the_proxy_to_another_port(proxy: FaultProxy) -> None:
    other = EchoServer()
    with connect(proxy) as before:
        assert ask(before, b"here") == b"here"
        proxy.point_at(port=other.port)
        assert ask(before, b"still here") == b"still here"
        with connect(proxy) as after:
            assert ask(after, b"there") == b"there"
    assert bytes(other.received) == b"there"
    other.close()


def test_stranded_connections_are_reset_by_their_next_bytes_and_new_ones_work(
    proxy: FaultProxy,
) -> None:
    with connect(proxy) as asleep:
        assert ask(asleep, b"awake") == b"awake"
        proxy.strand()
        with connect(proxy) as other:
            assert ask(other, b"new") == b"new"
        with pytest.raises(ConnectionResetError):
            ask(asleep, b"again")


def test_silently_stranded_connections_never_hear_again(proxy: FaultProxy) -> None:
    with connect(proxy) as asleep:
        assert ask(asleep, b"awake") == b"awake"
        proxy.strand(silently=True)
        asleep.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(asleep, b"again")
        with connect(proxy) as other:
            assert ask(other, b"new") == b"new"
