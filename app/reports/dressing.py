"""A client's look put on what speaks the house's colours: style sheets and drawn charts. Knows no template.

Sheets name colours and fonts as `var(--accent)`, `var(--ink)`, `var(--muted)`, `var(--hairline)`, `var(--wash)`,
`var(--font-text)`, `var(--font-headings)`; the house's own values mean the same. Both are replaced before the sheet is
used, so they hold where custom properties do not reach (the margins of a page) and cost nothing while it is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.core.colour import TEXT_CONTRAST, contrast
from app.core.report import Colours, Fonts, Theme

PAPER = "#ffffff"
ROLES = ("accent", "ink", "muted", "hairline", "wash")
_HOUSE = Colours()
_HOUSE_FONT = Fonts().text
_NAMED = re.compile(r"var\(\s*--([a-z0-9-]+)\s*\)")
# a colour of the house; what stands before it tells whether text is set in it
_LITERAL = re.compile(
    r"(?P<text>(?<![-\w])color:\s*)?(?P<colour>" + "|".join(getattr(_HOUSE, role) for role in ROLES) + r")\b",
    re.IGNORECASE,
)
_ROLE = {getattr(_HOUSE, role): role for role in ROLES}
_LOGO = """\
.cover .logo { position: absolute; right: 0; top: 0; width: 60mm; height: 22mm;
  object-fit: contain; object-position: right top }
.foot-left .logo { height: 4.5mm; max-width: 40mm; vertical-align: middle; margin-right: 4mm }
"""
_TAG = re.compile(r"<[^>]+>")


def values_of(theme: Theme) -> Mapping[str, str]:
    """Return what a sheet may name, by its name without the dashes."""
    colours, fonts = theme.colours, theme.fonts
    found = {role: getattr(colours, role) for role in ROLES}
    found["accent-text"] = text_colour(colours)
    found["font-text"], found["font-headings"] = _family(fonts.text), _family(fonts.headings)
    found |= {f"unit-{number}": colour for number, colour in enumerate(colours.units, 1)}
    return found


def text_colour(colours: Colours) -> str:
    """Return the colour of text that would stand in the accent: the accent where it can be read on white, else ink."""
    return colours.accent if contrast(colours.accent, PAPER) >= TEXT_CONTRAST else colours.ink


def dressed_sheet(sheet: str, theme: Theme) -> str:
    """Return a style sheet with the theme's colours and fonts in place of the house's."""
    values = values_of(theme)

    def literal(found: re.Match[str]) -> str:
        role = _ROLE[found["colour"].lower()]
        said = found["text"] or ""
        return said + values["accent-text" if said and role == "accent" else role]

    named = _NAMED.sub(lambda found: values.get(found[1], found[0]), sheet)
    if theme.colours != _HOUSE:
        named = _LITERAL.sub(literal, named)
    return named.replace(_family(_HOUSE_FONT), values["font-text"]) if theme.fonts.text != _HOUSE_FONT else named


def dressed_drawing(svg: str, theme: Theme) -> str:
    """Return a drawn chart with the theme's colours and text font; the words in it stay as they are.

    The colours of scores and carriers mean something and stay the house's.
    """
    changed = {
        getattr(_HOUSE, role): getattr(theme.colours, role)
        for role in ROLES
        if getattr(_HOUSE, role) != getattr(theme.colours, role)
    }
    if theme.fonts.text != _HOUSE_FONT:
        changed[f"font-family=\"'{_HOUSE_FONT}'"] = f"font-family=\"'{theme.fonts.text}', '{_HOUSE_FONT}'"
    if not changed:
        return svg
    any_of = re.compile("|".join(map(re.escape, changed)))
    return _TAG.sub(lambda tag: any_of.sub(lambda found: changed[found[0]], tag[0]), svg)


def theme_sheet(theme: Theme) -> str:
    """Return the sheet of the theme itself: its values as custom properties, the font of headings, the logo's place."""
    rules = ";".join(f"--{name}:{value}" for name, value in values_of(theme).items())
    sheet = f":root{{{rules}}}\n"
    if theme.fonts.headings != theme.fonts.text:
        sheet += f"h1,h2,h3,h4,figcaption.title{{font-family:{_family(theme.fonts.headings)}}}\n"
    if theme.logo is not None:
        sheet += _LOGO
    return sheet


def _family(name: str) -> str:
    return f'"{name}"'
