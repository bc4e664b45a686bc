"""`crm-maturity demo`: the engagement of 2003."""

from __future__ import annotations

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.services.clock import system_clock
from app.services.demo import load_demo


@click.command()
@pass_factories
def demo(factories: Factories) -> None:
    """Load the engagement of 2003; what is there already is left alone."""
    with refusals_told():
        load(factories)


def load(factories: Factories) -> None:
    """Load the demo data and say where."""
    library = factories.library(None)
    with ready_database(factories) as database, database.begin() as session:
        key = load_demo(session, library, system_clock)
    click.echo(f"engagement: {key}", err=True)
