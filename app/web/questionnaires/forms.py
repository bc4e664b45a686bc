"""Forms of a questionnaire's items and questions: rows that grow, read from what was posted, shown from what stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, cast

from app.content.editing.questionnaires import Line
from app.core.questionnaire import Band, Comparison, Condition, Item, Option, Question, QuestionType, When
from app.core.relevance_tracing import flat
from app.core.text import Text
from app.i18n import msgid
from app.web.context import translate
from app.web.forms import PLAIN_NUMBER
from app.web.questionnaires.pages import number_words

SPARE = 2  # empty rows below those that are filled
RULES = 4  # comparisons of a rule that a form can hold
RELATIONS = ("gte", "lte", "eq", "scored")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 4000
NEEDS_CHINESE = msgid("请填写中文。")
NEEDS_NUMBER = msgid("请填写数字。")
NEEDS_ID = msgid("标识只能用小写字母、数字和单个连字符，以字母开头。")
TOO_LONG = msgid("太长了，请缩短。")

Posted = Mapping[str, str]
Row = dict[str, str]


@dataclass
class RowForm:
    """A form of rows: what its fields hold by name, and what is wrong with them (field id, sentence)."""

    values: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str | None, str]] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return what a field holds, without blanks around it."""
        return self.values.get(name, "").replace("\r\n", "\n").strip()

    def rows(self, prefix: str) -> list[int]:
        """Return the numbers of the rows of a part, the empty ones too."""
        found = {int(match[1]) for name in self.values if (match := re.fullmatch(rf"{prefix}-(\d{{1,3}})-\w+", name))}
        return sorted(found)

    def fault(self, name: str, message: str) -> None:
        """Tell what is wrong with a field (a msgid)."""
        self.faults.append((name, translate(message)))

    def number(self, name: str, *, default: Fraction | None = None) -> Fraction | None:
        """Return the number of a field; a fault where it holds something else."""
        written = unicodedata.normalize("NFKC", self.get(name)).replace(",", "")
        if not written:
            return default
        if not PLAIN_NUMBER.fullmatch(written.removeprefix("-")):
            self.fault(name, NEEDS_NUMBER)
            return default
        return Fraction(written)

    def text(self, prefix: str) -> Text | None:
        """Return the text of two fields, None where both are empty; a fault where only the English is there."""
        zh, en = self.get(f"{prefix}-zh"), self.get(f"{prefix}-en")
        if not zh and not en:
            return None
        if not zh:
            self.fault(f"{prefix}-zh", NEEDS_CHINESE)
        if max(len(zh), len(en)) > _LONGEST:
            self.fault(f"{prefix}-zh", TOO_LONG)
        return Text(zh or None, en or None)

    def id(self, name: str, *, needed: bool = True) -> str | None:
        """Return the id of a field; a fault where it is none."""
        written = self.get(name)
        if (written or needed) and not (len(written) <= 64 and _ID.fullmatch(written)):
            self.fault(name, NEEDS_ID)
        return written or None


def read(posted: Posted) -> RowForm:
    """Return a form over what was posted."""
    return RowForm(dict(posted))


# --- an item -----------------------------------------------------------------------------------------------------


def item_form(item: Item) -> RowForm:
    """Return the form of an item as it stands, with empty rows to add to."""
    values: dict[str, str] = {}
    prompts: list[tuple[Text, str | None]] = [(prompt, None) for prompt in item.prompts]
    for prefix, lines in (("prompts", prompts), ("evidence", [(one.text, one.id) for one in item.evidence])):
        for number, (text, line_id) in enumerate(lines):
            _put(values, f"{prefix}-{number}", zh=text.zh, en=text.en, id=line_id, position=str(number))
        for number in range(len(lines), len(lines) + SPARE):
            _put(values, f"{prefix}-{number}", zh="", en="", id="", position="")
    found = flat(item.when)
    if found is not None:
        values["operator"] = found[0]
        for number in range(max(RULES, len(found[1]))):
            negated, one = found[1][number] if number < len(found[1]) else (False, None)
            _put(
                values,
                f"rule-{number}",
                negated="1" if negated else "",
                element=one.answer if one else "",
                relation=one.relation if one else "gte",
                number=number_words(one.number) if one else "",
            )
    return RowForm(values)


def _put(values: dict[str, str], prefix: str, **fields: str | None) -> None:
    values.update({f"{prefix}-{name}": value or "" for name, value in fields.items()})


def lines_of(form: RowForm, prefix: str) -> list[Line]:
    """Return the prompts or evidence that a form holds; empty rows are none."""
    found: list[Line] = []
    for number in form.rows(prefix):
        row = f"{prefix}-{number}"
        text = form.text(row)
        if text is None:
            continue
        position = form.get(f"{row}-position")
        line_id = form.id(f"{row}-id", needed=False) if prefix == "evidence" else None
        known = position.isascii() and position.isdigit() and len(position) < 5
        found.append(Line(text, int(position) if known else None, line_id))
    return found


def when_of(form: RowForm) -> When | None:
    """Return the rule that a form holds, None for none."""
    parts: list[When] = []
    for number in form.rows("rule"):
        row = f"rule-{number}"
        element, relation = form.get(f"{row}-element"), form.get(f"{row}-relation")
        if not element or relation not in RELATIONS:
            continue
        value = None if relation == "scored" else form.number(f"{row}-number")
        if relation != "scored" and value is None:
            if not any(name == f"{row}-number" for name, _ in form.faults):
                form.fault(f"{row}-number", NEEDS_NUMBER)
            continue
        comparison = Comparison(element, cast("Literal['gte', 'lte', 'eq', 'scored']", relation), value)
        parts.append(Condition("not", (comparison,)) if form.get(f"{row}-negated") else comparison)
    if len(parts) <= 1:
        return parts[0] if parts else None
    return Condition("any" if form.get("operator") == "any" else "all", tuple(parts))


# --- a question --------------------------------------------------------------------------------------------------


def question_form(question: Question | None) -> RowForm:
    """Return the form of a question as it stands, empty for a new one."""
    values: dict[str, str] = {}
    text = question.text if question else Text()
    _put(values, "text", zh=text.zh, en=text.en)
    values |= {
        "id": question.id if question else "",
        "type": question.type.value if question else QuestionType.CHOICE.value,
        "weight": number_words(question.weight) if question else "1",
        "unit": (question.unit or "") if question else "",
    }
    options: Sequence[Option] = question.options if question else ()
    for number in range(max(4, len(options) + SPARE)):
        one = options[number] if number < len(options) else None
        _put(
            values,
            f"option-{number}",
            id=one.id if one else "",
            zh=one.text.zh if one else "",
            en=one.text.en if one else "",
            value=number_words(one.value) if one else "",
            weight=number_words(one.weight) if one and one.weight != 1 else "",
        )
    bands: Sequence[Band] = question.bands if question else ()
    for number in range(max(3, len(bands) + SPARE)):
        band = bands[number] if number < len(bands) else None
        upto, value = (band.upto, band.value) if band else (None, None)
        _put(values, f"band-{number}", upto=number_words(upto), value=number_words(value))
    return RowForm(values)


def question_of(form: RowForm) -> Question:
    """Return the question that a form holds; what is wrong is told in the form."""
    kind = next((one for one in QuestionType if one.value == form.get("type")), QuestionType.CHOICE)
    text = form.text("text")
    if text is None:
        form.fault("text-zh", NEEDS_CHINESE)
    options = _options(form, kind) if kind in (QuestionType.CHOICE, QuestionType.CHECKLIST) else ()
    if kind in (QuestionType.CHOICE, QuestionType.CHECKLIST) and not options:
        form.fault("option-0-zh", msgid("请至少写一个选项。"))
    return Question(
        id=form.id("id") or "",
        type=kind,
        text=text or Text(),
        weight=form.number("weight", default=Fraction(1)) or Fraction(0),
        unit=form.get("unit") or None,
        options=options,
        bands=_bands(form) if kind is QuestionType.NUMBER else (),
    )


def _options(form: RowForm, kind: QuestionType) -> tuple[Option, ...]:
    found: list[Option] = []
    for number in form.rows("option"):
        row = f"option-{number}"
        text = form.text(row)
        if text is None:
            continue
        value = form.number(f"{row}-value") if kind is QuestionType.CHOICE else None
        if kind is QuestionType.CHOICE and value is None:
            form.fault(f"{row}-value", NEEDS_NUMBER)
        weight = form.number(f"{row}-weight", default=Fraction(1)) or Fraction(0)
        found.append(Option(form.id(f"{row}-id") or "", text, value, weight))
    return tuple(found)


def _bands(form: RowForm) -> tuple[Band, ...]:
    found: list[Band] = []
    for number in form.rows("band"):
        value = form.number(f"band-{number}-value")
        upto = form.number(f"band-{number}-upto")
        if value is not None:
            found.append(Band(value, upto))
        elif upto is not None:
            form.fault(f"band-{number}-value", NEEDS_NUMBER)
    if not found:
        form.fault("band-0-value", msgid("请至少写一档。"))
    return tuple(found)
