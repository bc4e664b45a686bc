"""Number formats under which a sheet shows an exact value just as the report prints it."""

from __future__ import annotations

import re
from fractions import Fraction

from app.core.scale import display

LONGEST_AFFIX = 24
_NUMBER = re.compile(r"([+\-−]?)(\d+)(?:\.(\d+))?(%?)")


def number_format(value: Fraction, text: str) -> str | None:
    """Return the format under which `value` is shown as `text`; None where `text` does not print that value.

    What stands around the number (a sign of doubt, a remark) becomes part of the format, so that the cell stays a
    number.
    """
    for found in _NUMBER.finditer(text):
        sign, whole, digits, percent = found.groups()
        decimals = len(digits or "")
        shown = display(abs(value) * (100 if percent else 1), decimals)
        if shown == f"{whole}.{digits}" if digits else shown == whole:
            body = "0" + ("." + "0" * decimals if decimals else "") + percent
            return _around(text[: found.start()], body, text[found.end() :], sign=sign, negative=value < 0)
    return None


def _around(before: str, body: str, after: str, *, sign: str, negative: bool) -> str | None:
    if any(len(affix) > LONGEST_AFFIX or not affix.isprintable() or '"' in affix for affix in (before, after)):
        return None
    if sign:
        minus = sign if sign != "+" else "−"
        forms = (f"{before}+", before + minus, before)
    elif negative:  # it rounds to zero, which has no sign
        forms = (before, before, before)
    else:
        return _literal(before) + body + _literal(after)
    return ";".join(_literal(form) + body + _literal(after) for form in forms)


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""
