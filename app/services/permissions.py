"""Who may do what: one matrix and one predicate for every route (docs/permissions.md is the same in words).

Commands of the command line act for whoever can log in to the machine and are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.services.refusals import Refused


class Role(StrEnum):
    """What a user is to this installation."""

    ADMINISTRATOR = "administrator"
    CONSULTANT = "consultant"
    EDITOR = "editor"
    READER = "reader"


class Action(StrEnum):
    """What a request does. Every view names exactly one."""

    ENTER = "enter"  # pages for everybody: signing in, language, static files, health
    READ = "read"  # look at engagements, assessments, comparisons, content, own account
    ANSWER = "answer"  # hold interviews and read them: who said what, notes, sources, evidence files
    AGREE = "agree"  # set agreed scores and findings, word the sentences of reports
    EDIT = "edit"  # create, change, archive and restore engagements, units, rounds, assessments; import cases
    EXPORT = "export"  # take an assessment out as a file
    REPORT = "report"  # ask for a report and fetch it
    REVISE = "revise"  # draft and publish frameworks, questionnaires and weight profiles
    ADMINISTER = "administer"  # users


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a signed-in user."""

    user_id: int
    name: str
    display_name: str
    role: Role


READER_ACTIONS = frozenset({Action.ENTER, Action.READ, Action.REPORT})
CONSULTANT_ACTIONS = READER_ACTIONS | {Action.ANSWER, Action.AGREE, Action.EDIT, Action.EXPORT}
MATRIX: dict[Role, frozenset[Action]] = {
    Role.READER: READER_ACTIONS,
    Role.EDITOR: READER_ACTIONS | {Action.REVISE},
    Role.CONSULTANT: CONSULTANT_ACTIONS,
    Role.ADMINISTRATOR: CONSULTANT_ACTIONS | {Action.REVISE, Action.ADMINISTER},
}
ANONYMOUS_ACTIONS = frozenset({Action.ENTER})


class NotPermitted(Refused):
    """The actor may not do this. `signed_in` tells a stranger from a user without the right."""

    def __init__(self, actor: Actor | None, action: Action) -> None:
        self.signed_in = actor is not None
        self.action = action
        super().__init__("not-permitted", f"{actor.name if actor else 'nobody'} may not {action}", action=action)


def permitted(actor: Actor | None, action: Action) -> bool:
    """Tell whether `actor` (None: nobody signed in) may do `action`."""
    return action in (ANONYMOUS_ACTIONS if actor is None else MATRIX[actor.role])


def require(actor: Actor | None, action: Action) -> None:
    """Raise NotPermitted unless `actor` may do `action`."""
    if not permitted(actor, action):
        raise NotPermitted(actor, action)
