"""The worded report as plain values: what paper, slides and sheets share. Knows no layout and no file format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from app.charts.spec import Chart, Standing
from app.core.report import SectionKind, Theme
from app.core.text import Locale

if TYPE_CHECKING:
    from app.document.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Amount:
    """A number inside a sentence, as it is displayed."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text in a language that may not be the document's (a finding, a name somebody wrote)."""

    text: str
    language: Locale


Part = str | Amount | Words


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement by a named rule. `evidence` names the anchors where its numbers stand.

    `slot` names its place in the report, whatever the figures make the rule say there; `by_hand`: somebody's words
    stand in place of the rule's.
    """

    rule: str
    parts: tuple[Part, ...]
    label: str = ""
    evidence: tuple[str, ...] = ()
    slot: str = ""
    by_hand: bool = False

    @property
    def text(self) -> str:
        """The sentence as one string."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    `text` is what is printed, followed by its `sign` (‡ provisional, † inferred, * midpoint of a range); `value` is
    the exact number behind it, None where none may be shown (a withheld score has its bounds as text and no value).
    `standing` is None for what is no figure. `lines` are paragraphs below the text, such as findings. `language` is
    set where it is not the document's; `target` is the anchor of the page that says more.
    """

    text: str = ""
    value: Fraction | None = None
    standing: Standing | None = None
    language: Locale | None = None
    lines: tuple[Words, ...] = ()
    sign: str = ""
    target: str | None = None


Align = Literal["text", "number", "state"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its head, how its cells align and its share of the width (of the sum of all shares)."""

    title: str
    align: Align = "text"
    share: float = 1.0
    language: Locale | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; `kind` tells a total, and the first row of several that belong together, from plain rows."""

    cells: tuple[Cell, ...]
    kind: Literal["plain", "total", "heading"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and the notes under it; `id` is an anchor."""

    id: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart; its caption holds the title, the alternative text, the unit of measure, n and source."""

    id: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Fact:
    """A named fact: `name` is a term, `value` what is said of it."""

    name: str
    value: str
    language: Locale | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A list of named facts."""

    id: str
    title: str
    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A heading with the sentences below it."""

    id: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Short items under headings, several to a line: open elements by group, for one."""

    id: str
    title: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]


Block = Statement | Picture | Table | Facts | Listing


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: one page or more, `id` an anchor, `title` its name in the contents, `text` an editor's own.

    `headline` says in a sentence what its pages show. `children` are parts of their own in the contents (a dimension,
    a group); they come after the section's own blocks. `template` is a file of the report's own for this section.
    """

    id: str
    kind: SectionKind
    title: str
    headline: Sentence | None = None
    blocks: tuple[Block, ...] = ()
    children: tuple[Section, ...] = ()
    text: Words | None = None
    template: str = ""

    def walk(self) -> Iterator[Section]:
        """Yield this section and those below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    target: str
    title: str
    depth: int


@dataclass(frozen=True)
class Document:
    """A whole report in one language. `theme` is its look: colours, fonts, logo and paper, whatever the format.

    `made_on` is the day `dated` as the report's language writes it. `stamp` proves a report that is handed out.
    """

    locale: Locale
    title: str
    subtitle: str
    author: str
    footer: str
    confidentiality: str
    made_on: str
    sections: tuple[Section, ...]
    legend: tuple[Fact, ...] = field(default=())
    theme: Theme = field(default_factory=Theme)
    dated: date | None = None
    stamp: Stamp | None = None

    @property
    def foot(self) -> str:
        """What stands at the foot of every page: confidentiality, and the code to verify the report by."""
        return " · ".join(part for part in (self.confidentiality, self.stamp.code if self.stamp else "") if part)

    def walk(self) -> Iterator[Section]:
        """Yield every section in the order of the pages."""
        for section in self.sections:
            yield from section.walk()

    def section(self, section_id: str) -> Section:
        """Return a section by its anchor; KeyError if there is none."""
        for section in self.walk():
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    @property
    def contents(self) -> tuple[Entry, ...]:
        """The lines of the contents: everything but the cover and the contents themselves."""
        found: list[Entry] = []
        for section in self.sections:
            if section.kind not in (SectionKind.COVER, SectionKind.CONTENTS):
                found.append(Entry(section.id, section.title, 1))
                found.extend(Entry(child.id, child.title, 2) for child in section.children)
        return tuple(found)

    @property
    def message(self) -> tuple[Sentence, ...]:
        """The sentences of the message page, in order; none where the report has no such page."""
        for section in self.sections:
            if section.kind is SectionKind.MESSAGE:
                return tuple(s for block in section.blocks if isinstance(block, Statement) for s in block.sentences)
        return ()
