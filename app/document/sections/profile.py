"""The profile: every capability above the elements in a dot plot, with the benchmark's range and median behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.charts.spec import DotPlot
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.message.gap import largest_gap
from app.document.message.strengths import strengths_of
from app.document.values import Picture, Section, Sentence, Table

ROWS, ROWS_OF_MANY, MANY = 12, 8, 6  # rows that a picture holds; fewer where many units need room in each


def profile(draft: Draft, title: str) -> Section | None:
    """Draw the overall, the first tier and what is above the elements below it; None where nothing is known there."""
    material, voice = draft.material, draft.voice
    nodes = _nodes(draft)
    columns = material.comparison.columns
    if not any(node in column.figures for column in material.cases for node in nodes):
        return None
    charts = draft.charts_of(columns)
    lanes = len(material.cases) + (len(material.carriers) == 1)
    pages = _pages(draft, ROWS if lanes < MANY else ROWS_OF_MANY)
    pictures = []
    for number, part in enumerate(pages, 1):
        names = [voice.node(node) for node in part if node is None or node in {top.id for top in material.top}]
        caption = voice.text(voice._("得分与对标：{nodes}"), nodes=voice.join(names))
        pictures.append(Picture(f"profile-chart-{number}", _strong(draft, charts.dot_plot(part, title=caption))))
    return Section("profile", SectionKind.PROFILE, title, _headline(draft), (*pictures, _figures(draft, nodes)))


def _nodes(draft: Draft) -> list[str | None]:
    """Return the overall and every capability that has parts, in document order; elements where nothing else is."""
    material = draft.material
    inner = [node.id for node in material.framework.walk() if node.children]
    return [None, *(inner or [node.id for node in material.top])]


def _pages(draft: Draft, most: int) -> list[list[str | None]]:
    """Share the rows out over pictures, first-tier capabilities whole wherever they fit, as even as they can be."""
    nodes = _nodes(draft)
    tops = {node.id for node in draft.material.top}
    parts: list[list[str | None]] = []
    for node in nodes:
        if not parts or node in tops:
            parts.append([])
        parts[-1].append(node)
    parts[0:2] = [[*parts[0], *(parts[1] if len(parts) > 1 else [])]]  # the overall stands with the first
    pieces = [part[start : start + most] for part in parts for start in range(0, len(part), most)]
    best = _filled(pieces, most)
    for fewer in range(most - 1, 0, -1):
        if max(map(len, pieces)) > fewer or len(tried := _filled(pieces, fewer)) > len(best):
            break
        best = tried
    return best


def _filled(pieces: Sequence[list[str | None]], most: int) -> list[list[str | None]]:
    pages: list[list[str | None]] = [[]]
    for piece in pieces:
        if pages[-1] and len(pages[-1]) + len(piece) > most:
            pages.append([])
        pages[-1] = [*pages[-1], *piece]
    return pages


def _strong(draft: Draft, chart: DotPlot) -> DotPlot:
    """Set the first tier and the overall apart, where there is something below them."""
    tops = {"", *(node.id for node in draft.material.top)}
    if all(label.id in tops for label in chart.rows):
        return chart
    return replace(chart, rows=tuple(replace(label, strong=label.id in tops) for label in chart.rows))


def _figures(draft: Draft, nodes: Sequence[str | None]) -> Table:
    voice = draft.voice
    table = draft.matrix("profile-figures", voice._("得分与对标"), [*nodes[1:], None])
    tops = {node.id for node in draft.material.top}
    rows = tuple(
        replace(row, kind="heading") if node in tops and len(nodes) > len(tops) + 1 else row
        for row, node in zip(table.rows, [*nodes[1:], None], strict=True)
    )
    return replace(table, rows=rows)


def _headline(draft: Draft) -> Sentence:
    """Say where the unit in focus stands furthest below the benchmark; without one, its ends."""
    if draft.material.benchmark is not None:
        return largest_gap(draft.material, draft.voice)
    return draft.voice.sentence("profile", strengths_of(draft.material, draft.voice, draft.material.focus))
