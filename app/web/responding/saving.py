"""One answer that comes as a posted form: saved through the save protocol; what was not saved comes back in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask import request

from app.services.answer_changes import AnswerRefused, Ground
from app.services.answer_fields import fields_of, on_the_wire
from app.services.answering import Conflict, InterviewClosed, answer_at
from app.services.former_elements import Gone, former_element
from app.services.responding import OwnSheet, save_own_answer
from app.web.context import context, translate
from app.web.interviews.forms import mutation_id, posted_version
from app.web.interviews.late import is_gone
from app.web.responding.forms import posted_changes
from app.web.responding.wording import closed_sentence, fault_lines

if TYPE_CHECKING:
    from app.storage.database import Session
    from app.web.responding.pages import OwnForm


@dataclass
class OwnSave:
    """What became of a posted form: nothing to say when it was saved, else why not, and what was posted.

    `stored`: something was new and is kept now. `gone`: the element is no longer asked about since an upgrade; there
    is no page to draw again.
    """

    status: int = 200
    sentences: list[str] = field(default_factory=list)
    said: Mapping[str, Any] = field(default_factory=dict)
    gone: Gone | None = None
    stored: bool = False

    def over(self, form: OwnForm) -> OwnForm:
        """Return the form to draw again: what was posted, on top of the newest version."""
        questions = {**form.said.get("questions", {}), **self.said.get("questions", {})}
        return replace(form, said={**form.said, **self.said, "questions": questions}, refused=tuple(self.sentences))


def save_posted(session: Session, own: OwnSheet, element: str) -> OwnSave:
    """Save what a posted form changed in one element; NotFound if this respondent is not, and was not, asked about it.

    What comes late about an element that an upgrade took away is kept like any other answer.
    """
    sheet = own.sheet
    former = former_element(session, sheet.interview, element) if is_gone(sheet, element) else None
    if former is None:
        return _save(session, own, element, Ground(sheet.framework.scale, own.line(element).item))
    saved = _save(session, own, element, former.ground)
    return saved if saved.gone else replace(saved, gone=own.told(former.told(element)))


def _save(session: Session, own: OwnSheet, element: str, ground: Ground) -> OwnSave:
    sheet, scale = own.sheet, ground.scale
    version = posted_version(request.form, element)
    stored = answer_at(session, interview_id=sheet.interview.id, element=element, version=version)
    before = on_the_wire(fields_of(stored), scale)
    changes = posted_changes(request.form, element, ground.item, scale, before=before)
    if not changes:
        return OwnSave()
    try:
        outcome = save_own_answer(
            session,
            interview_id=sheet.interview.id,
            element=element,
            mutation_id=mutation_id(request.form.get("form", ""), element, changes),
            base_version=version,
            changes=changes,
            clock=context().clock,
        )
    except AnswerRefused as refused:
        return OwnSave(422, fault_lines(refused.faults), changes)
    except InterviewClosed as closed:
        return OwnSave(423, [closed_sentence(closed.values["why"])], changes)
    if isinstance(outcome, Conflict):
        sentence = translate("这一题在别处改过，您这里填的还没有存。再点一次按钮，就以这里填的为准。")
        return OwnSave(409, [sentence], changes)
    return OwnSave(gone=outcome.gone, stored=True)
