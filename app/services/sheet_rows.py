"""What the cells of one element say, against what was written into them: changes in the form of a save, or faults.

A cell that still holds what was written into it was not touched and says nothing. Knows no workbook and no database.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.core.case import State
from app.core.errors import Fault
from app.core.questionnaire import Item, Question
from app.core.scale import Scale
from app.core.text import LOCALES
from app.document.guide.book import (
    ANSWER,
    CONFIDENCE,
    CONFIDENCES,
    EVIDENCE,
    FILLED_IN,
    LABEL,
    NO,
    NOTE,
    OPTION,
    REASON,
    STRENGTH,
    TICKS,
    YES,
    BookRow,
    RowKind,
    Value,
    option_words,
    shown,
)
from app.document.guide.wording import label, plain_number
from app.exports.answer_reading import RawRow
from app.exports.raw_cells import RawCell, RawKind, holds
from app.exports.unpacking import fault
from app.i18n import translator
from app.services.answer_changes import AnswerRefused, Ground, number_of, read_changes
from app.services.answer_fields import JUDGEMENT
from app.services.answer_fields import QUESTION as QUESTION_FIELD
from app.services.answer_fields import TICK as TICK_FIELD
from app.storage.encoding import decimal_text

WIDE, TEXT_NUMBER = "full-width", "text-number"  # remarks: how a cell was read


@dataclass(frozen=True, slots=True)
class Touched:
    """One field that a book changes: where, what it says now (as a save knows it), and how it was read."""

    field: str
    place: str
    change: Mapping[str, Any]
    value: Any
    remarks: tuple[str, ...] = ()


@dataclass
class ElementReading:
    """What a book says of one element. A row with a fault changes nothing; its other rows do."""

    touched: list[Touched] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Faulty(Exception):  # noqa: N818 - a fault on its way to the list
    def __init__(self, found: Fault) -> None:
        self.fault = found


def read_element(raw: Sequence[RawRow], written: Sequence[BookRow], ground: Ground) -> ElementReading:
    """Compare the rows of one element with what was written into them when the book was made."""
    reading = ElementReading()
    expected = {row.part: row for row in written}
    options: list[tuple[RawRow, BookRow]] = []
    for row in raw:
        known = expected.get(row.key[1])
        if known is None:
            reading.faults.append(_unknown(row))
        elif known.kind is RowKind.OPTION:
            options.append((row, known))
        else:
            _read_row(row, known, ground, reading)
    for question in ground.item.questions if ground.item else ():
        prefix = f"{OPTION}{question.id}:"
        members = [(row, known) for row, known in options if known.part.startswith(prefix)]
        whole = [known for known in written if known.part.startswith(prefix)]
        if members:
            _read_checklist(members, whole, question, ground, reading)
    return reading


def untouched(cell: RawCell, expected: Value) -> bool:
    """Tell whether a cell still holds what was written into it, however Excel stored it."""
    if cell.kind is RawKind.EMPTY or expected is None:
        return cell.kind is RawKind.EMPTY and expected is None
    if isinstance(expected, Fraction):
        return cell.number is not None and (cell.number == expected or float(cell.number) == float(expected))
    return holds(cell, expected)


def _unknown(row: RawRow) -> Fault:
    element, part = row.key
    if part.startswith(EVIDENCE):
        return fault("S202", f"there is no evidence {part!r}", row.place, element=element, part=part)
    return fault("S203", f"there is no question {part!r}", row.place, element=element, part=part)


# --- one row ---------------------------------------------------------------------------------------------------------


def _read_row(row: RawRow, known: BookRow, ground: Ground, reading: ElementReading) -> None:
    faults = _misplaced(row, known)
    touched: list[Touched] = []
    for column, expected in known.filled_in.items():
        cell = row.cells[column]
        if untouched(cell, expected):
            continue
        try:
            touched.append(_checked(_field(column, cell, known, ground), ground))
        except _Faulty as faulty:
            faults.append(faulty.fault)
        except AnswerRefused as refused:
            faults += [_at(found, cell.place) for found in refused.faults]
    reading.faults += faults
    if not faults:
        reading.touched += touched


def _misplaced(row: RawRow, known: BookRow) -> list[Fault]:
    """Faults of what stands where nothing is to be filled in: another label (rows were moved), stray contents."""
    label_cell = row.cells[LABEL]
    faults = []
    if " ".join(label_cell.text.split()) != " ".join(known.label.split()):
        message = f"this row belongs to {known.label!r} but says {label_cell.text[:80]!r}"
        faults.append(fault("S204", message, label_cell.place, wanted=known.label, found=label_cell.text[:80]))
    stray = [row.cells[column] for column in FILLED_IN if column not in known.filled_in]
    return faults + [misplaced(cell) for cell in (*stray, *row.beyond) if cell.kind is not RawKind.EMPTY]


def misplaced(cell: RawCell) -> Fault:
    """Return the fault of a cell in which nothing is to be filled in."""
    return fault("S216", "nothing is to be filled in here", cell.place, found=cell.text[:80])


def _at(found: Fault, place: str) -> Fault:
    return Fault(found.code, found.message, place, values=found.values)


def _checked(touched: Touched, ground: Ground) -> Touched:
    """Put the change through the one validation of answers; its fields are what a save would store."""
    stored = read_changes(touched.change, ground)
    return Touched(touched.field, touched.place, touched.change, stored[touched.field], touched.remarks)


def _field(column: str, cell: RawCell, known: BookRow, ground: Ground) -> Touched:
    _refuse_odd(cell)
    if column in (REASON, NOTE):
        return Touched(column, cell.place, {column: _text(cell)}, None)
    if column == CONFIDENCE:
        value = _word(cell, {name: _labels(name) for name in CONFIDENCES})
        return Touched(column, cell.place, {column: value}, None, _remarks(cell))
    if column == STRENGTH:
        return Touched(column, cell.place, {column: _strength(cell)}, None, _remarks(cell))
    return _answer(cell, known, ground)


def _answer(cell: RawCell, known: BookRow, ground: Ground) -> Touched:
    key = known.part.partition(":")[2]
    match known.kind:
        case RowKind.JUDGEMENT:
            return Touched(JUDGEMENT, cell.place, _judgement(cell, ground.scale), None, _remarks(cell))
        case RowKind.EVIDENCE:
            tick = _word(cell, {name: _labels(name) for name in TICKS})
            return Touched(TICK_FIELD + key, cell.place, {"ticks": {key: tick}}, None, _remarks(cell))
        case RowKind.CHOICE:
            reply: Any = _word(cell, _option_words(_question(ground.item, key)))
        case RowKind.SCALE:
            reply = None if cell.kind is RawKind.EMPTY else _score(cell, ground.scale)
        case RowKind.NUMBER:
            reply = None if cell.kind is RawKind.EMPTY else decimal_text(_number(cell, "S211"))
        case _:
            reply = _text(cell)
    remarks = () if known.kind is RowKind.TEXT else _remarks(cell)
    return Touched(QUESTION_FIELD + key, cell.place, {"questions": {key: reply}}, None, remarks)


def _question(item: Item | None, key: str) -> Question:
    return next(question for question in (item.questions if item else ()) if question.id == key)


# --- one cell --------------------------------------------------------------------------------------------------------


def _refuse(code: str, message: str, cell: RawCell, **values: object) -> _Faulty:
    return _Faulty(fault(code, message, cell.place, found=cell.text[:80], **values))


def _refuse_odd(cell: RawCell) -> None:
    """Refuse what no answer can be: a formula, a date that Excel made, an error value."""
    if cell.kind is RawKind.FORMULA:
        raise _refuse("S206", "a formula stands here; formulas are not read", cell)
    if cell.kind is RawKind.DATE:
        raise _refuse("S207", "a date stands here; Excel makes one of 3.5 in some languages", cell)
    if cell.kind is RawKind.ERROR:
        raise _refuse("S213", "Excel shows an error here", cell)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _remarks(cell: RawCell) -> tuple[str, ...]:
    if cell.kind is not RawKind.TEXT:
        return ()
    if unicodedata.normalize("NFKC", cell.text).strip() != cell.text.strip():
        return (WIDE,)
    return (TEXT_NUMBER,) if number_of(cell.text) is not None else ()


def _labels(name: str) -> set[str]:
    return {_plain(label(name, locale)) for locale in LOCALES} | {name}


def _own_words(text: str) -> set[str]:
    return {_plain(translator(locale).gettext(text)) for locale in LOCALES}


def _option_words(question: Question) -> dict[str, set[str]]:
    words: dict[str, set[str]] = {option.id: {_plain(option.id)} for option in question.options}
    for locale in LOCALES:
        for key, word in option_words(question, locale).items():
            words[key].add(_plain(word))
    return words


def _word(cell: RawCell, known: Mapping[str, set[str]]) -> str | None:
    """Return which of the known things a cell names, in either language; None for an empty cell."""
    if cell.kind is RawKind.EMPTY:
        return None
    said = _plain(cell.text)
    matches = [key for key, words in known.items() if said in words]
    if len(matches) == 1:
        return matches[0]
    allowed = ", ".join(sorted(max(words, key=len) for words in known.values()))
    raise _refuse("S210", f"only these words are known here: {allowed}", cell)


def _judgement(cell: RawCell, scale: Scale) -> dict[str, Any]:
    if cell.kind is RawKind.EMPTY:
        return {"state": State.OPEN.value, "score": None}
    for state in (State.NOT_APPLICABLE, State.UNKNOWN):
        more = {"n/a", "na"} if state is State.NOT_APPLICABLE else {"don't know", "don’t know", "dk"}
        if cell.kind is RawKind.TEXT and _plain(cell.text) in _labels(state.value) | more:
            return {"state": state.value, "score": None}
    return {"state": State.SCORED.value, "score": _score(cell, scale)}


def _score(cell: RawCell, scale: Scale) -> str:
    number = _number(cell, "S208")
    if not scale.on_grid(number):
        low, high, step = (plain_number(end) for end in (scale.minimum, scale.maximum, scale.step))
        message = f"a score must lie from {low} to {high} in steps of {step}"
        raise _refuse("S209", message, cell, low=low, high=high, step=step)
    return decimal_text(number)


def _number(cell: RawCell, code: str) -> Fraction:
    number = number_of(cell.text) if cell.kind in (RawKind.TEXT, RawKind.NUMBER) else None
    if number is None:
        raise _refuse(code, "a number is to be filled in here, not text", cell)
    return number


def _strength(cell: RawCell) -> int | None:
    if cell.kind is RawKind.EMPTY:
        return None
    number = _number(cell, "S212")
    if number.denominator != 1:
        raise _refuse("S212", "the strength of evidence is 0, 1, 2 or 3", cell)
    return int(number)


def _text(cell: RawCell) -> str | None:
    return None if cell.kind is RawKind.EMPTY else cell.text


# --- a checklist: one row per option ---------------------------------------------------------------------------------


def _read_checklist(
    members: Sequence[tuple[RawRow, BookRow]],
    whole: Sequence[BookRow],
    question: Question,
    ground: Ground,
    reading: ElementReading,
) -> None:
    said: dict[str, str | None] = {known.part: _yes_or_no(known.filled_in[ANSWER]) for known in whole}
    faults: list[Fault] = []
    first: RawCell | None = None
    for row, known in members:
        faults += _misplaced(row, known)
        cell = row.cells[ANSWER]
        if untouched(cell, known.filled_in[ANSWER]):
            continue
        first = first or cell
        try:
            _refuse_odd(cell)
            said[known.part] = _word(cell, {"yes": _own_words(YES) | {"y"}, "no": _own_words(NO) | {"n"}})
        except _Faulty as faulty:
            faults.append(faulty.fault)
    reading.faults += faults
    if faults or first is None:
        return
    answered = any(word is not None for word in said.values())
    prefix = f"{OPTION}{question.id}:"
    ticked = [part.removeprefix(prefix) for part, word in said.items() if word == "yes"]
    change = {"questions": {question.id: ticked if answered else None}}
    reading.touched.append(_checked(Touched(QUESTION_FIELD + question.id, first.place, change, None), ground))


def _yes_or_no(written: Value) -> str | None:
    if written is None:
        return None
    return "yes" if _plain(shown(written)) in _own_words(YES) else "no"
