"""Runs, paragraphs, fields and links of a text as XML, in the order that Word's schema wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.text import Locale
from app.document.values import Amount, Sentence, Words
from app.exports.office_look import LANGUAGES, Look, leading
from app.exports.wordprocessing.styles import BODY
from app.exports.xml_text import content

TWIPS = 1440 / 25.4  # in a millimetre


def twips(millimetres: float) -> int:
    """Return millimetres in twentieths of a point."""
    return round(millimetres * TWIPS)


def paragraph(runs: str, style: str = BODY, *, align: str = "", right: float = 0.0, hanging: float = 0.0, size: float = 0.0, keep: bool = False, more: str = "") -> str:  # fmt: skip  # noqa: E501
    """Return a paragraph: `right` and `hanging` indents in millimetres, `size` in points, if not the style's.

    `more` is what stands last among its properties (a section's).
    """
    properties = f"<w:pStyle w:val='{style}'/>{'<w:keepNext/>' if keep else ''}"
    if size:
        properties += f"<w:spacing w:after='0' w:line='{round(leading(size) * 20)}' w:lineRule='exact'/>"
    if right or hanging:
        sides = f" w:left='{twips(hanging)}'" if hanging else ""
        sides += f" w:right='{twips(right)}'" if right else ""
        sides += f" w:hanging='{twips(hanging)}'" if hanging else ""
        properties += f"<w:ind{sides}/>"
    if align:
        properties += f"<w:jc w:val='{align}'/>"
    return f"<w:p><w:pPr>{properties}{more}</w:pPr>{runs}</w:p>"


def field(instruction: str, shown: str = "", *, dirty: bool = False) -> str:
    """Return a field that Word computes; `shown` are runs that stand there until it does."""
    stale = " w:dirty='true'" if dirty else ""
    begin = f"<w:r><w:fldChar w:fldCharType='begin'{stale}/></w:r>"
    told = f"<w:r><w:instrText xml:space='preserve'> {content(instruction)} </w:instrText></w:r>"
    separate = "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
    return f"{begin}{told}{separate}{shown}<w:r><w:fldChar w:fldCharType='end'/></w:r>"


@dataclass(frozen=True, slots=True)
class Pen:
    """How runs of a document are written. `bookmarks` are the names of anchors in the file."""

    locale: Locale
    look: Look
    bookmarks: Mapping[str, str]

    def run(
        self, text: str, *, bold: bool = False, colour: str = "", size: float = 0.0, language: Locale | None = None
    ) -> str:
        """Return a stretch of text; line breaks in it stay."""
        tongue = LANGUAGES[language or self.locale]
        properties = "<w:b/><w:bCs/>" if bold else ""
        properties += f"<w:color w:val='{colour.lstrip('#').upper()}'/>" if colour else ""
        properties += f"<w:sz w:val='{round(size * 2)}'/><w:szCs w:val='{round(size * 2)}'/>" if size else ""
        kind = "eastAsia" if tongue.startswith("zh") else "val"
        properties += f"<w:lang w:{kind}='{tongue}'/>"
        lines = (f"<w:t xml:space='preserve'>{content(line)}</w:t>" if line else "" for line in text.split("\n"))
        return f"<w:r><w:rPr>{properties}</w:rPr>{'<w:br/>'.join(lines)}</w:r>" if text else ""

    def sentence(self, sentence: Sentence, *, size: float = 0.0, label: bool = False) -> str:
        """Return the runs of a sentence: its numbers set apart, words of another language marked."""
        runs = [self.run(f"{sentence.label}  ", bold=True, size=size)] if label and sentence.label else []
        for part in sentence.parts:
            if isinstance(part, Amount):
                runs.append(self.run(part.text, bold=True, size=size))
            elif isinstance(part, Words):
                runs.append(self.run(part.text, size=size, language=part.language))
            else:
                runs.append(self.run(part, size=size))
        return "".join(runs)

    def page_of(self, anchor: str) -> str:
        """Return the number of the page where an anchor stands, as a field; empty where nothing has that anchor."""
        name = self.bookmarks.get(anchor)
        return field(f"PAGEREF {name} \\h", self.run("–"), dirty=True) if name else ""

    def link(self, anchor: str, runs: str) -> str:
        """Return runs that lead to an anchor."""
        name = self.bookmarks.get(anchor)
        return f"<w:hyperlink w:anchor='{name}' w:history='1'>{runs}</w:hyperlink>" if name else runs

    def marked(self, anchor: str, runs: str) -> str:
        """Return runs at which an anchor stands."""
        name = self.bookmarks.get(anchor)
        if not name:
            return runs
        number = name.removeprefix("part")
        return f"<w:bookmarkStart w:id='{number}' w:name='{name}'/>{runs}<w:bookmarkEnd w:id='{number}'/>"
