"""`crm-maturity serve` and `worker`: the web server, and the loop that does background jobs beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told

THREADS = 8
RESTART_AFTER = 2.0  # seconds; a worker that dies at once must not keep a processor busy
STOP_WITHIN = 10.0


@click.command()
@click.option("--host", help="Address to listen on; default: the settings'.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; default: the settings'.")
@click.option("--no-worker", is_flag=True, help="Do not start the background worker beside the server.")
@pass_factories
def serve(factories: Factories, host: str | None, port: int | None, no_worker: bool) -> None:
    """Run the web server until it is stopped."""
    with refusals_told():
        with ready_database(factories):
            pass
        settings = factories.settings()
        application = factories.application()
    from waitress.server import create_server  # noqa: PLC0415 - only this command listens

    where = {"host": host or settings.host, "port": settings.port if port is None else port}
    try:
        server = create_server(application, **where, threads=THREADS, ident=None)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {where['host']}:{where['port']}: {error.strerror}") from error
    signal.signal(signal.SIGTERM, _stop)
    supervisor = None if no_worker else Supervisor((*factories.command, "worker", "--beside", str(os.getpid())))
    for address in _addresses(server):
        click.echo(address)
    try:
        if supervisor:
            supervisor.start()
        server.run()
    finally:
        server.close()
        if supervisor:
            supervisor.stop()


def _addresses(server: Any) -> list[str]:
    """Return where a waitress server listens; a name of several addresses makes it listen on each."""
    listening = getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]
    return [f"http://{f'[{host}]' if ':' in host else host}:{port}/" for host, port in listening]


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
