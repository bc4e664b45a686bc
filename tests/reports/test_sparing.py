"""What is spared changes no page: the same file, laid out fewer times."""

from __future__ import annotations

import contextlib
import logging

import pytest

from app.reports import pressing
from tests.reports.test_remembering import HTML

REFERRING = HTML.replace(
    "</style>",
    "a::after { content: target-counter(attr(href), page) } .own::after { content: counter(page) '/' counter(pages) }"
    "h1 { break-before: page } @page { @bottom-left { content: counter(page) ' of ' counter(pages) } }</style>"
    + "".join(f"<p><a href='#p{n}'>to </a><b class=own></b>" for n in range(3))
    + "<ul><li>one<li>two</ul>",
) + "".join(f"<h1 id=p{n}>Here</h1><p><a href='#p0'>back </a>" for n in range(3))


def test_a_report_is_the_same_to_the_byte_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = pressing.write(pressing.lay_out(REFERRING, {}))
    monkeypatch.setattr(pressing, "sparing", contextlib.nullcontext)
    monkeypatch.setattr("app.reports.sparing._RARE", {})
    assert pressing.write(pressing.lay_out(REFERRING, {})) == quick


def test_pages_that_others_refer_to_are_laid_out_twice_at_most(caplog: pytest.LogCaptureFixture) -> None:
    script = REFERRING.replace("<b class=own></b>", "")
    with caplog.at_level(logging.INFO, logger="weasyprint.progress"):
        logging.getLogger("weasyprint.progress").addHandler(caplog.handler)
        pressing.lay_out(script, {})
        logging.getLogger("weasyprint.progress").removeHandler(caplog.handler)
    rounds = [record for record in caplog.records if "Repagination" in record.getMessage()]
    assert len({record.getMessage() for record in rounds}) == 1


def test_a_footnote_has_its_sign_all_the_same() -> None:
    noted = "<!doctype html><title>x</title><style>b { float: footnote }</style><p>words<b>below</b>"
    (page,) = pressing.lay_out(noted, {}).pages
    assert "footnote-call" in repr([box.element_tag for box in page._page_box.descendants()])
