"""What proves a report stands on its pages: under the scale if there is room, and never at the cost of other words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.core.report import Paper, SectionKind
from app.core.text import Locale, Text
from app.document.build import build_document
from app.document.stamp import Stamp, Told, stamped
from app.document.voice import Voice
from app.reports.pressing import lay_out
from app.reports.typesetting import typeset
from app.services.reporting import templates_of
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, LONG_NAMES, eight_columns, gathered
from tests.reports.layout import ink_of

if TYPE_CHECKING:
    from app.content.library import Library
    from app.document.material import Material
    from app.document.values import Document

CODE = "ABCD-EFGH-JKLM"
STATES = ("published", "in-progress", "review", "draft")
PROOF = {"zh": "版本与凭据", "en": "Revisionsandproof"}
SCALE = {"zh": "量表", "en": "Scale"}


def method_pages(library: Library, found: Material, locale: Locale, paper: Paper, *, proven: bool = True) -> list[str]:
    """The text of every page of the method, without white space."""
    definition = library.report("executive")
    definition = replace(definition, theme=replace(definition.theme, paper=paper))
    document = build_document(found, definition, locale)
    if proven:
        document = _with_proof(document, found)
    document = replace(document, sections=tuple(one for one in document.sections if one.kind is SectionKind.METHOD))
    typescript = typeset(document, templates_of(CHECKOUT, "executive"))
    pages: list[Any] = lay_out(typescript.html, typescript.assets).pages
    return ["".join("".join(ink.text for ink in ink_of(page)).split()) for page in pages]


def _with_proof(document: Document, found: Material) -> Document:
    voice = Voice(document.locale, found.framework)
    told = tuple(
        Told(voice.name(subject.name), place + 1, STATES[place % 4], f"{place:x}" * 64)
        for place, subject in enumerate(found.subjects)
    )
    proof = Stamp(CODE, "0" * 64, told, datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "1.0+9b7fb0c21290")
    return stamped(document, proof, voice)


@pytest.mark.parametrize(
    ("locale", "paper"),
    [("zh", Paper.WIDE), *(pytest.param("en", paper, marks=pytest.mark.nightly) for paper in Paper)],
)
@pytest.mark.parametrize("cases", [ALL, pytest.param(("shenzhen-2003",), marks=pytest.mark.nightly)])
def test_the_proof_stands_under_the_scale(
    library: Library, cases: tuple[str, ...], locale: Locale, paper: Paper
) -> None:
    pages = method_pages(library, gathered(library, cases, "foreign-carriers-2003"), locale, paper)
    (page,) = [page for page in pages if PROOF[locale] in page]
    assert SCALE[locale] in page
    assert CODE in page
    assert "2026-03-0209:30UTC" in page
    assert all(f"{place:x}" * 12 in page for place in range(len(cases)))


def test_on_wide_paper_the_proof_of_four_assessments_makes_no_page(library: Library) -> None:
    found = gathered(library, ALL, "foreign-carriers-2003")
    bare = method_pages(library, found, "zh", Paper.WIDE, proven=False)
    assert len(method_pages(library, found, "zh", Paper.WIDE)) == len(bare)
    assert not any(PROOF["zh"] in page for page in bare)


@pytest.mark.nightly
def test_the_proof_of_eight_assessments_has_a_page_and_takes_no_row_from_the_others(library: Library) -> None:
    found = eight_columns(library)
    bare = method_pages(library, found, "en", Paper.WIDE, proven=False)
    *before, last = method_pages(library, found, "en", Paper.WIDE)
    assert before == bare
    assert last.startswith(PROOF["en"])
    assert all(str(name).replace(" ", "") in last for _, name in LONG_NAMES)


def test_a_scale_with_long_words_goes_on_over_the_page_and_nothing_after_it_is_lost(library: Library) -> None:
    found = gathered(library, ALL, "foreign-carriers-2003")
    framework = found.framework
    wordy = Text("这一级的说明写得很长，" * 12 + "到此为止。", "This level is told at length. " * 12)
    levels = tuple(replace(level, description=wordy) for level in framework.scale.levels)
    found = replace(found, framework=replace(framework, scale=replace(framework.scale, levels=levels)))
    text = "".join(method_pages(library, found, "zh", Paper.WIDE))
    assert text.count("到此为止。") == len(levels)
    assert PROOF["zh"] in text
    table = text[text.index("权重与份额") :]
    assert all(str(node.name.zh).replace(" ", "") in table for node in framework.nodes if node.children)
    assert text.count("合计") == 3
