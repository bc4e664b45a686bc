"""A worded document and a folder of templates in, HTML with its pictures out. Knows Jinja, no page and no PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from app.charts.paper import svg
from app.core.report import Paper, Theme
from app.document.values import Amount, Document, Picture, Sentence, TableRow, Words
from app.i18n import translator
from app.reports.dressing import dressed_drawing, dressed_sheet, theme_sheet
from app.reports.spacing import closing, counter, spaced

ASSETS = "asset:"
THEME_SHEET = "theme.css"
_PIXELS_PER_MM = 96 / 25.4
_LETTERING = 12 / (8 * 96 / 72)  # charts are lettered in 12 px; on paper they stand in 8 pt
_HEIGHT = re.compile(r'height="([\d.]+)"')
_TRIES = 3  # a wider drawing needs fewer lines for its words, so its height is measured again
_NUMBER = re.compile(r"[+\N{MINUS SIGN}]?\d+(?:\.(\d+))?")


class TemplateFault(Exception):  # noqa: N818 - named like the other faults
    """A template of the report cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Typescript:
    """A document as HTML; `assets` are the only things it may refer to, by name after `asset:`."""

    html: str
    assets: Mapping[str, tuple[str, bytes]]


def typeset(document: Document, templates: Sequence[Path]) -> Typescript:
    """Set a document with `report.html` of `templates` and everything that it includes. Raises TemplateFault.

    `templates` are folders, a report's own before the house's: the first that has a file is asked. Every value is
    escaped, a name that no value has is an error, and a template sees plain values only.
    """
    theme = document.theme
    sheets = style_sheets(templates, theme)
    assets = {name: ("text/css", sheet.encode()) for name, sheet in sheets.items()}
    logo = put_logo(theme, assets)

    def picture(block: Picture, millimetres: float) -> str:
        """Draw a picture for the width at which it will stand; return its address."""
        drawn = dressed_drawing(svg(block.chart, width=millimetres * _PIXELS_PER_MM * _LETTERING), theme)
        name = f"{block.id}-{millimetres:g}.svg"
        assets[name] = ("image/svg+xml", drawn.encode())
        return ASSETS + name

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translator(document.locale), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(spaced=spaced, spoken=spoken, deepest=deepest, padding=padding)
    try:
        html = environment.get_template("report.html").render(
            document=document,
            picture=picture,
            fitting=fitting,
            sheets=[ASSETS + name for name in sheets],
            logo=logo,
        )
    except TemplateError as error:
        raise TemplateFault(_told(error, templates)) from error
    return Typescript(html, assets)


def fitting(blocks: Sequence[Picture], millimetres: float, highest: float) -> float:
    """Return for what width to draw pictures of one scale that stand `millimetres` wide and at most `highest` high.

    A picture that is too high is drawn wider and shrunk, so that it still takes the whole width.
    """
    width = millimetres
    for _ in range(_TRIES):
        height = max(_height(block, width) for block in blocks) * millimetres / width
        if height <= highest:
            break
        width *= height / highest
    return width


def _height(block: Picture, millimetres: float) -> float:
    """Return how high a picture becomes, in millimetres, when it is drawn for a width."""
    scale = _PIXELS_PER_MM * _LETTERING
    found = _HEIGHT.search(svg(block.chart, width=millimetres * scale))
    return float(found[1]) / scale if found else 0.0


def put_logo(theme: Theme, assets: dict[str, tuple[str, bytes]]) -> str:
    """Put the logo of a theme among the assets; return its address, empty without one."""
    if theme.logo is None:
        return ""
    name = "logo" + Path(theme.logo.file).suffix.lower()
    assets[name] = (theme.logo.media_type, theme.logo.content)
    return ASSETS + name


def style_sheets(templates: Sequence[Path], theme: Theme) -> dict[str, str]:
    """Return the sheets of a report by name, in the order in which they apply, in the theme's colours.

    First the house's (`report.css` before the others; of `wide.css` and `a4.css` the one of the theme's paper), then
    the theme's own, then those beside the report. A report's sheet of the same name stands in place of the house's.
    """
    *own, house = templates
    papers = {f"{paper}.css" for paper in Paper} - {f"{theme.paper}.css"}
    shared = sorted((sheet.name for sheet in house.glob("*.css")), key=lambda name: _rank(name, theme))
    extra = sorted({sheet.name for folder in own for sheet in folder.glob("*.css")} - set(shared))
    found: dict[str, str] = {}
    for name in (*shared, THEME_SHEET, *extra):
        if name == THEME_SHEET:
            found[name] = theme_sheet(theme)
        elif name not in papers:
            file = next(folder / name for folder in templates if (folder / name).is_file())
            found[name] = dressed_sheet(file.read_text("utf-8"), theme)
    return found


def _rank(name: str, theme: Theme) -> tuple[int, str]:
    """Return the place of one of the house's sheets: `report.css` first, that of the paper last."""
    return (0 if name == "report.css" else 2 if name == f"{theme.paper}.css" else 1, name)


def _told(error: TemplateError, templates: Sequence[Path]) -> str:
    """Say what is wrong with a template and where: its own line, wherever in the chain of includes it broke."""
    names = {str(file): file.relative_to(folder) for folder in templates for file in folder.rglob("*.html")}
    places = [
        f"{names[frame.filename]}:{frame.lineno}"
        for frame in extract_tb(error.__traceback__)
        if frame.filename in names
    ]
    if isinstance(error, TemplateSyntaxError) and error.name:
        places = [f"{error.name}:{error.lineno}"]
    place = f"{places[-1]}: " if places else ""
    return f"{templates[0].name}: {place}{type(error).__name__}: {error}"


def decimals(text: str) -> int:
    """Return how many decimals a printed number has; 0 for anything else."""
    found = _NUMBER.fullmatch(text)
    return len(found[1] or "") if found else 0


def deepest(rows: Sequence[TableRow]) -> list[int]:
    """Return, column by column, the most decimals that a number has."""
    return [max(map(decimals, column)) for column in zip(*([c.text for c in row.cells] for row in rows), strict=True)]


def padding(text: str, most: int) -> Markup:
    """Return invisible digits that bring the decimal points of a column into line."""
    if not _NUMBER.fullmatch(text) or decimals(text) >= most:
        return Markup("")
    missing = most - decimals(text)
    return Markup('<span class="padding">{}</span>').format(("" if decimals(text) else ".") + "0" * missing)


def spoken(sentence: Sentence) -> Markup:
    """Escape a sentence and set its numbers apart, each on one line with what it counts."""
    parts, words = [], list(sentence.parts)
    for number, part in enumerate(words, 1):
        if isinstance(part, Amount):
            amount = Markup('<b class="amount">{}</b>').format(part.text)
            following = words[number] if number < len(words) else None
            if isinstance(following, str) and (counted := counter(following)):
                words[number] = following[len(counted) :]
                amount = Markup('<span class="tail">{}{}</span>').format(amount, counted)
            parts.append(amount)
        elif isinstance(part, Words):
            parts.append(Markup('<span lang="{}">{}</span>').format(part.language, spaced(part.text)))
        else:
            parts.append(closing(part) if number == len(sentence.parts) else spaced(part))
    return Markup("").join(parts)
