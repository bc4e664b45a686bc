"""How a unit's score of a capability stands: with what it is counted from, how far it may be relied on, which level."""

from __future__ import annotations

from app.core.scoring import Status
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.statuses import status_word
from app.document.values import Cell, TableColumn


def standing_heads(draft: Draft) -> tuple[TableColumn, ...]:
    """Return the heads of what `standing_cells` returns."""
    voice = draft.voice
    return (
        TableColumn(voice._("得分"), "number", 1.3),
        TableColumn(voice._("有得分的要素"), "number", 1.2),
        TableColumn(voice._("覆盖率"), "number", 1.0),
        TableColumn(voice._("状态"), "state", 1.3),
        TableColumn(voice._("达到等级"), "state", 1.3),
    )


def standing_cells(draft: Draft, subject: Subject, node: str | None) -> tuple[Cell, ...]:
    """Return score, elements with a score of those that apply, coverage, status and attained level."""
    voice, score = draft.voice, subject.scorecard.node(node)
    scored, applicable = scored_of(draft, subject, node)
    return (
        cell_of(voice.figures.score_mark(score)),
        Cell(f"{scored}/{applicable}"),
        Cell("" if score.coverage is None else voice.percent(score.coverage).text, score.coverage),
        Cell(status_word(voice, score.status)),
        Cell(voice.level(score.attained) if subject.shown(node) else ""),
    )


def scored_of(draft: Draft, subject: Subject, node: str | None) -> tuple[int, int]:
    """Return how many elements below a capability have a score in a unit, and how many apply to it."""
    leaves = [subject.scorecard.node(leaf.id) for leaf in draft.material.framework.leaves_below(node)]
    applicable = [leaf for leaf in leaves if leaf.status is not Status.NOT_APPLICABLE]
    return sum(leaf.score is not None for leaf in applicable), len(applicable)
