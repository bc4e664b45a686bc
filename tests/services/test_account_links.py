"""Invitations and reset links: once, for a while, made by whom they may be, and nothing for anybody else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.core.text import Text
from app.services import account_links, accounts, memberships
from app.services.account_links import Kind, MadeLink
from app.services.engagements import archive_engagement, create_engagement, restore_engagement
from app.services.permissions import Actor, Part, Role
from app.services.refusals import Invalid, NotFound, Taken
from app.storage import accounts as account_store
from app.storage import memberships as membership_store
from app.storage.trust_tables import AccountLinkRow, AuditEventRow
from tests.conftest import FixedClock
from tests.services.signing import PASSWORD, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.storage.database import Session

    Loss = Callable[[Session, Actor, FixedClock], None]

CHOSEN = "seven herons in the reeds"


def added(session: Session, name: str, role: Role, clock: FixedClock) -> Actor:
    user = accounts.add_user(session, name=name, password=PASSWORD, role=role, clock=clock)
    return Actor(user.id, user.name, user.display_name, user.role)


@pytest.fixture
def chief(session: Session, clock: FixedClock) -> Actor:
    """An administrator."""
    return added(session, "chief", Role.ADMINISTRATOR, clock)


@pytest.fixture
def lead(session: Session, clock: FixedClock) -> Actor:
    """A consultant who leads the engagements `east` (1) and nothing else."""
    ann = added(session, "ann", Role.CONSULTANT, clock)
    create_engagement(session, key="east", name=Text(en="East"), actor=ann, clock=clock)
    return ann


def again(session: Session, actor: Actor) -> Actor:
    """Return somebody with the memberships of now."""
    parts = memberships.parts_of(session, actor.user_id)
    return Actor(actor.user_id, actor.name, actor.display_name, actor.role, parts)


def east(session: Session, lead: Actor) -> int:
    return next(iter(again(session, lead).memberships))


def invited(session: Session, lead: Actor, clock: FixedClock, part: Part = Part.EXECUTIVE) -> MadeLink:
    place = east(session, lead)
    return account_links.invite_member(
        session, place, part, days=7, actor=again(session, lead), clock=clock, label="王总"
    )


def accepted(session: Session, link_id: int, clock: FixedClock, name: str = "wang") -> accounts.UserView:
    return account_links.accept(session, link_id, name=name, display_name="王", password=CHOSEN, clock=clock)


@pytest.mark.parametrize(
    ("part", "role"),
    [
        (Part.LEAD, Role.CONSULTANT),
        (Part.CONSULTANT, Role.CONSULTANT),
        (Part.OBSERVER, Role.READER),
        (Part.EXECUTIVE, Role.READER),
    ],
)
def test_an_invited_person_has_an_account_and_a_part_in_that_engagement_alone(
    session: Session, lead: Actor, clock: FixedClock, part: Part, role: Role
) -> None:
    made = invited(session, lead, clock, part)
    link_id = account_links.link_of_token(session, made.token, clock=clock)
    assert link_id == made.id
    user = accepted(session, made.id, clock)
    assert user.role is role
    assert memberships.parts_of(session, user.id) == {east(session, lead): part}
    assert sign_in(session, "wang", CHOSEN, clock)


def test_a_link_works_once(session: Session, lead: Actor, clock: FixedClock) -> None:
    made = invited(session, lead, clock)
    accepted(session, made.id, clock)
    assert account_links.link_of_token(session, made.token, clock=clock) is None
    with pytest.raises(NotFound):
        accepted(session, made.id, clock, "li")


def test_a_link_ends_by_itself_when_it_is_cancelled_and_with_its_maker(
    session: Session, lead: Actor, chief: Actor, clock: FixedClock
) -> None:
    cancelled, late = invited(session, lead, clock), invited(session, lead, clock)
    place = east(session, lead)
    account_links.end_link(session, cancelled.id, engagement_id=place, actor=lead, clock=clock)
    assert account_links.living_link(session, cancelled.id, clock=clock) is None
    clock.advance(timedelta(days=7))
    assert account_links.link_of_token(session, late.token, clock=clock) is None
    assert [one.expired for one in account_links.list_invitations(session, place, clock=clock)] == [True]
    orphaned = invited(session, lead, clock)
    accounts.disable_user(session, lead.name, clock, actor=chief)
    assert account_links.living_link(session, orphaned.id, clock=clock) is None
    accounts.enable_user(session, lead.name, actor=chief, clock=clock)
    assert account_links.living_link(session, orphaned.id, clock=clock) is None, "ended, not only asleep"
    assert account_links.list_invitations(session, place, clock=clock) == ()


def test_the_database_holds_the_hash_of_a_token_and_forgets_whom_it_was_for(
    session: Session, lead: Actor, clock: FixedClock
) -> None:
    made = invited(session, lead, clock)
    row = session.execute(select(AccountLinkRow.token_hash, AccountLinkRow.label)).one()
    assert tuple(row) == (hashlib.sha256(made.token.encode()).hexdigest(), "王总")
    assert len(made.token) >= 43
    accepted(session, made.id, clock)
    assert session.execute(select(AccountLinkRow.label)).scalar_one() is None


def test_a_name_or_password_that_cannot_be_uses_nothing_up(session: Session, lead: Actor, clock: FixedClock) -> None:
    made = invited(session, lead, clock)
    with pytest.raises(Taken):
        accepted(session, made.id, clock, "ann")
    with pytest.raises(Invalid):
        account_links.accept(session, made.id, name="wang", display_name="王", password="short", clock=clock)
    assert account_links.living_link(session, made.id, clock=clock) is not None


def test_who_has_an_account_joins_with_it(session: Session, lead: Actor, clock: FixedClock) -> None:
    bo = added(session, "bo", Role.READER, clock)
    made = invited(session, lead, clock, Part.OBSERVER)
    account_links.join(session, made.id, bo, clock=clock)
    assert memberships.parts_of(session, bo.user_id) == {east(session, lead): Part.OBSERVER}
    second = invited(session, lead, clock, Part.OBSERVER)
    with pytest.raises(Invalid) as refused:
        account_links.join(session, second.id, bo, clock=clock)
    assert refused.value.code == "member-already"


def test_a_readers_account_is_not_lifted_by_an_invitation(session: Session, lead: Actor, clock: FixedClock) -> None:
    bo = added(session, "bo", Role.READER, clock)
    with pytest.raises(Invalid) as refused:
        account_links.join(session, invited(session, lead, clock, Part.LEAD).id, bo, clock=clock)
    assert refused.value.code == "part-too-much"


def test_an_administrator_invites_to_a_role(session: Session, chief: Actor, clock: FixedClock) -> None:
    made = account_links.invite(session, Role.EDITOR, days=1, actor=chief, clock=clock)
    assert accepted(session, made.id, clock).role is Role.EDITOR
    outsider = added(session, "bo", Role.READER, clock)
    other = account_links.invite(session, Role.ADMINISTRATOR, days=1, actor=chief, clock=clock)
    with pytest.raises(NotFound):
        account_links.join(session, other.id, outsider, clock=clock)


@pytest.mark.parametrize("days", [0, 2, -1, 3650])
def test_an_invitation_is_good_for_one_of_a_few_times(
    session: Session, chief: Actor, clock: FixedClock, days: int
) -> None:
    with pytest.raises(Invalid):
        account_links.invite(session, Role.READER, days=days, actor=chief, clock=clock)


def test_a_reset_link_lasts_an_hour_and_ends_every_sign_in(session: Session, chief: Actor, clock: FixedClock) -> None:
    bo = added(session, "bo", Role.READER, clock)
    token = sign_in(session, "bo", PASSWORD, clock)
    assert token
    former = account_links.reset_link(session, "bo", actor=chief, clock=clock)
    made = account_links.reset_link(session, "bo", actor=chief, clock=clock)
    assert account_links.living_link(session, former.id, clock=clock) is None, "only the newest one works"
    assert made.expires_at - clock() == timedelta(minutes=60)
    assert sign_in(session, "bo", PASSWORD, clock), "until it is used the old password stands"
    account_links.choose_password(session, made.id, CHOSEN, clock=clock)
    from app.services.sign_ins import actor_of

    assert actor_of(session, token, clock) is None
    assert sign_in(session, "bo", PASSWORD, clock) is None
    assert sign_in(session, "bo", CHOSEN, clock)
    with pytest.raises(NotFound):
        account_links.choose_password(session, made.id, "nine geese over the lake", clock=clock)
    late = account_links.reset_link(session, bo.name, actor=chief, clock=clock)
    clock.advance(timedelta(minutes=60))
    with pytest.raises(NotFound):
        account_links.choose_password(session, late.id, "nine geese over the lake", clock=clock)


def test_a_disabled_account_gets_no_link_and_loses_those_it_had(
    session: Session, chief: Actor, clock: FixedClock
) -> None:
    added(session, "bo", Role.READER, clock)
    made = account_links.reset_link(session, "bo", actor=chief, clock=clock)
    accounts.disable_user(session, "bo", clock, actor=chief)
    assert account_links.living_link(session, made.id, clock=clock) is None
    with pytest.raises(Invalid):
        account_links.reset_link(session, "bo", actor=chief, clock=clock)


def test_a_lead_helps_members_of_their_own_engagements_and_nobody_else(
    session: Session, lead: Actor, chief: Actor, clock: FixedClock
) -> None:
    place = east(session, lead)
    for name, role in (
        ("reader", Role.READER),
        ("editor", Role.EDITOR),
        ("shared", Role.READER),
        ("free", Role.READER),
    ):
        added(session, name, role, clock)
    other = create_engagement(session, key="west", name=Text(en="West"), actor=chief, clock=clock)
    for name in ("reader", "editor", "shared"):
        memberships.add_member(session, place, name, Part.OBSERVER, actor=lead, clock=clock)
    memberships.add_member(session, other.id, "shared", Part.OBSERVER, actor=chief, clock=clock)
    actor = again(session, lead)
    assert account_links.reset_link(session, "reader", actor=actor, clock=clock).kind is Kind.RESET
    for name in ("editor", "shared", "free", "chief", "ann"):
        with pytest.raises(NotFound):
            account_links.reset_link(session, name, actor=actor, clock=clock)


def test_a_new_user_chooses_the_first_password_by_a_link(session: Session, chief: Actor, clock: FixedClock) -> None:
    user = accounts.add_user(session, name="bo", password=None, role=Role.READER, clock=clock)
    made = account_links.welcome(session, user, days=7, actor=chief, clock=clock)
    account_links.choose_password(session, made.id, CHOSEN, clock=clock)
    assert sign_in(session, "bo", CHOSEN, clock)
    with pytest.raises(Invalid):
        account_links.welcome(session, accounts.get_user(session, "bo"), days=7, actor=chief, clock=clock)


def test_leads_choose_among_colleagues_and_administrators_among_all(
    session: Session, lead: Actor, chief: Actor, clock: FixedClock
) -> None:
    place = east(session, lead)
    for name, role in (("bo", Role.CONSULTANT), ("client", Role.READER), ("gone", Role.EDITOR)):
        added(session, name, role, clock)
    accounts.disable_user(session, "gone", clock)
    names = [one.name for one in memberships.list_candidates(session, place, lead)]
    assert names == ["bo"]
    assert [one.name for one in memberships.list_candidates(session, place, chief)] == ["bo", "client"]
    for unknown in ("client", "gone", "nobody", "chief"):
        with pytest.raises(Invalid) as refused:
            memberships.take_in(session, place, unknown, Part.OBSERVER, actor=lead, clock=clock)
        assert refused.value.code == "no-candidate", "trying names tells nothing"
    memberships.take_in(session, place, "bo", Part.CONSULTANT, actor=lead, clock=clock)


# --- a link lives only while its maker may still make it -------------------------------------------------------------


def with_another_lead(session: Session, lead: Actor, clock: FixedClock) -> int:
    """Give `east` a second lead, so that the first can leave; return its id."""
    place = east(session, lead)
    added(session, "stays", Role.CONSULTANT, clock)
    memberships.add_member(session, place, "stays", Part.LEAD, actor=lead, clock=clock)
    return place


def removed(session: Session, lead: Actor, clock: FixedClock) -> None:
    memberships.remove_member(session, east(session, lead), lead.user_id, actor=None, clock=clock)


def made_consultant(session: Session, lead: Actor, clock: FixedClock) -> None:
    memberships.change_part(session, east(session, lead), lead.user_id, Part.CONSULTANT, actor=None, clock=clock)


def removed_behind_the_services(session: Session, lead: Actor, clock: FixedClock) -> None:
    membership_store.delete_membership(session, east(session, lead), lead.user_id)


def made_consultant_behind_the_services(session: Session, lead: Actor, clock: FixedClock) -> None:
    membership_store.update_part(session, east(session, lead), lead.user_id, Part.CONSULTANT)


def disabled(session: Session, lead: Actor, clock: FixedClock) -> None:
    accounts.disable_user(session, lead.name, clock)


LOSSES = [
    removed,
    made_consultant,
    removed_behind_the_services,
    made_consultant_behind_the_services,
    disabled,
]


@pytest.mark.parametrize("loss", LOSSES)
def test_who_is_lead_no_longer_does_not_come_back_by_their_own_invitation(
    session: Session, lead: Actor, clock: FixedClock, loss: Loss
) -> None:
    with_another_lead(session, lead, clock)
    made = invited(session, lead, clock, Part.LEAD)
    loss(session, lead, clock)
    before = memberships.parts_of(session, lead.user_id)
    assert account_links.link_of_token(session, made.token, clock=clock) is None
    with pytest.raises(NotFound):
        account_links.join(session, made.id, lead, clock=clock)
    with pytest.raises(NotFound):
        accepted(session, made.id, clock)
    assert memberships.parts_of(session, lead.user_id) == before


@pytest.mark.parametrize("loss", LOSSES)
def test_a_reset_link_ends_with_the_part_under_which_it_was_made(
    session: Session, lead: Actor, clock: FixedClock, loss: Loss
) -> None:
    place = with_another_lead(session, lead, clock)
    added(session, "client", Role.READER, clock)
    memberships.add_member(session, place, "client", Part.OBSERVER, actor=lead, clock=clock)
    made = account_links.reset_link(session, "client", actor=again(session, lead), clock=clock)
    loss(session, lead, clock)
    nothing_chosen(session, made, "client", clock)


def nothing_chosen(session: Session, made: MadeLink, name: str, clock: FixedClock) -> None:
    assert account_links.link_of_token(session, made.token, clock=clock) is None
    with pytest.raises(NotFound):
        account_links.choose_password(session, made.id, CHOSEN, clock=clock)
    assert sign_in(session, name, PASSWORD, clock)


@pytest.mark.parametrize("become", ["member elsewhere", "member nowhere", Role.EDITOR, Role.ADMINISTRATOR])
def test_a_leads_reset_link_does_not_outlive_what_made_the_account_theirs_to_help(
    session: Session, lead: Actor, chief: Actor, clock: FixedClock, become: str
) -> None:
    place = east(session, lead)
    client = added(session, "client", Role.READER, clock)
    memberships.add_member(session, place, "client", Part.OBSERVER, actor=lead, clock=clock)
    made = account_links.reset_link(session, "client", actor=again(session, lead), clock=clock)
    if become == "member elsewhere":
        other = create_engagement(session, key="west", name=Text(en="West"), actor=chief, clock=clock)
        memberships.add_member(session, other.id, "client", Part.OBSERVER, actor=chief, clock=clock)
    elif become == "member nowhere":
        memberships.remove_member(session, place, client.user_id, actor=chief, clock=clock)
    else:
        accounts.set_role(session, "client", Role(become), clock, actor=chief)
    nothing_chosen(session, made, "client", clock)


@pytest.mark.parametrize("behind", [False, True], ids=["by the service", "behind it"])
def test_what_an_administrator_made_as_such_ends_with_the_role(
    session: Session, chief: Actor, clock: FixedClock, *, behind: bool
) -> None:
    added(session, "other", Role.ADMINISTRATOR, clock)
    added(session, "bo", Role.EDITOR, clock)
    waiting = accounts.add_user(session, name="new", password=None, role=Role.READER, clock=clock)
    invitation = account_links.invite(session, Role.ADMINISTRATOR, days=7, actor=chief, clock=clock)
    welcome = account_links.welcome(session, waiting, days=7, actor=chief, clock=clock)
    reset = account_links.reset_link(session, "bo", actor=chief, clock=clock)
    if behind:
        account_store.set_role(session, chief.user_id, Role.CONSULTANT)
    else:
        accounts.set_role(session, "chief", Role.CONSULTANT, clock)
    with pytest.raises(NotFound):
        accepted(session, invitation.id, clock)
    with pytest.raises(NotFound):
        account_links.choose_password(session, welcome.id, CHOSEN, clock=clock)
    with pytest.raises(NotFound):
        account_links.use_welcome(session, welcome.id, clock=clock)
    nothing_chosen(session, reset, "bo", clock)


def test_leaving_one_engagement_ends_no_invitation_into_another(
    session: Session, lead: Actor, clock: FixedClock
) -> None:
    place = with_another_lead(session, lead, clock)
    other = create_engagement(session, key="west", name=Text(en="West"), actor=lead, clock=clock)
    actor = again(session, lead)
    stays = account_links.invite_member(session, other.id, Part.OBSERVER, days=7, actor=actor, clock=clock)
    goes = account_links.invite_member(session, place, Part.OBSERVER, days=7, actor=actor, clock=clock)
    memberships.remove_member(session, place, lead.user_id, actor=None, clock=clock)
    assert account_links.living_link(session, stays.id, clock=clock) is not None
    assert account_links.living_link(session, goes.id, clock=clock) is None
    assert account_links.list_invitations(session, place, clock=clock) == ()


def test_an_administrator_who_leaves_an_engagement_still_invites_into_it(
    session: Session, lead: Actor, chief: Actor, clock: FixedClock
) -> None:
    place = east(session, lead)
    memberships.add_member(session, place, "chief", Part.LEAD, actor=chief, clock=clock)
    made = account_links.invite_member(session, place, Part.OBSERVER, days=7, actor=again(session, chief), clock=clock)
    memberships.remove_member(session, place, chief.user_id, actor=chief, clock=clock)
    assert accepted(session, made.id, clock).role is Role.READER


def test_links_of_the_command_line_have_no_maker_who_could_lose_anything(
    session: Session, lead: Actor, clock: FixedClock
) -> None:
    added(session, "bo", Role.READER, clock)
    into = account_links.invite_member(session, east(session, lead), Part.LEAD, days=7, actor=None, clock=clock)
    alone = account_links.invite(session, Role.EDITOR, days=7, actor=None, clock=clock)
    reset = account_links.reset_link(session, "bo", actor=None, clock=clock)
    accepted(session, into.id, clock)
    accepted(session, alone.id, clock, "li")
    assert account_links.choose_password(session, reset.id, CHOSEN, clock=clock).name == "bo"


def test_nobody_is_invited_into_an_archived_engagement(session: Session, lead: Actor, clock: FixedClock) -> None:
    place = east(session, lead)
    by_lead = invited(session, lead, clock)
    by_hand = account_links.invite_member(session, place, Part.OBSERVER, days=7, actor=None, clock=clock)
    archive_engagement(session, "east", clock)
    with pytest.raises(Invalid) as refused:
        invited(session, lead, clock)
    assert (refused.value.field, refused.value.code) == ("engagement", "archived")
    for made in (by_lead, by_hand):
        with pytest.raises(NotFound):
            accepted(session, made.id, clock)
    account_links.end_link(session, by_hand.id, engagement_id=place, actor=lead, clock=clock)
    restore_engagement(session, "east")
    assert memberships.parts_of(session, accepted(session, by_lead.id, clock).id) == {place: Part.EXECUTIVE}


def test_links_and_memberships_stand_in_the_trail_without_tokens_and_names(
    session: Session, lead: Actor, clock: FixedClock
) -> None:
    made = invited(session, lead, clock)
    user = accepted(session, made.id, clock)
    place = east(session, lead)
    memberships.change_part(session, place, user.id, Part.OBSERVER, actor=lead, clock=clock)
    memberships.remove_member(session, place, user.id, actor=lead, clock=clock)
    rows = session.execute(
        select(AuditEventRow.kind, AuditEventRow.user_id, AuditEventRow.engagement_id, AuditEventRow.details)
        .where(AuditEventRow.kind.like("link.%") | AuditEventRow.kind.like("member.%"))
        .order_by(AuditEventRow.id)
    ).all()
    kinds = [row.kind for row in rows if row.engagement_id == place]
    assert kinds[-5:] == ["link.made", "member.added", "link.used", "member.part", "member.removed"]
    assert not any(made.token in str(row.details) or "王" in str(row.details) for row in rows)
