"""The elements of a group in one unit: score, the level that is reached and what it looks like, findings, basis."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from app.charts.spec import Standing
from app.core.case import State
from app.core.framework import Capability
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.values import Cell, Table, TableColumn, TableRow, Words

FINDINGS = 6
_UNSCORED = (Standing.OPEN, Standing.NOT_APPLICABLE)  # told in words here, not by a sign


def elements_table(draft: Draft, subject: Subject, group: Capability | None, *, key: str) -> Table:
    """Return a row per element; the column of what scores rest on only where anything is recorded."""
    voice, framework = draft.voice, draft.material.framework
    leaves = group.children if group else framework.capabilities
    bases = {leaf.id: _basis(draft, subject, leaf.id) for leaf in leaves}
    heads = [
        TableColumn(voice.name(framework.tiers[-1].name), "text", 2.2),
        TableColumn(voice._("得分"), "number", 0.8),
        TableColumn(voice._("达到的等级"), "text", 4.7),
        TableColumn(voice._("发现"), "text", 6.5),
    ]
    told = any(_more_than_inferred(subject, leaf.id) for leaf in leaves if bases[leaf.id])
    if told:
        heads.append(TableColumn(voice._("依据"), "text", 1.5))
    rows, marks = [], []
    for leaf in leaves:
        mark = voice.figures.score_mark(subject.scorecard.node(leaf.id))
        marks.append(mark)
        cells = [
            draft.name_cell(leaf.id),
            cell_of(mark, full=mark.standing in _UNSCORED),
            replace(_reached(draft, leaf, mark.value), lines=_explained(draft, subject, leaf.id)),
            Cell(lines=draft.findings(subject, leaf.id, draft.option("findings", FINDINGS))),
        ]
        if told:
            cells.append(Cell(lines=bases[leaf.id]))
        rows.append(TableRow(tuple(cells)))
    notes = draft.notes(mark for mark in marks if mark.standing not in _UNSCORED)
    return Table(f"{key}-elements", voice._("要素"), tuple(heads), tuple(rows), notes)


def _reached(draft: Draft, leaf: Capability, score: Fraction | None) -> Cell:
    """Return the highest level at or below a score, with the element's own words for it, else the scale's."""
    if score is None:
        return Cell()
    voice, scale = draft.voice, draft.material.framework.scale
    described = {level.value: level.description for level in scale.levels} | dict(leaf.levels)
    value = max(point for point in described if point <= score)
    told, title = described[value], voice.level(value)
    if told is None:
        return Cell(title)
    words = voice.words(told)
    return Cell(voice.text(voice._("{level}：{text}"), level=title, text=words.text), language=draft.foreign(words))


def _basis(draft: Draft, subject: Subject, leaf: str) -> tuple[Words, ...]:
    """Say what a score rests on, as far as it is recorded: who was heard, how it was settled, how sure that is."""
    voice = draft.voice
    judged, agreed = subject.scorecard.judgements[leaf], subject.agreed.get(leaf)
    said: list[str] = []
    if judged.respondents:
        counted = voice.ngettext("{n}位受访者", "{n}位受访者", judged.respondents)
        said.append(voice.text(counted, n=judged.respondents))
        said.append(voice._("共识分") if judged.agreed else voice._("按受访者取中位"))
    if (strength := _strength(subject, leaf)) is not None:
        said.append(voice.text(voice._("证据强度最高{n}"), n=strength))
    if judged.state is State.INFERRED:
        said.append(voice._("推断"))
    if judged.partly_not_applicable:
        said.append(voice._("有受访者认为不适用"))
    if agreed is not None and agreed.confidence is not None:
        said.append(
            {"low": voice._("可信度低"), "medium": voice._("可信度中"), "high": voice._("可信度高")}[agreed.confidence]
        )
    return (Words(voice._("；").join(said), voice.locale),) if said else ()


def _more_than_inferred(subject: Subject, leaf: str) -> bool:
    """Tell whether more is recorded of a score than that it is inferred, which its sign tells already."""
    judged, agreed = subject.scorecard.judgements[leaf], subject.agreed.get(leaf)
    sure = agreed is not None and agreed.confidence is not None
    return bool(judged.respondents) or judged.partly_not_applicable or sure


def _strength(subject: Subject, leaf: str) -> int | None:
    """Return the strongest evidence that a respondent gave for an element, 0 to 3; None where none is recorded."""
    answers = (one.answers.get(leaf) for one in subject.respondents)
    known = [one.evidence_strength for one in answers if one is not None and one.evidence_strength is not None]
    return max(known, default=None)


def _explained(draft: Draft, subject: Subject, leaf: str) -> tuple[Words, ...]:
    """Return why an element has the score or state that it has, as the team wrote it."""
    agreed = subject.agreed.get(leaf)
    told = agreed.explanation if agreed else ()
    return tuple(Words(draft.voice.cut(text), draft.voice.locale) for text in told)


def anything_recorded(draft: Draft, subject: Subject) -> bool:
    """Tell whether it is recorded of any element who was heard or how sure its score is."""
    return any(_basis(draft, subject, leaf.id) for leaf in draft.material.framework.leaves)
