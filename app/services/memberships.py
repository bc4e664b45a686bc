"""Who belongs to an engagement, and as what. Every engagement that has members keeps a lead who can sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.services import trail
from app.services.accounts import UserView, get_user, list_users
from app.services.archiving import check_in_use
from app.services.clock import Clock
from app.services.permissions import Actor, Part, Role
from app.services.refusals import Invalid, NotFound
from app.services.trail import Event, Where
from app.services.walls import check_engagement
from app.storage import account_links
from app.storage import memberships as store
from app.storage.database import Session

# an account without rights of its own is a client's or a partner's: it looks, it does not work on the engagement
PARTS_OF_READERS = frozenset({Part.OBSERVER, Part.EXECUTIVE})
COLLEAGUES = frozenset({Role.CONSULTANT, Role.EDITOR})  # the firm's own people, who may know of each other


@dataclass(frozen=True, slots=True)
class Member:
    """A user in an engagement."""

    user_id: int
    name: str
    display_name: str
    role: Role
    part: Part
    since: datetime
    disabled: bool


def list_members(session: Session, engagement_id: int) -> tuple[Member, ...]:
    """Return the members of an engagement by name; NotFound if it does not exist for whoever asks."""
    check_engagement(session, engagement_id, what="engagement", key=engagement_id)
    return tuple(
        Member(
            record.user_id,
            record.name,
            record.display_name,
            Role(record.role),
            Part(record.part),
            record.created_at,
            record.disabled_at is not None,
        )
        for record in store.members(session, engagement_id)
    )


def parts_of(session: Session, user_id: int) -> dict[int, Part]:
    """Return what a user is in which engagement, by engagement id."""
    return {engagement_id: Part(part) for engagement_id, part in store.parts_of(session, user_id).items()}


def add_member(
    session: Session, engagement_id: int, name: str, part: Part, *, actor: Actor | None, clock: Clock
) -> Member:
    """Make the user of that name a member.

    NotFound for an unknown name; Invalid (`name`: member-already, user-disabled; `part`: part-too-much; `engagement`:
    archived).
    """
    check_in_use(session, engagement_id)
    user = get_user(session, name)
    if any(member.user_id == user.id for member in list_members(session, engagement_id)):
        raise Invalid("name", "member-already", "this user is a member already", name=user.name)
    if user.disabled:
        raise Invalid("name", "user-disabled", "this user cannot sign in", name=user.name)
    _check_part(user.role, part)
    by = None if actor is None else actor.user_id
    store.insert_membership(session, engagement_id, user.id, part=part, at=clock(), by=by)
    _tell(session, Event.MEMBER_ADDED, engagement_id, user.id, actor, clock, {"part": part.value})
    return _member(session, engagement_id, user.id)


def list_candidates(session: Session, engagement_id: int, actor: Actor) -> tuple[UserView, ...]:
    """Return the accounts that `actor` may make members: administrators all, leads those of their colleagues.

    Other clients' people come by invitation, so that nobody learns from a list, or by trying names, who they are.
    """
    members = {member.user_id for member in list_members(session, engagement_id)}
    return tuple(
        user
        for user in list_users(session)
        if user.id not in members
        and not user.disabled
        and user.role is not Role.ADMINISTRATOR
        and (actor.is_administrator or user.role in COLLEAGUES)
    )


def take_in(session: Session, engagement_id: int, name: str, part: Part, *, actor: Actor, clock: Clock) -> Member:
    """Make a candidate a member; Invalid (`name`: no-candidate; `part`: part-too-much)."""
    if name not in {user.name for user in list_candidates(session, engagement_id, actor)}:
        raise Invalid("name", "no-candidate", "choose one of the accounts that are offered")
    return add_member(session, engagement_id, name, part, actor=actor, clock=clock)


def change_part(
    session: Session, engagement_id: int, user_id: int, part: Part, *, actor: Actor | None, clock: Clock
) -> Member:
    """Give a member another part; Invalid (`part`: part-too-much, last-lead; `engagement`: archived), NotFound."""
    check_in_use(session, engagement_id)
    member = _member(session, engagement_id, user_id)
    _check_part(member.role, part)
    if part is not Part.LEAD:
        _keep_a_lead(session, engagement_id, member)
        _end_links(session, engagement_id, member, clock)
    store.update_part(session, engagement_id, user_id, part)
    details = {"from": member.part.value, "to": part.value}
    _tell(session, Event.MEMBER_CHANGED, engagement_id, user_id, actor, clock, details)
    return _member(session, engagement_id, user_id)


def remove_member(session: Session, engagement_id: int, user_id: int, *, actor: Actor | None, clock: Clock) -> Member:
    """End a membership and return what it was; Invalid (`part`: last-lead), NotFound."""
    member = _member(session, engagement_id, user_id)
    _keep_a_lead(session, engagement_id, member)
    _end_links(session, engagement_id, member, clock)
    store.delete_membership(session, engagement_id, user_id)
    _tell(session, Event.MEMBER_REMOVED, engagement_id, user_id, actor, clock, {"part": member.part.value})
    return member


def _tell(  # noqa: PLR0917 - one parameter per fact of an event
    session: Session,
    event: Event,
    engagement_id: int,
    user_id: int,
    actor: Actor | None,
    clock: Clock,
    details: Mapping[str, object],
) -> None:
    where, about = Where(engagement_id), ("user", user_id)
    trail.record(session, event, actor=actor, clock=clock, where=where, about=about, details=details)


def _member(session: Session, engagement_id: int, user_id: int) -> Member:
    for member in list_members(session, engagement_id):
        if member.user_id == user_id:
            return member
    raise NotFound("member", user_id)


def _check_part(role: Role, part: Part) -> None:
    if role is Role.READER and part not in PARTS_OF_READERS:
        raise Invalid("part", "part-too-much", "a reader's account can only be an observer or an executive")


def _end_links(session: Session, engagement_id: int, leaving: Member, clock: Clock) -> None:
    """End the links that a lead made by this part; administrators made theirs as such."""
    if leaving.role is not Role.ADMINISTRATOR:
        account_links.end_links_made_by(session, leaving.user_id, clock(), engagement_id=engagement_id)


def _keep_a_lead(session: Session, engagement_id: int, leaving: Member) -> None:
    if leaving.part is not Part.LEAD:
        return
    leads = [one for one in list_members(session, engagement_id) if one.part is Part.LEAD and not one.disabled]
    if not any(one.user_id != leaving.user_id for one in leads):
        raise Invalid("part", "last-lead", "the last lead of an engagement stays; make somebody else lead first")
