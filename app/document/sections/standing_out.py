"""What stands out in a unit below a capability: its highest and lowest elements, with findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.values import Cell, Table, TableColumn, TableRow

ELEMENTS = 3


def standing_out(draft: Draft, subject: Subject, node: str, *, key: str, findings: int) -> list[Table]:
    """Return the elements at either end, or all of them where they are few; none where none has a score.

    `key` opens the ids of the tables, `findings` of each element are quoted. Option: `elements` named at each end.
    """
    voice, card = draft.voice, subject.scorecard
    leaves = [leaf.id for leaf in draft.material.framework.leaves_below(node)]
    scores = {leaf: score for leaf in leaves if (score := card.node(leaf).score) is not None}
    ranked = sorted(scores, key=lambda leaf: -scores[leaf])
    count = draft.option("elements", ELEMENTS)
    unit = voice.name(subject.name)
    if not ranked:
        return []
    if len(ranked) <= 2 * count:
        title = voice.text(voice._("{unit}：已评要素，按得分排列"), unit=unit)
        return [_elements(draft, subject, f"{key}-elements", title, leaves=ranked, findings=findings)]
    high = voice.text(voice._("{unit}：得分最高的{n}个要素"), unit=unit, n=count)
    low = voice.text(voice._("{unit}：得分最低的{n}个要素"), unit=unit, n=count)
    return [
        _elements(
            draft, subject, f"{key}-{end}", title, leaves=shown, findings=findings, notes=_alike(draft, scores, shown)
        )
        for end, title, shown in (("highest", high, ranked[:count]), ("lowest", low, ranked[-count:][::-1]))
    ]


def _alike(draft: Draft, scores: Mapping[str, Fraction], shown: Sequence[str]) -> tuple[str, ...]:
    """Count the elements that are not shown though they score what the last one shown scores."""
    voice, last = draft.voice, shown[-1]
    n = sum(1 for leaf, score in scores.items() if score == scores[last] and leaf not in shown)
    if not n:
        return ()
    template = voice.ngettext("另有{n}个要素同样得{score}分。", "另有{n}个要素同样得{score}分。", n)
    return (voice.text(template, n=n, score=voice.score(last, scores[last])),)


def _elements(
    draft: Draft,
    subject: Subject,
    table_id: str,
    title: str,
    *,
    leaves: Sequence[str],
    findings: int,
    notes: tuple[str, ...] = (),
) -> Table:
    voice = draft.voice
    marks = [voice.figures.score_mark(subject.scorecard.node(leaf)) for leaf in leaves]
    heads = (
        TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.2),
        TableColumn(voice._("得分"), "number", 0.8),
        TableColumn(voice._("发现"), "text", 6),
    )

    rows = tuple(
        TableRow(
            (
                draft.name_cell(leaf),
                cell_of(mark),
                Cell(lines=draft.findings(subject, leaf, findings)),
            )
        )
        for leaf, mark in zip(leaves, marks, strict=True)
    )
    return Table(table_id, title, heads, rows, (*notes, *draft.notes(marks)))
