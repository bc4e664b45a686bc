"""Who may do what: two matrices and one predicate for every route (docs/permissions.md is the same in words).

An account has a role in the installation and, by membership, a part in each engagement. Commands of the command line
act for whoever can log in to the machine and are not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.services.refusals import Refused


class Role(StrEnum):
    """What an account is to this installation."""

    ADMINISTRATOR = "administrator"
    CONSULTANT = "consultant"  # may begin engagements
    EDITOR = "editor"  # revises frameworks, questionnaires, weights
    READER = "reader"  # nothing by itself: memberships decide


class Part(StrEnum):
    """What an account is in one engagement."""

    LEAD = "lead"  # runs the engagement
    CONSULTANT = "consultant"  # holds interviews, agrees, writes findings
    OBSERVER = "observer"  # reads the work, not who said what
    EXECUTIVE = "executive"  # reads published results and their reports


class Action(StrEnum):
    """What a request does. Every view names exactly one."""

    ENTER = "enter"  # pages for everybody: signing in, language, static files, health
    READ = "read"  # look at the work of an engagement; outside of one at content, help, own account
    RESULTS = "results"  # look at results: portfolio, assessments, comparisons (executives: published ones)
    REPORT = "report"  # ask for a report and fetch it
    ANSWER = "answer"  # hold interviews and read them: who said what, notes, sources, evidence files
    AGREE = "agree"  # set agreed scores and findings, word the sentences of reports
    EXPORT = "export"  # take an assessment out as a file
    EDIT = "edit"  # create, change, archive and restore units, rounds, assessments; import cases
    MANAGE = "manage"  # run an engagement: members, publishing, its trail, erasing names, taking all of it out
    CREATE = "create"  # begin an engagement
    REVISE = "revise"  # draft and publish frameworks, questionnaires and weight profiles
    ADMINISTER = "administer"  # accounts, the whole trail, erasing engagements


INSTALLATION = frozenset({Action.ENTER, Action.CREATE, Action.REVISE, Action.ADMINISTER})
ANYBODY = frozenset({Action.ENTER})
SIGNED_IN = frozenset({Action.ENTER, Action.READ, Action.RESULTS, Action.REPORT})
EVERYTHING = frozenset(Action)
OF_ROLE: Mapping[Role, frozenset[Action]] = {
    Role.READER: SIGNED_IN,
    Role.EDITOR: SIGNED_IN | {Action.REVISE},
    Role.CONSULTANT: SIGNED_IN | {Action.CREATE},
    Role.ADMINISTRATOR: EVERYTHING,
}
OF_EXECUTIVE = frozenset({Action.RESULTS, Action.REPORT})
OF_OBSERVER = OF_EXECUTIVE | {Action.READ}
OF_CONSULTANT = OF_OBSERVER | {Action.ANSWER, Action.AGREE, Action.EXPORT}
OF_PART: Mapping[Part, frozenset[Action]] = {
    Part.EXECUTIVE: OF_EXECUTIVE,
    Part.OBSERVER: OF_OBSERVER,
    Part.CONSULTANT: OF_CONSULTANT,
    Part.LEAD: OF_CONSULTANT | {Action.EDIT, Action.MANAGE},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a signed-in user with the parts that memberships give, by engagement id.

    `part` is the one in the engagement that the request is about; None outside of any.
    """

    user_id: int
    name: str
    display_name: str
    role: Role
    memberships: Mapping[int, Part] = field(default_factory=dict)
    part: Part | None = None

    @property
    def is_administrator(self) -> bool:
        """Tell whether every engagement is open to this user."""
        return self.role is Role.ADMINISTRATOR

    @property
    def actions(self) -> frozenset[Action]:
        """What this user may do here: in the engagement that the request is about, or outside of any."""
        of_role = OF_ROLE[self.role]
        if self.part is None or self.is_administrator:
            return of_role
        return (of_role & INSTALLATION) | OF_PART[self.part]

    def sees(self, engagement_id: int) -> bool:
        """Tell whether that engagement exists for this user."""
        return self.is_administrator or engagement_id in self.memberships

    def within(self, engagement_id: int) -> Actor:
        """Return this user as they act in an engagement that they see; ValueError in another."""
        if self.is_administrator:
            return self
        if engagement_id not in self.memberships:
            raise ValueError(f"{self.name} has no part in engagement {engagement_id}")
        return replace(self, part=self.memberships[engagement_id])


class NotPermitted(Refused):
    """The actor may not do this. `signed_in` tells a stranger from a user without the right."""

    def __init__(self, actor: Actor | None, action: Action) -> None:
        self.signed_in = actor is not None
        self.action = action
        super().__init__("not-permitted", f"{actor.name if actor else 'nobody'} may not {action}", action=action)


def permitted(actor: Actor | None, action: Action) -> bool:
    """Tell whether `actor` (None: nobody signed in) may do `action` where they stand."""
    return action in (ANYBODY if actor is None else actor.actions)


def permitted_somewhere(actor: Actor | None, action: Action) -> bool:
    """Tell whether `actor` may do `action` outside of engagements or in any of theirs: for pages that lead there."""
    if permitted(actor, action):
        return True
    return actor is not None and any(action in OF_PART[part] for part in actor.memberships.values())


def permitted_in(actor: Actor | None, engagement_id: int | None, action: Action) -> bool:
    """Tell whether `actor` may do `action` in an engagement: for lines about several; None: outside of any."""
    if actor is None or engagement_id is None:
        return permitted(actor, action)
    return actor.sees(engagement_id) and permitted(actor.within(engagement_id), action)


def require(actor: Actor | None, action: Action) -> None:
    """Raise NotPermitted unless `actor` may do `action` where they stand."""
    if not permitted(actor, action):
        raise NotPermitted(actor, action)
