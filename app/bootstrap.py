"""Composition root: settings -> logging -> engine -> content -> Flask app. The only file that knows everyone.

Each function loads what it composes when it is called: `crm-maturity --help` stays quick.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

from app.cli.main import Factories, run
from app.settings import Settings, read_settings, with_secret_key

if TYPE_CHECKING:
    from flask import Flask, Response

    from app.content.library import Library
    from app.content.roots import Roots
    from app.jobs.worker import Worker
    from app.services.jobs import Handler, Product, Work
    from app.storage.database import Database
    from app.web.context import Context

# loading modules, content and pages makes many long-lived values: looking after every 700 is a seventh of a start
COLLECT_AFTER = (50_000, 10, 10)
DAILY = 24 * 3600.0
COMMAND = (sys.executable, "-m", "app.bootstrap")  # how a process starts another one of this installation


def configure_logging() -> None:
    """Write one JSON object per line to standard error: time in UTC, level, event, ids; never answers or names."""
    import logging

    import structlog

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def open_library(root: Roots | None = None) -> Library:
    """Read all content below `root` (default: the settings' content roots)."""
    from app.content.library import load_library

    return load_library(root or read_settings().content_roots)


def open_database(settings: Settings | None = None) -> Database:
    """Open the database of the settings."""
    from app.storage.database import Database

    return Database((settings or read_settings()).database_url)


def parts_of(settings: Settings, database: Database, content: Roots | Library) -> Context:
    """Return what the web application is built over; `content` is where it lies, or what was read of it already."""
    from app.jobs.queue import DatabaseQueue
    from app.services.clock import system_clock
    from app.services.identity_provider import IdentityProvider
    from app.services.shelf import Shelf
    from app.web.context import Context

    return Context(
        settings=settings,
        database=database,
        shelf=Shelf(database, content),
        clock=system_clock,
        queue=DatabaseQueue(system_clock),
        provider=IdentityProvider(settings.oidc, system_clock) if settings.oidc else None,
    )


def create_application(settings: Settings | None = None) -> Flask:
    """Build the web application."""
    from app.web.application import create_web

    configure_logging()
    settings = with_secret_key(settings or read_settings())
    web = create_web(parts_of(settings, open_database(settings), settings.content_roots))
    log_requests(web)
    gc.collect()
    gc.freeze()  # content lives as long as the process; the collector need not walk it again and again
    return web


def log_requests(web: Flask) -> None:
    """Log one line per request (static files apart), and name request and user in every line in between.

    Paths hold ids and keys only; query strings may hold what somebody searched for and are left out.
    """
    import structlog
    from flask import g, request

    from app.web.security import logged_path

    log = structlog.get_logger("app.web")

    @web.before_request
    def name_request() -> None:
        actor = g.get("actor")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.get("reference"), user=actor.user_id if actor else None)

    @web.after_request
    def log_request(response: Response) -> Response:
        if request.endpoint != "static":
            log.info(
                "request",
                request=g.get("reference"),
                method=request.method,
                path=logged_path(),
                status=response.status_code,
            )
        return response


def job_handlers(settings: Settings, database: Database) -> dict[str, Handler]:
    """Return who does which kind of background work."""

    def report(work: Work) -> Product:
        from app.services.rendering import render_report
        from app.services.shelf import Shelf

        return render_report(database, Shelf(database, settings.content_roots).library, settings, work)

    def batch(work: Work) -> Product:
        from app.services.batches import render_batch
        from app.services.shelf import Shelf

        return render_batch(database, Shelf(database, settings.content_roots).library, settings, work)

    def guide(work: Work) -> Product:
        from app.services.guides import render_guide
        from app.services.shelf import Shelf

        return render_guide(database, Shelf(database, settings.content_roots).library, settings, work)

    return {"report": report, "batch": batch, "guide": guide}


def create_worker() -> Worker:
    """Build the loop that runs each job in a process of its own."""
    from app.jobs.worker import Chore, Worker
    from app.services.backing_up import back_up_when_due
    from app.services.clock import system_clock
    from app.services.file_shelf import clear_files
    from app.services.heartbeat import beat
    from app.services.retaining import keep_to_retention

    configure_logging()
    settings = read_settings()
    database = open_database(settings)

    def alive() -> None:
        beat(settings.data)

    def back_up() -> None:
        back_up_when_due(database, settings, system_clock, alive=alive)

    return Worker(
        database=database,
        clock=system_clock,
        kinds=tuple(job_handlers(settings, database)),
        command=lambda job_id, attempt: (*COMMAND, "worker", "--job", str(job_id), "--attempt", str(attempt)),
        chores=(
            Chore("clear files", lambda: clear_files(database, settings, system_clock), every=600),
            Chore("backup", back_up, every=600, after=60),
            Chore("retention", lambda: keep_to_retention(database, settings, system_clock), every=DAILY, after=300),
        ),
        beat=alive,
    )


def run_attempt(job_id: int, attempt: int) -> bool:
    """Do one claimed job in this process, within its limits; tell whether it is done."""
    from app.jobs import limits
    from app.jobs.child import Attempt
    from app.services.clock import system_clock

    limits.apply(limits.Limits())
    configure_logging()
    settings = read_settings()
    database = open_database(settings)
    return Attempt(database, system_clock, settings.data, job_id, attempt).run(job_handlers(settings, database))


def main() -> None:
    """Run the `crm-maturity` command."""
    gc.set_threshold(*COLLECT_AFTER)
    run(
        Factories(
            settings=read_settings,
            library=open_library,
            database=open_database,
            application=create_application,
            worker=create_worker,
            attempt=run_attempt,
            command=COMMAND,
        )
    )


if __name__ == "__main__":
    main()
