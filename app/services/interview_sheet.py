"""One interview to look at and to go through: what is asked, what is answered, how far it is, where to go on.

Counts states, never positions. Knows no wording and no address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from app.core.case import AgreedScore, State
from app.core.questionnaire import Role
from app.core.relevance import asked_elements
from app.core.rotation import rotated
from app.services.answering import questionnaire_of, why_closed
from app.services.assessing import answer as answer_of
from app.services.assessing import at_elements
from app.services.pinning import pinned_framework
from app.services.refusals import NotFound
from app.storage import assessments, interviews

if TYPE_CHECKING:
    from datetime import datetime

    from app.core.framework import Capability, Framework
    from app.core.questionnaire import Item, Questionnaire
    from app.storage.database import Session
    from app.storage.interviews import AnswerRecord, InterviewRecord


class Mark(StrEnum):
    """How one element stands in an interview."""

    OPEN = "open"
    STARTED = "started"  # something is noted, nothing is decided
    SCORED = "scored"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"
    PROBLEM = "problem"  # not applicable without its reason
    OUT_OF_SCOPE = "out-of-scope"  # its `when` is false; an answer is kept, not counted


class Standing(StrEnum):
    """How far a part of an interview is."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Line:
    """One element of an interview; `item` is None where the questionnaire does not speak of it."""

    element: Capability
    item: Item | None
    mark: Mark
    answer: AnswerRecord | None
    score: Fraction | None
    for_role: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of elements by state; `total` without those out of scope."""

    total: int
    scored: int
    not_applicable: int
    unknown: int
    started: int
    problems: int

    @property
    def done(self) -> int:
        """How many elements are decided."""
        return self.scored + self.not_applicable + self.unknown

    @property
    def standing(self) -> Standing:
        """How far this part is; a problem outweighs everything."""
        if self.problems:
            return Standing.PROBLEM
        if self.done == self.total:
            return Standing.COMPLETED
        return Standing.IN_PROGRESS if self.done or self.started else Standing.NOT_STARTED


def progress_of(lines: Sequence[Line]) -> Progress:
    """Return the counts of these elements."""
    marks = [line.mark for line in lines]
    return Progress(
        total=len(marks) - marks.count(Mark.OUT_OF_SCOPE),
        scored=marks.count(Mark.SCORED),
        not_applicable=marks.count(Mark.NOT_APPLICABLE),
        unknown=marks.count(Mark.UNKNOWN),
        started=marks.count(Mark.STARTED),
        problems=marks.count(Mark.PROBLEM),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """The elements under one capability; `node` is None when the framework has a single tier."""

    node: Capability | None
    lines: tuple[Line, ...]

    @property
    def progress(self) -> Progress:
        """How far this group is."""
        return progress_of(self.lines)


@dataclass(frozen=True, slots=True)
class Section:
    """A capability of the first tier with its groups; `node` is None when the framework has a single tier."""

    node: Capability | None
    groups: tuple[Group, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every element of the section, in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def progress(self) -> Progress:
        """How far this section is."""
        return progress_of(self.lines)


@dataclass(frozen=True)
class Sheet:
    """One interview in full. `everything`: also what other roles are asked."""

    interview: InterviewRecord
    framework: Framework
    questionnaire: Questionnaire | None
    role: Role | None
    everything: bool
    sections: tuple[Section, ...]
    closed: str | None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every element, in the order of asking."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group, in the order of asking."""
        return tuple(group for section in self.sections for group in section.groups)

    @property
    def progress(self) -> Progress:
        """How far the interview is."""
        return progress_of(self.lines)

    @property
    def saved_at(self) -> datetime | None:
        """When an answer was last saved; None before the first."""
        return max((line.answer.updated_at for line in self.lines if line.answer), default=None)

    def line(self, element: str) -> Line:
        """Return one element; NotFound if it is not asked in this view of the interview."""
        for line in self.lines:
            if line.element.id == element:
                return line
        raise NotFound("element", element)

    def group(self, node_id: str | None) -> Group:
        """Return one group; NotFound if nothing of it is asked."""
        for group in self.groups:
            if (group.node.id if group.node else None) == node_id:
                return group
        raise NotFound("group", node_id)

    def neighbours(self, element: str) -> tuple[Line | None, Line | None]:
        """Return the elements asked before and after this one; those out of scope are passed over."""
        place = self.lines.index(self.line(element))
        asked = [line for line in self.lines if line.mark is not Mark.OUT_OF_SCOPE]
        before = [line for line in self.lines[:place] if line in asked]
        after = [line for line in self.lines[place + 1 :] if line in asked]
        return (before[-1] if before else None), (after[0] if after else None)

    @property
    def resume(self) -> Line | None:
        """Where to go on: the first undecided element after the one saved last, else the first undecided at all."""
        answered = [line for line in self.lines if line.answer]
        last = max(answered, key=lambda line: line.answer.updated_at if line.answer else 0, default=None)
        start = self.lines.index(last) if last else 0
        ordered = self.lines[start:] + self.lines[:start]
        undecided = (line for line in ordered if line.mark in (Mark.OPEN, Mark.STARTED, Mark.PROBLEM))
        return next(undecided, last or next(iter(self.lines), None))


def read_sheet(session: Session, interview_id: int, *, everything: bool = False) -> Sheet:
    """Return an interview with all answers; raises NotFound."""
    record = interviews.interview(session, interview_id)
    if record is None:
        raise NotFound("interview", interview_id)
    answers = interviews.answers_of(session, [interview_id])[interview_id]
    framework = pinned_framework(session, record.framework_snapshot_id)
    return lay_out(
        record,
        framework,
        questionnaire_of(session, record),
        answers,
        agreed=read_agreed(session, record.assessment_id, framework),
        everything=everything,
    )


def read_agreed(session: Session, assessment_id: int, framework: Framework) -> dict[str, AgreedScore]:
    """Return what is agreed about the elements of an assessment, as far as conditions ask for it: state and score."""
    stored = at_elements(framework, assessments.agreed_scores(session, [assessment_id])[assessment_id])
    return {
        element: AgreedScore(State(decided.values.state), _score(framework, decided.values.steps))
        for element, decided in stored.items()
    }


def lay_out(
    record: InterviewRecord,
    framework: Framework,
    questionnaire: Questionnaire | None,
    answers: Mapping[str, AnswerRecord],
    *,
    agreed: Mapping[str, AgreedScore],
    everything: bool = False,
) -> Sheet:
    """Return the interview that these parts make up."""
    asked = _asked(framework, questionnaire, answers, agreed)
    lines = [
        _line(framework, questionnaire, record.role, leaf, answers.get(leaf), in_scope=leaf in asked)
        for leaf in _order(framework, questionnaire)
    ]
    omitted = set(questionnaire.omit) if questionnaire else set()
    shown = [
        line
        for line in lines
        if line.answer is not None or line.for_role or (everything and line.element.id not in omitted)
    ]
    roles = questionnaire.roles if questionnaire else ()
    return Sheet(
        interview=record,
        framework=framework,
        questionnaire=questionnaire,
        role=next((role for role in roles if role.id == record.role), None),
        everything=everything,
        sections=_rotated(_sections(framework, shown), dimensions(framework, questionnaire), record.opens_with),
        closed=why_closed(record),
    )


def dimensions(framework: Framework, questionnaire: Questionnaire | None, role: str | None = None) -> tuple[str, ...]:
    """Return the capabilities of the first tier in the order of asking; with `role` those that it is asked about.

    None where the framework has a single tier: elements are not rotated.
    """
    if len(framework.tiers) == 1:
        return ()
    elements = _order(framework, questionnaire)
    if questionnaire is not None and role is not None:
        asked = {item.element for item in questionnaire.items_for(role)}
        elements = [element for element in elements if element in asked]
    return tuple(dict.fromkeys(framework.ancestors(element)[0].id for element in elements))


def _rotated(sections: tuple[Section, ...], order: Sequence[str], opens_with: str | None) -> tuple[Section, ...]:
    """Put the sections in cyclic order from where the interview opens, also if nothing is asked of that dimension."""
    place = {dimension: rank for rank, dimension in enumerate(rotated(order, opens_with))}
    return tuple(sorted(sections, key=lambda section: place[section.node.id] if section.node else 0))


def _score(framework: Framework, steps: int | None) -> Fraction | None:
    return None if steps is None else framework.scale.score_of(steps)


def _asked(
    framework: Framework,
    questionnaire: Questionnaire | None,
    answers: Mapping[str, AnswerRecord],
    agreed: Mapping[str, AgreedScore],
) -> frozenset[str]:
    every = frozenset(leaf.id for leaf in framework.leaves)
    if questionnaire is None:
        return every
    stored = at_elements(framework, answers)
    given = {element: answer_of(answer.values, framework.scale) for element, answer in stored.items()}
    governed = {item.element for item in questionnaire.items}
    return asked_elements(questionnaire, given, agreed=agreed) | (every - governed)


def _order(framework: Framework, questionnaire: Questionnaire | None) -> list[str]:
    """The questionnaire's order; leaves that it does not speak of follow in the framework's."""
    leaves = [leaf.id for leaf in framework.leaves]
    items = [item.element for item in questionnaire.items if item.element in leaves] if questionnaire else []
    return items + [leaf for leaf in leaves if leaf not in set(items)]


def _line(
    framework: Framework,
    questionnaire: Questionnaire | None,
    role: str,
    element: str,
    answer: AnswerRecord | None,
    *,
    in_scope: bool,
) -> Line:
    items = questionnaire.items if questionnaire else ()
    item = next((item for item in items if item.element == element), None)
    for_role = questionnaire is None or (item is not None and (not item.roles or role in item.roles))
    score = _score(framework, answer.values.steps) if answer else None
    mark = _mark(answer) if in_scope else Mark.OUT_OF_SCOPE
    return Line(framework.node(element), item, mark, answer, score, for_role)


def _mark(answer: AnswerRecord | None) -> Mark:
    if answer is None:
        return Mark.OPEN
    values = answer.values
    match State(values.state):
        case State.OPEN:
            noted = values.note or values.reason or values.ticks or values.questions or values.confidence
            return Mark.STARTED if noted or values.evidence_strength is not None else Mark.OPEN
        case State.NOT_APPLICABLE:
            return Mark.NOT_APPLICABLE if values.reason else Mark.PROBLEM
        case State.SCORED | State.INFERRED:
            return Mark.SCORED
    return Mark.UNKNOWN


def _sections(framework: Framework, lines: Sequence[Line]) -> tuple[Section, ...]:
    """Group lines by first tier and by parent, both in the order in which they are first met."""
    tree: dict[str | None, dict[str | None, list[Line]]] = {}
    for line in lines:
        above = framework.ancestors(line.element.id)
        root, parent = (above[0].id, above[-1].id) if above else (None, None)
        tree.setdefault(root, {}).setdefault(parent, []).append(line)
    return tuple(
        Section(
            node=framework.node(root) if root else None,
            groups=tuple(
                Group(framework.node(parent) if parent else None, tuple(members)) for parent, members in groups.items()
            ),
        )
        for root, groups in tree.items()
    )
