"""Asking a provider is bounded: no redirect is followed, nothing long or late or odd is taken."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.services import provider_fetching
from app.services.provider_fetching import Unreachable, fetch_json

seen: list[tuple[str, str, str | None]] = []


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {
            "/json": (200, b'{"a": 1}'),
            "/refused": (400, b'{"error": "invalid_grant"}'),
            "/moved": (302, b'{"moved": true}'),
            "/html": (200, b"<html>"),
            "/list": (200, b"[1]"),
            "/deep": (200, b"[" * 100_000),
            "/long": (200, b'{"a": "' + b"x" * provider_fetching.LARGEST + b'"}'),
        }
        length = int(self.headers.get("Content-Length", 0))
        seen.append((self.command, self.path, self.rfile.read(length).decode() or None))
        if self.path == "/late":
            time.sleep(1)
            return
        status, body = answers[self.path]
        self.send_response(status)
        self.send_header("Location", "/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_json_object_is_read_whatever_the_status(host: str) -> None:
    assert fetch_json(f"{host}/json", None, {}) == (200, {"a": 1})
    assert fetch_json(f"{host}/refused", "code=x", {}) == (400, {"error": "invalid_grant"})
    assert seen == [("GET", "/json", None), ("POST", "/refused", "code=x")]


def test_a_redirect_is_not_followed(host: str) -> None:
    assert fetch_json(f"{host}/moved", "secret=x", {}) == (302, {"moved": True})
    assert [path for _method, path, _body in seen] == ["/moved"]


@pytest.mark.parametrize("path", ["html", "list", "deep", "long"])
def test_anything_else_is_no_answer(host: str, path: str) -> None:
    with pytest.raises(Unreachable):
        fetch_json(f"{host}/{path}", None, {})


def test_a_late_answer_is_no_answer(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_fetching, "SECONDS", 0.1)
    with pytest.raises(Unreachable):
        fetch_json(f"{host}/late", None, {})


def test_where_nobody_listens_there_is_no_answer() -> None:
    with pytest.raises(Unreachable):
        fetch_json("http://127.0.0.1:9/", None, {})
