"""`serve --tls` as a process: certificates, half-open connections, the plain page beside it, both ends together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.test_serving import COMMAND, PATIENCE, prepared, wait_for_worker, wait_until_gone

HALF_OPEN = 24
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])


class Running:
    """A server that was started with --tls, and what it printed."""

    def __init__(self, process: subprocess.Popen[str], data: Path) -> None:
        self.process = process
        self.data = data
        assert process.stdout is not None
        self.lines = [process.stdout.readline().strip() for _ in range(3)]
        self.port = int(self.lines[0].rsplit(":", 1)[1].strip("/"))
        self.plain = int(self.lines[1].rsplit(":", 1)[1].split("/")[0])

    def trusting(self) -> ssl.SSLContext:
        """Return what a device is that took in the authority from the plain page."""
        der = self.plain_answer("GET", "/trust/crm-maturity-authority.crt")[2]
        return ssl.create_default_context(cadata=der)

    def plain_answer(self, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        """Ask the plain port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=10)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def secure_answer(self, path: str, device: ssl.SSLContext) -> tuple[int, dict[str, str]]:
        """Ask over HTTPS, with the certificate checked."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=device)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Path:
    """A prepared installation."""
    return prepared(tmp_path_factory.mktemp("tls") / "data", empty_file)


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "CRM_MATURITY_DATA": str(data)}


def started(data: Path, *more: str) -> subprocess.Popen[str]:
    arguments = ["serve", "--tls", "--host", "127.0.0.1", "--port", "0", "--tls-port", "0", *more]
    return subprocess.Popen([*COMMAND, *arguments], env=environment(data), stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Running]:
    """A server for the tests that only look."""
    with started(data, "--no-worker") as process:
        try:
            yield Running(process, data)
        finally:
            process.kill()


def test_a_device_that_took_in_the_authority_gets_pages_with_secure_cookies(running: Running) -> None:
    assert running.lines[0].startswith("https://127.0.0.1:")
    assert "/trust" in running.lines[1]
    assert "SHA-256" in running.lines[2]
    status, headers = running.secure_answer("/sign-in", running.trusting())
    assert status == 200
    assert headers["set-cookie"].startswith("__Host-session=")
    assert "Secure" in headers["set-cookie"]
    assert "strict-transport-security" not in headers  # decision 0014
    with pytest.raises(ssl.SSLCertVerificationError):
        running.secure_answer("/sign-in", ssl.create_default_context())


def test_plain_http_explains_redirects_and_takes_nothing(running: Running) -> None:
    status, headers, body = running.plain_answer("GET", "/trust?language=en")
    assert (status, b"Certificate Trust Settings" in body) == (200, True)
    fingerprint = running.lines[2].rpartition(": ")[2].replace(":", " ")
    assert fingerprint[:23].encode() in body
    assert "set-cookie" not in headers
    status, headers, _ = running.plain_answer("GET", "/interview/7?all=1")
    assert (status, headers["location"]) == (307, f"https://127.0.0.1:{running.port}/interview/7?all=1")
    assert running.plain_answer("POST", "/sign-in")[0] == 403


@pytest.mark.parametrize("kind", ["silence", "half a handshake", "half a head", "half a body"])
def test_half_open_connections_stop_nobody(running: Running, kind: str) -> None:
    device = running.trusting()
    held: list[socket.socket] = []
    try:
        held.extend(half_open(running.port, kind, device) for _ in range(HALF_OPEN))
        assert running.secure_answer("/healthz", device)[0] == 200
    finally:
        for connection in held:
            connection.close()


def half_open(port: int, kind: str, device: ssl.SSLContext) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    if kind == "half a handshake":
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")
    if kind in ("silence", "half a handshake"):
        return connection
    secure = device.wrap_socket(connection, server_hostname="127.0.0.1")
    head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
    secure.sendall(head if kind == "half a head" else head + b"\r\nname=")
    return secure


def test_the_web_server_behind_lets_nobody_past_the_front(running: Running) -> None:
    listening = {int(line.split()[1].rpartition(":")[2], 16) for line in tcp_table() if line.split()[3] == "0A"}
    answers = []
    for port in listening - {running.port, running.plain}:
        if owner(port) != running.process.pid:
            continue
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/healthz")
        answers.append(connection.getresponse().status)
        connection.close()
    assert answers == [403]


def tcp_table() -> list[str]:
    return Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]


def owner(port: int) -> int | None:
    inodes = {line.split()[9] for line in tcp_table() if int(line.split()[1].rpartition(":")[2], 16) == port}
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith("socket:[") and target[8:-1] in inodes:
            return int(entry.parts[2])
    return None


def test_a_taken_port_is_told(running: Running, data: Path) -> None:
    arguments = [*COMMAND, "serve", "--tls", "--host", "127.0.0.1", "--port", "0", "--tls-port", str(running.port)]
    done = subprocess.run(arguments, env=environment(data), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{running.port}" in done.stderr


def test_a_name_that_cannot_be_vouched_for_is_told(running: Running) -> None:
    done = subprocess.run(
        [*COMMAND, "serve", "--tls", "--name", "bank.example.com"],
        env=environment(running.data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "may not vouch for bank.example.com" in done.stderr


def test_a_stopped_server_takes_its_worker_along(data: Path) -> None:
    with started(data) as process:
        Running(process, data)
        worker = wait_for_worker(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        wait_until_gone(worker)


def test_doctor_says_what_certificate_there_is(running: Running) -> None:
    done = subprocess.run(
        [*COMMAND, "doctor"], env=environment(running.data), capture_output=True, text=True, check=False
    )
    line = next(line for line in done.stdout.splitlines() if "certificate" in line)
    assert line.startswith("ok")
    assert "127.0.0.1" in line
    assert "authority ends on" in line
