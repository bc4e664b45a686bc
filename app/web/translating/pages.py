"""What a translation page shows: texts in groups of what they belong to, filtered and in pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.core.framework import Framework
from app.core.text import Text
from app.core.translations import Part, Standing, Translation
from app.i18n import msgid
from app.services.translating import TranslationSheet, seen_of
from app.web.context import locale, translate

PAGE = 60  # texts on one page
TODO, ALL = "todo", "all"
FILTERS = {
    TODO: msgid("缺的和过时的"),
    Standing.MISSING.value: msgid("缺英文"),
    Standing.STALE.value: msgid("英文过时"),
    ALL: msgid("全部文字"),
}
STANDING_WORDS = {
    Standing.FRESH: msgid("已有英文"),
    Standing.STALE: msgid("英文过时"),
    Standing.MISSING: msgid("缺英文"),
}
_PARTS = {
    Part.NAME: msgid("名称"),
    Part.SUMMARY: msgid("简介"),
    Part.DEFINITION: msgid("定义"),
    Part.LEVEL: msgid("%(value)s 分的描述"),
    Part.PROMPT: msgid("问法"),
    Part.EVIDENCE: msgid("证据"),
    Part.QUESTION: msgid("计分的问题"),
    Part.OPTION: msgid("选项"),
    Part.TITLE: msgid("标题"),
    Part.WORDS: msgid("正文"),
}
_HEADINGS = {
    "framework": msgid("整个框架"),
    "tier": msgid("层级"),
    "level": msgid("量表"),
    "questionnaire": msgid("整份问卷"),
    "role": msgid("角色"),
    "profile": msgid("权重方案"),
    "report": msgid("报告"),
    "section": msgid("报告"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One text. `typed` is what stands in the field where it is not what is stored (it was refused)."""

    place: str
    label: str
    zh: str
    en: str
    standing: Standing
    before: str | None
    seen: str
    typed: str | None = None

    @property
    def anchor(self) -> str:
        """The id of the row on the page."""
        return "t-" + self.place.replace("/", "-").replace(".", "_")

    @property
    def lines(self) -> int:
        """How many lines the field has."""
        return max(1, min(8, (max(len(self.en), int(len(self.zh) * 2.2)) + 79) // 80))


@dataclass(frozen=True, slots=True)
class Group:
    """Texts of one thing. `code` is what the file calls it."""

    heading: Text | str
    code: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One page of a translation: `found` texts pass the filter, of which these are some."""

    groups: tuple[Group, ...]
    chosen: str
    found: int
    number: int
    pages: int


def sheet_page(
    sheet: TranslationSheet, chosen: str | None, number: int, refused: tuple[str, str] | None = None
) -> SheetPage:
    """Return a page of a sheet: what needs work where nothing is chosen, everything where nothing needs any."""
    if chosen not in FILTERS:
        chosen = TODO if sheet.progress.fresh < sheet.progress.texts else ALL
    kept = [row for row in sheet.rows if _passes(row.standing, chosen) or (refused and row.passage.place == refused[0])]
    pages = max(1, -(-len(kept) // PAGE))
    number = min(max(1, number), pages)
    shown = kept[(number - 1) * PAGE : number * PAGE]
    return SheetPage(tuple(_groups(sheet, shown, refused)), chosen, len(kept), number, pages)


def _passes(standing: Standing, chosen: str) -> bool:
    return chosen in (ALL, standing.value) or (chosen == TODO and standing is not Standing.FRESH)


def _groups(sheet: TranslationSheet, shown: Sequence[Translation], refused: tuple[str, str] | None) -> Iterable[Group]:
    for owner, rows in groupby(shown, key=lambda row: _owner(row.passage.place)):
        found = list(rows)
        yield Group(_heading(sheet.framework, owner, found[0]), owner[1], tuple(as_row(row, refused) for row in found))


def _owner(place: str) -> tuple[str, str]:
    kind, _, rest = place.partition("/")
    return (kind, rest.partition("/")[0]) if kind in ("capability", "item") else (kind, "")


def _heading(framework: Framework | None, owner: tuple[str, str], first: Translation) -> Text | str:
    kind, name = owner
    if kind == "capability":
        return first.passage.about or name
    if kind == "item":
        return framework.node(name).name if framework is not None and name in framework else name
    return translate(_HEADINGS[kind])


def as_row(row: Translation, refused: tuple[str, str] | None = None) -> Row:
    """Return a text as it is shown."""
    passage = row.passage
    return Row(
        place=passage.place,
        label=_label(row),
        zh=passage.text.zh or "",
        en=passage.text.en or "",
        standing=row.standing,
        before=row.before,
        seen=seen_of(passage.text),
        typed=refused[1] if refused is not None and refused[0] == passage.place else None,
    )


def _label(row: Translation) -> str:
    passage = row.passage
    kind, _, rest = passage.place.partition("/")
    words = translate(_PARTS[passage.part])
    if passage.part is Part.LEVEL:
        return words % {"value": passage.detail}
    if kind == "level":
        return f"{passage.detail} · {words}"
    if kind in ("tier", "role"):
        return f"{rest.partition('/')[0]} · {words}"
    if passage.listed:
        number = int(passage.place.rpartition("/")[2]) + 1
        return f"{words} {number}"
    return f"{words} · {passage.detail}" if passage.detail else words


def title_of(sheet: TranslationSheet) -> str:
    """Return how a sheet's content is called in the reader's language."""
    first = sheet.rows[0].passage.text if sheet.rows else Text(zh=sheet.key)
    return first.in_locale(locale())
