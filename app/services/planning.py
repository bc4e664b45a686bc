"""Planning interviews: who is still to be asked, when who is met, and what an assessment sets for its interviews.

An appointment is an interview in state draft; it is made, changed and archived by `interviewing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING

from app.core.case import State
from app.core.panel import Asking, Panel, Reach, Suggestion, panel_of, reaches, strongest, who_to_ask
from app.core.questionnaire import Mode, Role
from app.core.text import Text
from app.services import trail
from app.services.answering import WRITABLE
from app.services.engagements import assessment_record
from app.services.findings import refuse_closed
from app.services.interview_sheet import Mark, Sheet, read_agreed, read_sheet
from app.services.interviewing import archive_interview, list_interviews, questionnaires_for, workplace
from app.services.pinning import pinned_framework
from app.services.refusals import Invalid
from app.storage import assessments
from app.storage import interviews as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Capability, Framework
    from app.core.questionnaire import Questionnaire
    from app.services.clock import Clock
    from app.services.interviewing import Workplace
    from app.storage.database import Session
    from app.storage.interviews import InterviewRecord

LENGTH = timedelta(hours=1)  # how long an appointment is taken to last: for clashes, and in calendars
FEWEST_ROLES, MOST_ROLES = 1, 9
_JOINED = re.compile(r"[、,，;；/]")


# --- what an assessment sets for its interviews --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settings:
    """What an assessment sets for its interviews; `minimum_roles` None: as the framework says."""

    minimum_roles: int | None
    shows_previous: bool


def minimum_roles(session: Session, assessment_id: int) -> int:
    """Return how many independent roles every element of an assessment needs: its own setting, else the framework's.

    Raises NotFound.
    """
    record = assessment_record(session, assessment_id)
    if record.minimum_roles is not None:
        return record.minimum_roles
    return pinned_framework(session, record.framework_snapshot_id).agreement.minimum_roles


def settings_of(session: Session, assessment_id: int) -> Settings:
    """Return what an assessment sets for its interviews; raises NotFound."""
    record = assessment_record(session, assessment_id)
    return Settings(record.minimum_roles, record.shows_previous)


def change_settings(session: Session, assessment_id: int, settings: Settings) -> None:
    """Store what an assessment sets for its interviews; raises NotFound, Invalid (archived, published; not 1 to 9)."""
    record = assessment_record(session, assessment_id)
    refuse_closed(session, assessment_id)
    wanted = settings.minimum_roles
    if wanted is not None and not FEWEST_ROLES <= wanted <= MOST_ROLES:
        message = f"a minimum of roles is {FEWEST_ROLES} to {MOST_ROLES}"
        raise Invalid("minimum_roles", "out-of-range", message, low=str(FEWEST_ROLES), high=str(MOST_ROLES))
    assessments.update_assessment(session, assessment_id, minimum_roles=wanted, shows_previous=settings.shows_previous)
    where = trail.Where(record.engagement_id, assessment_id)
    trail.note(session, trail.Event.ASSESSMENT_CHANGED, where=where, details={"act": "settings"})


# --- who is still to be asked --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One role of the matrix: how many elements the questionnaire asks it about, and its interviews in use.

    `extra`: the chosen questionnaire does not know the role, an interview has it all the same.
    """

    role: Role
    asked: int
    sheets: tuple[Sheet, ...]
    extra: bool = False

    @property
    def planned(self) -> tuple[Sheet, ...]:
        """The interviews that are planned and not begun."""
        return tuple(sheet for sheet in self.sheets if is_planned(sheet))


@dataclass(frozen=True, slots=True)
class Cell:
    """How far the asking of one role about one element is, and the interview that came so far, if any."""

    asking: Asking
    interview: int | None = None


@dataclass(frozen=True)
class Plan:
    """Who is asked about what in an assessment, as one questionnaire would have it.

    `panels` in the order of the framework's elements; `cells` by element, then by role.
    """

    place: Workplace
    questionnaires: tuple[Questionnaire, ...]
    questionnaire: Questionnaire | None
    minimum: int
    columns: tuple[Column, ...]
    cells: Mapping[str, Mapping[str, Cell]]
    panels: tuple[Panel, ...]
    sheets: tuple[Sheet, ...]

    @cached_property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Whom to ask next, the most useful first."""
        return who_to_ask(self.panels, self.minimum, [column.role.id for column in self.columns])

    @cached_property
    def reaches(self) -> Mapping[Reach, tuple[str, ...]]:
        """The elements by how they stand to the minimum."""
        return reaches(self.panels, self.minimum)

    @property
    def appointments(self) -> tuple[Sheet, ...]:
        """What is planned and led by a consultant, by time; those without one last."""
        planned = [sheet for sheet in self.sheets if is_appointment(sheet)]
        return tuple(sorted(planned, key=_by_time))

    def column(self, role: str) -> Column | None:
        """Return the column of a role; None if there is none."""
        return next((column for column in self.columns if column.role.id == role), None)


def is_planned(sheet: Sheet) -> bool:
    """Tell whether an interview is planned and nothing of it is held yet."""
    return sheet.interview.state == "draft" and not any(line.answer for line in sheet.lines)


def is_appointment(sheet: Sheet) -> bool:
    """Tell whether a planned interview is to be led by a consultant; a self-assessment with a time is, too."""
    led = sheet.questionnaire is None or sheet.questionnaire.mode is Mode.INTERVIEW
    return is_planned(sheet) and sheet.interview.archived_at is None and (led or sheet.interview.starts_at is not None)


def _by_time(sheet: Sheet) -> tuple[date, float, int]:
    """Order by day and time; a day without a time stands after its times, what has neither at the end."""
    one = sheet.interview
    if one.starts_at is not None:
        return one.starts_at.astimezone().date(), one.starts_at.timestamp(), one.id
    return one.date or date.max, inf, one.id


def read_plan(session: Session, assessment_id: int, library: Library, questionnaire: str | None = None) -> Plan:
    """Return the plan of an assessment; raises NotFound.

    `questionnaire` is an `id@version` that fits; without one, or with another, the first interview guide that fits.
    """
    place = workplace(session, assessment_id)
    framework = place.framework
    fitting = questionnaires_for(library, framework)
    guide = next((one for one in fitting if one.reference == questionnaire), fitting[0] if fitting else None)
    sheets = tuple(sheet for sheet in list_interviews(session, assessment_id) if sheet.interview.archived_at is None)
    columns = _columns(framework, guide, sheets)
    asked = {column.role.id: _asked(framework, guide, column) for column in columns}
    come = {column.role.id: {sheet.interview.id: _come(sheet) for sheet in column.sheets} for column in columns}
    cells = {leaf.id: {role: _cell(leaf, asked[role], come[role]) for role in asked} for leaf in framework.leaves}
    heard_only = [column.role.id for column in columns if column.role.weight == 0]
    agreed = read_agreed(session, assessment_id, framework)
    settled = {
        element
        for element, decided in agreed.items()
        if decided.state in (State.SCORED, State.INFERRED, State.NOT_APPLICABLE)
    }
    return Plan(
        place=place,
        questionnaires=fitting,
        questionnaire=guide,
        minimum=minimum_roles(session, assessment_id),
        columns=columns,
        cells=cells,
        panels=tuple(
            panel_of(
                leaf.id,
                {role: cell.asking for role, cell in cells[leaf.id].items()},
                heard_only=heard_only,
                settled=leaf.id in settled,
            )
            for leaf in framework.leaves
        ),
        sheets=sheets,
    )


def _columns(framework: Framework, guide: Questionnaire | None, sheets: Sequence[Sheet]) -> tuple[Column, ...]:
    known = {role.id: role for role in guide.roles} if guide else {}
    others = {
        sheet.interview.role: sheet.role or Role(sheet.interview.role, Text(en=sheet.interview.role))
        for sheet in sheets
        if sheet.interview.role not in known
    }
    return tuple(
        Column(
            role,
            sum(item.element in framework for item in guide.items_for(role.id)) if guide and role.id in known else 0,
            tuple(sheet for sheet in sheets if sheet.interview.role == role.id),
            extra=role.id not in known,
        )
        for role in (*known.values(), *others.values())
    )


def _asked(framework: Framework, guide: Questionnaire | None, column: Column) -> frozenset[str]:
    if guide is None or column.extra:
        return frozenset()
    return frozenset(item.element for item in guide.items_for(column.role.id) if item.element in framework)


_ANSWERED = {
    Mark.SCORED: Asking.SCORED,
    Mark.NOT_APPLICABLE: Asking.NOT_APPLICABLE,
    Mark.PROBLEM: Asking.NOT_APPLICABLE,
    Mark.UNKNOWN: Asking.UNKNOWN,
}


def _come(sheet: Sheet) -> dict[str, Asking]:
    """Return how far one interview has come with each element; those it does not ask, or no longer, are absent."""
    if is_planned(sheet):  # a condition may still come true: all of it may be asked
        return {line.element.id: Asking.PLANNED for line in sheet.lines}
    under_way = sheet.interview.state in WRITABLE
    come = {}
    for line in sheet.lines:
        if line.mark in _ANSWERED:
            come[line.element.id] = _ANSWERED[line.mark]
        elif under_way and line.mark is not Mark.OUT_OF_SCOPE:
            come[line.element.id] = Asking.BEGUN
    return come


def _cell(leaf: Capability, asked: frozenset[str], interviews: Mapping[int, Mapping[str, Asking]]) -> Cell:
    come = {one: elements[leaf.id] for one, elements in interviews.items() if leaf.id in elements}
    furthest = strongest(come.values())
    if furthest is Asking.NOT_ASKED:
        return Cell(Asking.ASKED if leaf.id in asked else Asking.NOT_ASKED)
    return Cell(furthest, next(one for one, asking in come.items() if asking is furthest))


# --- appointments --------------------------------------------------------------------------------------------------


def cancel_appointment(session: Session, interview_id: int, clock: Clock) -> None:
    """Take an interview that is planned out of use; it can be restored. Raises NotFound, Invalid (it was begun)."""
    if not is_planned(read_sheet(session, interview_id)):
        raise Invalid("interview", "interview-begun", f"interview {interview_id} was begun; archive it instead")
    archive_interview(session, interview_id, clock)


def clashes(session: Session, engagement_id: int) -> dict[int, tuple[InterviewRecord, ...]]:
    """Return the appointments of an engagement that one interviewer cannot all keep: by interview, the others.

    Two clash when they begin less than `LENGTH` apart and share an interviewer; `张三、李四` are two.
    """
    found: dict[int, list[InterviewRecord]] = {}
    for one, other in combinations(store.appointments_of(session, engagement_id), 2):
        if one.starts_at is None or other.starts_at is None or other.starts_at - one.starts_at >= LENGTH:
            continue
        if interviewers(one.interviewer) & interviewers(other.interviewer):
            found.setdefault(one.id, []).append(other)
            found.setdefault(other.id, []).append(one)
    return {interview_id: tuple(others) for interview_id, others in found.items()}


def interviewers(label: str | None) -> frozenset[str]:
    """Return the people that an interviewer's label names, to compare them."""
    names = (" ".join(name.split()).casefold() for name in _JOINED.split(label or ""))
    return frozenset(name for name in names if name)
