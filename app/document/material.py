"""What a report is made of: assessments with their figures, the benchmark, the comparison. Not yet worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from app.core.benchmark import BenchmarkEntry, BenchmarkSet
from app.core.bridging import Basis
from app.core.case import AgreedScore, Case, Round, Unit
from app.core.compare import Column, Comparison, benchmark_column, case_column, compare
from app.core.framework import Capability, Framework, Method, Source, WeightProfile
from app.core.judging import RespondentAnswers
from app.core.scoring import NodeScore, Scorecard, Status
from app.core.text import Text
from app.document.voice import LONGEST_NAME, shortened

SHOWN = (Status.PUBLISHED, Status.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class Standing:
    """An element under one framework: the names of both, and its score in points of that framework's scale."""

    framework: Text
    element: Text
    score: Fraction
    decimals: int


@dataclass(frozen=True, slots=True)
class Apart:
    """An element far from its relatives under other frameworks, whose mean on its own scale is `expected`."""

    said: Standing
    relatives: tuple[Standing, ...]
    expected: Fraction


@dataclass(frozen=True)
class Subject:
    """One assessment. `id` is unique in the report; `name` tells it from the others; `interviews` were held.

    `respondents` are the answers behind the scores, as they count; `case` is the whole assessment as it is exchanged;
    `apart`: where this and the other frameworks of the unit and round tell different stories, the farthest first;
    `basis` tells what its scores rest on where it was assessed in another version of the framework.
    """

    id: str
    name: Text
    unit: Unit
    round: Round
    scorecard: Scorecard
    agreed: Mapping[str, AgreedScore]
    source: Source | None = None
    published_decimals: int | None = None
    interviews: int = 0
    respondents: tuple[RespondentAnswers, ...] = ()
    case: Case | None = None
    apart: tuple[Apart, ...] = ()
    basis: Basis | None = None

    def shown(self, node_id: str | None) -> NodeScore | None:
        """Return the figures of a node when its score may be printed, else None."""
        found = self.scorecard.node(node_id)
        return found if found.score is not None and found.status in SHOWN else None

    @cached_property
    def scored(self) -> int:
        """How many elements have a score."""
        return sum(1 for judgement in self.scorecard.judgements.values() if judgement.score is not None)

    @cached_property
    def applicable(self) -> int:
        """How many elements apply to this unit."""
        leaves = (self.scorecard.node(leaf.id) for leaf in self.scorecard.framework.leaves)
        return sum(1 for leaf in leaves if leaf.status is not Status.NOT_APPLICABLE)

    @property
    def empty(self) -> bool:
        """Tell whether nothing at all has been scored."""
        return self.scored == 0


@dataclass(frozen=True)
class Material:
    """Everything that a report says, in core's values. `subjects` in the order of the report, the first in focus.

    `units` are the ids of all units of the engagement, in its order.
    """

    framework: Framework
    subjects: tuple[Subject, ...]
    comparison: Comparison
    benchmark: BenchmarkSet | None
    entries: tuple[BenchmarkEntry, ...]
    made_on: date
    weights: WeightProfile
    method: Method
    engagement: Text | None = None
    units: tuple[str, ...] = ()

    @property
    def half_step(self) -> Fraction:
        """The least difference that may be called one: half a step of the scale."""
        return self.framework.scale.step / 2

    @cached_property
    def top(self) -> tuple[Capability, ...]:
        """The capabilities of the first tier."""
        return self.framework.capabilities

    @cached_property
    def counted(self) -> tuple[Capability, ...]:
        """Those of the first tier that count for the overall (weight above 0)."""
        card = self.subjects[0].scorecard
        return tuple(node for node in self.top if card.node(node.id).weight > 0)

    @cached_property
    def groups(self) -> tuple[Capability, ...]:
        """The capabilities whose children are elements, in document order; none where elements have no parent."""
        return tuple(node for node in self.framework.walk() if node.children and node.children[0].is_leaf)

    @cached_property
    def focus(self) -> Subject:
        """The unit in question: the first with a printable figure on the first tier, else the first with a score.

        Of several rounds of that unit the latest that has as much.
        """
        printable = [s for s in self.subjects if any(s.shown(node.id) for node in self.counted)]
        known = printable or [s for s in self.subjects if not s.empty] or list(self.subjects)
        return by_round([subject for subject in known if subject.unit.id == known[0].unit.id])[-1]

    @cached_property
    def cases(self) -> tuple[Column, ...]:
        """The columns of the subjects, in their order."""
        return tuple(column for column in self.comparison.columns if column.kind == "case")

    @cached_property
    def carriers(self) -> tuple[Column, ...]:
        """The columns of the benchmark entries, in their order."""
        return tuple(column for column in self.comparison.columns if column.kind == "benchmark")

    def column(self, subject: Subject) -> Column:
        """Return the column of a subject."""
        return next(column for column in self.cases if column.id == subject.id)

    @property
    def scored(self) -> tuple[Subject, ...]:
        """The subjects with at least one score."""
        return tuple(subject for subject in self.subjects if not subject.empty)


def by_round(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return assessments with the earliest round first; in the order given where a round has no date."""
    if any(subject.round.date is None for subject in subjects):
        return tuple(subjects)
    return tuple(sorted(subjects, key=lambda subject: subject.round.date or date.min))


def distinguished(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return the subjects with names that tell them apart: the round, else the id, is added where a name recurs."""
    by_name: dict[Text, list[Subject]] = {}
    for subject in subjects:
        by_name.setdefault(subject.unit.name, []).append(subject)

    def named(subject: Subject) -> Subject:
        alike = by_name[subject.unit.name]
        if len(alike) == 1:
            return replace(subject, name=subject.unit.name)
        unique = len({other.round.name for other in alike}) == len(alike)
        suffix = subject.round.name if unique else Text(zh=subject.id, en=subject.id)
        return replace(subject, name=_with(subject.unit.name, suffix))

    return tuple(named(subject) for subject in subjects)


def _with(name: Text, suffix: Text) -> Text:
    return Text(
        zh=f"{name.in_locale('zh')}（{suffix.in_locale('zh')}）",
        en=f"{name.in_locale('en')} ({suffix.in_locale('en')})",
    )


def _bounded(subject: Subject) -> Subject:
    """Return a subject whose names are no longer than any drawing or table can hold."""
    return replace(
        subject,
        unit=replace(subject.unit, name=_short(subject.unit.name)),
        round=replace(subject.round, name=_short(subject.round.name)),
        source=_cited(subject.source) if subject.source else None,
    )


def _bounded_set(benchmark: BenchmarkSet) -> BenchmarkSet:
    entries = tuple(replace(entry, name=_short(entry.name)) for entry in benchmark.entries)
    return replace(benchmark, name=_short(benchmark.name), source=_cited(benchmark.source), entries=entries)


def _short(name: Text) -> Text:
    return Text(*(said and shortened(said, LONGEST_NAME) for said in (name.zh, name.en)))


def _cited(source: Source) -> Source:
    return replace(source, title=source.title and shortened(source.title, LONGEST_NAME))


def material(
    framework: Framework,
    subjects: Sequence[Subject],
    *,
    made_on: date,
    weights: WeightProfile,
    benchmark: BenchmarkSet | None = None,
    entries: Sequence[str] | None = None,
    engagement: Text | None = None,
    units: Sequence[str] = (),
) -> Material:
    """Put subjects and benchmark side by side.

    `entries` chooses carriers of the set (None: all); `units` are the ids of all units of the engagement, which
    settles the colour of each. Every subject is scored under `weights` and one method.
    ValueError without a subject.
    """
    if not subjects:
        raise ValueError("a report needs at least one assessment")
    named = distinguished([_bounded(subject) for subject in subjects])
    benchmark = benchmark and _bounded_set(benchmark)
    method = named[0].scorecard.method
    chosen = tuple(e for e in benchmark.entries if entries is None or e.id in entries) if benchmark else ()
    columns = [case_column(subject.id, subject.name, subject.scorecard, basis=subject.basis) for subject in named]
    columns += [benchmark_column(framework, entry, weights=weights, method=method) for entry in chosen]
    return Material(
        framework=framework,
        subjects=named,
        comparison=compare(framework, columns),
        benchmark=benchmark if chosen else None,
        entries=chosen,
        made_on=made_on,
        weights=weights,
        method=method,
        engagement=engagement,
        units=tuple(units),
    )
