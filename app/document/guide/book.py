"""One interview as rows to fill in: the same rows are written into a sheet and expected when it comes back.

What an answer looks like in a cell is decided here and only here; a cell that still holds what was written into it was
not touched. Knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from app.core.case import Answer, State
from app.core.framework import Capability, Framework
from app.core.questionnaire import Item, Question, QuestionType
from app.core.scale import Scale
from app.core.text import Locale
from app.document.guide.wording import CONDITION, condition_words, label, plain_number, short
from app.i18n import msgid, translator

Value = str | Fraction | None

ELEMENT, PART, VERSION, ANSWER_ID = "element_id", "part", "base_version", "answer_id"
HIDDEN = (ELEMENT, PART, VERSION, ANSWER_ID)
LABEL, DETAIL, LEVELS = "label", "detail", "levels"
ANSWER, REASON, CONFIDENCE, STRENGTH, NOTE = "answer", "reason", "confidence", "evidence_strength", "note"
FILLED_IN = (ANSWER, REASON, CONFIDENCE, STRENGTH, NOTE)
COLUMNS = (*HIDDEN, LABEL, DETAIL, LEVELS, *FILLED_IN)
HEADERS = {
    LABEL: msgid("要素 / 题目"),
    DETAIL: msgid("说明与提问"),
    LEVELS: msgid("等级"),
    ANSWER: msgid("得分 / 回答"),
    REASON: msgid("不适用的原因"),
    CONFIDENCE: msgid("把握"),
    STRENGTH: msgid("证据强度（0–3）"),
    NOTE: msgid("发现与记录"),
}
YES, NO = msgid("是"), msgid("否")
EVIDENCE_ROW, OPTION_ROW = msgid("证据：{name}"), msgid("选项：{name}")
INFERRED = msgid("推断 {score}")
UNIT = msgid("单位：{unit}")

JUDGED = "answer"
EVIDENCE, QUESTION, OPTION = "evidence:", "question:", "option:"

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class RowKind(StrEnum):
    """What a row asks for."""

    HEADING = "heading"
    JUDGEMENT = "judgement"
    EVIDENCE = "evidence"
    CHOICE = "choice"
    OPTION = "option"
    NUMBER = "number"
    SCALE = "scale"
    TEXT = "text"


CONFIDENCES = ("low", "medium", "high")
TICKS = ("told", "seen")
STRENGTHS = tuple(Fraction(strength) for strength in range(4))
# lists that cells offer; those of choice questions are named after their part
SCORES, GRID, CONFIDENCE_LIST = "scores", "grid", "confidence"
STRENGTH_LIST, TICK_LIST, YES_NO = "strength", "ticks", "yes"


@dataclass(frozen=True, slots=True)
class BookRow:
    """One row. `cells` holds what stands in the columns to fill in; a column that is absent is not filled in here."""

    kind: RowKind
    element: str
    part: str
    label: str
    detail: str = ""
    levels: str = ""
    cells: Mapping[str, Value] | None = None
    offers: Mapping[str, str] | None = None
    version: int = 0
    answer_id: int | None = None

    @property
    def filled_in(self) -> Mapping[str, Value]:
        """The cells to fill in, by column."""
        return self.cells or {}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet of the book: a capability of the first tier."""

    title: str
    rows: tuple[BookRow, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A complete book. `lists` are the values that cells offer, `meta` says what it belongs to."""

    locale: Locale
    leaves: tuple[Leaf, ...]
    lists: Mapping[str, tuple[Value, ...]]
    meta: Mapping[str, str]
    facts: Sequence[tuple[str, str]]

    @property
    def headers(self) -> Mapping[str, str]:
        """The heads of the columns."""
        return headers(self.locale)


def headers(locale: Locale) -> dict[str, str]:
    """Return the head of every column: hidden ones are called by their key."""
    tell = translator(locale).gettext
    return {column: tell(HEADERS[column]) if column in HEADERS else column for column in COLUMNS}


def cleaned(text: str | None) -> str | None:
    """Return a text as a cell can hold it: one kind of line end, no characters that XML forbids; None for nothing."""
    if text is None or not text.strip():
        return None
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def option_words(question: Question, locale: Locale) -> dict[str, str]:
    """Return what the options of a question are called in a cell, by id; never two alike."""
    words = {option.id: " ".join((option.text.in_locale(locale) or option.id).split()) for option in question.options}
    doubled = {word for word in words.values() if list(words.values()).count(word) > 1}
    return {key: f"{word} [{key}]" if word in doubled else word for key, word in words.items()}


def lists_of(framework: Framework, items: Sequence[Item], locale: Locale) -> dict[str, tuple[Value, ...]]:
    """Return every list that the cells of an interview offer."""
    tell = translator(locale).gettext
    grid: tuple[Value, ...] = framework.scale.grid
    lists: dict[str, tuple[Value, ...]] = {
        SCORES: (*grid, label("not-applicable", locale), label("unknown", locale)),
        GRID: grid,
        CONFIDENCE_LIST: tuple(label(one, locale) for one in CONFIDENCES),
        STRENGTH_LIST: STRENGTHS,
        TICK_LIST: tuple(label(one, locale) for one in TICKS),
        YES_NO: (tell(YES), tell(NO)),
    }
    for item in items:
        for question in item.questions:
            if question.type is QuestionType.CHOICE:
                lists[f"{item.element}/{question.id}"] = tuple(option_words(question, locale).values())
    return lists


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the rows of elements of a framework in one language."""

    framework: Framework
    locale: Locale

    def heading(self, name: str) -> BookRow:
        """Return a row that only names a group."""
        return BookRow(RowKind.HEADING, "", RowKind.HEADING.value, " ".join((cleaned(name) or "").split()))

    def of(
        self, element: Capability, item: Item | None, answer: Answer | None, version: int, answer_id: int | None = None
    ) -> tuple[BookRow, ...]:
        """Return the rows of one element with an answer as it stood at `version`; None: nothing was said."""
        rows = [self._judgement(element, item, answer)]
        sought = [(prompt.id, prompt.text) for prompt in item.evidence if prompt.id] if item else []
        rows += [self._evidence(element.id, key, text.in_locale(self.locale), answer) for key, text in sought]
        for question in item.questions if item else ():
            rows += self._question(element.id, question, answer)
        return tuple(_versioned(row, version, answer_id) for row in rows)

    def _judgement(self, element: Capability, item: Item | None, answer: Answer | None) -> BookRow:
        cells: dict[str, Value] = {
            ANSWER: self.judgement_cell(answer),
            REASON: cleaned(answer.reason) if answer else None,
            CONFIDENCE: label(answer.confidence, self.locale) if answer and answer.confidence else None,
            STRENGTH: Fraction(answer.evidence_strength) if answer and answer.evidence_strength is not None else None,
            NOTE: cleaned(answer.note) if answer else None,
        }
        name = element.name.in_locale(self.locale)
        return BookRow(
            RowKind.JUDGEMENT,
            element.id,
            JUDGED,
            f"{element.code} {name}" if element.code else name,
            detail=self._detail(element, item),
            levels=self._levels(element),
            cells=cells,
            offers={ANSWER: SCORES, CONFIDENCE: CONFIDENCE_LIST, STRENGTH: STRENGTH_LIST},
        )

    def judgement_cell(self, answer: Answer | None) -> Value:
        """Return what stands in the cell of the score: a number, a word, nothing while it is open."""
        if answer is None or answer.state is State.OPEN:
            return None
        if answer.state is State.SCORED:
            return answer.score
        if answer.state is State.INFERRED and answer.score is not None:
            written = short(answer.score, self.framework.scale)
            return translator(self.locale).gettext(INFERRED).format(score=written)
        return label(answer.state.value, self.locale)

    def _detail(self, element: Capability, item: Item | None) -> str:
        parts = [element.definition.in_locale(self.locale)] if element.definition else []
        if item is not None and item.when is not None:
            names = {leaf.id: leaf.name.in_locale(self.locale) for leaf in self.framework.leaves}
            told = condition_words(item.when, names, self.locale)
            parts.append(translator(self.locale).gettext(CONDITION).format(condition=told))
        prompts = [prompt.in_locale(self.locale) for prompt in item.prompts] if item else []
        parts += [f"{number}. {prompt}" for number, prompt in enumerate(prompts, start=1)]
        unticked = [one.text.in_locale(self.locale) for one in item.evidence if not one.id] if item else []
        parts += [translator(self.locale).gettext(EVIDENCE_ROW).format(name=text) for text in unticked]
        return cleaned("\n".join(parts)) or ""

    def _levels(self, element: Capability) -> str:
        scale: Scale = self.framework.scale
        lines = []
        for value, text in sorted(element.levels.items()):
            named = scale.level_at(value)
            name = f" {named.name.in_locale(self.locale)}" if named else ""
            lines.append(f"{short(value, scale)}{name}  {text.in_locale(self.locale)}")
        return cleaned("\n".join(lines)) or ""

    def _evidence(self, element: str, key: str, name: str, answer: Answer | None) -> BookRow:
        tick = answer.ticks.get(key) if answer else None
        return BookRow(
            RowKind.EVIDENCE,
            element,
            EVIDENCE + key,
            translator(self.locale).gettext(EVIDENCE_ROW).format(name=name),
            cells={ANSWER: label(tick, self.locale) if tick else None},
            offers={ANSWER: TICK_LIST},
        )

    def _question(self, element: str, question: Question, answer: Answer | None) -> list[BookRow]:
        reply = answer.questions.get(question.id) if answer else None
        text = question.text.in_locale(self.locale)
        part = QUESTION + question.id
        match question.type:
            case QuestionType.CHOICE:
                word = option_words(question, self.locale).get(reply, reply) if isinstance(reply, str) else None
                offers = {ANSWER: f"{element}/{question.id}"}
                return [BookRow(RowKind.CHOICE, element, part, text, cells={ANSWER: word}, offers=offers)]
            case QuestionType.CHECKLIST:
                return self._checklist(element, question, text, reply)
            case QuestionType.TEXT:
                word = cleaned(reply) if isinstance(reply, str) else None
                return [BookRow(RowKind.TEXT, element, part, text, cells={ANSWER: word})]
        number = reply if isinstance(reply, Fraction) else None
        scaled = question.type is QuestionType.SCALE
        unit = translator(self.locale).gettext(UNIT).format(unit=question.unit) if question.unit else ""
        kind = RowKind.SCALE if scaled else RowKind.NUMBER
        offers = {ANSWER: GRID} if scaled else {}
        return [BookRow(kind, element, part, text, detail=unit, cells={ANSWER: number}, offers=offers)]

    def _checklist(self, element: str, question: Question, text: str, reply: object) -> list[BookRow]:
        tell = translator(self.locale).gettext
        rows = [BookRow(RowKind.HEADING, element, QUESTION + question.id, text)]
        for key, word in option_words(question, self.locale).items():
            said = None if not isinstance(reply, tuple) else tell(YES) if key in reply else tell(NO)
            rows.append(
                BookRow(
                    RowKind.OPTION,
                    element,
                    f"{OPTION}{question.id}:{key}",
                    tell(OPTION_ROW).format(name=word),
                    cells={ANSWER: said},
                    offers={ANSWER: YES_NO},
                )
            )
        return rows


def _versioned(row: BookRow, version: int, answer_id: int | None) -> BookRow:
    words = " ".join((cleaned(row.label) or "").split())
    return replace(row, label=words, version=version, answer_id=answer_id)


def shown(value: Value) -> str:
    """Return what stands in a cell as text to read; empty for nothing."""
    return plain_number(value) if isinstance(value, Fraction) else value or ""
