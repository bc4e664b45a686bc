"""From a request, or from case files, to what a report says: assessments scored alike, beside carriers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.bridging import agreed_over, basis_of, brought_over, respondents_over
from app.core.case import Case, Round, Unit
from app.core.framework import Framework, WeightProfile
from app.core.judging import RespondentAnswers, respondents_of
from app.core.scoring import Scorecard
from app.document.material import Apart, Material, Standing, Subject, material
from app.document.untranslated import untranslated
from app.services.assessing import AssessmentView, load_assessment
from app.services.bridging import ground_of, way_to
from app.services.consistency import Hint, beside, hints, published_beside
from app.services.engagements import list_units
from app.services.exporting import case_of
from app.services.refusals import NotFound, Refused
from app.services.walls import PUBLISHED

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.benchmark import BenchmarkSet
    from app.core.translations import Passage
    from app.services.report_requests import ReportRequest
    from app.storage.database import Session


class ReportRefused(Refused):
    """The report cannot be made; the code says why."""


def gather(session: Session, library: Library, request: ReportRequest) -> Material:
    """Return what a request asks for; everything scored under one weight profile and method.

    NotFound for an assessment, ReportRefused (`unknown-weights`, `unknown-benchmark`) for what the content lost.
    """
    first = load_assessment(session, request.assessments[0])
    asked = [load_assessment(session, one).framework for one in request.assessments]
    framework = ground_of(asked)
    profiles = library.weight_profiles(framework)
    if request.weights not in profiles:
        raise ReportRefused("unknown-weights", f"there is no weight profile {request.weights!r}")
    profile = profiles[request.weights]
    views = [load_assessment(session, one, weights=profile, method=request.method) for one in request.assessments]
    return material(
        framework,
        [
            in_version(replace(subject_of(view, name), apart=apart), framework, library, weights=profile)
            for view, name, apart in zip(views, _names(views), told_apart(session, views), strict=True)
        ],
        made_on=request.made_on,
        weights=profile,
        benchmark=_benchmark(library, framework, request.benchmark),
        entries=request.entries,
        engagement=first.engagement.name,
        units=[unit.key for unit in list_units(session, first.engagement.id)],
    )


def untranslated_texts(session: Session, library: Library, request: ReportRequest) -> list[Passage]:
    """Return the texts that an English report has to print in Chinese; none where its material is gone."""
    definition = next((one for one in library.reports() if one.id == request.template), None)
    try:
        return [] if definition is None else untranslated(gather(session, library, request), definition)
    except (NotFound, ReportRefused):
        return []


def _benchmark(library: Library, framework: Framework, benchmark: str | None) -> BenchmarkSet | None:
    if benchmark is None:
        return None
    for found in library.benchmarks(framework.id):
        if found.id == benchmark:
            return found
    raise ReportRefused("unknown-benchmark", f"there is no benchmark {benchmark!r}")


def _names(views: Sequence[AssessmentView]) -> list[str]:
    """Return a name for each assessment: its key, as in a case file, with its number where a key recurs."""
    keys = [view.key for view in views]
    return [view.key if keys.count(view.key) == 1 else f"{view.key}-{view.id}" for view in views]


def subject_of(view: AssessmentView, subject_id: str) -> Subject:
    """Return an assessment of the database as a report takes it."""
    return Subject(
        id=subject_id,
        name=view.unit.name,
        unit=Unit(view.unit.key, view.unit.name, view.unit.kind, view.unit.parent, view.unit.size),
        round=Round(view.round.key, view.round.name, view.round.date),
        scorecard=view.scorecard,
        agreed=view.told,
        source=view.source,
        published_decimals=view.published_decimals,
        interviews=len(view.interviews),
        respondents=view.respondents,
        case=case_of(view, names=False),
    )


def told_apart(session: Session, views: Sequence[AssessmentView]) -> list[tuple[Apart, ...]]:
    """Return where the assessments of a report and those beside them under other frameworks stand far apart.

    For each the farthest first. A report of published assessments looks at published ones alone.
    """
    neighbours = published_beside if all(view.state == PUBLISHED for view in views) else beside
    return [tuple(map(_apart, hints(view, neighbours(session, view)))) for view in views]


def _apart(hint: Hint) -> Apart:
    found = hint.divergence
    return Apart(
        said=_standing(hint.said, found.element, found.score),
        relatives=tuple(_standing(hint.others[one.framework], one.element, one.score) for one in found.relatives),
        expected=found.expected,
    )


def _standing(view: AssessmentView, element: str, score: Fraction) -> Standing:
    framework, scale = view.framework, view.framework.scale
    decimals = scale.decimals if scale.on_grid(score) else 2
    return Standing(framework.name, framework.node(element).name, score, decimals)


def in_version(subject: Subject, framework: Framework, library: Library, *, weights: WeightProfile) -> Subject:
    """Return a subject as it stands in a version of its framework; ReportRefused where the scales differ."""
    card = subject.scorecard
    if card.framework == framework:
        return subject
    walk = way_to(framework, card.framework, library)
    if walk is None:
        raise ReportRefused("unlike-frameworks", f"{card.framework.reference} cannot stand in {framework.reference}")
    printed = {str(one.id): one.published for one in card.nodes.values() if one.published is not None}
    return replace(
        subject,
        scorecard=brought_over(card, walk, weights=weights, method=card.method, published=printed),
        agreed=agreed_over(subject.agreed, walk),
        respondents=respondents_over(subject.respondents, walk),
        basis=basis_of(walk),
    )


def subject_of_case(
    case: Case, scorecard: Scorecard, respondents: Sequence[RespondentAnswers] | None = None
) -> Subject:
    """Return a case file as a report takes it; `respondents` as its questionnaires count them (None: all alike)."""
    return Subject(
        id=case.id,
        name=case.unit.name,
        unit=case.unit,
        round=case.round,
        scorecard=scorecard,
        agreed=case.scores,
        source=case.source,
        published_decimals=case.published_decimals,
        interviews=len(case.interviews),
        respondents=respondents_of(case, None) if respondents is None else tuple(respondents),
        case=case,
    )
