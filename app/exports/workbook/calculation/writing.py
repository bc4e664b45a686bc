"""The calculation sheets in order: how to check the arithmetic, weights and thresholds, the scores of each unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.document.voice import Voice
from app.exports.workbook.calculation.arithmetic import Arithmetic
from app.exports.workbook.calculation.checking import write_checking
from app.exports.workbook.calculation.unit_sheet import write_unit
from app.exports.workbook.calculation.weights_sheet import write_weights

if TYPE_CHECKING:
    from app.core.text import Locale
    from app.document.material import Material
    from app.exports.workbook.pages import Book


def calculation_names(locale: Locale, material: Material) -> list[str]:
    """Return what the calculation sheets are called, in their order."""
    voice = Voice(locale, material.framework)
    units = [voice.text(voice._("计算 {unit}"), unit=voice.name(subject.name)) for subject in material.subjects]
    return [voice._("怎样核对"), voice._("权重与门槛"), *units]


def write_calculation(book: Book, material: Material, titles: Sequence[str], contents: str) -> None:
    """Write the calculation sheets under their titles."""
    checking, weights, *units = titles
    shared = Arithmetic(material, Voice(book.document.locale, material.framework), weights)
    pairs = list(zip(material.subjects, units, strict=True))
    write_checking(book.add(checking), shared, pairs, contents)
    write_weights(book.add(weights), shared, contents)
    for subject, title in pairs:
        write_unit(book.add(title), shared, subject, contents)
