"""Clients that take their time, or ask for what cannot be, against the shipped server: nobody else has to wait."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from waitress import wasyncore

from app.cli import listening as server
from tests.services.test_serving import COMMAND, PATIENCE, prepared

MANY = 60  # far more than the server has threads
LARGE_FILE = "/static/vendor/plotly.min.js"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[int]:
    """The port of a server that was started as the product starts it."""
    data = prepared(tmp_path_factory.mktemp("slow") / "data", empty_file)
    environment = {**os.environ, "CRM_MATURITY_DATA": str(data)}
    arguments = [*COMMAND, "serve", "--port", "0", "--no-worker"]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().strip().rpartition(":")[2].strip("/"))
        finally:
            process.kill()


def answer_of(port: int, head: bytes, body: bytes = b"") -> http.client.HTTPResponse:
    """Send these bytes and read what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(head + b"\r\n\r\n" + body)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
        return answer


def is_answered(port: int, path: str = "/sign-in") -> bool:
    return answer_of(port, b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close" % path.encode()).status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-A: ",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nname=",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nname=",
    ],
    ids=["silence", "half a head", "half a body", "half a chunk"],
)
def test_half_open_connections_stop_nobody(port: int, sent: bytes) -> None:
    held = []
    try:
        for _ in range(MANY):
            held.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            held[-1].sendall(sent)
        assert is_answered(port)
    finally:
        for connection in held:
            connection.close()


def test_readers_that_do_not_read_stop_nobody(port: int) -> None:
    held = []
    try:
        for _ in range(MANY):
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(("127.0.0.1", port))
            reader.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % LARGE_FILE.encode())
            held.append(reader)
        assert is_answered(port)
    finally:
        for reader in held:
            reader.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost : localhost", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * server.LARGEST_HEAD, 431),
        (b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000", 413),
        (b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip", 501),
    ],
    ids=["no HTTP", "a huge head", "a huge body", "an unknown encoding"],
)
def test_what_the_server_itself_answers_carries_the_headers_too(port: int, head: bytes, status: int) -> None:
    answer = answer_of(port, head)
    assert answer.status == status
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Server" not in answer.headers


class Stepped:
    """A server in this process whose loop turns when it is told to."""

    def __init__(self) -> None:
        self.site = server.listening(lambda _environ, begin: begin("200 OK", []) and [], "127.0.0.1", 0)
        self.port = server.listening_on(self.site)[0][1]

    def turn(self) -> None:
        """Let everything happen that is ready to happen."""
        wasyncore.loop(timeout=0.05, map=self.site._map, count=5)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self.site.active_channels)


@pytest.fixture
def stepped() -> Iterator[Stepped]:
    """Such a server, closed afterwards."""
    made = Stepped()
    yield made
    made.site.task_dispatcher.shutdown()
    wasyncore.close_all(made.site._map)


def test_a_request_that_drips_in_without_end_is_ended(stepped: Stepped, monkeypatch: pytest.MonkeyPatch) -> None:
    now: list[float] = [1000.0]
    clock: Any = type("Clock", (), {"monotonic": staticmethod(lambda: now[0]), "time": staticmethod(time.time)})
    monkeypatch.setattr(server, "time", clock)
    with socket.create_connection(("127.0.0.1", stepped.port), timeout=PATIENCE) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        stepped.turn()
        for _ in range(3):
            now[0] += server.ARRIVES_WITHIN / 4
            client.sendall(b"a")
            stepped.turn()
        assert stepped.connections == 1
        now[0] += server.ARRIVES_WITHIN / 2
        client.sendall(b"a")
        stepped.turn()
        assert stepped.connections == 0
