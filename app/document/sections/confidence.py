"""Confidence: how much is known, who said it, how strong the evidence is and how far the respondents differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from app.charts.spec import Heatmap, Label
from app.charts.unit_bars import share_heatmap
from app.core.agreement import Agreement, agreements, discussing_order, median
from app.core.case import State
from app.core.confidence import STRONGEST, Confidence, Grade, confidences
from app.core.finishing import SEEN_FROM
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.material import Subject
from app.document.message.confidence import backing, differing, none_recorded
from app.document.sections.apart import apart_table
from app.document.values import Block, Cell, Picture, Section, Sentence, Table, TableColumn, TableRow
from app.document.voice import Voice

ELEMENTS = 6  # to be handled with care, named for each unit


@dataclass(frozen=True)
class _Backing:
    """The respondents behind a unit's scores."""

    subject: Subject

    @cached_property
    def confidences(self) -> Mapping[str, Confidence]:
        return confidences(self.subject.scorecard.framework, self.subject.respondents)

    @cached_property
    def agreements(self) -> Mapping[str, Agreement]:
        return agreements(self.subject.scorecard.framework, self.subject.respondents)

    @cached_property
    def backed(self) -> list[str]:
        """The elements with a score that a respondent gave one for."""
        return [leaf for leaf in self.confidences if self.subject.scorecard.node(leaf).score is not None]

    @cached_property
    def grades(self) -> Counter[Grade | None]:
        return Counter(self.confidences[leaf].grade for leaf in self.backed)

    def count(self, state: State) -> int:
        return sum(one.state is state for one in self.subject.scorecard.judgements.values())


def confidence(draft: Draft, title: str) -> Section | None:
    """Show coverage of every unit, and what its scores rest on where respondents are recorded; None without a score."""
    if not draft.material.scored:
        return None
    found = [_Backing(subject) for subject in draft.material.subjects]
    recorded = [one for one in found if one.backed]
    blocks: list[Block] = [Picture("confidence-coverage", _coverage(draft))]
    if recorded:
        blocks += [_respondents(draft, found), _grades(draft, recorded)]
        if (table := _careful(draft, recorded)) is not None:
            blocks.append(table)
    else:
        blocks.append(_known(draft, found))
    if (apart := apart_table(draft, ELEMENTS)) is not None:
        blocks.append(apart)
    return Section("confidence", SectionKind.CONFIDENCE, title, _headline(draft, found, recorded), tuple(blocks))


def _headline(draft: Draft, found: Sequence[_Backing], recorded: Sequence[_Backing]) -> Sentence:
    voice = draft.voice
    scored = sum(one.subject.scored for one in found)
    if not recorded:
        return voice.sentence("confidence.none", *none_recorded(voice, scored))
    clauses = [
        backing(
            voice,
            scored=scored,
            backed=sum(len(one.backed) for one in recorded),
            single=sum(one.confidences[leaf].single for one in recorded for leaf in one.backed),
        ),
        differing(
            voice,
            compared=sum(one.agreements[leaf].n > 1 for one in recorded for leaf in one.backed),
            discuss=sum(one.agreements[leaf].discuss for one in recorded for leaf in one.backed),
        ),
    ]
    return voice.sentence("confidence.recorded", *clauses)


def _coverage(draft: Draft) -> Heatmap:
    material, voice = draft.material, draft.voice
    nodes = [*(node.id for node in material.top), None]
    rows = {
        Label(subject.id, voice.name(subject.name)): [subject.scorecard.node(node).coverage for node in nodes]
        for subject in material.subjects
    }
    tier = voice.tier(material.framework.tiers[0])
    return share_heatmap(
        draft.charts.words,
        title=voice.text(voice._("各单位与各{tier}的覆盖率"), tier=tier),
        columns=[draft.charts.words.label(node) for node in nodes],
        rows=rows,
        unit=voice._("按权重计算的、有得分的要素所占份额"),
        source=draft.source,
    )


def _known(draft: Draft, found: Sequence[_Backing]) -> Table:
    """Count, where no respondent is recorded, what the sources give: scores, inferred ones, what is not known."""
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("有得分的要素"), "number", 1.2),
        TableColumn(voice._("其中推断"), "number", 1),
        TableColumn(voice._("有发现的要素"), "number", 1.2),
        TableColumn(voice._("不清楚或无法辨认"), "number", 1.3),
        TableColumn(voice._("得分怎样得到"), "text", 4),
    )
    rows = tuple(
        TableRow((
            _name(draft, one.subject),
            Cell(f"{one.subject.scored}/{one.subject.applicable}"),
            _number(one.count(State.INFERRED)),
            _number(sum(bool(agreed.findings) for agreed in one.subject.agreed.values())),
            _number(one.count(State.UNKNOWN) + one.count(State.ILLEGIBLE)),
            Cell(_how(voice, one.subject)),
        ))
        for one in found
    )  # fmt: skip
    note = voice._("没有记录受访者：受访者人数、证据强度、一致性与离散度都不知道，可信度不能计算。")
    return Table("confidence-figures", voice._("得分依据什么"), heads, rows, (note,))


def _how(voice: Voice, subject: Subject) -> str:
    if subject.source is not None and subject.source.method:
        return voice.cut(subject.source.method)
    if subject.empty:
        return voice.figures.translate("未评")
    return voice.cut(subject.source.title) if subject.source else ""


def _respondents(draft: Draft, found: Sequence[_Backing]) -> Table:
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("受访者"), "number", 0.9),
        TableColumn(voice._("有得分的要素"), "number", 1.1),
        TableColumn(voice._("有受访者打分"), "number", 1.1),
        TableColumn(voice._("只有一位"), "number", 0.9),
        TableColumn(voice._("每个要素的人数（中位）"), "number", 1.3),
        TableColumn(voice._("看过或核对过证据"), "number", 1.2),
        TableColumn(voice._("分歧须讨论"), "number", 1.1),
        TableColumn(voice._("一致性 r_wg（中位）"), "number", 1.2),
    )
    rows = tuple(TableRow(_respondent_cells(draft, one)) for one in found)
    rule = draft.material.framework.agreement
    note = voice.text(
        voice._("分歧须讨论：极差达到{range}分，或 r_wg 低于{r_wg}，或两种角色的中位数相差达到{gap}分。"),
        range=voice.exact(rule.range),
        r_wg=voice.exact(rule.r_wg),
        gap=voice.exact(rule.role_gap),
    )
    return Table("confidence-respondents", voice._("谁说的，证据有多强，说法有多一致"), heads, rows, (note,))


def _respondent_cells(draft: Draft, one: _Backing) -> tuple[Cell, ...]:
    subject = one.subject
    scored = Cell(f"{subject.scored}/{subject.applicable}")
    if not one.backed:
        return (_name(draft, subject), _number(len(subject.respondents)), scored, _number(0), *([Cell()] * 5))
    backed = [one.confidences[leaf] for leaf in one.backed]
    unity = [r for leaf in one.backed if (r := one.agreements[leaf].r_wg) is not None]
    return (
        _name(draft, subject),
        _number(len(subject.respondents)),
        scored,
        _number(len(backed)),
        _number(sum(each.single for each in backed)),
        _exact(draft, median([Fraction(each.n) for each in backed])),
        _number(sum((each.strength or 0) >= SEEN_FROM for each in backed)),
        _number(sum(one.agreements[leaf].discuss for leaf in one.backed)),
        _score(draft, median(unity)) if unity else Cell(),
    )


def _grades(draft: Draft, recorded: Sequence[_Backing]) -> Table:
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("高"), "number", 0.8),
        TableColumn(voice._("中"), "number", 0.8),
        TableColumn(voice._("低"), "number", 0.8),
        TableColumn(voice._("不能确定"), "number", 1),
        TableColumn(voice._("没有受访者"), "number", 1.1),
    )
    rows = tuple(
        TableRow((
            _name(draft, one.subject),
            *(_number(one.grades[grade]) for grade in (Grade.HIGH, Grade.MEDIUM, Grade.LOW, None)),
            _number(one.subject.scored - len(one.backed)),
        ))
        for one in recorded
    )  # fmt: skip
    note = voice._(
        "可信度 = 0.4 × 证据强度 ÷ 3 + 0.3 × min(1, 人数 ÷ 3) + 0.3 × max(0, 1 − 标准差 ÷ 1.25)；"
        "0.75以上为高，0.50以上为中。不能确定：证据强度或离散度不知道，而它会改变结论。"
    )
    return Table("confidence-grades", voice._("要素得分的可信度（要素个数）"), heads, rows, (note,))


def _careful(draft: Draft, recorded: Sequence[_Backing]) -> Table | None:
    """Name, unit by unit, the elements to be handled with care: where people differ, then where one alone speaks."""
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.2),
        TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.6),
        TableColumn(voice._("得分"), "number", 0.8),
        TableColumn(voice._("受访者"), "number", 0.9),
        TableColumn(voice._("受访者打分"), "number", 1.2),
        TableColumn("r_wg", "number", 0.8),
        TableColumn(voice._("最强证据"), "state", 1.4),
        TableColumn(voice._("可信度"), "state", 1.6),
        TableColumn(voice._("为什么"), "text", 1.8),
    )
    rows: list[TableRow] = []
    for one in recorded:
        for number, leaf in enumerate(_order(one)[: draft.option("elements", ELEMENTS)]):
            cells = (_name(draft, one.subject) if number == 0 else Cell(), *_careful_cells(draft, one, leaf))
            rows.append(TableRow(cells, "heading" if number == 0 else "plain"))
    if not rows:
        return None
    return Table("confidence-careful", voice._("须谨慎看待的要素"), heads, tuple(rows))


def _order(one: _Backing) -> list[str]:
    order = discussing_order({leaf: one.agreements[leaf] for leaf in one.backed})
    told = [leaf for leaf in order if one.agreements[leaf].discuss]
    alone = [leaf for leaf in order if one.confidences[leaf].single]
    return [*told, *(leaf for leaf in alone if leaf not in told)]


def _careful_cells(draft: Draft, one: _Backing, leaf: str) -> tuple[Cell, ...]:
    voice, said, known = draft.voice, one.agreements[leaf], one.confidences[leaf]
    mark = voice.figures.score_mark(one.subject.scorecard.node(leaf))
    ends = (said.lowest, said.highest)
    spread = ""
    if ends[0] is not None and ends[1] is not None:
        same = ends[0] == ends[1]
        spread = voice.score(leaf, ends[0]).text if same else voice.figures.between(ends[0], ends[1], leaf)
    return (
        draft.name_cell(leaf),
        Cell(mark.short, mark.value, mark.standing),
        _number(known.n),
        Cell(spread),
        Cell() if said.r_wg is None else _score(draft, said.r_wg),
        Cell(_evidence(voice, known.strength)),
        Cell(_grade_words(voice, known)),
        Cell(voice._("说法不一") if said.discuss else voice._("只有一位受访者")),
    )


def _evidence(voice: Voice, strength: int | None) -> str:
    if strength is None:
        return voice._("没有记录")
    words = (voice._("无证据"), voice._("口头说过"), voice._("看过"), voice._("核对过"))
    return words[min(strength, STRONGEST)]


def _grade_words(voice: Voice, known: Confidence) -> str:
    words = {Grade.HIGH: voice._("高"), Grade.MEDIUM: voice._("中"), Grade.LOW: voice._("低")}
    number = voice.figures
    if known.grade is not None and known.low == known.high:
        return f"{words[known.grade]} {number.number(known.low, None)}"
    between = number.between(known.low, known.high, None)
    return f"{words[known.grade] if known.grade else voice._('不能确定')} {between}"


def _name(draft: Draft, subject: Subject) -> Cell:
    words = draft.voice.words(subject.name)
    return Cell(words.text, language=draft.foreign(words))


def _number(count: int) -> Cell:
    return Cell(str(count), Fraction(count))


def _exact(draft: Draft, value: Fraction) -> Cell:
    return Cell(draft.voice.exact(value).text, value)


def _score(draft: Draft, value: Fraction) -> Cell:
    return Cell(draft.voice.score(None, value).text, value)
