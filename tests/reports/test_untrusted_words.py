"""Every section prints what people wrote as text: carriers, units, rounds, editors' pages, sentences edited by hand."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from app.core.judging import judge
from app.core.report import Logo, ReportDefinition, SectionDefinition, SectionKind, Theme
from app.core.scoring import score
from app.core.text import Locale, Text
from app.document.build import build_document
from app.document.edits import sentences_of, with_edits
from app.document.material import Material, material
from app.document.values import Document
from app.reports.pressing import lay_out, write
from app.reports.printing import print_pdf
from app.reports.typesetting import Typescript, typeset
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, DAY, gathered
from tests.reports.test_comparing_pages import two_rounds
from tests.reports.test_untrusted_text import (
    SECRET,
    Listener,
    attachments_of,
    everything_in,
    listener,
    secret,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.content.library import Library

__all__ = ["listener", "secret"]
HOUSE = (CHECKOUT / "reports" / "full", CHECKOUT / "reports" / "house")
ROUNDS = (SectionKind.CHANGES,)
FREE = {"title", "method", "note", "reason", "overview", "region", "name", "parent", "text", "author", "publisher"}
HUGE = 1_000_000
LONGEST = 2001


def attack_by(listener: Listener, secret: Path) -> str:
    """Return markup that is shorter than a name may be."""
    return (
        f'<img src="{listener.address}/i"><link rel="attachment" href="{secret.as_uri()[:80]}">'
        f'<svg><image href="{listener.address}/s"/></svg><a href="{listener.address}">'
    )


def poisoned(value: Any, evil: str) -> Any:
    """Return a value with every text in it that people write replaced; ids and figures stay."""
    if isinstance(value, Text):
        return Text(evil, evil)
    if isinstance(value, tuple):
        return tuple(poisoned(one, evil) for one in value)
    if isinstance(value, dict):
        return {key: poisoned(one, evil) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            held = getattr(value, field.name)
            changed[field.name] = evil if isinstance(held, str) and field.name in FREE else poisoned(held, evil)
        return replace(value, **changed)
    return value


def evil_material(library: Library, evil: str, *, rounds: bool = False, cases: tuple[str, ...] = ALL) -> Material:
    found = two_rounds(library, "guangzhou-2003") if rounds else gathered(library, cases, "foreign-carriers-2003")
    benchmark = poisoned(gathered(library, cases, "foreign-carriers-2003").benchmark, evil)
    subjects = []
    for subject in found.subjects:
        agreed = {
            key: replace(one, findings=(Text(evil, evil),), note=evil, reason=evil if one.reason else one.reason)
            for key, one in subject.agreed.items()
        }
        card = score(found.framework, judge(found.framework, agreed, subject.respondents))
        subjects.append(
            replace(
                subject,
                name=Text(evil, evil),
                unit=poisoned(subject.unit, evil),
                round=poisoned(subject.round, evil),
                source=poisoned(subject.source, evil),
                agreed=agreed,
                scorecard=card,
            )
        )
    return material(
        found.framework,
        subjects,
        made_on=DAY,
        weights=found.weights,
        benchmark=benchmark,
        engagement=Text(evil, evil),
    )


def definition(evil: str, *kinds: SectionKind, theme: Theme | None = None) -> ReportDefinition:
    said = Text(evil, evil)
    sections = tuple(
        SectionDefinition(kind, title=said if kind is SectionKind.WORDS else None, text=said)
        for kind in kinds
        if kind is not SectionKind.APPENDIX
    )
    own = theme or Theme()
    return ReportDefinition("evil", said, sections, theme=replace(own, footer=said, confidentiality=said))


def edited_throughout(document: Document, evil: str) -> Document:
    slots = [sentence.slot for section in document.walk() for sentence in sentences_of(section)]
    return with_edits(document, dict.fromkeys(slots, evil))


class Elements(HTMLParser):
    """What a page refers to, and whether there is an element on it that no template of ours has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("svg", "image", "object", "embed", "iframe", "script", "style"):
            self.foreign.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "data") and not (value or "").startswith(("asset:", "#")):
                self.foreign.append(f"{tag} {name}={value}")
            if name.startswith("on") or (name, value) == ("rel", "attachment"):
                self.foreign.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("rounds", [False, True], ids=["units", "rounds"])
def test_no_words_become_markup_in_any_section(
    library: Library, listener: Listener, secret: Path, locale: Locale, rounds: bool
) -> None:
    evil = attack_by(listener, secret)
    found = evil_material(library, evil, rounds=rounds)
    document = edited_throughout(build_document(found, definition(evil, *SectionKind), locale), evil)
    kinds = {section.kind for section in document.walk()}
    assert kinds >= {SectionKind.UNITS, SectionKind.CARRIERS, SectionKind.WORDS} | (set(ROUNDS) if rounds else set())
    typescript = typeset(document, HOUSE)
    assert typescript.html.count("&lt;img src=") > 100
    assert Elements(typescript.html).foreign == []
    for kind, body in typescript.assets.values():
        if kind == "image/svg+xml":
            assert re.findall(r"<(?:image|img|link|a|script)\b", body.decode()) == []


def printed_safely(typescript: Typescript, listener: Listener) -> bytes:
    pdf = write(lay_out(typescript.html, typescript.assets))
    assert listener.hits == []
    assert SECRET.encode() not in everything_in(pdf)
    assert attachments_of(pdf) == []
    assert listener.address.encode() not in b"".join(re.findall(rb"/URI\s*\((.*?)\)", everything_in(pdf)))
    return pdf


DAILY = (SectionKind.COVER, SectionKind.WORDS, SectionKind.STRENGTHS, SectionKind.CONFIDENCE)


@pytest.mark.parametrize(
    ("kinds", "rounds"),
    [
        pytest.param(DAILY, False, id="own words, strengths, confidence"),
        pytest.param((SectionKind.COVER, SectionKind.CHANGES), True, id="changes", marks=pytest.mark.nightly),
        pytest.param((SectionKind.COVER, SectionKind.CARRIERS, SectionKind.UNITS), False, marks=pytest.mark.nightly),
        pytest.param(tuple(SectionKind), False, id="everything", marks=pytest.mark.nightly),
    ],
)
def test_markup_in_any_words_reaches_nothing_when_printed(
    library: Library, listener: Listener, secret: Path, kinds: tuple[SectionKind, ...], rounds: bool
) -> None:
    evil = attack_by(listener, secret)
    found = evil_material(library, evil, rounds=rounds, cases=("guangzhou-2003",))
    document = edited_throughout(build_document(found, definition(evil, *kinds), "en"), evil)
    printed_safely(typeset(document, HOUSE), listener)


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="{url}/a.png" width="9" height="9"/>',
        '<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{file}" width="9" height="9"/>',
        '<style>@import url({url}/b.css); rect {{ fill: url({url}/c.svg#x) }}</style><rect width="9" height="9"/>',
        '<use href="{url}/d.svg#x"/><script href="{url}/e.js"/>',
        '<rect width="9" height="9" fill="url({url}/f.svg#x)" filter="url({url}/g.svg#y)"/>',
    ],
)
def test_a_logo_that_got_past_every_check_still_reaches_nothing(inside: str, listener: Listener, secret: Path) -> None:
    shapes = inside.format(url=listener.address, file=secret.as_uri())
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{shapes}</svg>'
    logo = Logo("logo.svg", "image/svg+xml", drawn.encode(), 9, 9, Text("x", "x"))
    html = '<!doctype html><title>x</title><body><p>words<img src="asset:logo.svg" alt="x">'
    printed_safely(Typescript(html, {logo.file: (logo.media_type, logo.content)}), listener)


def test_a_document_type_of_a_drawing_opens_no_file(listener: Listener, secret: Path) -> None:
    drawn = (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y SYSTEM "{listener.address}/dtd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&x;&y;</text></svg>'
    )
    html = '<!doctype html><title>x</title><body><p>words<img src="asset:a.svg" alt="x">'
    printed_safely(Typescript(html, {"a.svg": ("image/svg+xml", drawn.encode())}), listener)


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("W" * 9_000, id="nine thousand letters"),
        pytest.param("W" * HUGE, id="a million letters", marks=pytest.mark.nightly),
        pytest.param("<b>" * (HUGE // 3), id="nested markup", marks=pytest.mark.nightly),
    ],
)
def test_a_word_of_a_megabyte_is_cut_wherever_it_stands(library: Library, what: str) -> None:
    found = evil_material(library, what, cases=("guangzhou-2003",))
    kinds = [kind for kind in SectionKind if kind is not SectionKind.WORDS]
    own = replace(definition("x", *kinds), id="huge")
    html = typeset(build_document(found, own, "zh"), HOUSE).html
    assert len(html) < 12_000_000
    assert "W" * LONGEST not in html
    assert "&lt;b&gt;" * LONGEST not in html


@pytest.mark.nightly
def test_two_thousand_carriers_rows_stay_within_the_printer_s_limits(library: Library) -> None:
    found = evil_material(library, "<b>" + "W" * 400, cases=("guangzhou-2003",))
    (subject,) = found.subjects
    many = {key: replace(one, findings=one.findings * 100) for key, one in subject.agreed.items()}
    assert found.benchmark is not None
    again = material(
        found.framework,
        [replace(subject, agreed=many)],
        made_on=DAY,
        weights=found.weights,
        benchmark=found.benchmark,
    )
    document = build_document(again, definition("x", SectionKind.COVER, SectionKind.UNITS), "zh")
    assert print_pdf(typeset(document, HOUSE)).startswith(b"%PDF-")  # the printer's process may hold 1.5 GB, no more
