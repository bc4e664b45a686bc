"""The live preview of a draft: the tree with its weights, the page of an interviewer, a radar of made-up scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask import render_template

from app.charts import screen
from app.charts.build import Charts
from app.charts.table import table
from app.content.layering import ContentKind
from app.core.case import State
from app.core.compare import case_column, compare
from app.core.questionnaire import Item, Mode, Questionnaire
from app.core.scoring import Judgement, score
from app.core.text import Text
from app.services.answer_fields import OPEN, fields_of, on_the_wire
from app.services.interview_sheet import Line, Mark
from app.web.context import locale, translate
from app.web.frameworks.pages import tree_rows
from app.web.interviews.control import level_lines, score_control, sentences
from app.web.interviews.level_parts import level_parts
from app.web.interviews.pages import AnswerForm

if TYPE_CHECKING:
    from app.content.library import Library
    from app.content.proofing import LintResult
    from app.core.framework import Capability, Framework, WeightProfile
    from app.services.drafting import DraftView

PARTS = ("tree", "questionnaire", "radar")
SAMPLE = "sample"
_STRIDE = 7  # made-up scores walk over the grid in steps of so many points


@dataclass(frozen=True, slots=True)
class Subject:
    """What is shown: a framework, what is asked about it, the weights it is seen under."""

    framework: Framework
    questionnaire: Questionnaire | None
    profile: WeightProfile | None


def preview_part(part: str, kind: ContentKind, result: LintResult, library: Library, *, at: str | None) -> str | None:
    """Return one part as HTML, None while the draft has errors; `at`: the capability that the editor is at."""
    subject = _subject(kind, result, library)
    return None if subject is None else _SHOWN[part](subject, at)


def published_part(part: str, draft: DraftView, library: Library, *, at: str | None) -> tuple[str, str] | None:
    """Return the version that is published now and one part of its preview, None where nothing is published."""
    if draft.kind is ContentKind.FRAMEWORK and draft.key in library.framework_ids():
        framework = library.framework(draft.key)
        return framework.version, _SHOWN[part](Subject(framework, _questionnaire_for(framework, library), None), at)
    questionnaire = library.find_questionnaire(draft.key) if draft.kind is ContentKind.QUESTIONNAIRE else None
    if questionnaire is None:
        return None
    subject = Subject(library.framework(questionnaire.framework), questionnaire, None)
    return questionnaire.version, _SHOWN[part](subject, at)


def _subject(kind: ContentKind, result: LintResult, library: Library) -> Subject | None:
    if result.framework is not None:
        return Subject(result.framework, _questionnaire_for(result.framework, library), None)
    wanted = None
    if result.questionnaire is not None:
        wanted = result.questionnaire.framework
    elif result.profile is not None:
        wanted = result.profile.framework
    if wanted is None or kind is ContentKind.FRAMEWORK:
        return None
    framework = library.framework(wanted)
    asked = result.questionnaire or _questionnaire_for(framework, library)
    return Subject(framework, asked, result.profile)


def _questionnaire_for(framework: Framework, library: Library) -> Questionnaire | None:
    """Return what an interview about a framework asks, None where nothing is written for it."""
    known = [one for one in library.questionnaires(framework.id) if one.mode is Mode.INTERVIEW]
    return known[-1] if known else None


def _tree(subject: Subject, at: str | None) -> str:
    framework = subject.framework
    return render_template(
        "editing/parts/tree.html",
        framework=framework,
        profile=subject.profile,
        rows=tree_rows(framework, subject.profile),
        at=at,
    )


def _asked(subject: Subject, at: str | None) -> str:
    framework = subject.framework
    element = _element_near(framework, at)
    item = _item_of(subject.questionnaire, element.id)
    roles = {role.id: role.name for role in subject.questionnaire.roles} if subject.questionnaire else {}
    form = AnswerForm(
        line=Line(element, item, Mark.OPEN, None, None, True),
        version=0,
        said=on_the_wire(fields_of(OPEN), framework.scale),
        meanings=sentences(framework, element, locale()),
        parts=level_parts(framework, element, locale()),
    )
    return render_template(
        "editing/parts/questionnaire.html",
        framework=framework,
        questionnaire=subject.questionnaire,
        form=form,
        item=item,
        roles=[roles[role] for role in item.roles if role in roles] if item else [],
        control=score_control(framework.scale),
        levels=level_lines(framework, element),
    )


def _element_near(framework: Framework, at: str | None) -> Capability:
    """Return the element of that id, the first below a group of that id, else the first of all."""
    if at is None or at not in framework:
        return framework.leaves[0]
    node = framework.node(at)
    while node.children:
        node = node.children[0]
    return node


def _item_of(questionnaire: Questionnaire | None, element: str) -> Item | None:
    if questionnaire is None:
        return None
    return next((item for item in questionnaire.items if item.element == element), None)


def _radar(subject: Subject, _at: str | None) -> str:
    framework = subject.framework
    card = score(framework, sample_scores(framework), weights=subject.profile)
    name = Text(zh="示例得分", en="Made-up scores")
    charts = Charts(compare(framework, [case_column(SAMPLE, name, card)]), locale(), own=SAMPLE)
    nodes = [node.id for node in framework.capabilities]
    chart = charts.profile(nodes, title=translate("示例得分在图上的样子"))
    return render_template(
        "editing/parts/radar.html",
        caption=chart.caption,
        figures=screen.figures(chart),
        table=table(chart),
        overall=card.overall,
    )


def sample_scores(framework: Framework) -> Mapping[str, Judgement]:
    """Return a score for every element, spread over the grid, the same whenever it is asked."""
    grid: tuple[Fraction, ...] = tuple(framework.scale.grid)
    return {
        leaf.id: Judgement(State.SCORED, grid[(number * _STRIDE + len(grid) // 2) % len(grid)])
        for number, leaf in enumerate(framework.leaves)
    }


_SHOWN: Mapping[str, Any] = {"tree": _tree, "questionnaire": _asked, "radar": _radar}
