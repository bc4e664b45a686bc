"""How values stand in columns: exact decimals as text, answers to questions as JSON. One reading, one writing each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Questions = Mapping[str, str | tuple[str, ...] | Fraction]


def decimal_text(number: Fraction) -> str:
    """Return an exact decimal as text (`1.43`, `2`, `-0.5`); ValueError for a number without a finite decimal form."""
    decimals = 0
    denominator = number.denominator
    while denominator % 10 == 0:
        denominator, decimals = denominator // 10, decimals + 1
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator, decimals = denominator // prime, decimals + 1
    if denominator != 1:
        raise ValueError(f"{number} has no finite decimal form")
    digits = str(abs(number.numerator) * (10**decimals // number.denominator)).rjust(decimals + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def optional_decimal_text(number: Fraction | None) -> str | None:
    """Return `decimal_text(number)`, None for None."""
    return None if number is None else decimal_text(number)


def number_of(text: str) -> Fraction:
    """Return the number that `decimal_text` wrote."""
    return Fraction(text)


def optional_number_of(text: str | None) -> Fraction | None:
    """Return the number that `optional_decimal_text` wrote."""
    return None if text is None else Fraction(text)


def questions_document(questions: Questions) -> dict[str, Any] | None:
    """Return answers to questions as JSON: text and option ids as they are, several options a list, numbers marked."""
    return {key: _questions_value(value) for key, value in questions.items()} or None


def _questions_value(value: str | tuple[str, ...] | Fraction) -> Any:
    if isinstance(value, Fraction):
        return {"number": decimal_text(value)}
    return list(value) if isinstance(value, tuple) else value


def questions_of(document: Mapping[str, Any] | None) -> dict[str, str | tuple[str, ...] | Fraction]:
    """Return the answers that `questions_document` wrote."""
    return {key: _question_answer(value) for key, value in (document or {}).items()}


def _question_answer(value: Any) -> str | tuple[str, ...] | Fraction:
    if isinstance(value, dict):
        return number_of(value["number"])
    return tuple(value) if isinstance(value, list) else str(value)
