"""`crm-maturity serve --tls`: HTTPS for a meeting room, with a certificate authority of the installation's own.

The web server itself listens on this machine alone; the TLS front stands before it. Plain HTTP only leads to HTTPS and
to the page that explains how a device comes to trust the authority.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import click

from app.cli.listening import CONNECTIONS, cannot_listen, largest_body, listening, listening_on, shown
from app.cli.main import Factories
from app.cli.tls_front import TlsFront, WsgiApp, behind_front, connections_allowed, server_context
from app.services.certificates import FOLDER, CertificateFault, Pair, ensure, is_address, machine_names
from app.services.clock import system_clock
from app.settings import Settings

LOOPBACK = "127.0.0.1"
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - for the tablets of a meeting room: that is what --tls is for
CHECK_EVERY = 60.0  # seconds; a laptop that changes its network gets a certificate for its new address
TRUST = "/trust"
ALSO_PLAIN = ("/static/", "/healthz", "/readyz")
_HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d+)?")


class TlsSite:
    """The product over HTTPS, with a plain HTTP port beside it that explains and redirects."""

    def __init__(
        self,
        factories: Factories,
        settings: Settings,
        *,
        host: str | None,
        port: int | None,
        tls_port: int | None,
        names: Sequence[str],
    ) -> None:
        self._host = host or (ALL_ADDRESSES if settings.host == LOOPBACK else settings.host)
        self._folder = settings.data / FOLDER
        self._extra = (*settings.tls_names, *names)
        self._pair = self._ensure()
        secure_port = settings.tls_port if tls_port is None else tls_port
        try:
            context = server_context(self._pair.path)
            self._front = TlsFront(self._host, secure_port, context, most=min(CONNECTIONS, connections_allowed()))
        except OSError as error:
            raise cannot_listen(self._host, secure_port, error) from error
        plain_port = settings.port if port is None else port
        settings = replace(settings, tls=True, tls_port=self._front.port, port=plain_port, secure_cookies=True)
        settings = replace(settings, host=self._host, tls_names=self._extra)
        application = factories.application(settings)
        inner = behind_front(application, self._front.clients)
        self._inner = listening(inner, LOOPBACK, 0, url_scheme="https", max_request_body_size=largest_body(settings))
        self._front.lead_to(listening_on(self._inner)[0])
        plain = leading_to_https(application, self._front.port)
        self._plain = listening(plain, self._host, plain_port, threads=2)
        self._stopping = threading.Event()

    def addresses(self) -> list[str]:
        """Return the HTTPS addresses, then that of the page that explains how a device comes to trust them."""
        hosts = self._reachable()
        secure = [f"https://{shown(host)}:{self._front.port}/" for host in hosts]
        plain = listening_on(self._plain)[0][1]
        trust = [f"http://{shown(host)}:{plain}{TRUST}" for host in hosts]
        lines = [*secure, f"trust this installation's certificate on tablets and other computers: {trust[0]}"]
        lines.append(f"SHA-256 of the certificate authority: {self._pair.authority.fingerprint}")
        if self._pair.left_out:
            left_out = ", ".join(self._pair.left_out)
            lines.append(f"not in the certificate, whose authority may not vouch for it: {left_out}")
        return lines

    def _reachable(self) -> list[str]:
        if self._host != ALL_ADDRESSES:
            return [self._host]
        names = self._pair.server.names
        lan = [name for name in names if is_address(name) and ":" not in name and not name.startswith("127.")]
        hosts = [name for name in names if not is_address(name) and name != "localhost"]
        return [*lan, *hosts, "localhost"]

    def run(self) -> None:
        """Serve until the process is told to stop."""
        self._front.start()
        threading.Thread(target=self._plain.run, name="plain http", daemon=True).start()
        threading.Thread(target=self._keep_certificate, name="certificate", daemon=True).start()
        self._inner.run()

    def close(self) -> None:
        """Let go of every socket."""
        self._stopping.set()
        self._front.stop()
        self._plain.close()
        self._inner.close()

    def _ensure(self) -> Pair:
        names = set(machine_names())
        if self._host != ALL_ADDRESSES:
            names.add(self._host)
        return ensure(self._folder, names, system_clock(), extra=self._extra)

    def _keep_certificate(self) -> None:
        while not self._stopping.wait(CHECK_EVERY):
            try:
                pair = self._ensure()
                if pair.renewed:
                    self._front.exchange(pair.path)
                    click.echo(f"new certificate for {', '.join(pair.server.names)}")
            except (CertificateFault, OSError) as error:
                click.echo(f"certificate not renewed: {error}", err=True)


def leading_to_https(application: Any, tls_port: int) -> WsgiApp:
    """Return what plain HTTP serves: the page about trust with what it needs; everything else goes to HTTPS."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "/")
        if path == TRUST or path.startswith((f"{TRUST}/", *ALSO_PLAIN)):
            result: Iterable[bytes] = application(environ, start_response)
            return result
        host = _HOST.fullmatch(str(environ.get("HTTP_HOST") or ""))
        plain = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        if host is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            start_response("403 Forbidden", plain)
            return [b"HTTPS only\n"]
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        target = f"https://{host[1]}:{tls_port}{_quoted(path)}{query}"
        start_response("307 Temporary Redirect", [*plain, ("Location", target)])
        return [b"HTTPS only\n"]

    return call


def _quoted(path: str) -> str:
    return quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
