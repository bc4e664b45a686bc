"""A report as CSV files in one archive: its tables with the printed words, its sentences, and every exact figure.

Written for spreadsheets: UTF-8 with a byte order mark, CRLF, and no text that would be read as a formula.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from app.document.voice import Voice
from app.exports.cell_text import plain, reads_as_formula, words_of
from app.exports.node_figures import figures_at, nodes_of
from app.exports.sequence import Part, parts_of, sentences_of
from app.i18n import translator

if TYPE_CHECKING:
    from app.document.material import Material
    from app.document.values import Document

CONTENTS, SENTENCES, FIGURES = "contents.csv", "sentences.csv", "figures.csv"
FIGURE_HEADS = (
    "column",
    "kind",
    "name",
    "node",
    "tier",
    "parent",
    "capability",
    "weight",
    "state",
    "score",
    "printed",
    "status",
    "coverage",
    "low",
    "high",
    "attained",
    "published",
    "origin",
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_LONGEST_NAME = 60
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # in every archive alike: the same report gives the same bytes


def write_csv(document: Document, material: Material) -> bytes:
    """Return the archive: contents, sentences, a file per table and chart in the order of the report, all figures."""
    _ = translator(document.locale).gettext
    parts = list(parts_of(document))
    names = [_file_name(number, part) for number, part in enumerate(parts, start=1)]
    listed = [(name, part.section.title, part.table.title) for name, part in zip(names, parts, strict=True)]
    listed += [(SENTENCES, "", _("报告里的每一句话")), (FIGURES, "", _("每个能力在每一列的精确得分"))]
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, CONTENTS, [(_("文件"), _("章节"), _("内容")), *listed])
        _add(archive, SENTENCES, _sentences(document))
        for name, part in zip(names, parts, strict=True):
            _add(archive, name, _table(part))
        _add(archive, FIGURES, _figures(document, material))
    return made.getvalue()


def written_cell(text: str) -> str:
    """Return a text as CSV may hold it: what a spreadsheet would calculate gets an apostrophe before it."""
    cleaned = plain(text)
    harmless = _NUMBER.fullmatch(cleaned) is not None
    return f"'{cleaned}" if reads_as_formula(cleaned) and not harmless else cleaned


def _file_name(number: int, part: Part) -> str:
    named = _NOT_IN_NAMES.sub("-", part.table.id or part.section.id).strip("-")
    return f"{number:03d}-{named[:_LONGEST_NAME]}.csv"


def _add(archive: zipfile.ZipFile, name: str, rows: Iterable[Sequence[str]]) -> None:
    written = StringIO(newline="")
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([written_cell(text) for text in row])
    entry = zipfile.ZipInfo(name, _WRITTEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, written.getvalue().encode("utf-8-sig"))


def _table(part: Part) -> Iterable[Sequence[str]]:
    yield [column.title for column in part.table.columns]
    for row in part.table.rows:
        yield [words_of(cell) for cell in row.cells]


def _sentences(document: Document) -> Iterable[Sequence[str]]:
    _ = translator(document.locale).gettext
    yield _("章节"), _("说的是"), _("句子")
    for said in sentences_of(document):
        label = said.sentence.label or (said.statement.title if said.statement else "")
        yield said.section.title, label, said.sentence.text


def _figures(document: Document, material: Material) -> Iterable[Sequence[str]]:
    """Return every figure; heads and words are keys of the exchange formats, the same in every language."""
    voice = Voice(document.locale, material.framework)
    card = material.subjects[0].scorecard
    yield FIGURE_HEADS
    for node in nodes_of(material):
        parent = material.framework.parent(node.id) if node else None
        for figure in figures_at(material, node, voice):
            yield (
                figure.column.id,
                figure.column.kind,
                voice.name(figure.column.name),
                node.id if node else "",
                material.framework.tier_of(node.id).id if node else "",
                parent.id if parent else "",
                voice.node(node.id if node else None),
                _number(card.node(node.id).weight if node else None),
                figure.state or "",
                _number(figure.score),
                figure.text,
                figure.status.value if figure.status else "",
                _number(figure.coverage),
                _number(figure.low),
                _number(figure.high),
                _number(figure.attained),
                _number(figure.published),
                figure.origin or "",
            )


def _number(value: Fraction | int | None) -> str:
    if value is None:
        return ""
    return str(value.numerator) if value.denominator == 1 else repr(float(value))
