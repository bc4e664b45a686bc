"""`crm-maturity user`: accounts, for whoever can log in to the machine."""

from __future__ import annotations

import sys

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import emit_json, format_option
from app.services import accounts
from app.services.clock import system_clock
from app.services.permissions import Role

FIRST = "admin"

password_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def user() -> None:
    """Add users and set passwords."""


@user.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.CONSULTANT.value, show_default=True
)
@click.option("--display-name", help="How the user is shown; default: NAME.")
@password_option
@pass_factories
def add(factories: Factories, name: str, role: str, display_name: str | None, password_stdin: bool) -> None:
    """Add a user; the password is made and printed once, unless it comes from standard input."""
    password = _typed() if password_stdin else accounts.generate_password()
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        added = accounts.add_user(
            session, name=name, password=password, role=Role(role), display_name=display_name, clock=system_clock
        )
    click.echo(f"user: {added.name} ({added.role})")
    if not password_stdin:
        _show_once(password)


@user.command("password")
@click.argument("name")
@password_option
@pass_factories
def set_password(factories: Factories, name: str, password_stdin: bool) -> None:
    """Give a user a new password and end all of the user's sign-ins."""
    password = _typed() if password_stdin else accounts.generate_password()
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        accounts.set_password(session, name, password, system_clock)
    click.echo(f"user: {accounts.normal_name(name)}")
    if not password_stdin:
        _show_once(password)


@user.command("list")
@format_option
@pass_factories
def list_users(factories: Factories, output: str) -> None:
    """List the users."""
    with refusals_told(output), ready_database(factories) as database, database.read() as session:
        users = accounts.list_users(session)
    if output == "json":
        emit_json(
            {
                "users": [
                    {
                        "name": one.name,
                        "display_name": one.display_name,
                        "role": one.role,
                        "disabled": one.disabled,
                        "created_at": one.created_at.isoformat(),
                    }
                    for one in users
                ]
            }
        )
        return
    for one in users:
        click.echo(f"{one.name}\t{one.role}\t{one.display_name}{' (disabled)' if one.disabled else ''}")


@user.command()
@click.argument("name", default=FIRST)
@pass_factories
def first(factories: Factories, name: str) -> None:
    """Add the first administrator and print the password once; later say who the administrators are."""
    with refusals_told():
        ensure_administrator(factories, name)


def ensure_administrator(factories: Factories, name: str = FIRST) -> None:
    """Add an administrator when there is none; otherwise name them and the command that sets a password."""
    password = accounts.generate_password()
    with ready_database(factories) as database, database.begin() as session:
        known = accounts.administrators(session)
        if not known:
            added = accounts.add_user(
                session, name=name, password=password, role=Role.ADMINISTRATOR, clock=system_clock
            )
    if known:
        click.echo(f"account: {', '.join(one.name for one in known)}")
        click.echo(f"forgotten the password? crm-maturity user password {known[0].name}")
        return
    click.echo(f"account: {added.name}")
    _show_once(password)


def _show_once(password: str) -> None:
    click.echo(f"password: {password}")
    click.echo("(shown this once; keep it)", err=True)


def _typed() -> str:
    return sys.stdin.readline().rstrip("\r\n")
