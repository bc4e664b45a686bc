"""A document as a presentation: the planned slides, written, and what PowerPoint knows about the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Mm

from app.core.report import SectionKind
from app.document.values import Document
from app.exports import measuring
from app.exports.office_look import HEADLINE, LANGUAGES, NOTE, POINT, TITLE, leading, look_of
from app.exports.slides import tables
from app.exports.slides.arranging import BOTTOM, FULL, LEFT, RIGHT
from app.exports.slides.drawing import Board, Counter
from app.exports.slides.lettering import Hand, placeholder
from app.exports.slides.master import COVER, HEADLINE_PLACE, PAGE, PART_PLACE, WHO_PLACE, empty_presentation
from app.exports.slides.notes import notes
from app.exports.slides.planning import TITLE_TOP, Plan, Slide, plan, title_lines
from app.exports.xml_text import allowed, attribute
from app.i18n import translator

_COVER_TITLES = ((34.0, 2), (28.0, 2), (22.0, 3))  # sizes with the most lines that each may take
_LOGO = (60.0, 22.0)  # the room of a client's sign on the cover


def write_slides(document: Document) -> bytes:
    """Return a document as .pptx: every section on slides of its own, charts and tables native, in the PDF's order."""
    planned = plan(document)
    look = look_of(document.theme)
    presentation = empty_presentation(document, look)
    layouts = presentation.slide_layouts
    slides = [
        presentation.slides.add_slide(layouts[COVER if slide.section.kind is SectionKind.COVER else PAGE])
        for slide in planned.slides
    ]
    charts = Counter()
    reference = translator(document.locale).gettext("第%(page)s页")
    for told, slide in zip(planned.slides, slides, strict=True):
        hand = Hand(document.locale, look, _links(slide, slides, planned.places), planned.places)
        board = Board(slide, hand, charts, reference)
        _clear(slide)
        if told.section.kind is SectionKind.COVER:
            _cover(board, told, document)
        else:
            _page(board, told, document)
        words = notes(told, document, planned.places)
        if words:
            _write_notes(slide, words, LANGUAGES[document.locale])
    _sections(presentation, planned)
    _describe(presentation, document)
    file = BytesIO()
    presentation.save(file)
    return file.getvalue()


def _links(slide: Any, slides: list[Any], places: Mapping[str, int]) -> Any:
    def link(anchor: str) -> str | None:
        number = places.get(anchor)
        if number is None or slides[number - 1] is slide:
            return None
        return str(slide.part.relate_to(slides[number - 1].part, RELATIONSHIP_TYPE.SLIDE))

    return link


def _clear(slide: Any) -> None:
    for shape in list(slide.shapes):
        shape._element.getparent().remove(shape._element)


def _foot(board: Board, document: Document) -> None:
    """Write confidentiality and the slide's number."""
    tongue = LANGUAGES[document.locale]
    if document.foot:
        words = board.hand.plain(document.foot, NOTE, colour=board.hand.look.muted)
        board.add(placeholder(3, "Footer", "type='ftr' sz='quarter' idx='11'", words))
    field = "<a:fld id='{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}' type='slidenum'>"
    number = f"<a:p>{field}<a:rPr lang='{tongue}'/><a:t>‹#›</a:t></a:fld></a:p>"
    board.add(placeholder(4, "Slide number", "type='sldNum' sz='quarter' idx='12'", number))


def _page(board: Board, told: Slide, document: Document) -> None:
    hand = board.hand
    title = hand.run(told.section.title, TITLE, bold=True)
    if told.turn > 1:
        counted = f"（{told.turn}）" if document.locale == "zh" else f" ({told.turn})"
        title += hand.run(counted, TITLE, bold=True, colour=hand.look.muted)
    lines = title_lines(told.section.title)
    box = (LEFT, TITLE_TOP, FULL, lines * leading(TITLE) * POINT)
    board.add(placeholder(2, "Title", "type='title'", hand.paragraph(title, TITLE), box))
    if told.part:
        part = hand.plain(told.part, NOTE, colour=hand.look.muted, align="r")
        board.add(placeholder(5, "Part", f"type='body' sz='quarter' idx='{PART_PLACE}'", part))
    if told.headline:
        high = measuring.text_height(told.headline.text, FULL, HEADLINE) + 1
        words = hand.paragraph(hand.sentence(told.headline, HEADLINE), HEADLINE)
        kind = f"type='body' sz='quarter' idx='{HEADLINE_PLACE}'"
        board.add(placeholder(6, "Headline", kind, words, (LEFT, told.headline_top, FULL, high)))
    for placed in told.placed:
        board.draw(placed)
    _foot(board, document)


def _cover(board: Board, told: Slide, document: Document) -> None:
    hand = board.hand
    if document.author:
        who = hand.plain(document.author, 11.5, colour=hand.look.muted)
        board.add(placeholder(5, "Client", f"type='body' sz='quarter' idx='{WHO_PLACE}'", who))
    fitting = (s for s, most in _COVER_TITLES if measuring.line_count(document.title, 240, s) <= most)
    size = next(fitting, _COVER_TITLES[-1][0])
    board.add(placeholder(2, "Title", "type='ctrTitle'", hand.plain(document.title, size, bold=True)))
    if document.subtitle:
        size = 15.0 if measuring.line_count(document.subtitle, 220, 15) <= 3 else 10.5
        board.add(placeholder(7, "Subtitle", "type='subTitle' idx='1'", hand.plain(document.subtitle, size)))
    top = 131.0
    for placed in told.placed:
        high = measuring.heights(placed.item, FULL)[0]
        at = max(20.0, min(top, BOTTOM - high))
        item: Any = placed.item
        place = tables.Frame(board.shapes.next(), item.id, LEFT, at)
        board.add(tables.facts(item, hand, place, FULL, ruled=False))
        top = at + high
    _logo(board, document)
    _foot(board, document)


def _logo(board: Board, document: Document) -> None:
    """Put the client's sign into the upper right corner, where the theme has one that Office can show."""
    logo = document.theme.logo
    if logo is None or logo.picture is None:
        return
    scale = min(_LOGO[0] / logo.width, _LOGO[1] / logo.height)
    wide, high = logo.width * scale, logo.height * scale
    shape = board.slide.shapes.add_picture(BytesIO(logo.picture), Mm(RIGHT - wide), Mm(20), Mm(wide), Mm(high))
    shape._element.nvPicPr.cNvPr.set("descr", allowed(logo.name.in_locale(document.locale)))
    shape._element.nvPicPr.cNvPr.set("name", "Logo")


def _write_notes(slide: Any, words: str, language: str) -> None:
    frame = slide.notes_slide.notes_text_frame
    frame.text = allowed(words)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().set("lang", language)


def _sections(presentation: Any, planned: Plan) -> None:
    """Group the slides by the report's sections, as PowerPoint shows them in its list of slides."""
    groups: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for slide in planned.slides:
        groups.setdefault(slide.top.id, []).append(slide.number)
        names[slide.top.id] = slide.top.title
    numbers = [entry.get("id") for entry in presentation.slides._sldIdLst]
    inside = "".join(
        f"<p14:section name={attribute(names[key])} id='{{{str(uuid5(NAMESPACE_URL, key)).upper()}}}'><p14:sldIdLst>"
        + "".join(f"<p14:sldId id='{numbers[number - 1]}'/>" for number in held)
        + "</p14:sldIdLst></p14:section>"
        for key, held in groups.items()
    )
    extension = parse_xml(
        '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
        f"{inside}</p14:sectionLst></p:ext></p:extLst>"
    )
    element = presentation.part._element
    for old in element.findall("{http://schemas.openxmlformats.org/presentationml/2006/main}extLst"):
        element.remove(old)
    element.append(extension)


def _describe(presentation: Any, document: Document) -> None:
    about = presentation.core_properties
    about.title, about.subject = allowed(document.title)[:255], allowed(document.subtitle)[:255]
    about.author = about.last_modified_by = allowed(document.author)[:255]
    about.language = LANGUAGES[document.locale]
    day = document.dated
    if day is not None:
        about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    about.revision = 1
