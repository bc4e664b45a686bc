"""What a presenter finds below a slide: by which rule a sentence was written and where its numbers stand, and of every
chart and table what it is measured in, of how many, from where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.core.text import Locale
from app.document.values import Document, Facts, Picture, Sentence, Statement, Table
from app.exports.measuring import Message
from app.exports.slides.planning import Slide
from app.i18n import translator


def notes(slide: Slide, document: Document, places: Mapping[str, int]) -> str:
    """Return the notes of a slide; empty where there is nothing to say."""
    return "\n".join(dict.fromkeys(line for line in _lines(slide, document, places) if line))


def _lines(slide: Slide, document: Document, places: Mapping[str, int]) -> Iterator[str]:
    if slide.number == 1:
        for block in slide.section.blocks:
            if isinstance(block, Facts):
                yield from (
                    f"{fact.name}：{fact.value}" if document.locale == "zh" else f"{fact.name}: {fact.value}"
                    for fact in block.items
                )
    if slide.headline:
        yield _rule(slide.headline, slide.section.title, document.locale, places)
    for placed in slide.placed:
        item = placed.item
        if isinstance(item, (Message, Statement)):
            for sentence in item.sentences:
                yield _rule(sentence, sentence.label or slide.section.title, document.locale, places)
        elif isinstance(item, Picture):
            caption = item.chart.caption
            yield _joined(document.locale, caption.title, caption.lines)
        elif isinstance(item, Table) and item.notes:
            yield _joined(document.locale, item.title, item.notes)


def _joined(locale: Locale, title: str, lines: tuple[str, ...]) -> str:
    colon, comma = ("：", "；") if locale == "zh" else (": ", "; ")
    return f"{title}{colon}{comma.join(lines)}" if lines else ""


def _rule(sentence: Sentence, name: str, locale: Locale, places: Mapping[str, int]) -> str:
    """Say by which rule a sentence was written, and on which slides its numbers stand."""
    if sentence.by_hand:
        return ""
    _ = translator(locale).gettext
    pages = sorted({places[anchor] for anchor in sentence.evidence if anchor in places})
    told = [_("按规则 %(rule)s 写成") % {"rule": sentence.rule}] if sentence.rule else []
    if pages:
        told.append(_("数字见第%(pages)s页") % {"pages": ", ".join(map(str, pages))})
    return _joined(locale, name, tuple(told))
