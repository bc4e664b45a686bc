"""Text that people wrote reaches neither network nor files, whatever markup it holds, and cannot break the printer."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.core.case import AgreedScore, Round, State, Unit
from app.core.framework import Source
from app.core.text import Text
from app.document.build import build_document
from app.document.material import material
from app.reports.printing import print_pdf
from app.reports.typesetting import typeset
from tests.reports.conftest import DAY, TEMPLATES, gathered, printed

if TYPE_CHECKING:
    from app.content.library import Library

SECRET = "the-secret-of-the-server-4711"
MARKUPS = (
    '<img src="{url}/1.png">',
    '<link rel="stylesheet" href="{url}/2.css">',
    "<style>@import url({url}/3.css);</style>",
    '<p style="background: url({url}/4.png)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/5.png"/></svg>',
    '<object data="{url}/6.svg"></object>',
    '<embed src="{url}/7.svg">',
    '<link rel="attachment" href="{url}/8.txt">',
    '<a rel="attachment" href="{url}/9.txt">x</a>',
    '<img src="{file}">',
    '<link rel="attachment" href="{file}">',
    '<p style="content: url({file})">x</p>',
    '<iframe src="{url}/13.html"></iframe>',
)


@dataclass
class Listener:
    """A server on this machine that counts who asks it for anything."""

    address: str
    hits: list[str] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener("")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.hits.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    heard.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield heard
    server.shutdown()
    server.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    return file


def attacks(listener: Listener, secret: Path) -> str:
    return "".join(MARKUPS).replace("{url}", listener.address).replace("{file}", secret.as_uri())


def everything_in(pdf: bytes) -> bytes:
    """Return a PDF's bytes, every stream that can be unpacked, and the words that its pages show as glyphs."""
    from pypdf import PdfReader

    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    unpacked = []
    for stream in streams:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)  # pdftotext leaves out tiny ones
    return pdf + b"".join(unpacked) + re.sub(r"\s+", "", words).encode()


def attachments_of(pdf: bytes) -> list[str]:
    from pypdf import PdfReader

    return list(PdfReader(BytesIO(pdf)).attachments)


def test_markup_in_every_free_text_is_printed_as_text(library: Library, listener: Listener, secret: Path) -> None:
    attack = attacks(listener, secret)
    evil = Text(zh=attack, en=attack)
    found = gathered(library, ("guangzhou-2003",), "foreign-carriers-2003")
    (subject,) = found.subjects
    agreed = {key: replace(one, findings=(evil,), note=attack) for key, one in subject.agreed.items()}
    agreed["information-sharing"] = AgreedScore(State.NOT_APPLICABLE, reason=attack)
    assert found.benchmark is not None
    subject = replace(
        subject,
        unit=Unit("guangzhou", evil),
        round=Round("2003-09", evil),
        agreed=agreed,
        source=Source(title=attack, method=attack, note=attack),
    )
    benchmark = replace(
        found.benchmark,
        name=evil,
        source=Source(title=attack, method=attack, note=attack, year=2003),
        entries=tuple(replace(entry, name=evil) for entry in found.benchmark.entries),
    )
    again = material(
        found.framework, [subject], made_on=DAY, weights=found.weights, benchmark=benchmark, engagement=evil
    )
    report = printed(library, again, "zh")
    assert report.typescript.html.count("&lt;img src=") > 40
    pdf = report.pdf
    assert listener.hits == []
    assert SECRET.encode() not in everything_in(pdf)
    assert attachments_of(pdf) == []
    assert listener.address.removeprefix("http://") in re.sub(r"\s+", "", report.text)


@pytest.mark.parametrize("markup", MARKUPS)
def test_even_unescaped_markup_reaches_nothing(markup: str, listener: Listener, secret: Path) -> None:
    from app.reports.pressing import lay_out, write

    html = f"<!doctype html><title>x</title><body>{markup}"
    html = html.replace("{url}", listener.address).replace("{file}", secret.as_uri())
    pdf = write(lay_out(html, {"report.css": ("text/css", b"@import url(%s/sheet.css);" % listener.address.encode())}))
    assert listener.hits == []
    assert SECRET.encode() not in everything_in(pdf)
    assert attachments_of(pdf) == []


def test_the_printing_process_opens_nothing_but_its_own_assets(listener: Listener, secret: Path) -> None:
    from app.reports.typesetting import Typescript

    html = f'<!doctype html><link rel="stylesheet" href="asset:own.css"><p>你好{attacks(listener, secret)}'
    pdf = print_pdf(Typescript(html, {"own.css": ("text/css", b"p { color: red }")}))
    assert pdf.startswith(b"%PDF-")
    assert listener.hits == []
    assert SECRET.encode() not in everything_in(pdf)
    assert attachments_of(pdf) == []


@pytest.mark.nightly
def test_two_thousand_rows_and_a_huge_word_are_printed(library: Library) -> None:
    found = gathered(library, ("guangzhou-2003",), None)
    (subject,) = found.subjects
    agreed = dict(subject.agreed)
    agreed["customer-data-strategy"] = replace(
        agreed["customer-data-strategy"], findings=tuple(Text(zh="W" * 500_000) for _ in range(2000))
    )
    again = material(found.framework, [replace(subject, agreed=agreed)], made_on=DAY, weights=found.weights)
    typescript = typeset(build_document(again, library.report("full"), "zh"), TEMPLATES)
    assert "W" * 1_000 in typescript.html  # of the reports that ship this one prints findings
    assert len(typescript.html) < 500_000
    pages: list[tuple[str, int]] = []
    assert print_pdf(typescript, progress=lambda stage, page: pages.append((stage, page))).startswith(b"%PDF-")
    assert pages[-1][0] == "writing"
