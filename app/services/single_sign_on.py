"""Accounts and the identities by which a provider knows their holders: signing in, linking, unlinking, new accounts.

An identity is the pair of issuer and subject. Names and e-mail addresses link nothing: whoever may choose theirs at the
provider would choose somebody's account. An account has at most one identity of the provider, an identity one account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.services import account_links, accounts, second_factor, trail
from app.services.identity_provider import SignOnRefused
from app.services.permissions import Actor, Role
from app.services.refusals import Invalid
from app.services.sign_ins import Factors, Rules
from app.services.trail import Event
from app.storage import identities as store

if TYPE_CHECKING:
    from app.services.account_links import LinkView as LinkOfAccount
    from app.services.accounts import UserView
    from app.services.clock import Clock
    from app.services.token_checking import Identity
    from app.storage.database import Session

BY = Factors.OIDC.value
# refusals after the provider has vouched for somebody; what anybody could bring about would only fill the trail
TOLD_IN_TRAIL = frozenset({"untrusted", "weak", "unknown", "disabled", "taken", "linked", "another"})


@dataclass(frozen=True, slots=True)
class LinkView:
    """That an account is linked: since when, last used when (None: never), and whether it could do without."""

    since: datetime
    used_at: datetime | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class Names:
    """What a new account is called."""

    name: str
    display_name: str


def user_of(session: Session, identity: Identity) -> UserView:
    """Return whose account an identity opens. Raises SignOnRefused: unknown, disabled."""
    found = store.identity(session, identity.issuer, identity.subject)
    if found is None:
        raise SignOnRefused("unknown", "identity is linked to no account")
    user = accounts.user_of_id(session, found.user_id)
    if user.disabled:
        raise SignOnRefused("disabled", f"user {user.id}")
    return user


def admit(session: Session, identity: Identity, *, clock: Clock, rules: Rules, only: int | None = None) -> UserView:
    """Return whose sign-in may be started because the provider vouches for them, and note that the identity was used.

    `only`: the user whose identity it must be. Whoever needs a second factor here, or has set one up, gets in this way
    only if the provider was asked for a second factor and has shown it. Raises SignOnRefused: unknown, disabled, weak,
    another.
    """
    user = user_of(session, identity)
    if only is not None and user.id != only:
        raise SignOnRefused("another", f"user {user.id}")
    if not identity.strong and _needs_second_factor(session, user, rules):
        raise SignOnRefused("weak", "the settings ask the provider for no second factor")
    store.set_used(session, identity.issuer, identity.subject, clock())
    return user


def _needs_second_factor(session: Session, user: UserView, rules: Rules) -> bool:
    return user.role in rules.second_factor or second_factor.state_of(session, user.id) is not None


def link_of(session: Session, user_id: int, issuer: str) -> LinkView | None:
    """Return the link of a user's account to a provider; None if there is none."""
    found = store.identity_of(session, user_id, issuer)
    if found is None:
        return None
    return LinkView(found.created_at, found.used_at, accounts.user_of_id(session, user_id).has_password)


def link(session: Session, identity: Identity, user_id: int, *, actor: Actor | None, clock: Clock) -> None:
    """Let an identity open a user's account. Raises SignOnRefused: taken, linked.

    The caller has made sure that the holder of the account and of the identity are the same: both were proved just now.
    """
    known = store.identity(session, identity.issuer, identity.subject)
    if known is not None and known.user_id != user_id:
        raise SignOnRefused("taken", f"user {known.user_id}")
    if store.identity_of(session, user_id, identity.issuer) is not None:
        raise SignOnRefused("linked", f"user {user_id}")
    identity_id = store.insert_identity(session, user_id, issuer=identity.issuer, subject=identity.subject, at=clock())
    details = {"by": BY, "identity": identity_id}
    who = user_id if actor is None else actor
    trail.record(session, Event.IDENTITY_LINKED, actor=who, clock=clock, about=("user", user_id), details=details)


def unlink(session: Session, user_id: int, issuer: str, *, actor: Actor | None, clock: Clock) -> None:
    """Forget the identity of a user's account; Invalid where nothing else lets the user in, or where there is none."""
    found = store.identity_of(session, user_id, issuer)
    if found is None:
        raise Invalid("identity", "not-linked", "this account is not linked")
    if not accounts.user_of_id(session, user_id).has_password:
        raise Invalid("identity", "no-password", "without a password only the single sign-on opens this account")
    store.delete_identity(session, found.id)
    details = {"by": BY, "identity": found.id}
    trail.record(session, Event.IDENTITY_UNLINKED, actor=actor, clock=clock, about=("user", user_id), details=details)


def sign_up(session: Session, identity: Identity, *, names: Names, clock: Clock, rules: Rules) -> UserView:
    """Make a reader's account without a password for whom the provider vouches, and link it.

    The caller has asked the settings whether that is allowed. Raises SignOnRefused (taken, weak), Invalid, Taken.
    """
    if store.identity(session, identity.issuer, identity.subject) is not None:
        raise SignOnRefused("taken", "identity has an account")
    if Role.READER in rules.second_factor and not identity.strong:
        raise SignOnRefused("weak", "the settings ask the provider for no second factor")
    user = accounts.add_user(
        session, name=names.name, password=None, role=Role.READER, display_name=names.display_name, clock=clock
    )
    link(session, identity, user.id, actor=None, clock=clock)
    return user


def accept(
    session: Session,
    identity: Identity,
    invitation: LinkOfAccount,
    *,
    names: Names,
    clock: Clock,
    rules: Rules,
) -> UserView:
    """Make the account that an invitation is for, without a password, and link it; or link the one that it welcomes.

    Raises SignOnRefused (taken, weak), NotFound (the invitation has ended meanwhile), Invalid, Taken.
    """
    if store.identity(session, identity.issuer, identity.subject) is not None:
        raise SignOnRefused("taken", "identity has an account")
    role = invitation.role if invitation.user_id is None else accounts.user_of_id(session, invitation.user_id).role
    if role in rules.second_factor and not identity.strong:
        raise SignOnRefused("weak", "the settings ask the provider for no second factor")
    if invitation.user_id is not None:
        user = account_links.use_welcome(session, invitation.id, clock=clock)
    else:
        name, shown = names.name, names.display_name
        user = account_links.accept(session, invitation.id, name=name, display_name=shown, password=None, clock=clock)
    link(session, identity, user.id, actor=None, clock=clock)
    return user


def note_failure(session: Session, refused: SignOnRefused, *, user_id: int | None, clock: Clock) -> None:
    """Put into the trail that a single sign-on failed. `user_id`: who was signed in, if anybody was."""
    details = {"by": BY, "why": refused.code}
    trail.record(session, Event.SIGN_IN_FAILED, actor=user_id, clock=clock, details=details)
