"""What WeasyPrint's tag tree lacks for PDF/UA-1, put right before the file is written. Knows no HTML of ours.

Languages of passages and the words of links are told while the tree is built, where its boxes are still known, and
what stands inside a link is no link of its own; the rest is done on the finished tree: running heads become artifacts,
headings skip no level, a term and what is said of it are one item of a list, header cells say what they head and can
be found by their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint import Document
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags as tag_trees

HEADINGS = {f"/H{level}": level for level in range(1, 7)}
POINTS = 0.75  # of a CSS pixel
_PARTS_OF_ITEMS = {"dt": "/Lbl", "dd": "/LBody"}

Element = Any  # one of pydyf's dictionaries


@contextmanager
def telling() -> Iterator[None]:
    """While a PDF is written: note on tags what only the boxes know."""
    original = tag_trees._build_box_tree

    def build(box: Any, parent: Element, pdf: pydyf.PDF, *others: Any) -> Iterator[Element]:
        inner = box._box if isinstance(box, AbsolutePlaceholder) else box
        again = _is_link(inner) and _stands_in_link(parent, pdf)
        if again:
            inner.link_annotation = None
        for element in original(box, parent, pdf, *others):
            if again and element["S"] == "/Link":
                element["S"] = "/Span"
            if inner.element is not None and inner.element_tag not in ("html", "body"):
                _describe(inner, element)
            yield element

    tag_trees._build_box_tree = build
    counted, pydyf.PDF.page_references = pydyf.PDF.page_references, property(_page_references)
    try:
        yield
    finally:
        tag_trees._build_box_tree = original
        pydyf.PDF.page_references = counted


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """Return the references of the pages as pydyf does; it would count them anew for each of ten thousand tags."""
    pages = pdf.pages["Kids"]
    if len(pages) != getattr(pdf, "pages_counted", None):
        pdf.pages_counted = len(pages)
        pdf.references_counted = tuple(f"{number} 0 R".encode("ascii") for number in pages[::3])
    found: tuple[bytes, ...] = pdf.references_counted
    return found


def _is_link(box: Any) -> bool:
    return bool(box.link_annotation) and box.link_annotation.get("Subtype") == "/Link"


def _stands_in_link(element: Element, pdf: pydyf.PDF) -> bool:
    """Tell whether an element is a link or stands in one."""
    while "S" in element:
        if element["S"] == "/Link":
            return True
        element = pdf.objects[int(element["P"].split()[0])]
    return False


def _describe(box: Any, element: Element) -> None:
    """Note the language of a box, the words of a link, and whether an item's part is the term."""
    language = box.element.attrib.get("lang")
    if language:
        element["Lang"] = pydyf.String(language)
    if _is_link(box):
        words = " ".join("".join(box.element.itertext()).split())
        box.link_annotation["Contents"] = pydyf.String(words or box.element.attrib.get("href", ""))
    part = _PARTS_OF_ITEMS.get(box.element_tag)
    if part and element["S"] == "/LBody":
        element["S"] = part


def finish(document: Document, pdf: pydyf.PDF) -> None:
    """Put the tag tree right and leave the metadata legible; a finisher for WeasyPrint's `write_pdf`."""
    if "StructTreeRoot" in pdf.catalog:
        Tree(document, pdf).put_right()
    if "Metadata" in pdf.catalog:
        pdf.objects[int(pdf.catalog["Metadata"].split()[0])].compress = False


class Tree:
    """The tag tree of a PDF that is about to be written."""

    def __init__(self, document: Document, pdf: pydyf.PDF) -> None:
        self._pages = document.pages
        self._pdf = pdf
        self._root: Element = self._object(pdf.catalog["StructTreeRoot"])
        self._elements = list(self._below(self._root))

    def put_right(self) -> None:
        """Do everything that this module promises."""
        self._mark_running_heads()
        self._drop_inner_links()
        self._close_heading_levels()
        self._join_items()
        self._name_header_cells()
        self._place_figures()

    def _object(self, reference: bytes) -> Element:
        return self._pdf.objects[int(reference.split()[0])]

    def _below(self, element: Element) -> Iterator[Element]:
        """Yield the structure elements below one, in reading order."""
        for kid in element["K"]:
            if isinstance(kid, bytes):
                child = self._object(kid)
                if "S" in child:
                    yield child
                    yield from self._below(child)

    def _mark_running_heads(self) -> None:
        """Make artifacts of what stands in the margins: it is drawn, and belongs to no part of the text."""
        reached = {element.reference for element in self._elements}
        numbers = self._object(self._root["ParentTree"])["Nums"]
        for page in range(len(self._pages)):
            owners = numbers[2 * page + 1]
            loose = {content for content, owner in enumerate(owners) if owner not in reached}
            for content in loose:
                owners[content] = b"null"
            if loose:
                _make_artifacts(self._object(self._page(page)["Contents"]).stream, loose)

    def _drop_inner_links(self) -> None:
        """Keep one annotation a link; WeasyPrint gives one to each box inside it too."""
        for number in range(len(self._pages)):
            page = self._page(number)
            if "Annots" in page:
                kept = [found for found in page["Annots"] if not _is_stray(self._object(found))]
                page["Annots"] = pydyf.Array(kept)

    def _page(self, number: int) -> Element:
        return self._object(self._pdf.page_references[number])

    def _close_heading_levels(self) -> None:
        above: list[tuple[int, int]] = []  # the level that a heading was given, the level it has
        for element in self._elements:
            level = HEADINGS.get(element["S"])
            if level is None:
                continue
            while above and above[-1][0] >= level:
                above.pop()
            found = above[-1][1] + 1 if above else 1
            above.append((level, found))
            element["S"] = f"/H{found}"

    def _join_items(self) -> None:
        """Make one item of a term and its description where a division holds both."""
        for element in self._elements:
            if element["S"] != "/L":
                continue
            for division in self._kids(element):
                items = self._kids(division)
                if division["S"] == "/Div" and items and all(item["S"] == "/LI" for item in items):
                    parts = [part for item in items for part in self._kids(item)]
                    for part in parts:
                        part["P"] = division.reference
                    division["S"] = "/LI"
                    division["K"] = pydyf.Array(part.reference for part in parts)

    def _kids(self, element: Element) -> list[Element]:
        found = (self._object(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [kid for kid in found if "S" in kid]

    def _name_header_cells(self) -> None:
        names: dict[str, bytes] = {}
        for group in self._elements:
            for row in self._kids(group) if group["S"] in ("/THead", "/TBody", "/TFoot") else ():
                for cell in self._kids(row):
                    if cell["S"] == "/TH":
                        cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
        for element in self._elements:
            if "ID" in element:
                names[element["ID"].string] = element.reference
        if names:
            tree = pydyf.Array()
            for name in sorted(names):
                tree += [pydyf.String(name), names[name]]
            self._root["IDTree"] = pydyf.Dictionary({"Names": tree})

    def _place_figures(self) -> None:
        """Say where figures stand in the page's own measure, from its lower left corner."""
        numbers = {reference: number for number, reference in enumerate(self._pdf.page_references)}
        for element in self._elements:
            box = element.get("A", {}).get("BBox")
            if box:
                height = self._pages[numbers[element["Pg"]]].height
                left, top, right, bottom = box
                ends = (left, height - bottom, right, height - top)
                element["A"]["BBox"] = pydyf.Array(round(end * POINTS, 2) for end in ends)


def _is_stray(annotation: Element) -> bool:
    return annotation["Subtype"] == "/Link" and "StructParent" not in annotation


def _make_artifacts(stream: list[Any], contents: set[int]) -> None:
    """Turn marked content of a page, by number, into artifacts of its make-up."""
    for place, operator in enumerate(stream):
        if operator == b"BDC":
            properties: Mapping[str, Any] = stream[place - 1]
            if properties.get("MCID") in contents:
                stream[place - 2] = "/Artifact"
                stream[place - 1] = pydyf.Dictionary({"Type": "/Pagination"})
