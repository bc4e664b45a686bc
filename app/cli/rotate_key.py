"""`crm-maturity rotate-key`: a new secret key, with the former one believed until it is forgotten."""

from __future__ import annotations

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.services import secret_keys


@click.command()
@click.option("--forget-former", is_flag=True, help="Second step: forget the former keys once nothing needs them.")
@pass_factories
def rotate_key(factories: Factories, forget_former: bool) -> None:
    """Make a new secret key; nobody is signed out. Then restart the server, and a week later --forget-former."""
    with refusals_told():
        settings = factories.settings()
        if not forget_former:
            former = secret_keys.rotate(settings)
            days = settings.sign_in_longest.days + 1
            click.echo(f"new secret key; former ones still believed: {former}. Restart the server now.")
            click.echo(f"After {days} days: crm-maturity rotate-key --forget-former")
            return
        with ready_database(factories) as database:
            renewed = secret_keys.forget_former(database, settings)
        click.echo(f"former keys are forgotten; second factors sealed anew: {renewed}. Restart the server.")
