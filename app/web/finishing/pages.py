"""What the finish pages show: topics with what they are about, in words and with an address; steps that were taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from flask import url_for

from app.core.finishing import Code, Concern, high_from
from app.core.scoring import OVERALL
from app.core.text import Text
from app.services.finishing import AssessmentFinish, Check, InterviewFinish, Taken
from app.web.context import translate
from app.web.finishing.wording import IN_ASSESSMENT, IN_INTERVIEW, RELEASED, STEPS, Saying, figures, filled, high_words
from app.web.interviews.pages import element_url
from app.web.interviews.wording import STATES

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.services.assessing import InterviewSummary
    from app.services.finishing import Acceptance, Topic
    from app.storage.releases import ReleaseRecord

SOME_INTERVIEW = Text("一次访谈", "An interview")  # for those who may not know whose
MANY = 8  # more than this many things are folded away


@dataclass(frozen=True, slots=True)
class Thing:
    """What one concern is about: its name, where to look at it, and its figures in words."""

    about: str
    name: Text
    url: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that was accepted, with what it is about."""

    things: tuple[Thing, ...]
    ids: tuple[int, ...]
    words: str
    by: str | None
    at: datetime
    lapsed: bool


@dataclass(frozen=True, slots=True)
class TopicView:
    """All concerns of one code. `waiting` want a reason (or, for an error, mending)."""

    code: str
    is_error: bool
    title: str
    hint: str
    total: int
    waiting: tuple[Thing, ...]
    reasons: tuple[Reason, ...]

    @property
    def lapsed(self) -> tuple[Reason, ...]:
        """Reasons that excuse nothing any more."""
        return tuple(reason for reason in self.reasons if reason.lapsed)

    @property
    def standing(self) -> tuple[Reason, ...]:
        """Reasons that hold."""
        return tuple(reason for reason in self.reasons if not reason.lapsed)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step that was taken, in words."""

    name: str
    by: str | None
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class FinishPage:
    """A check, sorted into what has to be done and what is done."""

    check: Check
    errors: tuple[TopicView, ...]
    waiting: tuple[TopicView, ...]
    accepted: tuple[TopicView, ...]
    steps: tuple[StepView, ...]


Naming = Callable[[Concern], Thing]
Sayings = Mapping[Code, Saying]


def interview_page(finish: InterviewFinish) -> FinishPage:
    """Return the page of an interview's end."""
    framework = finish.sheet.framework
    first = {
        section.node.id: section.lines[0].element.id for section in finish.sheet.sections if section.node is not None
    }

    def thing(concern: Concern) -> Thing:
        about = concern.about
        element = first.get(about, about)
        url = element_url(finish.sheet, element) if element in framework else None
        return Thing(about, _name(framework, about), url, _detail(concern, framework, IN_INTERVIEW))

    return _page(finish.check, finish.steps, framework, IN_INTERVIEW, thing)


def assessment_page(finish: AssessmentFinish, *, hears: bool, release: ReleaseRecord | None = None) -> FinishPage:
    """Return the page of an assessment's end; `hears`: may the reader know who was interviewed (decision 0019).

    `release` is the last of its steps.
    """
    framework, assessment_id = finish.view.framework, finish.view.id
    interviews = {one.key: one for one in finish.view.interviews}

    def thing(concern: Concern) -> Thing:
        about = concern.about
        interview = interviews.get(about)
        if interview is not None and about not in framework:
            url = url_for("interviewing.hub", interview_id=interview.id) if hears else None
            name = _interview_name(interview) if hears else SOME_INTERVIEW
            return Thing(about, name, url, translate(STATES[interview.state]))
        url = _address(concern, assessment_id, framework)
        return Thing(about, _name(framework, about), url, _detail(concern, framework, IN_ASSESSMENT))

    page = _page(finish.check, finish.steps, framework, IN_ASSESSMENT, thing)
    if release is None:
        return page
    step = StepView(translate(RELEASED), release.published_by, release.published_at, release.note or "")
    return replace(page, steps=(*page.steps, step))


def _page(check: Check, steps: Sequence[Taken], framework: Framework, sayings: Sayings, thing: Naming) -> FinishPage:
    views = [_topic(topic, framework, sayings[topic.code], thing) for topic in check.topics]
    return FinishPage(
        check=check,
        errors=tuple(view for view in views if view.is_error),
        waiting=tuple(view for view in views if view.waiting and not view.is_error),
        accepted=tuple(view for view in views if not view.waiting and not view.is_error),
        steps=tuple(StepView(translate(STEPS[one.step]), one.by, one.at, one.words) for one in steps),
    )


def _topic(topic: Topic, framework: Framework, saying: Saying, thing: Naming) -> TopicView:
    values = {"high": high_words(high_from(framework.scale))} | figures(topic.concerns[0], framework.scale)
    of = {concern.about: concern for concern in topic.concerns}

    def reason(acceptance: Acceptance) -> Reason:
        things = tuple(thing(of[about]) for about in acceptance.about)
        return Reason(things, acceptance.ids, acceptance.reason, acceptance.by, acceptance.at, acceptance.lapsed)

    return TopicView(
        code=topic.code.value,
        is_error=topic.is_error,
        title=filled(saying.title, values),
        hint=filled(saying.hint, values),
        total=len(topic.concerns),
        waiting=tuple(thing(concern) for concern in topic.waiting),
        reasons=tuple(reason(acceptance) for acceptance in topic.acceptances),
    )


def _interview_name(interview: InterviewSummary) -> Text:
    who = f" · {interview.respondent}" if interview.respondent else ""
    zh, en = (f"{interview.key} {interview.role_name.in_locale(locale)}{who}" for locale in ("zh", "en"))
    return Text(zh, en)


def _name(framework: Framework, about: str) -> Text:
    return framework.node(about).name if about in framework else OVERALL


def _detail(concern: Concern, framework: Framework, sayings: Sayings) -> str:
    """Return what is special about this one; what all of a topic share stands in its heading."""
    written, detail = figures(concern, framework.scale), sayings[concern.code].detail
    return filled(detail, written) if detail else written.get("score", "")


def _address(concern: Concern, assessment_id: int, framework: Framework) -> str | None:
    about = concern.about
    if about not in framework:
        return None
    if not framework.node(about).is_leaf:
        return url_for("assessments.capability", assessment_id=assessment_id, node_id=about)
    endpoint = "findings.element" if concern.code is Code.NO_FINDING else "agreeing.element"
    return url_for(endpoint, assessment_id=assessment_id, element=about)
