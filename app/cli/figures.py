"""Figures and words as the text output of `score` and `compare` prints them, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import click

from app.cli.output import F
from app.core.case import State
from app.core.framework import Method
from app.core.scale import Scale, display
from app.core.scoring import Status
from app.core.text import LOCALES, Locale, Text
from app.i18n import translator

ABOVE_ELEMENTS = 2  # decimals of every figure above the elements
NOTHING = "—"


def locale_option(command: F) -> F:
    """Add `--locale zh|en` as the parameter `locale`."""
    return click.option(
        "--locale", type=click.Choice(LOCALES), default="zh", show_default=True, help="Language of the text output."
    )(command)


def as_number(value: Fraction | int) -> int | float:
    """Return an exact figure as JSON has it: a whole number or a float."""
    return value.numerator if value.denominator == 1 else float(value)


def optional_number(value: Fraction | int | None) -> int | float | None:
    """Return a figure as JSON has it, null where there is none."""
    return None if value is None else as_number(value)


def text_document(text: Text) -> dict[str, str | None]:
    """Return a text as JSON has it."""
    return {"zh": text.zh, "en": text.en}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a language, and the decimals of a scale."""

    locale: Locale
    scale: Scale

    def _(self, msgid: str) -> str:
        """Return a message in this language."""
        return translator(self.locale).gettext(msgid)

    def name(self, text: Text) -> str:
        """Return a text of the content."""
        return text.in_locale(self.locale)

    def figure(self, value: Fraction, *, element: bool) -> str:
        """Return a score, an element's with the decimals of the scale."""
        return display(value, self.scale.decimals if element else ABOVE_ELEMENTS)

    def score(
        self, value: Fraction | None, *, status: Status | None, bounds: tuple[Fraction, Fraction] | None, element: bool
    ) -> str:
        """Return a score; its bounds where it is withheld, a dash where there is none."""
        if value is None:
            return NOTHING
        if status is Status.INSUFFICIENT and bounds is not None:
            return "–".join(self.figure(end, element=element) for end in bounds)
        return self.figure(value, element=element)

    def signed(self, value: Fraction) -> str:
        """Return a difference with its sign."""
        shown = display(value, ABOVE_ELEMENTS)
        return f"+{shown}" if value > 0 and shown.strip("0.") else shown

    def percent(self, share: Fraction | None) -> str:
        """Return a share from 0 to 1 as a percentage, a dash where there is none."""
        return NOTHING if share is None else f"{display(share * 100, 0)}%"

    def status(self, status: Status) -> str:
        """Return the word for how far a score may be relied on."""
        return {
            Status.PUBLISHED: self._("可发布"),
            Status.PROVISIONAL: self._("暂定"),
            Status.INSUFFICIENT: self._("覆盖不足"),
            Status.OPEN: self._("未评"),
            Status.NOT_APPLICABLE: self._("不适用"),
        }[status]

    def state(self, state: State) -> str:
        """Return the word for what is known of an element; nothing for a plain score."""
        return {
            State.SCORED: "",
            State.INFERRED: self._("推断"),
            State.NOT_APPLICABLE: self._("不适用"),
            State.UNKNOWN: self._("不清楚"),
            State.ILLEGIBLE: self._("无法辨认"),
            State.OPEN: self._("未评"),
        }[state]

    def method(self, method: Method) -> str:
        """Return the name of a rollup method."""
        return {
            Method.WEIGHTED_MEAN: self._("加权平均"),
            Method.WEIGHTED_GEOMETRIC: self._("加权几何平均"),
            Method.FLAT_MEAN: self._("要素平均"),
        }[method]
