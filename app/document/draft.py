"""What a section's builder works with: material, voice, charts, and the tables that sections share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from app.charts.build import Charts
from app.charts.palette import Style, carrier_styles, unit_styles
from app.charts.spec import Mark, Standing
from app.charts.wording import INFERRED_SIGN, PROVISIONAL_SIGN, RANGE_SIGN
from app.core.compare import Column, Figure, compare
from app.core.report import Theme
from app.core.scoring import Status
from app.core.text import Locale, Text
from app.document.material import Material, Subject
from app.document.values import Cell, Table, TableColumn, TableRow, Words
from app.document.voice import Voice

MEDIAN = "benchmark-median"
MANY = 5  # units from which a table is crowded
SIGNS = (RANGE_SIGN, INFERRED_SIGN, PROVISIONAL_SIGN)
_STYLE_MEDIAN = Style("#5b6673", "triangle-down", "dot", "#5b6673")


@dataclass(frozen=True)
class Draft:
    """Material in one voice, with the options of the section in work and the theme of the report."""

    material: Material
    voice: Voice
    options: Mapping[str, object] = field(default_factory=dict)
    theme: Theme = field(default_factory=Theme)

    def option(self, name: str, default: int) -> int:
        """Return a whole number among the options of the section."""
        found = self.options.get(name, default)
        return int(found) if isinstance(found, (int, Fraction)) else default

    # charts

    @cached_property
    def styles(self) -> dict[str, Style]:
        """The style of every column: a unit's and a carrier's own, the same on every page, here and on screen."""
        material = self.material
        units = list(dict.fromkeys([*material.units, *(s.unit.id for s in material.subjects)]))
        by_unit = unit_styles(units, self.theme.colours.units)
        carriers = material.benchmark.entries if material.benchmark else ()
        found = {MEDIAN: _STYLE_MEDIAN} | carrier_styles([entry.id for entry in carriers])
        seen: Counter[str] = Counter()
        for subject in material.subjects:
            found[subject.id] = by_unit[subject.unit.id].variant(seen[subject.unit.id])
            seen[subject.unit.id] += 1
        return found

    @cached_property
    def charts(self) -> Charts:
        """Charts of all columns."""
        return self._charts(self.material.comparison.columns)

    def charts_of(self, columns: Sequence[Column], *, own: str | None = None, source: str | None = None) -> Charts:
        """Charts of some columns; `own` is the one in question (the unit in focus), `source` where they come from."""
        return self._charts(columns, own, source)

    def _charts(self, columns: Sequence[Column], own: str | None = None, source: str | None = None) -> Charts:
        return Charts(
            compare(self.material.framework, columns),
            self.voice.locale,
            own=own or self.material.focus.id,
            styles=self.styles,
            source=self.source if source is None else source,
        )

    @cached_property
    def source(self) -> str:
        """Where the figures come from, in one line."""
        titles = dict.fromkeys(s.source.title for s in self.material.scored if s.source and s.source.title)
        if self.material.benchmark and self.material.benchmark.source.title:
            titles[self.material.benchmark.source.title] = None
        return self.voice._("；").join(titles)

    @cached_property
    def median_column(self) -> Column | None:
        """The benchmark's median as a column of its own; None without carriers."""
        figures: dict[str | None, Figure] = {
            row.node: Figure(row.median, "computed", Status.PUBLISHED)
            for row in self.material.comparison.rows
            if row.median is not None
        }
        if not figures:
            return None
        carriers = self.material.carriers
        if len(carriers) == 1:
            return carriers[0]
        name = self.voice.text(self.voice._("对标中位数（{n}家）"), n=len(carriers))
        return Column(MEDIAN, "benchmark", Text(zh=name, en=name), figures)

    # cells

    def mark(self, column: Column, node: str | None) -> Mark:
        """Return how a column's figure is printed."""
        return self.voice.figures.mark(column, node)

    def cell(self, column: Column, node: str | None) -> Cell:
        """Return a column's figure as a cell; a withheld score shows its bounds."""
        return cell_of(self.mark(column, node))

    def name_cell(self, node: str | None, *, target: str | None = None) -> Cell:
        """Return the name of a capability as a cell."""
        if node is None:
            return Cell(self.voice.node(None))
        text = self.voice.words(self.material.framework.node(node).name)
        return Cell(text.text, language=self.foreign(text), target=target)

    def foreign(self, words: Words) -> Locale | None:
        """Return the language of words where it is not the document's."""
        return words.language if words.language != self.voice.locale else None

    def plain(self, value: Fraction | None, node: str | None) -> Cell:
        """Return a benchmark statistic as a cell; empty where there is none."""
        return Cell() if value is None else Cell(self.voice.score(node, value).text, value, Standing.FIRM)

    def difference(self, value: Fraction | None, node: str | None = None) -> Cell:
        """Return a difference with its sign as a cell."""
        if value is None:
            return Cell()
        return Cell(self.voice.figures.signed(value, self.voice.figures.decimals(node)), value, Standing.FIRM)

    def notes(self, marks: Iterable[Mark]) -> tuple[str, ...]:
        """Explain the signs that occur."""
        return self.voice.figures.notes(tuple(marks))

    def printed(self, subject: Subject, node: str | None) -> Cell:
        """Return the figure that the source printed, with its decimals; empty where it printed none."""
        figure = subject.scorecard.node(node).published
        if figure is None:
            return Cell()
        return Cell(self.voice.figures.printed(figure, subject.published_decimals), figure, Standing.FIRM)

    # tables

    def matrix(
        self, table_id: str, title: str, nodes: Sequence[str | None], *, targets: Mapping[str, str] | None = None
    ) -> Table:
        """Return capabilities by units, with the benchmark's n, median and best; one carrier alone stands by name."""
        material, voice = self.material, self.voice
        first = next((node for node in nodes if node is not None), None)
        tier = voice.name(material.framework.tier_of(first).name) if first else ""
        names = 3.1 if len(material.cases) <= MANY else 4
        columns = [TableColumn(tier, "text", names), *map(self._head, material.cases)]
        carriers = [c for c in material.carriers if any(node in c.figures for node in nodes)]
        columns += self._benchmark_heads(carriers)
        marks: list[Mark] = []
        rows: list[TableRow] = []
        for node in nodes:
            found = [self.mark(column, node) for column in material.cases]
            name = self.name_cell(node, target=(targets or {}).get(node or ""))
            if len(carriers) == 1:
                found.append(self.mark(carriers[0], node))
            marks += found
            cells = (name, *map(cell_of, found), *self._benchmark_cells(carriers, node))
            rows.append(TableRow(cells, "total" if node is None else "plain"))
        notes = self.notes(marks)
        return Table(table_id, title, tuple(columns), tuple(rows), notes)

    def _head(self, column: Column) -> TableColumn:
        name = self.voice.words(column.name)
        return TableColumn(name.text, "number", 1.6, language=self.foreign(name))

    def _benchmark_heads(self, carriers: Sequence[Column]) -> list[TableColumn]:
        if len(carriers) < 2:
            return [self._head(carrier) for carrier in carriers]
        voice = self.voice
        return [
            TableColumn(voice._("对标中位数"), "number", 1.5),
            TableColumn(voice._("对标最高"), "number", 1.4),
            TableColumn(voice._("家数"), "number", 1.2),
        ]

    def _benchmark_cells(self, carriers: Sequence[Column], node: str | None) -> list[Cell]:
        if len(carriers) < 2:
            return []
        row = self.material.comparison.row(node)
        count = Cell(str(row.n), Fraction(row.n)) if row.n else Cell()
        return [self.plain(row.median, node), self.plain(row.best, node), count]

    def findings(self, subject: Subject, leaf: str, limit: int) -> tuple[Words, ...]:
        """Return the findings of an element in a unit, at most `limit`; the last one counts the rest."""
        agreed = subject.agreed.get(leaf)
        return self.quoted(agreed.findings if agreed else (), limit)

    def quoted(self, texts: Sequence[Text], limit: int) -> tuple[Words, ...]:
        """Return what somebody wrote, at most `limit` texts; the last one counts the rest."""
        lines = [self.voice.words(text) for text in texts[:limit]]
        if lines and len(texts) > limit:
            more = len(texts) - limit
            template = self.voice.ngettext("{text}（另有{n}条）", "{text}（另有{n}条）", more)
            lines[-1] = Words(self.voice.text(template, text=lines[-1].text, n=more), lines[-1].language)
        return tuple(lines)


def cell_of(mark: Mark, *, full: bool = False) -> Cell:
    """Return a figure as a cell: in short, or with the words that stand for its sign."""
    if full:
        return Cell(mark.full, mark.value, mark.standing)
    sign = mark.short[-1:] if mark.short[-1:] in SIGNS else ""
    return Cell(mark.short.removesuffix(sign), mark.value, mark.standing, sign=sign)
