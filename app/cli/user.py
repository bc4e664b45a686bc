"""`crm-maturity user`: accounts, for whoever can log in to the machine."""

from __future__ import annotations

import sys

import click

from app.cli.main import Factories
from app.cli.member import member
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import emit_json, format_option
from app.services import account_links, accounts, second_factor, sign_ins
from app.services.account_links import MadeLink
from app.services.clock import system_clock
from app.services.engagements import get_engagement
from app.services.memberships import add_member
from app.services.passwords import generate_password
from app.services.permissions import Part, Role
from app.settings import Settings

FIRST = "admin"

role_choice = click.Choice([role.value for role in Role])
part_choice = click.Choice([part.value for part in Part])
password_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def user() -> None:
    """Add users, set passwords, make links, end sign-ins, say who belongs to an engagement."""


@user.command()
@click.argument("name")
@click.option("--role", type=role_choice, default=Role.CONSULTANT.value, show_default=True)
@click.option("--display-name", help="How the user is shown; default: NAME.")
@click.option("--engagement", metavar="KEY", help="Make the user a member of this engagement too, with --part.")
@click.option("--part", type=part_choice, default=Part.OBSERVER.value, show_default=True, help="In the engagement.")
@password_option
@pass_factories
def add(  # noqa: PLR0917 - one per option
    factories: Factories,
    name: str,
    role: str,
    display_name: str | None,
    engagement: str | None,
    part: str,
    password_stdin: bool,
) -> None:
    """Add a user; the password is made and printed once, unless it comes from standard input."""
    password = _typed() if password_stdin else generate_password()
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        added = accounts.add_user(
            session, name=name, password=password, role=Role(role), display_name=display_name, clock=system_clock
        )
        if not password_stdin:
            accounts.let_password_run_out(session, added.name, system_clock)
        if engagement is not None:
            found = get_engagement(session, engagement)
            add_member(session, found.id, added.name, Part(part), actor=None, clock=system_clock)
    click.echo(f"user: {added.name} ({added.role})")
    if not password_stdin:
        _show_once(password)


@user.command("password")
@click.argument("name")
@password_option
@pass_factories
def set_password(factories: Factories, name: str, password_stdin: bool) -> None:
    """Give a user a new password and end all of the user's sign-ins."""
    password = _typed() if password_stdin else generate_password()
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        accounts.set_password(session, name, password, system_clock)
        if not password_stdin:
            accounts.let_password_run_out(session, name, system_clock)
    click.echo(f"user: {accounts.normal_name(name)}")
    if not password_stdin:
        _show_once(password)


@user.command()
@click.option("--role", type=role_choice, help="Of the account; without --engagement only.")
@click.option("--engagement", metavar="KEY", help="Invite into this engagement, with --part.")
@click.option("--part", type=part_choice, help="What the invited will be in the engagement.")
@click.option("--days", type=int, default=account_links.USUAL_DAYS, show_default=True, help="How long it is good.")
@click.option("--label", help="Whom it is for; blanked when the link is used.")
@pass_factories
def invite(  # noqa: PLR0917 - one per option
    factories: Factories, role: str | None, engagement: str | None, part: str | None, days: int, label: str | None
) -> None:
    """Print a link by which somebody makes an account, once."""
    if (role is None) == (engagement is None) or (part is None) != (engagement is None):
        raise click.UsageError("give --role, or --engagement with --part")
    given = {"days": days, "label": label, "clock": system_clock}
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        if engagement is not None and part is not None:
            found = get_engagement(session, engagement)
            made = account_links.invite_member(session, found.id, Part(part), actor=None, **given)  # type: ignore[arg-type]
        else:
            made = account_links.invite(session, Role(role), actor=None, **given)  # type: ignore[arg-type]
    _show_link(factories.settings(), made)


@user.command("reset-link")
@click.argument("name")
@pass_factories
def reset_link(factories: Factories, name: str) -> None:
    """Print a link by which a user chooses another password, once and within the hour."""
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        made = account_links.reset_link(session, name, actor=None, clock=system_clock)
    _show_link(factories.settings(), made)


@user.command("end-sessions")
@click.argument("name")
@pass_factories
def end_sessions(factories: Factories, name: str) -> None:
    """End all sign-ins of a user at once."""
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        user_id = accounts.get_user(session, name).id
        ended = sign_ins.end_all(session, user_id, actor=None, clock=system_clock)
    click.echo(f"ended: {ended}")


@user.command("remove-second-factor")
@click.argument("name")
@pass_factories
def remove_second_factor(factories: Factories, name: str) -> None:
    """Remove the second factor of a user whose telephone is lost, and end all of the user's sign-ins."""
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        user_id = accounts.get_user(session, name).id
        second_factor.remove(session, user_id, actor=None, clock=system_clock)
        sign_ins.end_all(session, user_id, actor=None, clock=system_clock)
    click.echo(f"user: {accounts.normal_name(name)}")


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


user.add_command(member)


@user.command()
@click.argument("name", default=FIRST)
@pass_factories
def first(factories: Factories, name: str) -> None:
    """Add the first administrator and print the password once; later say who the administrators are."""
    with refusals_told():
        ensure_administrator(factories, name)


def ensure_administrator(factories: Factories, name: str = FIRST) -> None:
    """Add an administrator when there is none; otherwise name them and the command that sets a password."""
    password = generate_password()
    with ready_database(factories) as database, database.begin() as session:
        known = accounts.administrators(session)
        if not known:
            added = accounts.add_user(
                session, name=name, password=password, role=Role.ADMINISTRATOR, clock=system_clock
            )
            accounts.let_password_run_out(session, added.name, system_clock)
    if known:
        click.echo(f"account: {', '.join(one.name for one in known)}")
        click.echo(f"forgotten the password? crm-maturity user password {known[0].name}")
        return
    click.echo(f"account: {added.name}")
    _show_once(password)


def _show_link(settings: Settings, made: MadeLink) -> None:
    address = settings.address
    if not address:
        scheme, port = ("https", settings.tls_port) if settings.tls else ("http", settings.port)
        address = f"{scheme}://{settings.host}:{port}"
    click.echo(f"link: {address}/link/{made.token}")
    click.echo(f"(shown this once; good until {made.expires_at.isoformat(timespec='minutes')})", err=True)


def _show_once(password: str) -> None:
    click.echo(f"password: {password}")
    days = accounts.FIRST_PASSWORD_LASTS.days
    click.echo(f"(shown this once, good for {days} days: choose your own under your name at the top right)", err=True)


def _typed() -> str:
    return sys.stdin.readline().rstrip("\r\n")
