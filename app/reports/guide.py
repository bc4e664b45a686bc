"""A worded interview guide and a folder of templates in, HTML with its QR code out. Knows Jinja, no page and no PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import segno
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from app.core.report import Theme
from app.document.guide.values import Guide, Point
from app.reports.dressing import dressed_drawing, dressed_sheet, theme_sheet
from app.reports.spacing import spaced
from app.reports.typesetting import ASSETS, THEME_SHEET, TemplateFault, Typescript, put_logo

ADDRESS_CODE = "address.svg"
BOX_HEIGHT = 9.0  # millimetres
MANY = 13


def typeset_guide(guide: Guide, templates: Path) -> Typescript:
    """Set a guide with `guide.html` of `templates`. Raises TemplateFault.

    Every value is escaped, and the only things that the page may refer to are its style sheets, its logo, its boxes
    and its QR code.
    """
    theme = guide.theme
    sheets = guide_sheets(templates, theme)
    assets = {name: ("text/css", sheet.encode()) for name, sheet in sheets.items()}
    if guide.address:
        assets[ADDRESS_CODE] = ("image/svg+xml", address_code(guide.address))
    logo = put_logo(theme, assets)
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(spaced=spaced, lines=str.splitlines)

    def strip(points: Sequence[Point]) -> str:
        """Draw the boxes of a score, the same ones once; return their address."""
        drawn = dressed_drawing(score_strip(points).decode(), theme).encode()
        name = f"boxes-{hashlib.sha256(drawn).hexdigest()[:16]}.svg"
        assets[name] = ("image/svg+xml", drawn)
        return ASSETS + name

    try:
        html = environment.get_template("guide.html").render(
            guide=guide,
            code=ASSETS + ADDRESS_CODE,
            strip=strip,
            sheets=[ASSETS + name for name in sheets],
            logo=logo,
        )
    except TemplateError as error:
        raise TemplateFault(f"{templates.name}: {type(error).__name__}: {error}") from error
    return Typescript(html, assets)


def guide_sheets(templates: Path, theme: Theme) -> dict[str, str]:
    """Return the sheets of a guide by name, in the order in which they apply: those beside it, then the theme's own."""
    found = {
        sheet.name: dressed_sheet(sheet.read_text("utf-8"), theme)
        for sheet in sorted(templates.glob("*.css"))
        if sheet.name != THEME_SHEET
    }
    return found | {THEME_SHEET: theme_sheet(theme)}


def score_strip(points: Sequence[Point]) -> bytes:
    """Return the boxes of a score as SVG: whole levels wide, steps between them narrower, the chosen one black."""
    many = len(points) > MANY
    wide, narrow, gap = (8.0, 5.2, 0.5) if many else (11.0, 7.6, 0.8)
    left, drawn = 0.4, []
    for point in points:
        width = wide if point.whole else narrow
        size = (3.0 if many else 3.8) if point.whole else (2.0 if many else 2.7)
        size = min(size, 1.6 * width / max(1, len(point.label)))
        ink = "#ffffff" if point.chosen else "#1b2430" if point.whole else "#5b6673"
        drawn.append(
            f'<rect x="{left:g}" y="0.4" width="{width:g}" height="{BOX_HEIGHT - 0.8:g}" '
            f'fill="{"#1b2430" if point.chosen else "#ffffff"}" stroke="#1b2430" stroke-width="0.25"/>'
            f'<text x="{left + width / 2:g}" y="{BOX_HEIGHT / 2 + 0.36 * size:g}" text-anchor="middle" '
            f'font-family="Noto Sans CJK SC" font-size="{size:g}" fill="{ink}">{escape(point.label)}</text>'
        )
        left += width + gap
    whole = left - gap + 0.4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole:g}mm" height="{BOX_HEIGHT:g}mm" '
        f'viewBox="0 0 {whole:g} {BOX_HEIGHT:g}">{"".join(drawn)}</svg>'
    ).encode()


def address_code(address: str) -> bytes:
    """Return the QR code of an address as SVG, black on white, with its quiet zone."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, dark="#1b2430", light="#ffffff", border=2, unit="mm"
    )
    return drawn.getvalue()
