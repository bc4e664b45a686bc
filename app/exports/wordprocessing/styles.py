"""The styles of a text: every size, colour and font stands here once, under a name."""

from __future__ import annotations

from app.exports.office_look import LANGUAGES, Look, leading
from app.exports.xml_text import attribute

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TITLE, SUBTITLE, BODY, HEADLINE, BLOCK, NOTES, CELL, HEAD = (
    "Title", "Subtitle", "Normal", "Headline", "BlockTitle", "Notes", "TableText", "TableHead",
)  # fmt: skip
HEADINGS = ("Heading1", "Heading2", "Heading3")
CONTENTS = ("TOC1", "TOC2")


def fonts(name: str) -> str:
    """Return a font for Latin and Chinese letters alike."""
    named = attribute(name)
    return f"<w:rFonts w:ascii={named} w:hAnsi={named} w:eastAsia={named} w:cs={named}/>"


def styles(look: Look) -> str:
    """Return `w:styles`."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(look.font)}<w:color w:val='{look.ink}'/><w:sz w:val='20'/>"
        f"<w:szCs w:val='20'/><w:lang w:val='{LANGUAGES['en']}' w:eastAsia='{LANGUAGES['zh']}' w:bidi='ar-SA'/>"
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after='80' w:line='300' w:lineRule='exact'/></w:pPr>"
        "</w:pPrDefault></w:docDefaults>"
    )
    heads = fonts(look.heading_font)
    found = [
        "<w:style w:type='paragraph' w:default='1' w:styleId='Normal'><w:name w:val='Normal'/><w:qFormat/></w:style>",
        "<w:style w:type='character' w:default='1' w:styleId='DefaultParagraphFont'>"
        "<w:name w:val='Default Paragraph Font'/><w:uiPriority w:val='1'/><w:semiHidden/></w:style>",
        "<w:style w:type='table' w:default='1' w:styleId='TableNormal'><w:name w:val='Normal Table'/><w:semiHidden/>"
        "<w:tblPr><w:tblInd w:w='0' w:type='dxa'/><w:tblCellMar><w:top w:w='0' w:type='dxa'/>"
        "<w:left w:w='68' w:type='dxa'/><w:bottom w:w='0' w:type='dxa'/><w:right w:w='68' w:type='dxa'/></w:tblCellMar>"
        "</w:tblPr></w:style>",
        "<w:style w:type='numbering' w:default='1' w:styleId='NoList'><w:name w:val='No List'/></w:style>",
        _style(TITLE, "Title", 28, look.ink, bold=True, after=6, more=heads),
        _style(SUBTITLE, "Subtitle", 13, look.muted, after=20),
        _style(HEADINGS[0], "heading 1", 18, look.ink, bold=True, after=4, level=0, keep=True, breaks=True, more=heads),
        _style(HEADINGS[1], "heading 2", 14, look.ink, bold=True, before=16, after=3, level=1, keep=True, more=heads),
        _style(HEADINGS[2], "heading 3", 11.5, look.ink, bold=True, before=12, after=3, level=2, keep=True, more=heads),
        _style(HEADLINE, "Headline", 11.5, look.ink, after=8, keep=True),
        _style(BLOCK, "Block title", 10, look.ink, bold=True, before=8, after=2, keep=True),
        _style(NOTES, "Notes", 8, look.muted, after=8),
        _style(CELL, "Table text", 8.5, look.ink),
        _style(HEAD, "Table head", 8.5, look.muted, keep=True),
        _style(CONTENTS[0], "toc 1", 10, look.ink, bold=True, before=2),
        _style(CONTENTS[1], "toc 2", 9.5, look.ink),
        _style("Header", "header", 8, look.muted),
        _style("Footer", "footer", 8, look.muted),
    ]
    return f"<w:styles {W}>{defaults}{''.join(found)}</w:styles>"


def _style(key: str, name: str, size: float, colour: str, *, bold: bool = False, before: float = 0, after: float = 0, level: int | None = None, keep: bool = False, breaks: bool = False, more: str = "") -> str:  # fmt: skip  # noqa: E501, PLR0913 - what a style has
    """Return a paragraph style; sizes and distances in points."""
    outline = "" if level is None else f"<w:outlineLvl w:val='{level}'/>"
    spacing = (
        f"<w:spacing w:before='{round(before * 20)}' w:after='{round(after * 20)}' "
        f"w:line='{round(leading(size) * 20)}' w:lineRule='exact'/>"
    )
    paragraph = f"{'<w:keepNext/>' if keep else ''}{'<w:pageBreakBefore/>' if breaks else ''}{spacing}{outline}"
    weight = "<w:b/><w:bCs/>" if bold else ""
    run = (
        f"{more}{weight}<w:color w:val='{colour}'/><w:sz w:val='{round(size * 2)}'/><w:szCs w:val='{round(size * 2)}'/>"
    )
    return (
        f"<w:style w:type='paragraph' w:styleId='{key}'><w:name w:val={attribute(name)}/><w:basedOn w:val='Normal'/>"
        f"<w:next w:val='Normal'/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
