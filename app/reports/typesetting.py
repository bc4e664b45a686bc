"""A worded document and a folder of templates in, HTML with its pictures out. Knows Jinja, no page and no PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from app.charts.paper import svg
from app.document.values import Amount, Document, Picture, Sentence, TableRow, Words
from app.i18n import translator

ASSETS = "asset:"
_PIXELS_PER_MM = 96 / 25.4
_LETTERING = 12 / (8 * 96 / 72)  # charts are lettered in 12 px; on paper they stand in 8 pt
_HANZI = r"\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LATIN = r"A-Za-z0-9"
_SEAM = re.compile(rf"(?<=[{_HANZI}])(?=[{_LATIN}])|(?<=[{_LATIN}%])(?=[{_HANZI}])")
_NUMBER = re.compile(r"[+\N{MINUS SIGN}]?\d+(?:\.(\d+))?")
_COUNT = re.compile(r"\bn = ")
_GAP = Markup('<span class="gap"></span>')


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
    assets: dict[str, tuple[str, bytes]] = {}

    def picture(block: Picture, millimetres: float) -> str:
        """Draw a picture for the width at which it will stand; return its address."""
        drawn = svg(block.chart, width=millimetres * _PIXELS_PER_MM * _LETTERING)
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
    for folder in reversed(templates):
        for sheet in sorted(folder.glob("*.css")):
            assets[sheet.name] = ("text/css", sheet.read_bytes())
    try:
        html = environment.get_template("report.html").render(document=document, picture=picture)
    except TemplateError as error:
        raise TemplateFault(f"{templates[0].name}: {type(error).__name__}: {error}") from error
    return Typescript(html, assets)


def spaced(text: object) -> Markup:
    """Escape a text and put a thin gap between Chinese and Latin; the text itself stays as it is."""
    return _GAP.join(
        escape(piece) for piece in _SEAM.split(_COUNT.sub("n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", str(text)))
    )


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
    """Escape a sentence and set its numbers apart."""
    parts = []
    for part in sentence.parts:
        if isinstance(part, Amount):
            parts.append(Markup('<b class="amount">{}</b>').format(part.text))
        elif isinstance(part, Words):
            parts.append(Markup('<span lang="{}">{}</span>').format(part.language, spaced(part.text)))
        else:
            parts.append(spaced(part))
    return Markup("").join(parts)
