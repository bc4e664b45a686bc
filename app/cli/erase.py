"""`crm-maturity export-engagement` and `erase-engagement`: what an operator does when a client asks for all of it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import emit_json, format_option
from app.services import erasing
from app.services.clock import system_clock
from app.services.data_export import write_export
from app.services.engagements import get_engagement
from app.services.trail import Event, Where, record


@click.command()
@click.argument("key")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Archive to write; never overwritten."
)
@click.option("--with-names", is_flag=True, help="Keep the names of respondents, interviewers and accounts.")
@pass_factories
def export_engagement(factories: Factories, key: str, out: Path, with_names: bool) -> None:
    """Export everything of the engagement KEY as one archive: cases, tables, trail, evidence files."""
    if out.exists():
        raise click.UsageError(f"{out} is there already")
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    with refusals_told(), ready_database(factories) as database:
        try:
            opened = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
            with os.fdopen(opened, "w+b") as file, database.read() as session:
                files = write_export(
                    session,
                    key,
                    file,
                    names=with_names,
                    settings=factories.settings(),
                    actor=None,
                    clock=system_clock,
                )
            with database.begin() as session:
                where = Where(get_engagement(session, key).id)
                details = {"format": "application/zip", **({"names": True} if with_names else {})}
                record(session, Event.EXPORTED, actor=None, clock=system_clock, where=where, details=details)
            part.rename(out)
        except OSError as error:
            raise click.UsageError(f"{out} cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"written: {out} ({len(files)} files)")


@click.command()
@click.argument("key")
@click.option("--confirm", metavar="KEY", help="The key once more, for scripts; default: it is asked for.")
@format_option
@pass_factories
def erase_engagement(factories: Factories, key: str, confirm: str | None, output: str) -> None:
    """Erase the engagement KEY for good: every assessment, interview, file and report. Only a backup brings it back."""
    with refusals_told(output), ready_database(factories) as database:
        settings = factories.settings()
        with database.read() as session:
            held = erasing.holding_of(session, key, settings)
        if confirm is None:
            click.echo(f"{key}: {sum(held.rows.values())} rows, {held.files} files", err=True)
            confirm = click.prompt("Type the key of the engagement to erase it", err=True)
        done = erasing.erase_engagement(database, settings, key, typed=confirm, actor=None, clock=system_clock)
    if output == "json":
        emit_json({"engagement": key, "rows": dict(done.rows), "files": done.files, "backups": held.backups})
        return
    click.echo(f"erased: {done.total} rows, {done.files} files")
    if held.backups:
        click.echo(f"{held.backups} backups in {settings.backups} still hold it: they go one after the other, or now")
