"""`crm-maturity db`: the schema of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli.main import Factories
from app.cli.operating import failures_told, pass_factories, refusals_told
from app.services.backing_up import Made, back_up, note
from app.services.backup_manifest import Kind
from app.services.clock import system_clock

if TYPE_CHECKING:
    from app.storage.database import Database


@click.group()
def db() -> None:
    """Prepare the database."""


@db.command()
@click.option("--no-backup", is_flag=True, help="Do not make a backup before an older schema is changed.")
@pass_factories
def upgrade(factories: Factories, no_backup: bool) -> None:
    """Make the tables, or bring them to this version; may be run again at any time."""
    with refusals_told():
        upgrade_database(factories, with_backup=not no_backup)


def upgrade_database(factories: Factories, *, with_backup: bool = True) -> None:
    """Bring the schema to this version and say at which revision it is; an older one is backed up before."""
    database = factories.database()
    try:
        with failures_told(database):
            made = _back_up_before(factories, database) if with_backup else None
            database.upgrade()
            if made is not None:
                note(database, made, system_clock)
        click.echo(f"database: revision {database.revision()}", err=True)
    finally:
        database.dispose()


def _back_up_before(factories: Factories, database: Database) -> Made | None:
    """Make a backup of a database that is about to be migrated; None where there is nothing to lose yet."""
    if database.revision() is None or database.is_current():
        return None
    made = back_up(database, factories.settings(), system_clock, kind=Kind.BEFORE_MIGRATION)
    click.echo(f"backup before the migration: {made.folder}", err=True)
    return made
