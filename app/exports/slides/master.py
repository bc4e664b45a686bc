"""The empty presentation: a master and layouts of our own in the theme's colours and fonts, 16:9.

Everything that a consultant would change for all slides at once stands here: fonts and colours in the theme, places
and sizes in the layouts, the words around every slide on the master.
"""

from __future__ import annotations

from typing import Any

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Emu

from app.document.values import Document
from app.exports.office_look import HEADLINE, LANGUAGES, NOTE, TEXT, TITLE, Look, leading
from app.exports.office_theme import themed
from app.exports.slides.arranging import BOTTOM, FULL, LEFT, RIGHT
from app.exports.slides.planning import TITLE_TOP
from app.exports.xml_text import attribute, content
from app.i18n import translator

COVER, PAGE = 0, 1
HEADLINE_PLACE, PART_PLACE, WHO_PLACE = 13, 14, 15  # placeholders by their numbers
_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_HEAD_TOP, _FOOT_TOP = 7.0, 178.0
_NOTHING = (
    "<p:nvGrpSpPr><p:cNvPr id='1' name=''/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>"
    "<a:off x='0' y='0'/><a:ext cx='0' cy='0'/><a:chOff x='0' y='0'/><a:chExt cx='0' cy='0'/></a:xfrm></p:grpSpPr>"
)


def emu(millimetres: float) -> int:
    """Return millimetres in English metric units."""
    return round(millimetres * 36_000)


def empty_presentation(document: Document, look: Look) -> Any:
    """Return a presentation without slides."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Emu(12_192_000), Emu(6_858_000)  # 16:9, as Office knows it
    master = presentation.slide_master
    for layout in list(presentation.slide_layouts)[2:]:
        presentation.slide_layouts.remove(layout)
    _ = translator(document.locale).gettext
    language = LANGUAGES[document.locale]
    _replace_tree(master, _master_tree(document, language))
    _replace_styles(master)
    layouts = presentation.slide_layouts
    for layout, name, tree in (
        (layouts[COVER], _("封面"), _cover_tree(language)),
        (layouts[PAGE], _("标题与内容"), _page_tree(language)),
    ):
        layout.name = name
        _replace_tree(layout, tree)
        layout._element.attrib.pop("type", None)
        layout._element.set("preserve", "1")
    _dress(master, look, document.title)
    return presentation


def _replace_tree(owner: Any, shapes: str) -> None:
    tree = parse_xml(f"<p:spTree {_SPACES}>{_NOTHING}{shapes}</p:spTree>")
    old = owner._element.cSld.spTree
    old.getparent().replace(old, tree)


def _replace_styles(master: Any) -> None:
    """Set the text styles of the master: title, body, everything else."""
    element = master._element
    old = element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}txStyles")
    title = _level(1, TITLE, bold=True, font="+mj")
    body = "".join(_level(n, TEXT) for n in range(1, 6))
    other = "".join(_level(n, TEXT) for n in range(1, 6))
    xml = (
        f"<p:txStyles {_SPACES}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{other}</p:otherStyle></p:txStyles>"
    )
    element.replace(old, parse_xml(xml))


def _level(number: int, size: float, *, bold: bool = False, font: str = "+mn") -> str:
    weight = " b='1'" if bold else ""
    return (
        f"<a:lvl{number}pPr marL='0' indent='0' algn='l' defTabSz='914400' rtl='0' eaLnBrk='1' latinLnBrk='0' "
        f"hangingPunct='1'><a:lnSpc><a:spcPts val='{round(leading(size) * 100)}'/></a:lnSpc>"
        f"<a:spcBef><a:spcPts val='0'/></a:spcBef><a:buNone/>"
        f"<a:defRPr sz='{round(size * 100)}'{weight} kern='1200'>"
        f"<a:solidFill><a:schemeClr val='tx1'/></a:solidFill><a:latin typeface='{font}-lt'/>"
        f"<a:ea typeface='{font}-ea'/>"
        f"<a:cs typeface='{font}-cs'/></a:defRPr></a:lvl{number}pPr>"
    )


# shapes


def _place(number: int, name: str, kind: str, box: tuple[float, float, float, float], words: str, *, anchor: str = "t", style: str = "") -> str:  # fmt: skip  # noqa: E501
    """Return a placeholder: `kind` are the attributes of `p:ph`, `words` a paragraph."""
    left, top, width, height = (emu(side) for side in box)
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id='{number}' name={attribute(name)}/><p:cNvSpPr><a:spLocks noGrp='1'/></p:cNvSpPr>"
        f"<p:nvPr userDrawn='1'><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x='{left}' y='{top}'/>"
        f"<a:ext cx='{width}' cy='{height}'/></a:xfrm><a:prstGeom prst='rect'><a:avLst/></a:prstGeom></p:spPr>"
        f"<p:txBody><a:bodyPr wrap='square' lIns='0' tIns='0' rIns='0' bIns='0' anchor='{anchor}'><a:normAutofit/>"
        f"</a:bodyPr><a:lstStyle>{style}</a:lstStyle>{words}</p:txBody></p:sp>"
    )


def _style(size: float, colour: str = "tx1", *, bold: bool = False, align: str = "l") -> str:
    weight = "1" if bold else "0"
    return (
        f"<a:lvl1pPr algn='{align}'><a:lnSpc><a:spcPts val='{round(leading(size) * 100)}'/></a:lnSpc>"
        f"<a:defRPr sz='{round(size * 100)}' b='{weight}'><a:solidFill><a:schemeClr val='{colour}'/></a:solidFill>"
        "</a:defRPr></a:lvl1pPr>"
    )


def _words(text: str, language: str) -> str:
    return f"<a:p><a:r><a:rPr lang='{language}'/><a:t>{content(text)}</a:t></a:r></a:p>"


def _number(language: str) -> str:
    field = "<a:fld id='{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}' type='slidenum'>"
    return f"<a:p>{field}<a:rPr lang='{language}'/><a:t>‹#›</a:t></a:fld></a:p>"


def _line(number: int, top: float, colour: str, points: float) -> str:
    return (
        f"<p:cxnSp><p:nvCxnSpPr><p:cNvPr id='{number}' name='Line {number}'/><p:cNvCxnSpPr/><p:nvPr userDrawn='1'/>"
        f"</p:nvCxnSpPr><p:spPr><a:xfrm><a:off x='{emu(LEFT)}' y='{emu(top)}'/>"
        f"<a:ext cx='{emu(FULL)}' cy='0'/></a:xfrm><a:prstGeom prst='line'><a:avLst/></a:prstGeom>"
        f"<a:ln w='{round(points * 12700)}'><a:solidFill><a:schemeClr val='{colour}'/></a:solidFill>"
        "</a:ln></p:spPr></p:cxnSp>"
    )


def _text(number: int, name: str, box: tuple[float, float, float, float], text: str, language: str) -> str:
    """Return words on the master that no slide has as its own."""
    left, top, width, height = (emu(side) for side in box)
    run = f"<a:r><a:rPr lang='{language}' sz='{round(NOTE * 100)}'><a:solidFill><a:schemeClr val='tx2'/></a:solidFill></a:rPr><a:t>{content(text)}</a:t></a:r>"  # noqa: E501
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id='{number}' name={attribute(name)}/><p:cNvSpPr txBox='1'/><p:nvPr userDrawn='1'/>"
        f"</p:nvSpPr><p:spPr><a:xfrm><a:off x='{left}' y='{top}'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>"
        "<a:prstGeom prst='rect'><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>"
        f"<a:bodyPr wrap='square' lIns='0' tIns='0' rIns='0' bIns='0'/><a:lstStyle/><a:p>{run}</a:p></p:txBody></p:sp>"
    )


def _foot(number: int, language: str, words: str = "") -> str:
    """Return the placeholders at the foot of every slide: confidentiality, number."""
    half = FULL / 2
    return _place(
        number, "Footer", "type='ftr' sz='quarter' idx='11'", (LEFT, _FOOT_TOP, half, 5), _words(words, language),
        style=_style(NOTE, "tx2"),
    ) + _place(
        number + 1, "Slide number", "type='sldNum' sz='quarter' idx='12'", (RIGHT - 30, _FOOT_TOP, 30, 5),
        _number(language), style=_style(NOTE, "tx2", align="r"),
    )  # fmt: skip


def _master_tree(document: Document, language: str) -> str:
    _ = translator(document.locale).gettext
    body = (LEFT, 40, FULL, BOTTOM - 40)
    return (
        _place(2, "Title", "type='title'", (LEFT, TITLE_TOP, FULL, 10), _words(_("标题"), language))
        + _place(3, "Text", "type='body' idx='1'", body, _words(_("正文"), language))
        + _text(4, "Report", (LEFT, _HEAD_TOP, FULL / 2, 5), document.footer, language)
        + _foot(5, language, document.foot)
    )


def _page_tree(language: str) -> str:
    return (
        _place(2, "Title", "type='title'", (LEFT, TITLE_TOP, FULL, 10), _words("—", language))
        + _place(3, "Headline", f"type='body' sz='quarter' idx='{HEADLINE_PLACE}'", (LEFT, 26, FULL, 13),
                 _words("—", language), style=_style(HEADLINE))
        + _place(4, "Part", f"type='body' sz='quarter' idx='{PART_PLACE}'", (RIGHT - FULL / 2, _HEAD_TOP, FULL / 2, 5),
                 _words("—", language), style=_style(NOTE, "tx2", align="r"))
        + _foot(5, language)
    )  # fmt: skip


def _cover_tree(language: str) -> str:
    return (
        _place(2, "Title", "type='ctrTitle'", (LEFT, 60, 240, 32), _words("—", language), anchor="b",
               style=_style(34, bold=True))
        + _place(3, "Subtitle", "type='subTitle' idx='1'", (LEFT, 96, 220, 24), _words("—", language),
                 style=_style(15))
        + _place(4, "Client", f"type='body' sz='quarter' idx='{WHO_PLACE}'", (LEFT, 26, 200, 8),
                 _words("—", language), style=_style(11.5, "tx2"))
        + _line(5, 128, "accent1", 1.5)
        + _foot(6, language)
    )  # fmt: skip


def _dress(master: Any, look: Look, name: str) -> None:
    """Write the theme's colours and fonts, and leave the words of the master out of the cover."""
    themed(master.part, look, name)
    cover = master.slide_layouts[COVER]
    cover._element.set("showMasterSp", "0")
