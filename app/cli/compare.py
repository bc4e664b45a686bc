"""`crm-maturity compare`: cases and carriers side by side, and why two cases differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click

from app.cli.cases import CASE_PATH, ScoredCase, case_options, choice_of, scored_cases
from app.cli.figures import NOTHING, Wording, as_number, locale_option, optional_number, text_document
from app.cli.main import Factories
from app.cli.one_version import Brought, basis_document, basis_sentence, in_one_version
from app.cli.output import emit_json, format_option
from app.cli.tables import Align, table
from app.content.roots import Roots
from app.core.compare import (
    Column,
    Comparison,
    Contributions,
    Figure,
    Row,
    benchmark_column,
    case_column,
    contributions,
)
from app.core.compare import (
    compare as compare_columns,
)
from app.core.scoring import OVERALL
from app.core.text import Locale

MOST_CONTRIBUTIONS = 10  # in the text output; JSON has all of them


@dataclass(frozen=True)
class Answer:
    """What the command says: the columns side by side, and why two of the cases differ (where that can be said)."""

    comparison: Comparison
    difference: Contributions | None


@click.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True, type=CASE_PATH)
@click.option("--benchmark", metavar="SET", help="Benchmark set whose carriers stand beside the cases.")
@click.option("--pair", nargs=2, metavar="A B", help="Ids of the two cases to explain; else the first two.")
@click.option("--at", "node", metavar="NODE", help="Capability at which the two are explained; else the overall.")
@case_options
@locale_option
@format_option
@click.pass_obj
def compare(  # noqa: PLR0913 - one parameter per option
    factories: Factories,
    cases: tuple[Path, ...],
    *,
    benchmark: str | None,
    pair: tuple[str, str] | None,
    node: str | None,
    framework: Path | None,
    weights: str,
    method: str | None,
    root: Roots | None,
    locale: Locale,
    output: str,
) -> None:
    """Put units and benchmark side by side.

    Cases of different versions of a framework are brought to the newest of them by its crosswalk. With --format json
    every column then says under `basis` what it rests on: `version` (of the case) and how many elements are `kept`,
    `mapped` from other names, `missing` (newer than the case) and `lost` (gone since). It is null for a column that
    was not brought over.
    """
    choice = choice_of(framework, weights, method, root)
    scored = scored_cases(cases, choice, factories=factories, output=output)
    base, brought = in_one_version(scored, output)
    answer = _answer(base, brought, benchmark=benchmark, pair=pair, node=node)
    if output == "json":
        emit_json(compare_document(answer))
    else:
        click.echo(compare_text(answer, locale))


def _answer(
    first: ScoredCase,
    brought: Sequence[Brought],
    *,
    benchmark: str | None,
    pair: tuple[str, str] | None,
    node: str | None,
) -> Answer:
    if node is not None and node not in first.framework:
        raise click.BadParameter(f"{node!r} is not a capability of {first.framework.reference}.", param_hint="--at")
    cases = [case_column(its.one.case.id, its.one.case.unit.name, its.scorecard, basis=its.basis) for its in brought]
    comparison = compare_columns(first.framework, [*cases, *_carriers(first, benchmark)])
    two = _pair(cases, pair)
    return Answer(comparison, contributions(*two, at=node) if two is not None else None)


def _carriers(scored: ScoredCase, benchmark: str | None) -> list[Column]:
    if benchmark is None:
        return []
    sets = {one.id: one for one in scored.library.benchmarks(scored.framework.id)}
    if benchmark not in sets:
        known = ", ".join(sets) or "none"
        raise click.BadParameter(f"{benchmark!r} is not there; known are {known}.", param_hint="--benchmark")
    method = scored.scorecard.method
    return [
        benchmark_column(scored.framework, entry, weights=scored.profile, method=method)
        for entry in sets[benchmark].entries
    ]


def _pair(cases: Sequence[Column], ids: tuple[str, str] | None) -> tuple[Column, Column] | None:
    if ids is None:
        return (cases[0], cases[1]) if len(cases) > 1 else None
    by_id = {column.id: column for column in reversed(cases)}
    for case_id in ids:
        if case_id not in by_id:
            known = ", ".join(by_id)
            raise click.BadParameter(f"{case_id!r} is none of the cases ({known}).", param_hint="--pair")
    return by_id[ids[0]], by_id[ids[1]]


def compare_document(answer: Answer) -> dict[str, object]:
    """Return a comparison in the form of the command contract."""
    comparison, difference = answer.comparison, answer.difference
    return {
        "columns": [
            {
                "id": column.id,
                "kind": column.kind,
                "name": text_document(column.name),
                "basis": basis_document(column.basis),
            }
            for column in comparison.columns
        ],
        "rows": [_row_document(row, comparison.columns) for row in comparison.rows],
        "contributions": None if difference is None else _difference_document(difference),
    }


def _row_document(row: Row, columns: Sequence[Column]) -> dict[str, object]:
    figures = [column.figures.get(row.node) for column in columns]
    return {
        "node": row.node,
        "tier": row.tier,
        "values": [optional_number(value) for value in row.values],
        "best": optional_number(row.best),
        "median": optional_number(row.median),
        "n": row.n,
        "spread": optional_number(row.spread),
        "statuses": [figure.status.value if figure else None for figure in figures],
        "origins": [figure.origin if figure else None for figure in figures],
    }


def _difference_document(difference: Contributions) -> dict[str, object]:
    return {
        "a": difference.a,
        "b": difference.b,
        "node": difference.node,
        "tier": difference.tier,
        "difference": as_number(difference.difference),
        "items": [
            {"node": item.node, "score": as_number(item.score), "coverage": as_number(item.coverage)}
            for item in difference.items
        ],
    }


def compare_text(answer: Answer, locale: Locale) -> str:
    """Return a comparison as a table, and below it why the two cases differ."""
    comparison = answer.comparison
    words = Wording(locale, comparison.framework.scale)
    statistics = [words._("最高"), words._("中位数"), words._("家数"), words._("极差")]
    head = [words._("能力"), *(words.name(column.name) for column in comparison.columns), *statistics]
    aligns: list[Align] = ["left" if place == 0 else "right" for place in range(len(head))]
    blocks = [table(head, [_cells(row, comparison, words) for row in comparison.rows], aligns=aligns)]
    version = comparison.framework.version
    notes = [
        basis_sentence(words, words.name(column.name), column.basis, version)
        for column in comparison.columns
        if column.basis is not None
    ]
    blocks += ["\n".join(notes)] if notes else []
    if answer.difference is not None:
        blocks.append(_difference_text(answer.difference, comparison, words))
    return "\n\n".join(blocks)


def _cells(row: Row, comparison: Comparison, words: Wording) -> list[str]:
    framework = comparison.framework
    node = framework.node(row.node) if row.node is not None else None
    element = node is not None and node.is_leaf
    figures = [column.figures.get(row.node) for column in comparison.columns]

    def plain(value: Fraction | None) -> str:
        return words.score(value, status=None, bounds=None, element=False)

    return [
        "  " * (len(framework.ancestors(node.id)) if node else 0) + words.name(node.name if node else OVERALL),
        *(_figure(figure, words, element=element) for figure in figures),
        plain(row.best),
        plain(row.median),
        str(row.n),
        plain(row.spread),
    ]


def _figure(figure: Figure | None, words: Wording, *, element: bool) -> str:
    """Return a figure as a cell; the midpoint of a range is marked."""
    if figure is None:
        return NOTHING
    mark = "≈" if figure.origin == "range" else ""
    return mark + words.score(figure.value, status=figure.status, bounds=figure.bounds, element=element)


def _difference_text(difference: Contributions, comparison: Comparison, words: Wording) -> str:
    framework = comparison.framework
    place = words.name(framework.node(difference.node).name if difference.node else OVERALL)
    names = {column.id: words.name(column.name) for column in comparison.columns}
    title = f"{place}: {names[difference.a]} - {names[difference.b]} = {words.signed(difference.difference)}"
    largest = [item for item in difference.items if item.total != 0][:MOST_CONTRIBUTIONS]
    if not largest:
        return title
    head = [words._("能力"), words._("贡献"), words._("因得分"), words._("因覆盖")]
    rows = [
        [words.name(framework.node(item.node).name), *map(words.signed, (item.total, item.score, item.coverage))]
        for item in largest
    ]
    return f"{title}\n{table(head, rows, aligns=('left', 'right', 'right', 'right'))}"
