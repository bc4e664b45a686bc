"""The questionnaire: whom to ask what, what to ask to see, and which answers suggest a score."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from app.core.text import Text


class Mode(StrEnum):
    """Who scores: the consultant in an interview, or the respondent alone."""

    INTERVIEW = "interview"
    SELF_ASSESSMENT = "self-assessment"


class QuestionType(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    CHECKLIST = "checklist"
    NUMBER = "number"
    SCALE = "scale"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Role:
    """A role that respondents speak for; `weight` counts in the median of respondents."""

    id: str
    name: Text
    level: str | None = None
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class EvidencePrompt:
    """Something to ask to see; only one with an id can be ticked (told, seen)."""

    text: Text
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. `value` is a score (choice); `weight` its share (checklist)."""

    id: str
    text: Text
    value: Fraction | None = None
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers up to and including `upto` earn `value`; the last band has no `upto`."""

    value: Fraction
    upto: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer suggests a score (`text` questions suggest none)."""

    id: str
    type: QuestionType
    text: Text
    weight: Fraction = Fraction(1)
    unit: str | None = None
    options: tuple[Option, ...] = ()
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """True when the answer of leaf `answer` has a score that stands in `relation` to `number`."""

    answer: str
    relation: Literal["gte", "lte", "eq", "scored"]
    number: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """`all`, `any` or `not` (exactly one part) of further conditions or comparisons."""

    operator: Literal["all", "any", "not"]
    parts: tuple[Condition | Comparison, ...]


When = Condition | Comparison


@dataclass(frozen=True, slots=True)
class Item:
    """What to ask about one element. No `roles` means everybody; no `questions` means the scale itself."""

    element: str
    roles: tuple[str, ...] = ()
    prompts: tuple[Text, ...] = ()
    evidence: tuple[EvidencePrompt, ...] = ()
    questions: tuple[Question, ...] = ()
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A complete, valid questionnaire for one framework (`framework` is `id` with its comparators as written)."""

    id: str
    version: str
    framework: str
    name: Text
    mode: Mode
    roles: tuple[Role, ...]
    items: tuple[Item, ...]
    omit: tuple[str, ...] = field(default=())

    @property
    def reference(self) -> str:
        """`id@version`, as interviews name it."""
        return f"{self.id}@{self.version}"

    def item(self, element_id: str) -> Item:
        """Return the item of an element; KeyError if it is omitted."""
        for item in self.items:
            if item.element == element_id:
                return item
        raise KeyError(element_id)

    def role(self, role_id: str) -> Role:
        """Return the role with that id; KeyError if there is none."""
        for role in self.roles:
            if role.id == role_id:
                return role
        raise KeyError(role_id)

    def items_for(self, role_id: str) -> tuple[Item, ...]:
        """Return what to ask a role, in order."""
        return tuple(item for item in self.items if not item.roles or role_id in item.roles)
