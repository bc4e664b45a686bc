"""What cells look like: one format per look, in the colours and the font of the report's theme."""

from __future__ import annotations

from typing import Any

from app.core.report import Fonts, Theme

FONT = "Microsoft YaHei"  # where the theme leaves the house's font, which office computers seldom have
MOST_NUMBER_FORMATS = 150  # Excel refuses a file with more than about 200
INPUT = "#fffbef"


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any, theme: Theme) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self._number_formats: set[str] = set()
        self.colours = theme.colours
        self.font = FONT if theme.fonts.text == Fonts().text else theme.fonts.text

    def of(self, **look: object) -> Any:
        """Return the format with these properties of XlsxWriter, over the theme's font, size and colour."""
        whole = {
            "font_name": self.font,
            "font_size": 10,
            "font_color": self.colours.ink,
            "valign": "top",
        } | look
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(whole)
        return self._made[key]

    def allows(self, number_format: str) -> bool:
        """Tell whether one more number format fits into the file."""
        if number_format not in self._number_formats and len(self._number_formats) >= MOST_NUMBER_FORMATS:
            return False
        self._number_formats.add(number_format)
        return True

    @property
    def head(self) -> dict[str, object]:
        """The look of a column's head."""
        return {"bold": True, "bg_color": self.colours.wash, "bottom": 1, "bottom_color": self.colours.muted} | _WRAPPED

    @property
    def line(self) -> dict[str, object]:
        """The look of a plain cell: a hairline below."""
        return {"bottom": 1, "bottom_color": self.colours.hairline}

    @property
    def aside(self) -> dict[str, object]:
        """The look of what is said aside."""
        return {"font_color": self.colours.muted, "font_size": 9}


_WRAPPED = {"text_wrap": True}
