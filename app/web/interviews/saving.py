"""Answers that come as a posted form: each saved through the save protocol; what was not saved comes back in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask import request

from app.core.errors import Fault
from app.services.answer_changes import AnswerRefused
from app.services.answer_fields import fields_of, on_the_wire
from app.services.answering import Conflict, InterviewClosed, answer_at, save_answer
from app.services.interview_sheet import Mark
from app.web.context import actor, context, locale, translate
from app.web.interviews.forms import changed, mutation_id, posted_answer, posted_version
from app.web.interviews.level_parts import level_parts, noted
from app.web.interviews.pages import AnswerForm
from app.web.interviews.wording import CONFIDENCES, MARKS, STRENGTHS, closed_sentence, fault_sentence, field_name

if TYPE_CHECKING:
    from app.services.interview_sheet import Line, Sheet
    from app.storage.database import Session


@dataclass
class PostedAnswers:
    """What became of a posted form. `faults` are for the error summary: (field id, sentence)."""

    status: int = 200
    faults: list[tuple[str, str]] = field(default_factory=list)
    said: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    theirs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def forms(self, newest: Sequence[AnswerForm]) -> tuple[AnswerForm, ...]:
        """Return the forms to draw again: what was not saved as it was posted, on top of the newest version."""
        return tuple(self._form(form) for form in newest)

    def _form(self, form: AnswerForm) -> AnswerForm:
        element = form.element
        if element not in self.said:
            return form
        said = {**form.said, **self.said[element]}
        return replace(form, said=said, theirs=self.theirs.get(element, ()), refused=self.refused.get(element, ()))

    def add(self, line: Line, said: Mapping[str, Any], status: int, sentence: str) -> None:
        """Note that an answer was not saved, and why."""
        self.status = max(self.status, status)
        self.said[line.element.id] = said
        name = line.element.name.in_locale(locale())
        self.faults.append((f"{line.element.id}-answer", name + translate("：") + sentence))


def save_posted(session: Session, sheet: Sheet, lines: Sequence[Line]) -> PostedAnswers:
    """Save what a posted form changed in these elements, each for itself."""
    posted = PostedAnswers()
    for line in lines:
        if f"{line.element.id}.version" in request.form:
            _save(session, sheet, line, posted)
    return posted


def _save(session: Session, sheet: Sheet, line: Line, posted: PostedAnswers) -> None:
    element, scale = line.element.id, sheet.framework.scale
    version = posted_version(request.form, element)
    before = answer_at(session, interview_id=sheet.interview.id, element=element, version=version)
    said = posted_answer(request.form, element, line.item, scale)
    if f"{element}.parts" in request.form:
        said["note"] = noted(
            said["note"],
            level_parts(sheet.framework, line.element, locale()),
            before=request.form[f"{element}.parts"].split(),
            now=request.form.getlist(f"{element}.part"),
        )
    changes = changed(said, on_the_wire(fields_of(before), scale))
    if not changes:
        return
    try:
        outcome = save_answer(
            session,
            interview_id=sheet.interview.id,
            element=element,
            mutation_id=mutation_id(request.form.get("form", ""), element, changes),
            base_version=version,
            changes=changes,
            actor=actor(),
            clock=context().clock,
        )
    except AnswerRefused as refused:
        posted.refused[element] = tuple(_worded(fault) for fault in refused.faults)
        posted.add(line, said, 422, translate("；").join(posted.refused[element]))
    except InterviewClosed as closed:
        posted.add(line, said, 423, closed_sentence(closed.values["why"]))
    else:
        if isinstance(outcome, Conflict):
            posted.theirs[element] = tuple(in_words(outcome.theirs))
            posted.add(line, said, 409, _conflict_sentence(outcome))


def _worded(fault: Fault) -> str:
    return field_name(fault.path) + translate("：") + fault_sentence(fault)


def _conflict_sentence(conflict: Conflict) -> str:
    by = conflict.by or translate("另一位用户")
    time = conflict.at.astimezone().strftime("%H:%M")
    return translate("%(by)s 在 %(time)s 存入了不同的内容，您填的还没有存。再存一次即以您的为准。") % {
        "by": by,
        "time": time,
    }


def in_words(values: Mapping[str, Any]) -> list[str]:
    """Return fields of an answer (as on the wire) as lines to read."""
    lines = []
    if "state" in values:
        lines.append(field_name("score") + translate("：") + _judgement(values))
    plain = (name for name in ("confidence", "evidence_strength", "reason", "note") if name in values)
    lines += [field_name(name) + translate("：") + _written(name, values[name]) for name in plain]
    lines += [field_name(name) for name in ("ticks", "questions") if name in values]
    return lines


def _written(name: str, given: Any) -> str:
    if given is None:
        return translate("（空）")
    if name == "confidence":
        return translate(CONFIDENCES[given])
    return translate(STRENGTHS[given]) if name == "evidence_strength" else str(given)


def _judgement(values: Mapping[str, Any]) -> str:
    mark = MARKS[Mark(values["state"])]
    return str(values.get("score") or translate(mark))
