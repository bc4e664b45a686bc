"""The look of files that Office opens: colours of the theme, fonts that other people's machines have, sizes in points.

Paper carries its fonts inside; a slide or a text does not. A paper font that Office does not bring is therefore
replaced by its neighbour that every Office has (docs/decisions/0027).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.report import Theme

TITLE, HEADLINE, TEXT, TABLE, NOTE = 20.0, 13.0, 10.5, 9.0, 8.0
POINT = 25.4 / 72  # millimetres
LEADING = 1.36  # of lines, in font sizes; set as points, so that no font changes it

NEIGHBOURS = {"Noto Sans CJK SC": "Microsoft YaHei", "Noto Sans SC": "Microsoft YaHei", "Noto Serif CJK SC": "SimSun"}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as RRGGBB and the names of the fonts."""

    accent: str
    ink: str
    muted: str
    hairline: str
    wash: str
    font: str
    heading_font: str


def look_of(theme: Theme) -> Look:
    """Return the look of a theme."""
    colours, fonts = theme.colours, theme.fonts
    return Look(
        accent=rgb(colours.accent),
        ink=rgb(colours.ink),
        muted=rgb(colours.muted),
        hairline=rgb(colours.hairline),
        wash=rgb(colours.wash),
        font=NEIGHBOURS.get(fonts.text, fonts.text),
        heading_font=NEIGHBOURS.get(fonts.headings, fonts.headings),
    )


def rgb(colour: str) -> str:
    """Return `#rrggbb` as Office writes it."""
    return colour.lstrip("#").upper()


def leading(size: float) -> float:
    """Return the height of a line, in points."""
    return round(size * LEADING * 2) / 2
