"""Lines of text that were measured once are not measured again while one document is laid out.

WeasyPrint breaks the same words at the same width about three times over: for the widths of cells, for pages that are
laid out again, and for every cell that says what another said. What it finds depends on the words, the width and the
properties below alone, and is not changed afterwards, so it is kept for the time of one document.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

# every property that measuring a line of text reads; a test compares with WeasyPrint's source
PROPERTIES = (
    "direction",
    "font_family",
    "font_feature_settings",
    "font_kerning",
    "font_language_override",
    "font_size",
    "font_stretch",
    "font_style",
    "font_variant_alternates",
    "font_variant_caps",
    "font_variant_east_asian",
    "font_variant_ligatures",
    "font_variant_numeric",
    "font_variant_position",
    "font_variation_settings",
    "font_weight",
    "hyphenate_character",
    "hyphenate_limit_chars",
    "hyphenate_limit_zone",
    "hyphens",
    "lang",
    "letter_spacing",
    "line_height",
    "overflow_wrap",
    "tab_size",
    "text_decoration_line",
    "white_space",
    "word_break",
    "word_spacing",
)

Style = Any


@contextmanager
def remembering() -> Iterator[None]:
    """While this lasts, which is for one document, remember measured lines."""
    memory = _Memory()
    split, struts = line_break.split_first_line, line_break.strut
    inline.split_first_line = preferred.split_first_line = memory.split_first_line
    inline.strut = memory.strut
    try:
        yield
    finally:
        inline.split_first_line = preferred.split_first_line = split
        inline.strut = struts


class _Memory:
    """What was measured, by everything that it depends on."""

    def __init__(self) -> None:
        self._split = line_break.split_first_line
        self._strut = line_break.strut
        self._numbers: dict[str, int] = {}
        self._known: dict[int, tuple[Style, int]] = {}  # a style is kept, so that its id stays its own
        self._lines: dict[tuple[object, ...], tuple[Any, ...]] = {}
        self._struts: dict[int, tuple[float, float]] = {}

    def split_first_line(  # noqa: PLR0917 - WeasyPrint's own parameters
        self,
        text: str,
        style: Style,
        context: object,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> tuple[Any, ...]:
        """Do as WeasyPrint's function of this name."""
        key = (text, self._number(style), max_width, justification_spacing, is_line_start, minimum)
        found = self._lines.get(key)
        if found is None:
            found = self._split(text, style, context, max_width, justification_spacing, is_line_start, minimum)
            self._lines[key] = found
        return found

    def strut(self, style: Style) -> tuple[float, float]:
        """Do as WeasyPrint's function of this name."""
        number = self._number(style)
        if number not in self._struts:
            self._struts[number] = self._strut(style)
        return self._struts[number]

    def _number(self, style: Style) -> int:
        """Return a number that styles share which measure alike."""
        known = self._known.get(id(style))
        if known is None:
            told = repr([style[name] for name in PROPERTIES])
            known = (style, self._numbers.setdefault(told, len(self._numbers)))
            self._known[id(style)] = known
        return known[1]
