"""The tag tree of a printed report as PDF/UA-1 wants it, and PDF/A-3 with the data inside; see test_conformance too."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from app.core.report import Paper
from app.reports.enclosing import Enclosure
from app.reports.printing import PrintingFailed, print_pdf
from app.reports.typesetting import Typescript
from tests.reports.specimen import FOREIGN, set_specimen, specimen

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Enclosure(
    name="data.xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    content=b"PK\x03\x04 a workbook",
    description="数据",
    made_on="2026-03-02",
)


def opened(pdf: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(BytesIO(pdf))


@cache
def plain() -> Any:
    from app.reports.pressing import lay_out, write

    script = set_specimen("en", Paper.WIDE)
    return opened(write(lay_out(script.html, script.assets)))


@cache
def archival() -> bytes:
    return print_pdf(set_specimen("zh", Paper.A4), enclosure=DATA)


def elements(reader: Any) -> Iterator[Any]:
    """Yield the structure elements of a file in reading order."""

    def below(element: Any) -> Iterator[Any]:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            child = kid.get_object()
            if isinstance(child, dict) and "/S" in child:
                yield child
                yield from below(child)

    yield from below(reader.trailer["/Root"]["/StructTreeRoot"])


def of_kind(reader: Any, *kinds: str) -> list[Any]:
    return [element for element in elements(reader) if element["/S"] in kinds]


def children(element: Any) -> list[str]:
    return [kid.get_object()["/S"] for kid in element["/K"] if not isinstance(kid.get_object(), int)]


def operators(page: Any) -> Iterator[tuple[Any, bytes]]:
    from pypdf.generic import ContentStream

    yield from ContentStream(page.get_contents(), page.pdf).operations


def test_headings_begin_at_the_first_level_and_skip_none() -> None:
    levels = [int(heading["/S"][2]) for heading in of_kind(plain(), *(f"/H{n}" for n in range(1, 7)))]
    assert levels[0] == 1
    assert max(levels) == 3
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_has_words_in_its_place_and_a_box_on_the_page() -> None:
    (figure,) = of_kind(plain(), "/Figure")
    assert len(figure["/Alt"]) > 100
    left, bottom, right, top = figure["/A"]["/BBox"]
    *_, width, height = figure["/Pg"]["/MediaBox"]
    assert 0 < left < right < width
    assert height / 4 < bottom < top < height


def test_terms_and_what_is_said_of_them_are_items_of_a_list() -> None:
    lists = of_kind(plain(), "/L")
    assert len(lists) > 3
    for one in lists:
        assert set(children(one)) == {"/LI"}
    items = {tuple(children(item)) for item in of_kind(plain(), "/LI")}
    assert items == {("/Lbl", "/LBody"), ("/LBody",)}


def test_header_cells_say_what_they_head_and_are_found_by_name() -> None:
    heads = of_kind(plain(), "/TH")
    assert {head["/A"]["/Scope"] for head in heads} == {"/Column", "/Row"}
    names = plain().trailer["/Root"]["/StructTreeRoot"]["/IDTree"]["/Names"]
    known = dict(zip(names[::2], names[1::2], strict=True))
    assert sorted(known) == list(names[::2])
    cells = of_kind(plain(), "/TD")
    assert all(name in known for cell in cells for name in cell["/A"].get("/Headers", ()))
    assert {known[head["/ID"]].get_object()["/S"] for head in heads} == {"/TH"}


def test_a_passage_in_another_language_says_so() -> None:
    root = plain().trailer["/Root"]
    assert root["/Lang"] == "en"
    assert FOREIGN["en"].language == "zh"
    found = [element for element in elements(plain()) if element.get("/Lang") == "zh"]
    assert len(found) >= 9


def test_everything_on_a_page_is_tagged_or_make_up_and_running_heads_are_make_up() -> None:
    reader = plain()
    reached = {element.indirect_reference.idnum for element in elements(reader)}
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, page in enumerate(reader.pages):
        owners = numbers[2 * number + 1].get_object()
        open_marks: list[str] = []
        make_up = 0
        for operands, operator in operators(page):
            if operator in (b"BDC", b"BMC"):
                open_marks.append(operands[0])
                if operator == b"BDC" and operands[0] != "/Artifact":
                    assert owners[operands[1]["/MCID"]].indirect_reference.idnum in reached
                make_up += operator == b"BDC" and operands[0] == "/Artifact"
            elif operator == b"EMC":
                open_marks.pop()
            elif operator in (b"Tj", b"TJ", b"f", b"S", b"Do"):
                assert open_marks, (number, operator)
        assert make_up >= 1


def test_links_say_in_words_where_they_lead() -> None:
    words = {str(note["/Contents"]) for page in plain().pages for note in map(_object, page.get("/Annots", []))}
    assert {"Type", "Long table", "More rows"} <= words
    assert not any(word.startswith("#") for word in words)


def test_a_link_is_marked_once_and_stands_in_its_element() -> None:
    reader = plain()
    held = {}
    for element in elements(reader):
        kids = element["/K"] if isinstance(element["/K"], list) else [element["/K"]]
        for kid in map(_object, kids):
            if isinstance(kid, dict) and kid.get("/Type") == "/OBJR":
                held[kid["/Obj"].indirect_reference.idnum] = element["/S"]
    notes = [note.idnum for page in reader.pages for note in page.get("/Annots", [])]
    assert notes
    assert sorted(notes) == sorted(held)
    assert set(held.values()) == {"/Link"}
    places = [(number, *note["/Rect"]) for number, page in enumerate(reader.pages) for note in map(_object, page.get("/Annots", []))]  # fmt: skip  # noqa: E501
    assert len(set(places)) == len(places)


def test_metadata_can_be_read_without_unpacking_and_no_stream_ends_doubtfully() -> None:
    assert all("/Filter" not in reader.trailer["/Root"]["/Metadata"] for reader in (plain(), opened(archival())))
    assert b"\r\nendstream" not in archival()


def _object(reference: Any) -> Any:
    return reference.get_object()


def test_the_file_tells_who_made_what_when_in_which_language() -> None:
    reader, document = plain(), specimen("en")
    told = reader.metadata
    assert told is not None
    assert told.title == f"{document.title} – {document.subtitle}"
    assert (told.author, told.subject) == (document.author, document.subtitle)
    assert (told["/CreationDate"], told["/ModDate"]) == ("D:20260302", "D:20260302")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    packet = root["/Metadata"].get_data().decode()
    assert 'pdfuaid:part="1"' in packet
    assert "<rdf:li>en</rdf:li>" in packet
    assert "pdfaid" not in packet
    assert all(page["/Tabs"] == "/S" for page in reader.pages)


def test_on_request_the_file_is_pdf_a_3_with_the_data_inside() -> None:
    reader = opened(archival())
    root = reader.trailer["/Root"]
    packet = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in packet
    assert 'pdfaid:conformance="A"' in packet
    assert 'pdfuaid:part="1"' in packet
    assert "pdfaSchema:namespaceURI" in packet
    (intent,) = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"]["/N"] == 3
    assert "/ID" in reader.trailer
    (file,) = root["/AF"]
    assert (file["/AFRelationship"], file["/UF"], file["/Desc"]) == ("/Data", DATA.name, DATA.description)
    held = file["/EF"]["/F"]
    assert held["/Subtype"] == "/" + DATA.media_type
    assert held.get_data() == DATA.content
    assert held["/Params"]["/CheckSum"].original_bytes == hashlib.md5(DATA.content, usedforsecurity=False).digest()
    assert list(reader.attachments) == [DATA.name]
    for page in reader.pages:
        assert all(note.get_object()["/F"] == 4 for note in page.get("/Annots", []))


def test_every_font_is_inside_and_can_be_read_back_as_text() -> None:
    fonts = {
        key: font.get_object() for page in opened(archival()).pages for key, font in page["/Resources"]["/Font"].items()
    }
    assert fonts
    for font in fonts.values():
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert any(key in described for key in ("/FontFile2", "/FontFile3"))
        assert "/ToUnicode" in font


def test_the_same_report_makes_the_same_file() -> None:
    assert hashlib.sha256(print_pdf(set_specimen("zh", Paper.A4), enclosure=DATA)).digest() == (
        hashlib.sha256(archival()).digest()
    )


def test_an_enclosure_does_not_help_a_page_that_cannot_be_printed() -> None:
    with pytest.raises(PrintingFailed):
        print_pdf(Typescript("<div>" * 4000 + "x", {}), enclosure=DATA)
