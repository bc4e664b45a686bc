"""A small framework with another scale than the main one, and random cases of it: everything that the format allows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import cast

from hypothesis import strategies as st

from app.core.case import AgreedScore, Answer, Case, Confidence, Interview, Round, State, Tick, Unit
from app.core.framework import (
    AgreementRule,
    Capability,
    Framework,
    Method,
    Rollup,
    Source,
    Tier,
)
from app.core.scale import Level, Scale
from app.core.text import Text

SCALE = Scale(
    Fraction(1),
    Fraction(7),
    Fraction("0.25"),
    (Level(Fraction(1), Text("低")), Level(Fraction(7), Text("高"))),
)
LEAVES = tuple(f"leaf-{number}" for number in range(1, 5))
FRAMEWORK = Framework(
    id="small",
    version="1.0.0",
    name=Text("小框架", "Small"),
    tiers=(Tier("group", Text("组")), Tier("element", Text("要素"))),
    scale=SCALE,
    rollup=Rollup(Method.WEIGHTED_MEAN, Fraction("0.8"), Fraction("0.6")),
    agreement=AgreementRule(Fraction("1.8"), Fraction("0.7"), Fraction("1.2"), 2),
    capabilities=(
        Capability("group-a", Text("甲"), children=tuple(Capability(leaf, Text(leaf)) for leaf in LEAVES[:2])),
        Capability("group-b", Text("乙"), children=tuple(Capability(leaf, Text(leaf)) for leaf in LEAVES[2:])),
    ),
)

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)
maybe = st.none() | words
scores = st.sampled_from(SCALE.grid)
texts = st.builds(Text, words, maybe) | st.builds(Text, st.none(), words)
names = st.builds(Text, words, maybe)
confidences = st.sampled_from(cast("list[Confidence | None]", [None, "low", "medium", "high"]))
days = st.none() | st.dates(date(1990, 1, 1), date(2050, 1, 1))
ids = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
findings = st.lists(texts, max_size=3).map(tuple)


def _agreed(state: State) -> st.SearchStrategy[AgreedScore]:
    return st.builds(
        AgreedScore,
        state=st.just(state),
        score=scores if state.has_score else st.none(),
        reason=words if state is State.NOT_APPLICABLE else maybe,
        note=words if state is State.INFERRED else maybe,
        method=st.none() | ids,
        confidence=confidences,
        findings=findings,
    )


def _answer(state: State) -> st.SearchStrategy[Answer]:
    ticks = st.dictionaries(ids, st.sampled_from(cast("list[Tick]", ["told", "seen"])), max_size=3)
    said = words | st.lists(ids, max_size=3).map(tuple) | st.sampled_from(SCALE.grid)
    return st.builds(
        Answer,
        state=st.just(state),
        score=scores if state.has_score else st.none(),
        suggested=st.none() | scores,
        reason=words if state is State.NOT_APPLICABLE else maybe,
        note=words if state is State.INFERRED else maybe,
        confidence=confidences,
        evidence_strength=st.none() | st.integers(0, 3),
        questions=st.dictionaries(ids, said, max_size=3),
        ticks=ticks,
    )


known = [State.SCORED, State.INFERRED, State.NOT_APPLICABLE, State.UNKNOWN, State.ILLEGIBLE]
agreed_scores = st.dictionaries(st.sampled_from(LEAVES), st.sampled_from(known).flatmap(_agreed))
answers = st.dictionaries(st.sampled_from(LEAVES), st.sampled_from(known).flatmap(_answer))


@st.composite
def interviews(draw: st.DrawFn) -> tuple[Interview, ...]:
    """Draw interviews with ids of their own."""
    return tuple(
        Interview(
            id=f"i-{number}",
            role=draw(ids),
            questionnaire=draw(st.none() | st.just("small-interview@1.0.0")),
            respondent=draw(maybe),
            interviewer=draw(maybe),
            date=draw(days),
            answers=draw(answers),
        )
        for number in range(draw(st.integers(0, 3)))
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case of the small framework."""
    figures = st.decimals(1, 7, places=2).map(Fraction)
    return Case(
        id=draw(ids),
        framework=FRAMEWORK.reference,
        unit=Unit("branch", draw(names), draw(st.none() | ids), draw(st.none() | st.just("head-office"))),
        round=Round("2026-03", draw(names), draw(days)),
        source=draw(
            st.none()
            | st.builds(Source, title=maybe, year=st.none() | st.integers(1990, 2050), method=maybe, note=maybe)
        ),
        questionnaire=draw(st.none() | st.just("small-interview@1.0.0")),
        scores=draw(agreed_scores),
        published=draw(st.dictionaries(st.sampled_from(["group-a", "group-b", *LEAVES]), figures)),
        published_decimals=draw(st.none() | st.integers(0, 4)),
        interviews=draw(interviews()),
    )
