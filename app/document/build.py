"""Material and a definition in, a worded document out. The order of the sections is the definition's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.text import Locale
from app.document.draft import Draft
from app.document.edits import slotted
from app.document.material import Material
from app.document.message import message
from app.document.message.phrases import subjects_counted
from app.document.rounds import rounds_of
from app.document.sections.appendix import appendix
from app.document.sections.carriers import carriers
from app.document.sections.changes import changes
from app.document.sections.comparison import comparison
from app.document.sections.confidence import confidence
from app.document.sections.coverage import coverage
from app.document.sections.difference import difference
from app.document.sections.dimensions import dimensions
from app.document.sections.front import contents, cover, legend
from app.document.sections.glossary import glossary
from app.document.sections.heatmap import heatmap
from app.document.sections.method import method
from app.document.sections.multiples import multiples
from app.document.sections.overview import overview
from app.document.sections.profile import profile
from app.document.sections.published import published
from app.document.sections.ranking import ranking
from app.document.sections.sources import sources
from app.document.sections.strengths import strengths
from app.document.sections.units import units
from app.document.sections.words import words
from app.document.values import Block, Cell, Document, Section, Sentence, Statement, Table
from app.document.voice import Voice
from app.i18n import written_date

Builder = Callable[[Draft, str], Section | None]
NAMED = 4  # units named below the title; the facts of the cover name them all


def build_document(material: Material, definition: ReportDefinition, locale: Locale) -> Document:
    """Word a report. Sections without anything to show are left out; references to them too."""
    voice = Voice(locale, material.framework)
    theme = definition.theme
    built = [
        section
        for number, part in enumerate(definition.sections)
        if (section := _section(Draft(material, voice, part.options, theme), part, number)) is not None
    ]
    walked = [section for top in built for section in top.walk()]
    anchors = {section.id for section in walked} | {block.id for section in walked for block in section.blocks}
    title = voice.name(definition.title or definition.name)
    document = Document(
        locale=locale,
        title=title,
        subtitle=_subtitle(material, voice),
        footer=voice.name(theme.footer) if theme.footer else title,
        confidentiality=voice.name(theme.confidentiality) if theme.confidentiality else "",
        author=voice.name(material.engagement) if material.engagement else "",
        made_on=written_date(material.made_on, locale),
        dated=material.made_on,
        sections=tuple(_referring(section, anchors) for section in built),
        legend=legend(material, voice),
        theme=theme,
    )
    return slotted(document)


def _section(draft: Draft, part: SectionDefinition, number: int) -> Section | None:
    builder, default = _builders(draft)[part.kind]
    section = builder(draft, draft.voice.name(part.title) if part.title else default)
    if section is None:
        return None
    if part.kind is SectionKind.WORDS:  # may stand several times in a report
        section = replace(section, id=f"{section.id}-{number}")
    if part.text:
        section = replace(section, text=draft.voice.words(part.text))
    return replace(section, template=part.template)


def _builders(draft: Draft) -> Mapping[SectionKind, tuple[Builder, str]]:
    """Return builder and built-in title of every kind of section."""
    voice = draft.voice
    tiers = draft.material.framework.tiers
    first, second = voice.tier(tiers[0]), voice.tier(tiers[min(1, len(tiers) - 1)])
    return {
        SectionKind.COVER: (cover, voice._("封面")),
        SectionKind.MESSAGE: (_message, voice._("五句话")),
        SectionKind.CONTENTS: (contents, voice._("目次")),
        SectionKind.OVERVIEW: (overview, voice._("总览")),
        SectionKind.COMPARISON: (comparison, voice._("横向比较")),
        SectionKind.HEATMAP: (heatmap, voice.text(voice._("{tier}热图"), tier=second)),
        SectionKind.DIFFERENCE: (difference, voice._("差距从何而来")),
        SectionKind.DIMENSIONS: (dimensions, voice.text(voice._("各{tier}"), tier=first)),
        SectionKind.COVERAGE: (coverage, voice._("覆盖与缺口")),
        SectionKind.APPENDIX: (appendix, voice._("附录：得分与发现")),
        SectionKind.PUBLISHED: (published, voice._("原文得分与计算得分")),
        SectionKind.METHOD: (method, voice._("方法")),
        SectionKind.SOURCES: (sources, voice._("资料来源")),
        SectionKind.CARRIERS: (carriers, voice._("对标各家")),
        SectionKind.UNITS: (units, voice._("各单位详情")),
        SectionKind.GLOSSARY: (glossary, voice._("用语表")),
        SectionKind.WORDS: (words, ""),
        SectionKind.RANKING: (ranking, voice._("名次")),
        SectionKind.PROFILE: (profile, voice._("能力剖面")),
        SectionKind.MULTIPLES: (multiples, voice._("逐家看")),
        SectionKind.STRENGTHS: (strengths, voice._("强项与差距")),
        SectionKind.CONFIDENCE: (confidence, voice._("覆盖与可信度")),
        SectionKind.CHANGES: (changes, voice._("两轮之间的变化")),
    }


def _message(draft: Draft, title: str) -> Section:
    statement = Statement("message-sentences", title, message(draft.material, draft.voice))
    return Section("message", SectionKind.MESSAGE, title, blocks=(statement,))


def _subtitle(material: Material, voice: Voice) -> str:
    """Name the units; a single unit in rounds with its rounds; only their number where they are many."""
    rounds = rounds_of(material.subjects)
    if len(rounds) == 1 and len(rounds[0].subjects) == len(material.subjects):
        names_of = {"unit": rounds[0].after.unit.name, "before": rounds[0].before.round.name}
        named = {key: voice.name(name) for key, name in {**names_of, "after": rounds[0].after.round.name}.items()}
        return voice.text(voice._("{unit}：从{before}到{after}"), **named)
    if len(material.subjects) > NAMED:
        many = len(material.subjects)
        return voice.text(subjects_counted(material, many, voice), n=many)
    names = [voice.name(subject.name) for subject in material.subjects]
    return "".join(str(part) for part in voice.join(names))


def _referring(section: Section, anchors: set[str]) -> Section:
    """Drop references to what this report does not have."""

    def kept(sentence: Sentence) -> Sentence:
        return replace(sentence, evidence=tuple(anchor for anchor in sentence.evidence if anchor in anchors))

    def linked(cell: Cell) -> Cell:
        return cell if cell.target is None or cell.target in anchors else replace(cell, target=None)

    def mended(block: Block) -> Block:
        if isinstance(block, Statement):
            return replace(block, sentences=tuple(map(kept, block.sentences)))
        if isinstance(block, Table):
            rows = (replace(row, cells=tuple(map(linked, row.cells))) for row in block.rows)
            return replace(block, rows=tuple(rows))
        return block

    return replace(
        section,
        headline=kept(section.headline) if section.headline else None,
        blocks=tuple(map(mended, section.blocks)),
        children=tuple(_referring(child, anchors) for child in section.children),
    )
