"""A type specimen: a small report with everything that is hard to set, made by hand and independent of any content."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.charts.palette import unit_styles
from app.charts.spec import Axis, Band, Caption, DotPlot, Label, Mark, Series, Standing, Tick
from app.core.report import Paper, SectionKind, Theme
from app.core.text import Text
from app.document.values import (
    Amount,
    Cell,
    Document,
    Fact,
    Facts,
    Listing,
    Picture,
    Section,
    Sentence,
    Statement,
    Table,
    TableColumn,
    TableRow,
    Words,
)
from app.reports.typesetting import Typescript, typeset
from app.settings import CHECKOUT

if TYPE_CHECKING:
    from app.charts.spec import Chart
    from app.core.text import Locale

TEMPLATES = (Path(__file__).parent, CHECKOUT / "reports" / "house")
ROWS = 45

# sentences whose punctuation falls on the edge of a line somewhere, at whatever width they are set
RUNNING = {
    "zh": (
        "客户数据分散在97系统、计费系统（CBS）与1000号平台里，“同一客户”在三处有三个编号；营业厅说：“查不到。”",
        "“大客户”（年消费≥50万元者）由专人服务，其余——约占92.5%——没有人负责；谁来负责？各说各的！",
        "得分1.43与1.50相差0.07，不到0.25，分不出先后：两者都写作“第2–3位”。",
    ),
    "en": (
        "Customer data lie in the 97 system, in billing (CBS) and in the 1000 hotline; “the same” customer has three.",
        "Key accounts (those above ¥500,000 a year) are looked after by name; the rest – some 92.5% – by nobody.",
        "A score of 1.43 differs from 1.50 by 0.07, less than 0.25: both are printed as places 2–3.",
    ),
}
FOREIGN: dict[Locale, Words] = {
    "zh": Words("“They have no key account managers at all.”", "en"),
    "en": Words("营业厅说：“查不到。”", "zh"),
}
WORDS: dict[Locale, tuple[str, ...]] = {
    "zh": ("版式样张", "版式", "长表", "续表", "能力要素", "得分", "发现", "总计", "各单位得分与对标范围"),
    "en": ("Type specimen", "Type", "Long table", "More rows", "Element", "Score", "Findings", "Total", "Scores"),
}


def specimen(locale: Locale, paper: Paper = Paper.WIDE) -> Document:
    """Return the specimen in a language."""
    title, kind, long, more, *_ = WORDS[locale]
    sentences = tuple(_sentence(text, number) for number, text in enumerate(RUNNING[locale] * 2))
    sections = (
        Section("cover", SectionKind.COVER, title, blocks=(_facts(locale, "cover-facts", 5),)),
        Section("message", SectionKind.MESSAGE, title, blocks=(Statement("sentences", title, sentences),)),
        Section("contents", SectionKind.CONTENTS, kind, blocks=(_facts(locale, "legend", 6),)),
        Section(
            "type",
            SectionKind.OVERVIEW,
            kind,
            headline=sentences[0],
            blocks=(
                Picture("picture", _chart(locale)),
                _facts(locale, "facts", 8),
                Listing("list", kind, ((long, (*WORDS[locale],)), (more, RUNNING[locale]))),
            ),
            text=Words(" ".join(RUNNING[locale]), locale),
            template="page.html",
        ),
        Section(
            "long",
            SectionKind.APPENDIX,
            long,
            headline=sentences[1],
            blocks=(_table(locale, "rows", ROWS),),
            children=(Section("more", SectionKind.APPENDIX, more, blocks=(_table(locale, "few", 6),)),),
            template="page.html",
        ),
    )
    return Document(
        locale=locale,
        title=title,
        subtitle=RUNNING[locale][2],
        author="CRM Maturity",
        footer=title,
        confidentiality=kind,
        made_on="2026-03-02",
        sections=sections,
        theme=Theme(footer=Text(title), paper=paper),
        dated=date(2026, 3, 2),
    )


def set_specimen(locale: Locale, paper: Paper = Paper.WIDE) -> Typescript:
    """Return the specimen as HTML."""
    return typeset(specimen(locale, paper), TEMPLATES)


def _sentence(text: str, number: int) -> Sentence:
    head, dot, rest = text.partition("1.43")
    parts = (head, Amount("1.43"), rest) if dot else (text,)
    return Sentence("specimen", parts, label=text[:4], evidence=("type", "long")[: 1 + number % 2])


def _facts(locale: Locale, name: str, count: int) -> Facts:
    words, running = WORDS[locale], RUNNING[locale]
    items = (Fact(words[n % len(words)], running[n % len(running)]) for n in range(count))
    return Facts(name, words[1], tuple(items))


def _table(locale: Locale, name: str, count: int) -> Table:
    words, running, foreign = WORDS[locale], RUNNING[locale], FOREIGN[locale]
    columns = (
        TableColumn(words[4], "text", 3),
        TableColumn(words[5], "number", 1),
        TableColumn(words[6], "text", 5),
    )
    own = tuple(Words(text, locale) for text in running)
    rows = [
        TableRow(
            (
                Cell(f"{words[4]} {n + 1}"),
                (
                    Cell("1.43", Fraction(143, 100), Standing.FIRM, sign="‡†*"[n % 3])
                    if n % 4
                    else Cell("1.02–3.97", None, Standing.WITHHELD)
                ),
                Cell(lines=(foreign, own[n % 3]) if n % 5 == 0 else (own[n % 3],)),
            )
        )
        for n in range(count)
    ]
    rows.append(TableRow((Cell(words[7]), Cell("2", Fraction(2), Standing.FIRM), Cell()), "total"))
    return Table(name, words[2 if count > 10 else 3], columns, tuple(rows), ("‡ 1.43", "† 1.43"))


def _chart(locale: Locale) -> Chart:
    words = WORDS[locale]
    axis = Axis(Fraction(), Fraction(5), tuple(Tick(Fraction(n), str(n)) for n in range(6)))
    rows = tuple(Label(f"row-{n}", f"{words[4]} {n + 1}") for n in range(6))
    styles = unit_styles(["one", "two", "three"])
    series = tuple(
        Series(key, key.title(), styles[key], tuple(_mark(place, n) for n in range(6)), own=place == 0)
        for place, key in enumerate(styles)
    )
    band = Band(Fraction(2), Fraction(3), Fraction(4), "2.00–4.00")
    caption = Caption(locale, words[8], " ".join(RUNNING[locale]), words[5], "n = 3", words[0], ("‡ 1.43",))
    return DotPlot(caption, axis, rows, series, (band,) * 6, words[0])


def _mark(place: int, number: int) -> Mark:
    value = Fraction(place + number, 3)
    if (place + number) % 5 == 0:
        return Mark(Standing.OPEN, short="○", full="○")
    return Mark(Standing.FIRM, value, short=f"{float(value):.2f}", full=f"{float(value):.2f}")
