"""Forms: fields with messages in our words, faults for the summary, and refusals of services put at their fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from flask import request
from wtforms import Field, StringField, validators, widgets
from wtforms import Form as BareForm
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from app.core.scale import decimals_of, display
from app.core.text import Text
from app.i18n import msgid
from app.services.refusals import Invalid
from app.web.context import locale, translate
from app.web.templating import language_of
from app.web.wording import sentence

LONGEST_LINE = 200
LONGEST_TEXT = 4000
PLAIN_NUMBER = re.compile(r"\d{1,18}(\.\d{1,6})?")
NO_CONTROL = msgid("不能含有控制字符。")
NO_SUCH_CHOICE = msgid("没有这个选项，请重新选择。")
BUILT_IN = {  # what WTForms says -> what we say
    "Not a valid choice.": NO_SUCH_CHOICE,
    "Invalid Choice: could not coerce.": NO_SUCH_CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": NO_SUCH_CHOICE,
    "'%(value)s' is not a valid choice for this field.": NO_SUCH_CHOICE,
}


def whole(written: str, default: int = 0) -> int:
    """Return the whole number that a page of ours has sent; `default` for anything else and for more than 9 digits."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else default


class _OurWords:
    """Puts what WTForms itself would say into our words (msgids)."""

    def gettext(self, string: str, /) -> str:
        return BUILT_IN.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        return BUILT_IN.get(singular, singular if n == 1 else plural)


class Form(BareForm):
    """A form over the posted fields; labels and messages are msgids. (CSRF is checked for the whole site.)"""

    class Meta(DefaultMeta):
        """Words of ours instead of WTForms' own."""

        def get_translations(self, form: BaseForm) -> _OurWords:
            """Return who puts the built-in messages into words."""
            return _OurWords()

    stand_ins: ClassVar[Mapping[str, str]] = {"name": "name_zh"}  # what services call a field, where ours differs

    def __init__(self, formdata: Any = ..., **values: Any) -> None:
        posted = request.form if formdata is ... and request.method == "POST" else formdata
        super().__init__(None if posted is ... else posted, **values)
        self._loose: list[str] = []

    def faults(self) -> list[tuple[str | None, str]]:
        """Return (field id, sentence) for the error summary, in the order of the fields."""
        found: list[tuple[str | None, str]] = [(None, message) for message in self._loose]
        for field in self:
            found += [
                (field.id, f"{translate(field.label.text)}{translate('：')}{translate(message)}")
                for message in field.errors
            ]
        return found

    def add_refusal(self, refused: Invalid) -> None:
        """Put what a service refused at its field, or above the form if it has none of that name."""
        words = sentence(refused)
        name = refused.field if refused.field in self._fields else self.stand_ins.get(refused.field, "")
        if name in self._fields:
            field = self._fields[name]
            field.errors = [*field.errors, words]
        else:
            self.add_loose(words)

    def add_loose(self, words: str) -> None:
        """Say something about the form as a whole, in the reader's language already."""
        self._loose.append(words)


def required(message: str = msgid("请填写。")) -> list[Any]:
    """Return validators of a line that must be filled in; the message is a msgid."""
    return [validators.InputRequired(message), *line()]


def line(longest: int = LONGEST_LINE) -> list[Any]:
    """Return validators of any short text."""
    return [
        validators.Length(max=longest, message=msgid("太长了，请缩短。")),
        validators.Regexp(r"^[^\x00-\x08\x0b-\x1f\x7f]*$", message=NO_CONTROL),
    ]


def stripped(value: str | None) -> str | None:
    """Return what was typed without blanks around it (a field's filter)."""
    return value.strip() if isinstance(value, str) else value


class DayField(Field):
    """A date as the browser's date control sends it (2003-09-28), or nothing."""

    widget = widgets.DateInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (self.data.isoformat() if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; ValueError with our message for anything else."""
        written = valuelist[0].strip() if valuelist else ""
        try:
            self.data = date.fromisoformat(written) if written else None
        except ValueError as error:
            raise ValueError(msgid("请按 年-月-日 填写，例如 2003-09-28。")) from error


class NumberField(Field):
    """An exact decimal number, full-width digits and thousands separators allowed, or nothing."""

    widget = widgets.TextInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (exact_text(self.data) if self.data is not None else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; ValueError with our message for anything else."""
        written = unicodedata.normalize("NFKC", valuelist[0]).strip().replace(",", "") if valuelist else ""
        if written and not PLAIN_NUMBER.fullmatch(written):
            raise ValueError(msgid("请填写数字，例如 3200000。"))
        self.data = Fraction(written) if written else None


def exact_text(number: Fraction) -> str:
    """Return a decimal number in plain notation."""
    return display(number, decimals_of(number))


def choice(value: str, name: Text, depth: int = 0) -> tuple[str, str, dict[str, str]]:
    """Return a choice of a select, indented by its depth, its language marked where it is not the page's."""
    marks = {"lang": language_of(name)} if name.is_fallback(locale()) else {}
    return value, "　" * depth + name.in_locale(locale()), marks


class NameForm(Form):
    """A name in one or both languages."""

    name_zh = StringField(msgid("中文名称"), line(), filters=[stripped])
    name_en = StringField(msgid("英文名称"), line(), filters=[stripped])

    def name(self) -> Text:
        """Return the name as typed."""
        return Text(self.name_zh.data or None, self.name_en.data or None)


class NamedForm(NameForm):
    """A new thing with an id and a name."""

    key = StringField(msgid("标识"), required(msgid("请填写标识。")), filters=[stripped])
