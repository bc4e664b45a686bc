"""Small reports: sketches of frameworks, judged units and carriers -> material and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from app.core.benchmark import BenchmarkEntry, BenchmarkSet
from app.core.case import AgreedScore, Case, Round, State, Unit
from app.core.framework import Framework, Source
from app.core.judging import judge
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.scoring import score
from app.core.text import Locale, Text
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import Material, Subject, material
from app.document.message import message
from app.document.values import Document, Sentence
from app.document.voice import Voice
from app.services.reporting import subject_of_case
from tests.unit.core.trees import framework, number

DAY = date(2026, 3, 2)
ROUND = Round("2026", Text("2026年", "2026"))
FIVE = {name: {f"{name}-{place}": None for place in (1, 2)} for name in ("a", "b", "c", "d", "e")}
EVERYTHING = ReportDefinition(
    "everything", Text("全部", "Everything"), tuple(SectionDefinition(kind) for kind in SectionKind)
)

Scores = Mapping[str, str | float]


def unit(tree: Framework, name: str, scores: Scores, *, round_: Round = ROUND, key: str = "") -> Subject:
    """Judge a unit. A score may be given for a whole branch, for every leaf below it."""
    agreed: dict[str, AgreedScore] = {}
    for node_id, value in scores.items():
        for leaf in tree.leaves_below(node_id):
            agreed[leaf.id] = (
                AgreedScore(State(value), reason="不做")
                if isinstance(value, str)
                else AgreedScore(State.SCORED, number(value), findings=(Text(f"{leaf.id}的发现"),))
            )
    case = Case(key or name, tree.reference, Unit(name, Text(name)), round_, scores=agreed)
    card = score(tree, judge(tree, agreed), weights=default_profile(tree))
    return subject_of_case(case, card)


def carriers(tree: Framework, *figures: Mapping[str, float]) -> BenchmarkSet:
    """Make a benchmark set with a carrier for each mapping of node to figure."""
    entries = tuple(
        BenchmarkEntry(f"carrier-{place}", Text(f"运营商{place}"), scores={k: number(v) for k, v in one.items()})
        for place, one in enumerate(figures, 1)
    )
    return BenchmarkSet("set", Text("同行"), tree.id, Source(year=2003, confidence="low"), entries)


def papers(tree: Framework, *subjects: Subject, benchmark: BenchmarkSet | None = None) -> Material:
    """Put subjects and carriers together."""
    return material(tree, subjects, made_on=DAY, weights=default_profile(tree), benchmark=benchmark)


def sentences(found: Material, locale: Locale = "zh") -> dict[str, Sentence]:
    """Write the message; by the name of its rule up to the dot."""
    written = message(found, Voice(locale, found.framework))
    return {sentence.rule.partition(".")[0]: sentence for sentence in written}


def document(found: Material, locale: Locale = "zh", definition: ReportDefinition = EVERYTHING) -> Document:
    """Word the whole report."""
    return build_document(found, definition, locale)


def flat(names: Sequence[str]) -> Framework:
    """Return a framework of elements alone: one tier."""
    return framework(dict.fromkeys(names))


HALF = Fraction(1, 4)
