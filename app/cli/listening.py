"""The web server: waitress as this product runs it. Knows connections and their limits, nothing of pages.

One loop reads and writes for all connections, a few threads answer: a client that says nothing, half of something, or
does not read what it asked for costs a socket and no thread.
"""

from __future__ import annotations

import time
from typing import Any

import click
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from app.settings import Settings

THREADS = 4  # more of them only wait for each other at the interpreter lock, and cost processor time
CONNECTIONS = 1000  # a browser keeps up to six; waitress alone would stop at a hundred
SILENT_WITHIN = 60  # seconds without a byte, after which a connection is closed
ARRIVES_WITHIN = 600.0  # seconds for a whole request: 15 MiB at 25 KB/s
LARGEST_HEAD = 64 * 1024
LEAST_BODY = 16 * 1024 * 1024
# beyond what a page refuses in words: a video picked by mistake is still told so, a disk is not filled
KINDLY = 4
HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)


class Refusal(ErrorTask):  # type: ignore[misc] # waitress tells no types
    """What the server itself answers: a request that is no HTTP, too large, or that nobody could answer."""

    def execute(self) -> None:
        """Write the answer, with the headers that every answer carries."""
        self.response_headers.extend(HEADERS)
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc] # waitress tells no types
    """A connection whose requests must arrive in time: a byte now and then does not keep one open for ever."""

    error_task_class = Refusal
    _arriving_since = 0.0

    def received(self, data: bytes) -> bool:
        """Take what has arrived; close the connection when its request has been on its way for too long."""
        now = time.monotonic()
        if self.request is None:
            self._arriving_since = now
        elif now - self._arriving_since > ARRIVES_WITHIN:
            self.will_close = True
        return bool(super().received(data))


class PlainSite:
    """The product over plain HTTP."""

    def __init__(self, application: Any, host: str, port: int, settings: Settings) -> None:
        # waitress drops what proxies add unless it is told that there is one; how many are believed, the web decides
        dropped = settings.proxy_hops == 0
        limit = largest_body(settings)
        self._server = listening(
            application, host, port, clear_untrusted_proxy_headers=dropped, max_request_body_size=limit
        )

    def addresses(self) -> list[str]:
        """Return where it listens; a name of several addresses makes it listen on each."""
        return [f"http://{shown(host)}:{port}/" for host, port in listening_on(self._server)]

    def run(self) -> None:
        """Serve until the process is told to stop."""
        self._server.run()

    def close(self) -> None:
        """Let go of every socket."""
        self._server.close()


def largest_body(settings: Settings) -> int:
    """Return how many bytes of a body the server takes in before it closes the connection."""
    return max(LEAST_BODY, KINDLY * settings.largest_attachment)


def listening(application: Any, host: str, port: int, **more: Any) -> Any:
    """Return a waitress server that listens; ClickException when it cannot."""
    adjusted = {
        "threads": THREADS,
        "ident": None,
        "connection_limit": CONNECTIONS,
        "asyncore_use_poll": True,
        "channel_timeout": SILENT_WITHIN,
        "max_request_header_size": LARGEST_HEAD,
        "max_request_body_size": LEAST_BODY,
        **more,
    }
    try:
        server = create_server(application, host=host, port=port, **adjusted)
    except OSError as error:
        raise cannot_listen(host, port, error) from error
    for one in [server, *getattr(server, "map", {}).values()]:  # a name of several addresses makes several servers
        if hasattr(one, "channel_class"):
            one.channel_class = Channel
    return server


def cannot_listen(host: str, port: int, error: OSError) -> click.ClickException:
    """Return what to tell when an address is taken or not ours."""
    return click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}")


def listening_on(server: Any) -> list[tuple[str, int]]:
    """Return the addresses on which a waitress server listens."""
    return getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]


def shown(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
