"""`crm-maturity setup`: everything between installing and serving, as often as one likes."""

from __future__ import annotations

import click

from app.cli.db import upgrade_database
from app.cli.demo import load
from app.cli.main import Factories
from app.cli.operating import pass_factories, refusals_told
from app.cli.user import ensure_administrator


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port that `serve` will be given; default: the settings'.")
@pass_factories
def setup(factories: Factories, port: int | None) -> None:
    """Prepare the database, the engagement of 2003 and the first administrator; says where the site will be."""
    with refusals_told():
        upgrade_database(factories)
        load(factories)
        settings = factories.settings()
        click.echo(f"address: http://{settings.host}:{settings.port if port is None else port}/")
        ensure_administrator(factories)
