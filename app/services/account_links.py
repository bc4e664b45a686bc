"""Links by which somebody comes to an account (invitation) or to a new password (reset): once, and for a while.

A link is a token of 256 bits that is shown to whoever makes it and to nobody else; the database holds its SHA-256. It
lives only while its maker may still make it: whoever opens or uses it has that asked again. One that is unknown, used,
ended or expired, or whose maker no longer may, is the same to whoever holds it: none.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from app.services import accounts, trail
from app.services.archiving import check_in_use, is_archived
from app.services.lines import one_line
from app.services.memberships import add_member
from app.services.permissions import Action, Actor, Part, Role, permitted_in
from app.services.refusals import Invalid, NotFound
from app.services.tokens import token_hash
from app.services.trail import Event, Where
from app.storage import account_links as store
from app.storage import accounts as account_store
from app.storage import memberships as membership_store

if TYPE_CHECKING:
    from app.services.accounts import UserView
    from app.services.clock import Clock
    from app.storage.database import Session

TOKEN_BYTES = 32
DAYS = (1, 3, 7, 14)  # how long an invitation may be good
USUAL_DAYS = 7
RESET_LASTS = timedelta(minutes=60)
LONGEST_LABEL = 80
# Whoever works on an engagement may begin one; a client's or a partner's people are nothing beyond their part.
ROLE_FOR: Mapping[Part, Role] = {
    Part.LEAD: Role.CONSULTANT,
    Part.CONSULTANT: Role.CONSULTANT,
    Part.OBSERVER: Role.READER,
    Part.EXECUTIVE: Role.READER,
}


class Kind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link that was just made. `token` is known now and never again."""

    id: int
    kind: Kind
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as whoever may end it sees it, and as what it opens."""

    id: int
    kind: Kind
    label: str | None
    role: Role | None
    engagement_id: int | None
    engagement_key: str | None
    part: Part | None
    user_id: int | None
    created_at: datetime
    expires_at: datetime
    expired: bool


def invite(
    session: Session, role: Role, *, days: int, actor: Actor | None, clock: Clock, label: str | None = None
) -> MadeLink:
    """Invite somebody to an account with a role, in no engagement yet. Invalid (days, label)."""
    expires_at, label = _expiry(days, clock), _label(label)
    return _made(session, Kind.INVITATION, expires_at, actor, clock, role=role.value, label=label)


def invite_member(
    session: Session,
    engagement_id: int,
    part: Part,
    *,
    days: int,
    actor: Actor | None,
    clock: Clock,
    label: str | None = None,
) -> MadeLink:
    """Invite somebody to a part in an engagement, with an account or to make one.

    Invalid (days, label; `engagement`: archived).
    """
    check_in_use(session, engagement_id)
    expires_at, label = _expiry(days, clock), _label(label)
    role = ROLE_FOR[part].value
    found = {"engagement_id": engagement_id, "part": part.value, "role": role, "label": label}
    return _made(session, Kind.INVITATION, expires_at, actor, clock, **found)


def welcome(session: Session, user: UserView, *, days: int, actor: Actor | None, clock: Clock) -> MadeLink:
    """Let a user who has no password yet choose one. Invalid (days)."""
    if user.has_password:
        raise Invalid("name", "password-there", "this account has a password; make a reset link", name=user.name)
    found = {"user_id": user.id, "role": user.role.value, "label": user.display_name}
    return _made(session, Kind.INVITATION, _expiry(days, clock), actor, clock, **found)


def reset_link(session: Session, name: str, *, actor: Actor | None, clock: Clock) -> MadeLink:
    """Let a user choose another password within the hour; earlier such links end.

    NotFound, also for a user whom `actor` may not help (None: the command line); Invalid for a disabled account.
    """
    user = accounts.get_user(session, name)
    if not may_reset(session, user, actor):
        raise NotFound("user", name)
    if user.disabled:
        raise Invalid("name", "user-disabled", "this user cannot sign in", name=user.name)
    store.end_links_of(session, user.id, clock())
    return _made(session, Kind.RESET, clock() + RESET_LASTS, actor, clock, user_id=user.id)


def may_reset(session: Session, user: UserView, actor: Actor | None) -> bool:
    """Tell whether `actor` may let a user choose another password.

    Administrators may for everybody. A lead may for those who are in no engagement but the lead's own and could do
    nothing that the lead cannot: so that nobody takes over an account of another client's.
    """
    if actor is None or actor.is_administrator:
        return True
    parts = membership_store.parts_of(session, user.id)
    if user.role in (Role.ADMINISTRATOR, Role.EDITOR) or user.id == actor.user_id or not parts:
        return False
    return all(actor.memberships.get(engagement_id) is Part.LEAD for engagement_id in parts)


def _expiry(days: int, clock: Clock) -> datetime:
    if days not in DAYS:
        raise Invalid("days", "unknown-days", f"a link is good for one of {', '.join(map(str, DAYS))} days")
    return clock() + timedelta(days=days)


def _label(label: str | None) -> str | None:
    return one_line(label or "", field="label", longest=LONGEST_LABEL) or None


def _made(
    session: Session, kind: Kind, expires_at: datetime, actor: Actor | None, clock: Clock, **values: object
) -> MadeLink:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = store.NewAccountLink(
        kind=kind.value,
        token_hash=token_hash(token),
        created_at=clock(),
        expires_at=expires_at,
        created_by=actor.user_id if actor else None,
        **values,  # type: ignore[arg-type] # the names are those of its fields
    )
    link_id = store.insert_link(session, link)
    details = {"kind": kind.value, "role": link.role, "part": link.part, "user": link.user_id}
    _tell(session, Event.LINK_MADE, link_id, link.engagement_id, actor, clock, details)
    return MadeLink(link_id, kind, token, expires_at)


def _tell(  # noqa: PLR0917 - one parameter per fact of an event
    session: Session,
    event: Event,
    link_id: int,
    engagement_id: int | None,
    actor: Actor | int | None,
    clock: Clock,
    details: Mapping[str, object] | None = None,
) -> None:
    where, about = Where(engagement_id), ("link", link_id)
    trail.record(session, event, actor=actor, clock=clock, where=where, about=about, details=details)


def link_of_token(session: Session, token: str, *, clock: Clock) -> int | None:
    """Return the id of the living link whose token this is; None for any other text."""
    found = store.link_by_hash(session, token_hash(token))
    return found.id if found is not None and _is_alive(session, found, clock()) else None


def living_link(session: Session, link_id: int, *, clock: Clock) -> LinkView | None:
    """Return a link that still opens something; None for any other."""
    found = store.link(session, link_id)
    return _view(found, clock) if found is not None and _is_alive(session, found, clock()) else None


def _is_alive(session: Session, link: store.AccountLinkRecord, now: datetime) -> bool:
    if link.used_at is not None or link.ended_at is not None or now >= link.expires_at:
        return False
    if link.engagement_id is not None and is_archived(session, link.engagement_id):
        return False
    return link.created_by is None or _may_still_make(session, link, link.created_by)


def _may_still_make(session: Session, link: store.AccountLinkRecord, maker_id: int) -> bool:
    """Tell whether the maker of a link could make it now, by the very rules that let them make it then."""
    found = account_store.user_by_id(session, maker_id)
    if found is None or found.disabled_at is not None:
        return False
    maker = accounts.acting_as(found, membership_store.parts_of(session, maker_id))
    if link.kind == Kind.RESET:
        return link.user_id is not None and may_reset(session, accounts.user_of_id(session, link.user_id), maker)
    action = Action.ADMINISTER if link.engagement_id is None else Action.MANAGE
    return permitted_in(maker, link.engagement_id, action)


def _view(link: store.AccountLinkRecord, clock: Clock) -> LinkView:
    return LinkView(
        link.id,
        Kind(link.kind),
        link.label,
        Role(link.role) if link.role else None,
        link.engagement_id,
        link.engagement_key,
        Part(link.part) if link.part else None,
        link.user_id,
        link.created_at,
        link.expires_at,
        clock() >= link.expires_at,
    )


def list_invitations(session: Session, engagement_id: int | None, *, clock: Clock) -> tuple[LinkView, ...]:
    """Return the unused invitations into an engagement (None: to the installation), newest first, expired ones too."""
    return tuple(_view(one, clock) for one in store.open_links(session, Kind.INVITATION, engagement_id))


def end_link(session: Session, link_id: int, *, engagement_id: int | None, actor: Actor | None, clock: Clock) -> None:
    """End an unused invitation into an engagement (None: to the installation) at once; NotFound."""
    found = store.link(session, link_id)
    if found is None or found.engagement_id != engagement_id or found.kind != Kind.INVITATION:
        raise NotFound("link", link_id)
    if store.end_link(session, link_id, clock()):
        _tell(session, Event.LINK_ENDED, link_id, engagement_id, actor, clock)


def accept(
    session: Session,
    link_id: int,
    *,
    name: str,
    display_name: str,
    password: str | None,
    clock: Clock,
    breached: Path | None = None,
) -> UserView:
    """Make the account that an invitation is for and return it; NotFound, Invalid (name, display_name, password).

    Without a password a single sign-on must follow.
    """
    link = _open_invitation(session, link_id, clock)
    if link.role is None:
        raise NotFound("link", link_id)
    added = accounts.add_user(
        session,
        name=name,
        password=password,
        role=link.role,
        clock=clock,
        display_name=display_name,
        breached=breached,
    )
    return _entered(session, link, added, clock)


def join(session: Session, link_id: int, actor: Actor, *, clock: Clock) -> UserView:
    """Take an invitation into an engagement with the account that one has; NotFound, Invalid."""
    link = _open_invitation(session, link_id, clock)
    if link.engagement_id is None:
        raise NotFound("link", link_id)
    return _entered(session, link, accounts.get_user(session, actor.name), clock)


def use_welcome(session: Session, link_id: int, *, clock: Clock) -> UserView:
    """Use up the link of a user who has no password and does without one, and return the user; NotFound."""
    link = living_link(session, link_id, clock=clock)
    if link is None or link.kind is not Kind.INVITATION or link.user_id is None:
        raise NotFound("link", link_id)
    return _entered(session, link, accounts.user_of_id(session, link.user_id), clock)


def choose_password(
    session: Session, link_id: int, password: str, *, clock: Clock, breached: Path | None = None
) -> UserView:
    """Give the user of a link the password of their choice; every sign-in of theirs ends. NotFound, Invalid."""
    link = living_link(session, link_id, clock=clock)
    if link is None or link.user_id is None:
        raise NotFound("link", link_id)
    user = accounts.user_of_id(session, link.user_id)
    if not store.use_link(session, link.id, user.id, clock()):
        raise NotFound("link", link_id)
    accounts.set_password(session, user.name, password, clock, breached=breached)
    _tell(session, Event.LINK_USED, link.id, None, user.id, clock)
    return user


def _open_invitation(session: Session, link_id: int, clock: Clock) -> LinkView:
    link = living_link(session, link_id, clock=clock)
    if link is None or link.kind is not Kind.INVITATION or link.user_id is not None:
        raise NotFound("link", link_id)
    return link


def _entered(session: Session, link: LinkView, user: UserView, clock: Clock) -> UserView:
    if not store.use_link(session, link.id, user.id, clock()):
        raise NotFound("link", link.id)  # somebody else was quicker
    if link.engagement_id is not None and link.part is not None:
        add_member(session, link.engagement_id, user.name, link.part, actor=None, clock=clock)
    _tell(session, Event.LINK_USED, link.id, link.engagement_id, user.id, clock)
    return user
