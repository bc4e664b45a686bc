"""`crm-maturity serve` and `worker`: the web server, and the loop that does background jobs beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType
from typing import NoReturn, Protocol

import click

from app.cli.checks import LOOPBACK, is_debugging
from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.services.refusals import Refused

RESTART_AFTER = 2.0  # seconds; a worker that dies at once must not keep a processor busy
STOP_WITHIN = 10.0


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
        secure = settings.tls if tls is None else tls
        if is_debugging() and (secure or (host or settings.host) not in LOOPBACK):
            raise Debugging
        if secure:
            from app.cli.serve_tls import TlsSite  # noqa: PLC0415 - only this command, only with --tls

            site: Site = TlsSite(factories, settings, host=host, port=port, tls_port=tls_port, names=names)
        else:
            from app.cli.listening import PlainSite  # noqa: PLC0415 - only this command listens

            at = (host or settings.host, settings.port if port is None else port)
            site = PlainSite(factories.application(replace(settings, host=at[0])), *at, settings)
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


class Debugging(Refused):
    """Debugging is on, and others than this machine would be served."""

    def __init__(self) -> None:
        super().__init__("debugging", "FLASK_DEBUG is set: others are not served so; unset it, or listen on 127.0.0.1")


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
