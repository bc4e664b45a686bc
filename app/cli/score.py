"""`crm-maturity score`: the figures of every capability of one case file."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.cases import CASE_PATH, ScoredCase, case_options, choice_of, scored_cases
from app.cli.figures import NOTHING, Wording, as_number, locale_option, optional_number, text_document
from app.cli.main import Factories
from app.cli.output import emit_json, format_option
from app.cli.tables import Align, table
from app.content.roots import Roots
from app.core.case import Case
from app.core.scale import decimals_of, display
from app.core.scoring import NodeScore, Scorecard
from app.core.text import Locale


@click.command()
@click.argument("case", type=CASE_PATH)
@case_options
@locale_option
@format_option
@click.pass_obj
def score(
    factories: Factories,
    case: Path,
    *,
    framework: Path | None,
    weights: str,
    method: str | None,
    root: Roots | None,
    locale: Locale,
    output: str,
) -> None:
    """Score a case file."""
    choice = choice_of(framework, weights, method, root)
    (scored,) = scored_cases([case], choice, factories=factories, output=output)
    if output == "json":
        emit_json(score_document(scored))
    else:
        click.echo(score_text(scored, locale))


def score_document(scored: ScoredCase) -> dict[str, object]:
    """Return a scored case in the form of the command contract."""
    card = scored.scorecard
    return {
        "case": scored.case.id,
        "framework": card.framework.reference,
        "weights": card.weights,
        "method": card.method.value,
        "nodes": [_node_document(node, card) for node in card.nodes.values()],
        "overall": _node_document(card.overall, card),
    }


def _node_document(node: NodeScore, card: Scorecard) -> dict[str, object]:
    judgement = card.judgements.get(node.id or "")
    return {
        "id": node.id,
        "tier": node.tier,
        "parent": node.parent,
        "name": text_document(node.name),
        "weight": as_number(node.weight),
        "state": None if node.state is None else node.state.value,
        "score": optional_number(node.score),
        "coverage": optional_number(node.coverage),
        "status": node.status.value,
        "bounds": None if node.bounds is None else [as_number(end) for end in node.bounds],
        "attained": optional_number(node.attained),
        "published": optional_number(node.published),
        "respondents": None if judgement is None else judgement.respondents,
        "partly_not_applicable": None if judgement is None else judgement.partly_not_applicable,
    }


_ALIGNS: tuple[Align, ...] = ("left", "right", "right", "left", "right", "right")


def score_text(scored: ScoredCase, locale: Locale) -> str:
    """Return a scored case as a table: what was scored with what, every capability, the overall."""
    card, case = scored.scorecard, scored.case
    words = Wording(locale, card.framework.scale)
    title = f"{words.name(case.unit.name)} · {words.name(case.round.name)}"
    under = [card.framework.reference, words.name(scored.profile.name), words.method(card.method)]
    head = [words._("能力"), words._("得分"), words._("覆盖率"), words._("状态"), words._("等级"), words._("原文")]
    nodes = [*card.nodes.values(), card.overall]
    rows = [_cells(node, scored, words) for node in nodes]
    notes = [words._("带 * 的要素，有受访者认为不适用。")] if any("*" in row[1] for row in rows) else []
    return "\n".join([title, " · ".join(under), "", table(head, rows, aligns=_ALIGNS), *notes])


def _cells(node: NodeScore, scored: ScoredCase, words: Wording) -> list[str]:
    framework, element = scored.framework, node.state is not None
    depth = len(framework.ancestors(node.id)) if node.id else 0
    judgement = scored.scorecard.judgements.get(node.id or "")
    flag = "*" if judgement is not None and judgement.partly_not_applicable else ""
    printed = node.published
    return [
        "  " * depth + words.name(node.name),
        words.score(node.score, status=node.status, bounds=node.bounds, element=element) + flag,
        "" if element else words.percent(node.coverage),
        words.state(node.state) if node.state is not None else words.status(node.status),
        "" if element else NOTHING if node.attained is None else str(optional_number(node.attained)),
        "" if printed is None else display(printed, _printed_decimals(scored.case)),
    ]


def _printed_decimals(case: Case) -> int:
    """Return with how many decimals the source printed its figures: as it says, else as the longest of them needs."""
    if case.published_decimals is not None:
        return case.published_decimals
    return max(map(decimals_of, case.published.values()))
