"""`crm-maturity db`: the schema of the database."""

from __future__ import annotations

import click

from app.cli.main import Factories
from app.cli.operating import failures_told, pass_factories, refusals_told


@click.group()
def db() -> None:
    """Prepare the database."""


@db.command()
@pass_factories
def upgrade(factories: Factories) -> None:
    """Make the tables, or bring them to this version; may be run again at any time."""
    with refusals_told():
        upgrade_database(factories)


def upgrade_database(factories: Factories) -> None:
    """Bring the schema to this version and say at which revision it is."""
    database = factories.database()
    try:
        with failures_told(database):
            database.upgrade()
        click.echo(f"database: revision {database.revision()}", err=True)
    finally:
        database.dispose()
