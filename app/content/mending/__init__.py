"""One-click mends: where what a fault finds can be mended by changing a few characters, which ones.

Pure: the text of a file and its faults in, located changes of that text out. What a change is called is worded where
it is shown. A mend never touches anything but the value, key or line that the fault stands at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.content.mending.recipes import RECIPES
from app.content.mending.source import Change, Mend, Source
from app.core.errors import Fault

__all__ = ["Change", "Mend", "Source", "ends", "mends"]

_MOST_MENDED = 200  # of one file; nobody presses more buttons, and a wrong file has a thousand faults


def mends(faults: Iterable[Fault], sources: Mapping[str, Source]) -> dict[Fault, tuple[Mend, ...]]:
    """Return the mends of each fault that has any, the likeliest first; `sources` by the names that faults use."""
    found: dict[Fault, tuple[Mend, ...]] = {}
    for fault in faults:
        recipe, source = RECIPES.get(fault.code), sources.get(fault.file or "")
        if recipe is None or source is None or fault.line is None or len(found) >= _MOST_MENDED:
            continue
        offered = tuple(recipe(fault, source))
        if offered:
            found[fault] = offered
    return found


def ends(fault: Fault, source: Source) -> tuple[int, int]:
    """Return line and column (after the last character) up to which a fault is to be marked: never below its line."""
    line, column = fault.line or 1, fault.column or 1
    length = len(source.line(line))
    span = source.span(line, column)
    if span is not None and span.is_scalar:
        return (line, length + 1) if span.end_line > line else (line, max(span.end_column, column + 1))
    return line, max(length, column) + 1
