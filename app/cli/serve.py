"""`crm-maturity serve` and `worker`: the web server, and the loop that does background jobs beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn, Protocol

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told

THREADS = 4  # more of them only wait for each other at the interpreter lock, and cost processor time
RESTART_AFTER = 2.0  # seconds; a worker that dies at once must not keep a processor busy
STOP_WITHIN = 10.0
CONNECTIONS = 1000  # a browser keeps up to six; waitress alone would stop at a hundred


class Site(Protocol):
    """Something that listens: says where, serves until it is stopped, and lets go of its sockets."""

    def addresses(self) -> list[str]:
        """Return the lines that tell where it listens."""

    def run(self) -> None:
        """Serve until the process is told to stop."""

    def close(self) -> None:
        """Let go of every socket."""


@click.command()
@click.option("--host", help="Address to listen on; default: the settings', with --tls every address of this machine.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of plain HTTP; default: the settings'.")
@click.option("--tls/--no-tls", default=None, help="Serve HTTPS with a certificate of this installation's authority.")
@click.option("--tls-port", type=click.IntRange(0, 65535), help="Port of HTTPS; default: the settings'.")
@click.option("--name", "names", multiple=True, help="Another name or address of this machine for its certificate.")
@click.option("--no-worker", is_flag=True, help="Do not start the background worker beside the server.")
@pass_factories
def serve(  # noqa: PLR0917 - one per option
    factories: Factories,
    host: str | None,
    port: int | None,
    tls: bool | None,
    tls_port: int | None,
    names: tuple[str, ...],
    no_worker: bool,
) -> None:
    """Run the web server until it is stopped."""
    with refusals_told():
        with ready_database(factories):
            pass
        settings = factories.settings()
        if settings.tls if tls is None else tls:
            from app.cli.serve_tls import TlsSite  # noqa: PLC0415 - only this command, only with --tls

            site: Site = TlsSite(factories, settings, host=host, port=port, tls_port=tls_port, names=names)
        else:
            application = factories.application(None)
            site = PlainSite(application, host or settings.host, settings.port if port is None else port)
    signal.signal(signal.SIGTERM, _stop)
    supervisor = None if no_worker else Supervisor((*factories.command, "worker", "--beside", str(os.getpid())))
    for address in site.addresses():
        click.echo(address)
    try:
        if supervisor:
            supervisor.start()
        site.run()
    finally:
        site.close()
        if supervisor:
            supervisor.stop()


class PlainSite:
    """The product over plain HTTP."""

    def __init__(self, application: Any, host: str, port: int) -> None:
        self._server = listening(application, host, port)

    def addresses(self) -> list[str]:
        """Return where it listens; a name of several addresses makes it listen on each."""
        return [f"http://{shown(host)}:{port}/" for host, port in listening_on(self._server)]

    def run(self) -> None:
        """Serve until the process is told to stop."""
        self._server.run()

    def close(self) -> None:
        """Let go of every socket."""
        self._server.close()


def listening(application: Any, host: str, port: int, **more: Any) -> Any:
    """Return a waitress server that listens; ClickException when it cannot."""
    from waitress.server import create_server  # noqa: PLC0415 - only this command listens

    adjusted = {"threads": THREADS, "ident": None, "connection_limit": CONNECTIONS, "asyncore_use_poll": True, **more}
    try:
        return create_server(application, host=host, port=port, **adjusted)
    except OSError as error:
        raise cannot_listen(host, port, error) from error


def cannot_listen(host: str, port: int, error: OSError) -> click.ClickException:
    """Return what to tell when an address is taken or not ours."""
    return click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}")


def listening_on(server: Any) -> list[tuple[str, int]]:
    """Return the addresses on which a waitress server listens."""
    return getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]


def shown(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


class Supervisor(threading.Thread):
    """Keeps one worker process running until it is told to stop."""

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(name="worker supervisor", daemon=True)
        self._command = command
        self._stopping = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()

    def run(self) -> None:
        """Start the worker, and again whenever it ends."""
        while not self._stopping.is_set():
            with self._guard:
                if self._stopping.is_set():
                    return
                self._worker = subprocess.Popen(self._command)  # noqa: S603 - our own argv
            self._worker.wait()
            self._stopping.wait(RESTART_AFTER)

    def stop(self) -> None:
        """End the worker: kindly, then not."""
        with self._guard:
            self._stopping.set()
            worker = self._worker
        if worker is not None:
            worker.terminate()
            try:
                worker.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                worker.kill()
        self.join(STOP_WITHIN)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


@click.command()
@click.option("--beside", type=int, hidden=True, help="End when this process, which started the worker, is gone.")
@click.option("--job", type=int, hidden=True, help="Do this one claimed job and end; what the worker itself calls.")
@click.option("--attempt", type=int, default=1, hidden=True, help="Which claim of the job this is.")
@pass_factories
def worker(factories: Factories, beside: int | None, job: int | None, attempt: int) -> None:
    """Run background jobs until it is stopped; several workers may run side by side."""
    with refusals_told():
        if job is not None:
            raise SystemExit(0 if factories.attempt(job, attempt) else 1)
        with ready_database(factories):
            pass
        loop = factories.worker()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    loop.run(stop, parent=beside)
