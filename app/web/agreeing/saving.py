"""The agreed score as a posted form: saved through the protocol; what was not saved comes back with both values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import request

from app.core.case import State
from app.services.agreeing import AgreeingClosed, said_of, save_agreed, values_at
from app.services.answer_changes import AnswerRefused, number_of
from app.services.answering import Conflict
from app.services.workshop import read_workshop
from app.web.agreeing.pages import AgreedForm, agreed_form
from app.web.agreeing.wording import closed_sentence, field_name, in_words, refusal_sentence
from app.web.context import actor, context, translate
from app.web.interviews.forms import mutation_id, posted_answer, posted_version

if TYPE_CHECKING:
    from app.services.workshop import Workshop
    from app.storage.database import Session

PLAIN = ("reason", "note", "confidence", "method")


@dataclass(frozen=True, slots=True)
class PostedAgreement:
    """What became of a posted form. `faults` are for the error summary; `form` is drawn again where there are any."""

    status: int
    faults: tuple[tuple[str | None, str], ...] = ()
    form: AgreedForm | None = None
    saved: bool = False


def save_posted(session: Session, table: Workshop, element: str) -> PostedAgreement:
    """Save what a posted form changed."""
    scale, version = table.framework.scale, posted_version(request.form, element)
    values = values_at(session, assessment_id=table.view.id, element=element, version=version)
    said = _posted(table, element)
    changes = changed(said, said_of(values, scale))
    if not changes:
        return PostedAgreement(200)
    try:
        outcome = save_agreed(
            session,
            assessment_id=table.view.id,
            element=element,
            mutation_id=mutation_id(request.form.get("form", ""), element, {**changes, "version": version}),
            base_version=version,
            changes=changes,
            actor=actor(),
            clock=context().clock,
        )
    except AnswerRefused as refused:
        rule = table.framework.agreement
        sentences = [(fault.path, refusal_sentence(fault, rule, scale)) for fault in refused.faults]
        faults = tuple(
            (_field_id(element, path), field_name(path) + translate("：") + words) for path, words in sentences
        )
        form = AgreedForm(element, version, said, refused=tuple(words for _, words in faults), unsaved=True)
        return PostedAgreement(422, faults, form)
    except AgreeingClosed as closed:
        words = closed_sentence(closed.values["why"])
        return PostedAgreement(423, ((None, words),), AgreedForm(element, version, said, unsaved=True))
    if isinstance(outcome, Conflict):
        return _conflict(session, table, element, said, outcome)
    return PostedAgreement(200, saved=True)


def _posted(table: Workshop, element: str) -> dict[str, Any]:
    answer = posted_answer(request.form, element, None, table.framework.scale)
    said = {name: answer[name] for name in ("state", "score", "reason", "note", "confidence")}
    return {**said, "method": request.form.get(f"{element}.method") or None}


def changed(said: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from the agreed score as it was when the form was drawn (both as on the wire).

    An inferred score is drawn as its score, an illegible one as none; leaving that as it is changes nothing.
    """
    changes = {name: said[name] for name in PLAIN if said[name] != before[name]}
    drawn = {State.INFERRED: State.SCORED, State.ILLEGIBLE: State.OPEN}.get(before["state"], before["state"])
    if (said["state"], _number(said["score"])) != (drawn, _number(before["score"])):
        changes |= {"state": said["state"], "score": said["score"]}
        # a decision stands with its reason and method, also where these are the words of the former one
        changes |= {name: said[name] for name in ("reason", "method") if said["state"] != State.OPEN}
    return changes


def _number(score: object) -> object:
    number = number_of(score)
    return score if number is None else number


def _conflict(
    session: Session, table: Workshop, element: str, said: Mapping[str, Any], conflict: Conflict
) -> PostedAgreement:
    """Draw the form with what the user wrote, on top of the newest version: saving again is then a choice."""
    newest = agreed_form(read_workshop(session, table.view.id), element)
    by = conflict.by or translate("另一位用户")
    time = conflict.at.astimezone().strftime("%H:%M")
    sentence = translate("%(by)s 在 %(time)s 定了不同的共识分，您填的还没有存。请选择用哪一个。") % {
        "by": by,
        "time": time,
    }
    form = replace(newest, said={**newest.said, **said}, theirs=tuple(in_words(conflict.theirs)), unsaved=True)
    return PostedAgreement(409, ((_field_id(element, "score"), sentence),), form)


def _field_id(element: str, path: str) -> str:
    return f"{element}-answer" if path in ("score", "state") else f"{element}-{path}"
