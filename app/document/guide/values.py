"""The worded interview guide as plain values. Knows no layout and no file format.

A `Wording` holds one text per language of the guide, in the order of `Guide.locales`; a text that does not exist in a
language stands there in the other one, with its language said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.report import Theme
from app.core.text import Locale
from app.document.values import Words

Wording = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the title page; `value` None leaves a line to write on."""

    name: Wording
    value: Wording | None


@dataclass(frozen=True, slots=True)
class Point:
    """One box of the score: what stands in it, whether it is a whole level, whether it was chosen."""

    label: str
    whole: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ScoreBoxes:
    """The boxes of a score. `exact` leaves a line for the figure where the boxes are not the whole grid."""

    points: tuple[Point, ...]
    exact: bool
    written: str = ""


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level as it reads for an element; `wording` is empty where nothing is said about it."""

    value: str
    name: Wording | None
    wording: Wording | None


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """Something to ask to see. Without boxes where it cannot be ticked."""

    wording: Wording
    has_boxes: bool
    tick: str | None = None


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An answer to choose or to tick."""

    wording: Wording
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A scored question; `reply` is what was written or said as a number or text, empty for none."""

    id: str
    kind: str
    wording: Wording
    unit: str
    options: tuple[OptionLine, ...] = ()
    points: tuple[Point, ...] = ()
    reply: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What one interview says of one element. `mark` is its state in words, `saved` who stored it and when."""

    state: str
    mark: Wording
    score: str
    suggested: str
    reason: str
    confidence: str
    evidence_strength: str
    note: str
    saved: Wording


@dataclass(frozen=True, slots=True)
class GuideElement:
    """One element to ask about. `said` is None on a blank form and where nothing was answered yet."""

    id: str
    code: str
    name: Wording
    definition: Wording | None
    condition: Wording | None
    prompts: tuple[Wording, ...]
    evidence: tuple[EvidenceLine, ...]
    questions: tuple[QuestionLine, ...]
    levels: tuple[LevelLine, ...]
    boxes: ScoreBoxes
    said: Said | None


@dataclass(frozen=True, slots=True)
class GuideGroup:
    """The elements below one capability; `name` is None where they stand directly below the chapter."""

    name: Wording | None
    elements: tuple[GuideElement, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A capability of the first tier with its groups; `name` is None in a framework of a single tier."""

    id: str
    name: Wording
    groups: tuple[GuideGroup, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A complete guide. `address` is where the interview can be opened, empty for none; `labels` its fixed words.

    `footer` and `confidentiality` stand at the foot of every page, `theme` is its look.
    """

    locales: tuple[Locale, ...]
    filled: bool
    title: Wording
    subtitle: Wording
    running: str
    facts: tuple[Fact, ...]
    address: str
    levels: tuple[LevelLine, ...]
    chapters: tuple[Chapter, ...]
    labels: Mapping[str, Wording]
    footer: str = ""
    confidentiality: str = ""
    theme: Theme = field(default_factory=Theme)

    @property
    def elements(self) -> tuple[GuideElement, ...]:
        """Every element, in the order of asking."""
        return tuple(element for chapter in self.chapters for group in chapter.groups for element in group.elements)
