"""The result of an assessment as one document: judgements and the figures of every capability, exact, without names.

The same figures give the same text for ever, so that its hash stands for them. Names of units and texts of a framework
are not in it: they may be put right without changing a result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.content.snapshot import canonical, digest

if TYPE_CHECKING:
    from app.core.scoring import Judgement, NodeScore, Scorecard
    from app.services.assessing import AssessmentView

FORMAT = 1
OVERALL = ""  # the whole stands under no id


@dataclass(frozen=True, slots=True)
class ResultDifference:
    """One figure that two results tell differently: `path` such as `nodes.customer-strategy.score`; None: not there."""

    path: str
    stored: str | None
    computed: str | None


def result_document(view: AssessmentView) -> str:
    """Return canonical JSON of an assessment's result, under the weights and method that it was scored with."""
    card = view.scorecard
    framework = card.framework
    document = {
        "format": FORMAT,
        "kind": "assessment-result",
        "unit": view.unit.key,
        "round": view.round.key,
        "revision": view.revision,
        "framework": {"id": framework.id, "version": framework.version, "hash": view.snapshot_hash},
        "weights": card.weights,
        "method": card.method.value,
        "thresholds": {
            "publish": str(framework.rollup.publish),
            "provisional": str(framework.rollup.provisional),
        },
        "interviews": len(view.interviews),
        "judgements": {element: _judgement(one) for element, one in card.judgements.items()},
        "nodes": _nodes(card),
    }
    return canonical(document)


def differences(stored: str, computed: str) -> tuple[ResultDifference, ...]:
    """Return every figure that two results tell differently, by path; one that cannot be read differs as a whole."""
    if stored == computed:
        return ()
    try:
        left, right = dict(_leaves("", json.loads(stored))), dict(_leaves("", json.loads(computed)))
    except ValueError:
        return (ResultDifference("document", digest(stored), digest(computed)),)
    found = tuple(
        ResultDifference(path, left.get(path), right.get(path))
        for path in sorted(left.keys() | right.keys())
        if left.get(path) != right.get(path)
    )
    return found or (ResultDifference("document", digest(stored), digest(computed)),)


def _judgement(one: Judgement) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "score": _exact(one.score),
        "agreed": one.agreed,
        "respondents": one.respondents,
        "partly_not_applicable": one.partly_not_applicable,
    }


def _nodes(card: Scorecard) -> dict[str, Any]:
    return {
        OVERALL: _node(card.overall),
        **{node_id: _node(node) for node_id, node in card.nodes.items()},
    }


def _node(node: NodeScore) -> dict[str, Any]:
    return {
        "weight": _exact(node.weight),
        "score": _exact(node.score),
        "coverage": _exact(node.coverage),
        "status": node.status.value,
        "bounds": None if node.bounds is None else [_exact(bound) for bound in node.bounds],
        "attained": None if node.attained is None else str(node.attained),
        "published": _exact(node.published),
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), one)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _leaves(f"{path}.{index}", one)
    elif value is not None:
        yield path, str(value)
