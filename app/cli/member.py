"""`crm-maturity user member`: who belongs to an engagement, for whoever can log in to the machine."""

from __future__ import annotations

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import emit_json, format_option
from app.services import accounts, memberships
from app.services.clock import system_clock
from app.services.engagements import get_engagement
from app.services.permissions import Part

part_choice = click.Choice([part.value for part in Part])


@click.group()
def member() -> None:
    """Say who belongs to an engagement, and as what."""


@member.command("list")
@click.argument("engagement")
@format_option
@pass_factories
def list_members(factories: Factories, engagement: str, output: str) -> None:
    """List the members of an engagement."""
    with refusals_told(output), ready_database(factories) as database, database.read() as session:
        found = memberships.list_members(session, get_engagement(session, engagement).id)
    if output == "json":
        emit_json({"members": [{"name": one.name, "part": one.part, "disabled": one.disabled} for one in found]})
        return
    for one in found:
        click.echo(f"{one.name}\t{one.part}\t{one.display_name}{' (disabled)' if one.disabled else ''}")


@member.command()
@click.argument("engagement")
@click.argument("name")
@click.option("--part", type=part_choice, default=Part.OBSERVER.value, show_default=True)
@pass_factories
def add(factories: Factories, engagement: str, name: str, part: str) -> None:
    """Make a user a member of an engagement, or give a member another part."""
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        place, user = get_engagement(session, engagement).id, accounts.get_user(session, name)
        if any(one.user_id == user.id for one in memberships.list_members(session, place)):
            memberships.change_part(session, place, user.id, Part(part), actor=None, clock=system_clock)
        else:
            memberships.add_member(session, place, user.name, Part(part), actor=None, clock=system_clock)
    click.echo(f"{user.name}: {part} in {engagement}")


@member.command()
@click.argument("engagement")
@click.argument("name")
@pass_factories
def remove(factories: Factories, engagement: str, name: str) -> None:
    """End a membership."""
    with refusals_told(), ready_database(factories) as database, database.begin() as session:
        place, user = get_engagement(session, engagement).id, accounts.get_user(session, name)
        memberships.remove_member(session, place, user.id, actor=None, clock=system_clock)
    click.echo(f"{user.name}: no longer in {engagement}")
