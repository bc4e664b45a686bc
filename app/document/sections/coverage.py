"""Coverage: how much of each unit is known, and every element that has no score."""

from __future__ import annotations

from app.core.report import SectionKind
from app.core.scoring import NodeScore, Status
from app.document.draft import Draft, cell_of
from app.document.headlines.coverage import coverage_headline
from app.document.material import Subject
from app.document.statuses import status_word
from app.document.values import Block, Cell, Listing, Section, Table, TableColumn, TableRow


def coverage(draft: Draft, title: str) -> Section:
    """Show coverage per unit and first-tier capability, then the elements without a score."""
    blocks: list[Block] = [_table(draft)]
    blocks += [listing for subject in draft.material.subjects if (listing := _listing(draft, subject)) is not None]
    return Section("coverage", SectionKind.COVERAGE, title, coverage_headline(draft), tuple(blocks))


def _table(draft: Draft) -> Table:
    material, voice = draft.material, draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("有得分的要素"), "number", 1.1),
        TableColumn(voice._("总体覆盖率"), "number", 1.1),
        TableColumn(voice._("状态"), "state", 1.3),
        TableColumn(voice._("总体得分"), "number", 1.1),
        *(TableColumn(voice.node(node.id), "number", 1.1) for node in material.top),
    )
    rows, marks = [], []
    for subject in material.subjects:
        overall = subject.scorecard.overall
        mark = voice.figures.score_mark(overall)
        marks.append(mark)
        rows.append(
            TableRow((
                Cell(voice.name(subject.name)),
                Cell(f"{subject.scored}/{subject.applicable}"),
                _covered(draft, overall),
                Cell(status_word(voice, overall.status)),
                cell_of(mark),
                *(_covered(draft, subject.scorecard.node(node.id)) for node in material.top),
            ))
        )  # fmt: skip
    rule = material.framework.rollup
    thresholds = voice.text(
        voice._(
            "覆盖率：按权重计算的、有得分的要素所占份额；达到{publish}可发布，达到{provisional}为暂定，更低则不出分，只印上下限。"
        ),
        publish=voice.percent(rule.publish),
        provisional=voice.percent(rule.provisional),
    )
    tier = voice.tier(material.framework.tiers[0])
    title = voice.text(voice._("各单位与各{tier}的覆盖率"), tier=tier)
    return Table("coverage-figures", title, heads, tuple(rows), (thresholds, *draft.notes(marks)))


def _covered(draft: Draft, score: NodeScore) -> Cell:
    if score.coverage is None:
        return Cell(status_word(draft.voice, Status.NOT_APPLICABLE))
    return Cell(draft.voice.percent(score.coverage).text, score.coverage)


def _listing(draft: Draft, subject: Subject) -> Listing | None:
    """List the elements without a score of a unit that has some; an empty unit lacks them all and needs no list."""
    material, voice = draft.material, draft.voice
    if subject.empty and len(material.subjects) > 1:
        return None
    groups: list[tuple[str, tuple[str, ...]]] = []
    for node in material.top:
        without = [
            _without(draft, subject, leaf.id)
            for leaf in material.framework.leaves_below(node.id)
            if subject.scorecard.node(leaf.id).score is None
        ]
        if without:
            groups.append((voice.node(node.id), tuple(without)))
    if not groups:
        return None
    total = sum(len(names) for _, names in groups)
    title = voice.text(
        voice.ngettext("{unit}：{n}个要素没有得分", "{unit}：{n}个要素没有得分", total),
        unit=voice.name(subject.name),
        n=total,
    )
    return Listing(f"coverage-open-{subject.id}", title, tuple(groups))


def _without(draft: Draft, subject: Subject, leaf: str) -> str:
    """Name an element, and why it has no score where it is more than simply not assessed."""
    voice, score = draft.voice, subject.scorecard.node(leaf)
    word = voice.figures.score_mark(score).full
    if word == status_word(voice, Status.OPEN):
        return voice.node(leaf)
    agreed = subject.agreed.get(leaf)
    reason = next(iter(agreed.explanation), None) if agreed else None
    if reason:
        return voice.text(voice._("{name}（{why}：{reason}）"), name=voice.node(leaf), why=word, reason=reason[:80])
    return voice.text(voice._("{name}（{why}）"), name=voice.node(leaf), why=word)
