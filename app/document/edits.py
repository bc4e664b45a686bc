"""Sentences in their places, and what people wrote instead. A place (slot) has a name that outlives the figures.

The slot of a headline is `<section>.headline`, that of any other sentence `<section>.<rule>`, where the rule stands
without its variant: `message.leader` holds whichever of the rule's sentences the figures call for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from app.core.report import SectionKind
from app.document.values import Amount, Block, Document, Part, Section, Sentence, Statement, Table
from app.i18n import translator

LONGEST_SLOT = 200
HEADLINE = "headline"
TOLD_IN = (SectionKind.SOURCES, SectionKind.METHOD, SectionKind.APPENDIX, SectionKind.COVERAGE)

Change = Callable[[Section, Sentence, str], Sentence]  # the section it stands in; its name there


def slotted(document: Document) -> Document:
    """Give every sentence its slot; a second one of the same name is told apart by its number."""
    seen: Counter[str] = Counter()

    def placed(section: Section, sentence: Sentence, name: str) -> Sentence:
        slot = f"{section.id}.{sentence.slot or name}"
        seen[slot] += 1
        number = f".{seen[slot]}" if seen[slot] > 1 else ""
        return replace(sentence, slot=slot[: LONGEST_SLOT - len(number)] + number)

    return _changed(document, placed)


def sentences_of(section: Section) -> Iterator[Sentence]:
    """Yield the sentences of a section, without those of its children, in their order."""
    if section.headline is not None:
        yield section.headline
    for block in section.blocks:
        if isinstance(block, Statement):
            yield from block.sentences


def with_edits(document: Document, edits: Mapping[str, str]) -> Document:
    """Put people's words where the machine's stood; the sources say how many. Unknown slots are passed over."""
    total = [sentence for section in document.walk() for sentence in sentences_of(section)]
    known = [sentence for sentence in total if sentence.slot in edits]
    if not known:
        return document

    def worded(_section: Section, sentence: Sentence, _name: str) -> Sentence:
        return edited(sentence, edits[sentence.slot]) if sentence.slot in edits else sentence

    return _told(_changed(document, worded), len(known), len(total))


def edited(sentence: Sentence, text: str) -> Sentence:
    """Return a sentence in other words; its label, its evidence and the look of its numbers stay."""
    amounts = {part.text for part in sentence.parts if isinstance(part, Amount)}
    return replace(sentence, parts=_parted(text, amounts), by_hand=True)


def _parted(text: str, amounts: set[str]) -> tuple[Part, ...]:
    if not amounts:
        return (text,)
    known = "|".join(re.escape(amount) for amount in sorted(amounts, key=len, reverse=True))
    pieces = re.split(rf"(?<![\d.])({known})(?![\d%]|\.\d)", text)
    return tuple(Amount(piece) if index % 2 else piece for index, piece in enumerate(pieces) if piece)


def _changed(document: Document, change: Change) -> Document:
    """Return the document with every sentence changed."""

    def block(section: Section, one: Block) -> Block:
        if not isinstance(one, Statement):
            return one
        changed = (change(section, sentence, sentence.rule.partition(".")[0]) for sentence in one.sentences)
        return replace(one, sentences=tuple(changed))

    def section(one: Section) -> Section:
        return replace(
            one,
            headline=change(one, one.headline, HEADLINE) if one.headline else None,
            blocks=tuple([block(one, each) for each in one.blocks]),
            children=tuple([section(child) for child in one.children]),
        )

    return replace(document, sections=tuple([section(one) for one in document.sections]))


def _told(document: Document, edited_by_hand: int, total: int) -> Document:
    """Add a note on what people worded to the first table of the sources, else of the next best section."""
    words = translator(document.locale)
    template = words.ngettext(
        "本报告的{total}个句子中有{n}个由人工改写。", "本报告的{total}个句子中有{n}个由人工改写。", edited_by_hand
    )
    note = template.replace("{total}", str(total)).replace("{n}", str(edited_by_hand))
    ranked = sorted(
        (section for section in document.sections if any(isinstance(block, Table) for block in section.blocks)),
        key=lambda one: TOLD_IN.index(one.kind) if one.kind in TOLD_IN else len(TOLD_IN),
    )
    if not ranked:
        return document
    place = ranked[0]
    first = next(block for block in place.blocks if isinstance(block, Table))
    noted = replace(first, notes=(*first.notes, note))
    blocks = tuple(noted if block is first else block for block in place.blocks)
    sections = tuple(replace(one, blocks=blocks) if one is place else one for one in document.sections)
    return replace(document, sections=sections)
