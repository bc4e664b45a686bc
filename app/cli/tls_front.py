"""What stands between the network and the web server when it serves HTTPS: encryption, and nothing else.

One thread with an event loop accepts connections, does the handshakes and passes bytes on to the web server, which
listens on this machine alone. Connections that never say anything, handshakes that never end and readers that never
read cost a socket for a while and no thread. Certificates are exchanged without a restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

HANDSHAKE_WITHIN = 10.0  # seconds
READ_WITHIN = 60.0  # a client that does not take what it asked for is let go
PIECE = 64 * 1024
MOST_CONNECTIONS = 1000
SOCKETS_EACH = 3  # the client's, ours to the web server, and the web server's
SOCKETS_BESIDE = 200  # database, files, listening
BACKLOG = 512


def connections_allowed() -> int:
    """Raise this process's limit of open files where it may be raised; return how many clients then fit."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, which has no such limit
    except ImportError:
        return MOST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS * SOCKETS_EACH + SOCKETS_BESIDE
    best = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < best:
        resource.setrlimit(resource.RLIMIT_NOFILE, (best, hard))
        soft = best
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, (soft - SOCKETS_BESIDE) // 3)


def server_context(certificate: Path) -> ssl.SSLContext:
    """Return the TLS settings of a server: TLS 1.2 and newer, HTTP/1.1, the certificate and key of that file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate)
    return context


class TlsFront(threading.Thread):
    """Listens from the moment it is made (OSError if it cannot), serves once it is started."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, most: int = MOST_CONNECTIONS) -> None:
        super().__init__(name="tls front", daemon=True)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self._context = context
        self._most = most
        self._inner: tuple[str, int] = ("", 0)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._done: asyncio.Event | None = None
        self._stopping = threading.Event()
        # local port of our connection to the web server -> address of the client behind it
        self.clients: dict[int, str] = {}

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._socket.getsockname()[1])

    def lead_to(self, inner: tuple[str, int]) -> None:
        """Pass what comes on to this address."""
        self._inner = inner

    def exchange(self, certificate: Path) -> None:
        """Show this certificate to whoever connects from now on."""
        self._context.load_cert_chain(certificate)

    def run(self) -> None:
        """Serve until `stop`."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """Let go of every connection and end."""
        self._stopping.set()
        loop, done = self._loop, self._done
        if loop is not None and done is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(done.set)
        if self.is_alive():
            self.join(5)
        self._socket.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_quiet_about_clients)
        self._done = asyncio.Event()
        server = await asyncio.start_server(
            self._serve_client,
            sock=self._socket,
            ssl=self._context,
            ssl_handshake_timeout=HANDSHAKE_WITHIN,
            ssl_shutdown_timeout=HANDSHAKE_WITHIN,
            limit=PIECE,
            backlog=BACKLOG,
        )
        if not self._stopping.is_set():
            await self._done.wait()
        server.close()

    async def _serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        if len(self.clients) >= self._most or peer is None:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            inner_reader, inner_writer = await asyncio.open_connection(*self._inner, limit=PIECE)
            own = int(inner_writer.get_extra_info("sockname")[1])
            self.clients[own] = str(peer[0])
            try:
                await _first_of(_pass_on(reader, inner_writer), _pass_on(inner_reader, writer))
            finally:
                inner_writer.close()  # what the client sent last still arrives
                with contextlib.suppress(OSError, TimeoutError):
                    await asyncio.wait_for(inner_writer.wait_closed(), HANDSHAKE_WITHIN)
                del self.clients[own]
        with contextlib.suppress(OSError, TimeoutError):
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), HANDSHAKE_WITHIN)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await asyncio.wait_for(writer.drain(), READ_WITHIN)


async def _first_of(*works: Any) -> None:
    """Run until the first one ends; either end of a conversation ends it."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _quiet_about_clients(loop: asyncio.AbstractEventLoop, what: dict[str, Any]) -> None:
    """Say nothing about clients that vanish or do not speak TLS; everything else as usual."""
    if not isinstance(what.get("exception"), OSError | TimeoutError):  # ssl.SSLError is an OSError
        loop.default_exception_handler(what)


WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def behind_front(application: Any, clients: Mapping[int, str]) -> WsgiApp:
    """Return the application as the front's web server calls it: with the client's address; nobody else gets in."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        client = clients.get(int(environ.get("REMOTE_PORT") or 0))
        if client is None:
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"403\n"]
        environ["REMOTE_ADDR"] = client
        result: Iterable[bytes] = application(environ, start_response)
        return result

    return call
