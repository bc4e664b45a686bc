"""Paragraphs and shapes as XML: sizes in points, leading in points, a language for every run, links to other slides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.charts.palette import Style
from app.core.text import Locale
from app.document.values import Amount, Sentence, Words
from app.exports.office_charts.parts import line
from app.exports.office_look import LANGUAGES, Look, leading
from app.exports.xml_text import attribute, content

Link = Callable[[str], str | None]  # an anchor in, the relation to its slide out; None where there is none

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_LINK = (
    '<a:hlinkClick r:id="{id}" action="ppaction://hlinksldjump"><a:extLst>'
    '<a:ext uri="{{A12FA001-AC4F-418D-AE19-62706E023703}}"><ahyp:hlinkClr '
    'xmlns:ahyp="http://schemas.microsoft.com/office/drawing/2018/hyperlinkcolor" val="tx"/></a:ext></a:extLst>'
    "</a:hlinkClick>"
)


def emu(millimetres: float) -> int:
    """Return millimetres in English metric units."""
    return round(millimetres * 36_000)


@dataclass(frozen=True, slots=True)
class Hand:
    """How texts of one slide are written: the document's language, the look, and where anchors stand."""

    locale: Locale
    look: Look
    link: Link
    places: Mapping[str, int]

    def page(self, anchor: str) -> int | None:
        """Return the number of the slide where an anchor stands."""
        return self.places.get(anchor)

    def run(self, text: str, size: float, *, bold: bool = False, colour: str = "", language: Locale | None = None, target: str | None = None) -> str:  # fmt: skip  # noqa: E501
        """Return a stretch of text; line breaks in it stay."""
        tongue = LANGUAGES[language or self.locale]
        relation = self.link(target) if target else None
        linked = _LINK.format(id=relation) if relation else ""
        fill = f"<a:solidFill>{_colour(self.look, colour)}</a:solidFill>"
        properties = f"<a:rPr lang='{tongue}' sz='{round(size * 100)}' b='{int(bold)}'>{fill}{linked}</a:rPr>"
        pieces = (f"<a:r>{properties}<a:t>{content(piece)}</a:t></a:r>" if piece else "" for piece in text.split("\n"))
        return "<a:br/>".join(pieces)

    def paragraph(self, runs: str, size: float, *, align: str = "l", after: float = 0.0, hanging: float = 0.0) -> str:
        """Return a paragraph; `after` is the air below it in points, `hanging` its hanging indent in millimetres."""
        indent = f" marL='{emu(hanging)}' indent='{-emu(hanging)}'" if hanging else " marL='0' indent='0'"
        below = f"<a:spcAft><a:spcPts val='{round(after * 100)}'/></a:spcAft>" if after else ""
        space = f"<a:lnSpc><a:spcPts val='{round(leading(size) * 100)}'/></a:lnSpc>"
        end = "" if runs else f"<a:endParaRPr lang='{LANGUAGES[self.locale]}' sz='{round(size * 100)}'/>"
        return f"<a:p><a:pPr algn='{align}'{indent}>{space}{below}<a:buNone/></a:pPr>{runs}{end}</a:p>"

    def plain(self, text: str, size: float, *, bold: bool = False, colour: str = "", language: Locale | None = None, align: str = "l", after: float = 0.0) -> str:  # fmt: skip  # noqa: E501
        """Return a paragraph of one stretch."""
        run = self.run(text, size, bold=bold, colour=colour, language=language)
        return self.paragraph(run, size, align=align, after=after)

    def sentence(self, sentence: Sentence, size: float, *, label: bool = False) -> str:
        """Return the runs of a sentence: its numbers set apart, words of another language marked."""
        runs = []
        if label and sentence.label:
            runs.append(self.run(f"{sentence.label}  ", size, bold=True))
        for part in sentence.parts:
            if isinstance(part, Amount):
                runs.append(self.run(part.text, size, bold=True))
            elif isinstance(part, Words):
                runs.append(self.run(part.text, size, language=part.language))
            else:
                runs.append(self.run(part, size))
        return "".join(runs)


def _colour(look: Look, colour: str) -> str:
    """Return a colour; those of the theme by their names, so that they follow a change of theme."""
    named = {"": "tx1", look.ink: "tx1", look.muted: "tx2", look.accent: "accent1", look.wash: "bg2"}
    if colour in named:
        return f"<a:schemeClr val='{named[colour]}'/>"
    return f"<a:srgbClr val='{colour.lstrip('#').upper()}'/>"


def text_box(number: int, name: str, box: tuple[float, float, float, float], paragraphs: Sequence[str], anchor: str = "t") -> str:  # fmt: skip  # noqa: E501
    """Return a text box without margins."""
    left, top, width, height = map(emu, box)
    return (
        f"<p:sp {SPACES}><p:nvSpPr><p:cNvPr id='{number}' name={attribute(name)}/><p:cNvSpPr txBox='1'/><p:nvPr/>"
        f"</p:nvSpPr><p:spPr><a:xfrm><a:off x='{left}' y='{top}'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>"
        "<a:prstGeom prst='rect'><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>"
        f"<a:bodyPr wrap='square' lIns='0' tIns='0' rIns='0' bIns='0' anchor='{anchor}'><a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle/>{''.join(paragraphs)}</p:txBody></p:sp>"
    )


def filled_box(number: int, name: str, box: tuple[float, float, float, float], fill: str, paragraph: str) -> str:
    """Return a coloured rectangle with a word in it."""
    left, top, width, height = map(emu, box)
    return (
        f"<p:sp {SPACES}><p:nvSpPr><p:cNvPr id='{number}' name={attribute(name)}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
        f"<p:spPr><a:xfrm><a:off x='{left}' y='{top}'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>"
        f"<a:prstGeom prst='rect'><a:avLst/></a:prstGeom>{fill}<a:ln><a:noFill/></a:ln></p:spPr><p:txBody>"
        f"<a:bodyPr wrap='none' lIns='0' tIns='0' rIns='0' bIns='0' anchor='ctr'><a:noAutofit/></a:bodyPr><a:lstStyle/>"
        f"{paragraph}</p:txBody></p:sp>"
    )


def placeholder(number: int, name: str, kind: str, paragraphs: str, box: tuple[float, float, float, float] | None = None) -> str:  # fmt: skip  # noqa: E501
    """Return a placeholder filled with paragraphs; in its layout's place unless `box` says otherwise."""
    place = ""
    if box is not None:
        left, top, width, height = map(emu, box)
        place = f"<a:xfrm><a:off x='{left}' y='{top}'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>"
    return (
        f"<p:sp {SPACES}><p:nvSpPr><p:cNvPr id='{number}' name={attribute(name)}/><p:cNvSpPr><a:spLocks noGrp='1'/>"
        f"</p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody><a:bodyPr/>"
        f"<a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def swatch(number: int, name: str, start: tuple[float, float], length: float, style: Style) -> str:
    """Return a stretch of a unit's line, for a key."""
    return (
        f"<p:cxnSp {SPACES}><p:nvCxnSpPr><p:cNvPr id='{number}' name={attribute(name)}/><p:cNvCxnSpPr/><p:nvPr/>"
        f"</p:nvCxnSpPr><p:spPr><a:xfrm><a:off x='{emu(start[0])}' y='{emu(start[1])}'/>"
        f"<a:ext cx='{emu(length)}' cy='0'/></a:xfrm><a:prstGeom prst='line'><a:avLst/></a:prstGeom>"
        f"{line(style.outline, 1.25, style.dash)}</p:spPr></p:cxnSp>"
    )
