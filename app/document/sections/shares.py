"""Weights above the elements, and what share of the overall each capability and each element has by them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.core.framework import Method
from app.core.scale import display
from app.document.draft import Draft
from app.document.values import Cell, Table, TableColumn, TableRow


def shares_table(draft: Draft) -> Table:
    """List every capability above the elements: weight among its siblings, elements, share of the overall."""
    material, voice = draft.material, draft.voice
    framework, card = material.framework, material.subjects[0].scorecard
    shares = shares_of_overall(draft)
    heads = (
        TableColumn(voice._("能力"), "text", 3.6),
        TableColumn(voice._("权重"), "number", 1),
        TableColumn(voice._("要素"), "number", 1),
        TableColumn(voice._("占总体"), "number", 1.1),
        TableColumn(voice._("每个要素占总体"), "number", 1.8),
    )
    rows = []
    for node in framework.walk():
        if node.is_leaf and framework.parent(node.id) is not None:
            continue
        weight, leaves = card.node(node.id).weight, framework.leaves_below(node.id)
        each = sorted({shares[leaf.id] for leaf in leaves})
        span = _percent(each[0]) if len(each) == 1 else f"{_percent(each[0])}–{_percent(each[-1])}"
        rows.append(
            TableRow(
                (
                    draft.name_cell(node.id),
                    Cell(voice.exact(weight).text, weight),
                    Cell(str(len(leaves))),
                    Cell(_percent(shares[node.id]), shares[node.id]),
                    Cell(span, each[0] if len(each) == 1 else None),
                ),
                "heading" if framework.parent(node.id) is None else "plain",
            )
        )
    note = voice._("占总体：所有要素都有得分时。没有得分的，其份额由有得分的同级按权重分担。")
    return Table("method-shares", voice._("权重与份额"), heads, tuple(rows), (note,))


def shares_of_overall(draft: Draft) -> Mapping[str, Fraction]:
    """Return each capability's share of the overall when every element is scored; elements of a tree sum to 1.

    The product of the weights along the path, each as a share of its siblings'; for the flat mean the share of the
    elements that count.
    """
    framework, card = draft.material.framework, draft.material.subjects[0].scorecard
    shares: dict[str, Fraction] = {}
    for node in framework.walk():
        parent = framework.parent(node.id)
        siblings = parent.children if parent else framework.capabilities
        total = sum((card.node(one.id).weight for one in siblings), Fraction(0))
        above = shares[parent.id] if parent else Fraction(1)
        shares[node.id] = above * card.node(node.id).weight / total if total else Fraction(0)
    if draft.material.method is not Method.FLAT_MEAN:
        return shares
    counting = [leaf.id for leaf in framework.leaves if shares[leaf.id] > 0]
    return {
        node.id: Fraction(sum(leaf.id in counting for leaf in framework.leaves_below(node.id)), max(1, len(counting)))
        for node in framework.walk()
    }


def _percent(share: Fraction) -> str:
    return f"{display(share * 100, 1)}%"
