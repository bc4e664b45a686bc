"""One assessment as a value: unit, round, agreed scores, published figures, interviews. The exchange form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from app.core.framework import Source
from app.core.text import Text

Confidence = Literal["low", "medium", "high"]
Tick = Literal["told", "seen"]


class State(StrEnum):
    """What is known of an element. Only `scored` and `inferred` carry a score; `open` is the absence of a row."""

    SCORED = "scored"
    INFERRED = "inferred"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"
    ILLEGIBLE = "illegible"
    OPEN = "open"

    @property
    def has_score(self) -> bool:
        """Tell whether this state carries a score."""
        return self in (State.SCORED, State.INFERRED)


TOLD_BY_NOTE = frozenset({State.INFERRED, State.ILLEGIBLE})  # what the source lacks stands in the note


@dataclass(frozen=True, slots=True)
class AgreedScore:
    """The agreed judgement of one element; `score` is set exactly when the state has one."""

    state: State
    score: Fraction | None = None
    reason: str | None = None
    note: str | None = None
    method: str | None = None
    confidence: Confidence | None = None
    findings: tuple[Text, ...] = ()

    @property
    def explanation(self) -> tuple[str, ...]:
        """What explains the judgement to whoever reads the result: its reason, of some states the note.

        Any other note belongs to the work and is for those who read that.
        """
        told = (self.reason, self.note if self.state in TOLD_BY_NOTE else None)
        return tuple(text for text in told if text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one respondent's interview says of one element.

    `questions` maps question id to option id (choice), tuple of option ids (checklist), number (number, scale) or
    text; `ticks` maps evidence id to `told` or `seen`; `evidence_strength` is 0 to 3.
    """

    state: State
    score: Fraction | None = None
    suggested: Fraction | None = None
    reason: str | None = None
    note: str | None = None
    confidence: Confidence | None = None
    evidence_strength: int | None = None
    questions: Mapping[str, str | tuple[str, ...] | Fraction] = field(default_factory=dict)
    ticks: Mapping[str, Tick] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interview:
    """One respondent in one role; `respondent` is a label."""

    id: str
    role: str
    questionnaire: str | None = None
    respondent: str | None = None
    interviewer: str | None = None
    date: date | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """An assessed organisation; `parent` is a unit id; `size` weighs a rollup over units."""

    id: str
    name: Text
    kind: str | None = None
    parent: str | None = None
    size: Fraction | None = None


@dataclass(frozen=True, slots=True)
class UnitTree:
    """The units of an engagement, parents before children or not, ids unique, no cycle."""

    id: str
    name: Text
    units: tuple[Unit, ...]

    @property
    def depth_first(self) -> tuple[Unit, ...]:
        """The units, each followed by those below it; siblings in the order of the list."""
        known = {unit.id for unit in self.units}
        found: list[Unit] = []
        stack = [unit for unit in reversed(self.units) if unit.parent not in known]
        while stack:
            unit = stack.pop()
            found.append(unit)
            stack.extend(below for below in reversed(self.units) if below.parent == unit.id)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Round:
    """When the assessment was made."""

    id: str
    name: Text
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One finished or partial assessment. A leaf absent from `scores` and from every interview is open."""

    id: str
    framework: str
    unit: Unit
    round: Round
    source: Source | None = None
    questionnaire: str | None = None
    scores: Mapping[str, AgreedScore] = field(default_factory=dict)
    published: Mapping[str, Fraction] = field(default_factory=dict)
    published_decimals: int | None = None
    interviews: tuple[Interview, ...] = ()
