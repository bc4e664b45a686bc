"""What a respondent's pages show: values for templates, made from the own sheet; and what their scripts are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.core.text import Text
from app.i18n import msgid
from app.services.answer_fields import OPEN, fields_of, on_the_wire
from app.services.responding import OPEN_MARKS, OwnSheet, is_scored_by_questions
from app.web.context import locale, translate
from app.web.interviews.control import level_lines, written
from app.web.responding.wording import own_script_texts

if TYPE_CHECKING:
    from app.core.framework import Capability, Framework
    from app.core.questionnaire import Question
    from app.core.scale import Scale
    from app.services.interview_sheet import Line

MOST_BETWEEN = 4  # more points between two levels than this are not offered: nobody can tell them apart
MINUTES_PER_ELEMENT = Fraction(3, 4)
SHORTEST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Card:
    """One level as a respondent chooses it: its wording for this element; `value` is what the radio sends."""

    value: str
    words: Text


@dataclass(frozen=True, slots=True)
class Between:
    """How far beyond the chosen card: an offset and what it means (a msgid)."""

    offset: str
    words: str


@dataclass(frozen=True, slots=True)
class Cards:
    """The levels of an element as cards, ascending, and the points between two of them (none, or from 0 on)."""

    cards: tuple[Card, ...]
    between: tuple[Between, ...]

    def chosen(self, score: Fraction | None) -> tuple[str, str]:
        """Return the card and the offset that make up a score; empty ones for none."""
        below = [card for card in self.cards if score is not None and Fraction(card.value) <= score]
        if score is None or not below:
            return "", ""
        offsets = {Fraction(one.offset): one.offset for one in self.between}
        return below[-1].value, offsets.get(score - Fraction(below[-1].value), "")


@dataclass(frozen=True, slots=True)
class OwnForm:
    """One answer as its form shows it: `said` as on the wire, on which version it stands, and what is wrong with it."""

    line: Line
    version: int
    said: Mapping[str, Any]
    theirs: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def element(self) -> str:
        """The element's id, which is also the prefix of every field's name."""
        return self.line.element.id

    @property
    def state(self) -> str:
        """What was decided: open, scored, not-applicable or unknown."""
        return str(self.said.get("state", "open"))

    @property
    def score(self) -> Fraction | None:
        """The chosen point of the scale, if any."""
        given = self.said.get("score")
        return None if given is None else Fraction(str(given))

    @property
    def by_questions(self) -> bool:
        """Tell whether the answers to the questions are the score."""
        return is_scored_by_questions(self.line.item)


def cards_of(framework: Framework, element: Capability) -> Cards:
    """Return what a respondent chooses from: a card for every named level, steps between them where they are few."""
    scale = framework.scale
    lines = [line for line in level_lines(framework, element) if scale.on_grid(line.value)]
    cards = tuple(
        Card(written(scale, line.value), line.wording if _says(line.wording) else line.name) for line in lines
    )
    return Cards(cards, _between(scale, [line.value for line in lines]))


def _says(text: Text) -> bool:
    return bool(text.zh or text.en)


def _between(scale: Scale, values: Sequence[Fraction]) -> tuple[Between, ...]:
    gaps = {high - low for low, high in pairwise(values)}
    if len(gaps) != 1:
        return ()
    steps = gaps.pop() / scale.step
    if not 1 < steps <= MOST_BETWEEN or steps.denominator != 1:
        return ()
    return tuple(Between(written(scale, scale.step * n), _beyond(n / steps)) for n in range(int(steps)))


def _beyond(share: Fraction) -> str:
    if share == 0:
        return msgid("正好是这样")
    if share == Fraction(1, 2):
        return msgid("比这好，但还没到下一段")
    return msgid("比这稍好一些") if share < Fraction(1, 2) else msgid("已经很接近下一段")


def own_form(own: OwnSheet, line: Line) -> OwnForm:
    """Return the form of a stored answer, or of none."""
    values = line.answer.values if line.answer else OPEN
    said = on_the_wire(fields_of(values), own.sheet.framework.scale)
    return OwnForm(line, line.answer.version if line.answer else 0, said)


def minutes(own: OwnSheet) -> int:
    """Return about how long it takes to fill in the whole, in minutes, to the next five."""
    needed = max(Fraction(SHORTEST_MINUTES), len(own.lines) * MINUTES_PER_ELEMENT)
    return int(-(-needed // 5) * 5)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: the how-manyth of how many, and the addresses around it."""

    number: int
    total: int
    previous: str
    next: str
    is_last: bool


def place_of(own: OwnSheet, element: str) -> Place:
    """Return the place of an element among those that are asked."""
    ids = [line.element.id for line in own.lines]
    at = ids.index(element)
    is_last = at == len(ids) - 1
    return Place(
        number=at + 1,
        total=len(ids),
        previous=element_url(ids[at - 1]) if at else url_for("responding.start"),
        next=url_for("responding.review") if is_last else element_url(ids[at + 1]),
        is_last=is_last,
    )


def element_url(element: str) -> str:
    """Return the address of an element's page."""
    return url_for("responding.element", element=element)


@dataclass(frozen=True, slots=True)
class Said:
    """One element as the review shows it: what was answered, in words to print as they are."""

    line: Line
    words: tuple[Text | str, ...]
    is_open: bool


def review_of(own: OwnSheet) -> tuple[tuple[Text | None, tuple[Said, ...]], ...]:
    """Return everything that was answered, by capability of the first tier."""
    asked = {line.element.id for line in own.lines}
    sections = []
    for section in own.sheet.sections:
        said = tuple(_said(own, line) for line in section.lines if line.element.id in asked)
        if said:
            sections.append((section.node.name if section.node else None, said))
    return tuple(sections)


def _said(own: OwnSheet, line: Line) -> Said:
    form = own_form(own, line)
    words: list[Text | str] = []
    if form.by_questions:
        replies = form.said.get("questions", {})
        for question in line.item.questions if line.item else ():
            if question.id in replies:
                words += _replied(question, replies[question.id])
    elif form.score is not None:
        cards = cards_of(own.sheet.framework, line.element)
        value, offset = cards.chosen(form.score)
        words += [card.words for card in cards.cards if card.value == value]
        words += [translate(one.words) for one in cards.between if one.offset == offset and Fraction(one.offset)]
    return Said(line, tuple(words), line.mark in OPEN_MARKS)


def _replied(question: Question, reply: Any) -> list[Text | str]:
    names = {option.id: option.text for option in question.options}
    if isinstance(reply, list):
        return [names[option] for option in reply if option in names] or [translate("以上都没有")]
    if isinstance(reply, dict):
        return [f"{reply['number']}{question.unit or ''}"]
    return [names.get(reply, str(reply))]


def script_data(own: OwnSheet, element: Capability | None = None) -> dict[str, Any]:
    """Return what the scripts of a respondent's page are told; the names are those that the interview's use."""
    sheet = own.sheet
    scale = sheet.framework.scale
    between = cards_of(sheet.framework, element).between if element else ()
    return {
        "interview": sheet.interview.id,
        "user": holder(sheet.interview.id),
        "locale": locale(),
        "answers": url_for("responding.put_answer", element="ELEMENT"),
        "element": element_url("ELEMENT"),
        "ping": url_for("responding.ping"),
        "signIn": url_for("responding.start"),
        "savedAt": sheet.saved_at.isoformat() if sheet.saved_at else None,
        "closed": sheet.closed,
        "grid": [written(scale, value) for value in scale.grid],
        "stride": len(between) or 1,
        "names": {line.element.id: line.element.name.in_locale(locale()) for line in own.lines},
        "texts": own_script_texts(),
    }


def holder(interview_id: int) -> str:
    """Return under what name a browser keeps what a respondent has not sent yet: no user's, the same for a new link."""
    return f"respondent:{interview_id}"
