"""Small frameworks in one line, and hypothesis strategies for trees, judgements and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from app.core.case import State
from app.core.framework import AgreementRule, Capability, Framework, Method, Rollup, Tier
from app.core.scale import Level, Scale
from app.core.scoring import Judgement
from app.core.text import Text

HALVES = Scale(
    Fraction(0), Fraction(5), Fraction(1, 2), (Level(Fraction(0), Text("空")), Level(Fraction(5), Text("满")))
)
QUARTERS = Scale(
    Fraction(1), Fraction(7), Fraction(1, 4), (Level(Fraction(1), Text("低")), Level(Fraction(7), Text("高")))
)

Sketch = Mapping[str, object]


def number(value: str | int | float) -> Fraction:
    """Return a decimal as written."""
    return Fraction(str(value))


def numbers(*values: str | int | float) -> tuple[Fraction, ...]:
    """Return decimals as written."""
    return tuple(map(number, values))


def node(name: str, inside: object) -> Capability:
    """Build a capability from `name` or `name*weight`, and a mapping of children or None for a leaf."""
    node_id, _, weight = name.partition("*")
    children = tuple(node(child, below) for child, below in inside.items()) if isinstance(inside, dict) else ()
    return Capability(node_id, Text(node_id), weight=number(weight or 1), children=children)


def framework(
    sketch: Sketch,
    *,
    scale: Scale = HALVES,
    method: Method = Method.WEIGHTED_MEAN,
    publish: str = "0.8",
    provisional: str = "0.6",
) -> Framework:
    """Build a framework from nested mappings: {"a": {"a1": None, "a2*0.5": None}, "b*0": {…}}."""
    roots = tuple(node(name, inside) for name, inside in sketch.items())
    return Framework(
        id="sketch",
        version="1.0.0",
        name=Text("草图", "Sketch"),
        tiers=tuple(Tier(f"tier-{place}", Text(f"第{place}层")) for place in range(1, _depth(roots) + 1)),
        scale=scale,
        rollup=Rollup(method, number(publish), number(provisional)),
        agreement=AgreementRule(number("1.5"), number("0.7"), number(1), 2),
        capabilities=roots,
    )


def _depth(nodes: Sequence[Capability]) -> int:
    return 1 + max((_depth(one.children) for one in nodes if one.children), default=0)


def scored(**scores: str | float) -> dict[str, Judgement]:
    """Judge leaves by keyword: a number is a score, a word a state."""
    return {name.replace("_", "-"): _judgement(value) for name, value in scores.items()}


def _judgement(value: str | float) -> Judgement:
    if isinstance(value, str):
        return Judgement(State(value))
    return Judgement(State.SCORED, number(value))


# --- strategies ---------------------------------------------------------------------------------------------------

SCALES = st.sampled_from([HALVES, QUARTERS])
METHODS = st.sampled_from(list(Method))
WEIGHTS = st.sampled_from([number(text) for text in ("0.25", "0.5", "1", "1.3", "2", "7")])


@st.composite
def trees(draw: st.DrawFn, *, zero_weights: bool = True) -> Framework:
    """Draw a framework of one to four tiers with decimal weights, some of them 0 but never all of a family."""
    depth = draw(st.integers(1, 4))
    count = iter(range(1000))

    def family(tier: int) -> tuple[Capability, ...]:
        size = draw(st.integers(1, 3))
        weights = [draw(WEIGHTS) for _ in range(size)]
        if zero_weights and size > 1:
            weights[1:] = [draw(st.sampled_from([weight, Fraction(0)])) for weight in weights[1:]]
        return tuple(
            Capability(
                f"n{next(count)}", Text("节点"), weight=weight, children=family(tier + 1) if tier < depth else ()
            )
            for weight in weights
        )

    roots = family(1)
    return replace(
        framework({}, scale=draw(SCALES), method=draw(METHODS)),
        tiers=tuple(Tier(f"tier-{place}", Text("层")) for place in range(1, depth + 1)),
        capabilities=roots,
    )


UNSCORED = [State.OPEN, State.UNKNOWN, State.ILLEGIBLE, State.NOT_APPLICABLE]


@st.composite
def judgements_of(draw: st.DrawFn, tree: Framework, *, complete: bool = False) -> dict[str, Judgement]:
    """Draw a judgement for every leaf; `complete` leaves no leaf without a score."""
    found: dict[str, Judgement] = {}
    for leaf in tree.leaves:
        state = State.SCORED if complete else draw(st.sampled_from([State.SCORED] * 4 + UNSCORED))
        if state is State.SCORED:
            found[leaf.id] = Judgement(state, draw(st.sampled_from(tree.scale.grid)))
        elif state is not State.OPEN:
            found[leaf.id] = Judgement(state)
    return found


@st.composite
def assessed_trees(draw: st.DrawFn, *, complete: bool = False) -> tuple[Framework, dict[str, Judgement]]:
    """Draw a framework and judgements of its leaves."""
    tree = draw(trees())
    return tree, draw(judgements_of(tree, complete=complete))


def with_judgement(judgements: Mapping[str, Judgement], leaf_id: str, judgement: Judgement) -> dict[str, Judgement]:
    """Return the judgements with one of them replaced."""
    return {**judgements, leaf_id: judgement}


def mirrored(tree: Framework) -> Framework:
    """Return the tree with every family in reverse order."""

    def turned(family: Sequence[Capability]) -> tuple[Capability, ...]:
        return tuple(replace(one, children=turned(one.children)) for one in reversed(family))

    return replace(tree, capabilities=turned(tree.capabilities))


def reweighted(tree: Framework, factor: Fraction) -> Framework:
    """Return the tree with every weight multiplied."""

    def heavier(family: Sequence[Capability]) -> tuple[Capability, ...]:
        return tuple(replace(one, weight=one.weight * factor, children=heavier(one.children)) for one in family)

    return replace(tree, capabilities=heavier(tree.capabilities))
