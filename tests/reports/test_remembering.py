"""Remembered lines of text change nothing but the time that a report takes."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from app.reports.remembering import PROPERTIES
from app.reports.typesetting import Typescript

TEXT = "客户数据分散在97系统、计费系统（CBS）与1000号平台里；谁来负责？各说各的！ Nobody looks after the rest of them. "
HTML = (
    "<!doctype html><html lang=zh-Hans><title>x</title><style>"
    'html { font: 9pt/14pt "Noto Sans CJK SC" } @page { size: 90mm 60mm; margin: 8mm }'
    "td { width: 20mm; vertical-align: top } b { letter-spacing: 1px } .en { hyphens: auto }</style>"
    + "".join(
        f"<p>{TEXT}<b>{TEXT}</b><table><tr><td>{TEXT}<td lang=en class=en>{TEXT}</table>"
        f"<i style='word-spacing: 2px'>{TEXT}</i>"
        for _ in range(4)
    )
)


def test_a_report_is_the_same_to_the_byte_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.reports import pressing

    script = Typescript(HTML, {})
    quick = pressing.write(pressing.lay_out(script.html, script.assets))
    monkeypatch.setattr(pressing, "remembering", contextlib.nullcontext)
    assert pressing.write(pressing.lay_out(script.html, script.assets)) == quick


def test_everything_that_measuring_reads_is_part_of_what_is_remembered() -> None:
    from weasyprint.text import fonts, line_break

    read = set()
    for module in (line_break, fonts):
        assert module.__file__ is not None
        read |= set(re.findall(r"style\['([a-z_]+)'\]", Path(module.__file__).read_text("utf-8")))
    assert read - set(PROPERTIES) == set()


def test_nothing_is_remembered_beyond_a_document() -> None:
    from weasyprint.layout import inline, preferred
    from weasyprint.text import line_break

    from app.reports import pressing

    pressing.lay_out(HTML, {})
    assert inline.split_first_line is preferred.split_first_line is line_break.split_first_line
    assert inline.strut is line_break.strut
