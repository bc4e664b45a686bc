"""Answers about elements that the framework had until an upgrade: saved from open pages, and told in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from app.services.answer_changes import AnswerRefused
from app.services.answer_fields import fields_of, on_the_wire
from app.services.answering import Saved, answer_at, save_answer
from app.services.former_elements import Gone, former_element
from app.web.context import actor, context, locale, translate
from app.web.interviews.forms import changed, mutation_id, posted_answer, posted_version

if TYPE_CHECKING:
    from app.services.interview_sheet import Sheet
    from app.storage.database import Session

VERSION = ".version"


def gone_sentence(gone: Gone) -> str:
    """Say what became of an element, and of the answer that was just saved about it."""
    facts = {
        "element": gone.former.name.in_locale(locale()),
        "heirs": translate("、").join(heir.name.in_locale(locale()) for heir in gone.heirs),
    }
    if gone.followed:
        return translate("框架刚才升级了：“%(element)s”现在是“%(heirs)s”，您的回答已记到那里。请刷新页面。") % facts
    if gone.heirs:
        return (
            translate(
                "框架刚才升级了：“%(element)s”由“%(heirs)s”接替。您的回答已保存在旧版本的记录里，不计入新版本；请刷新页面。"
            )
            % facts
        )
    return (
        translate("框架刚才升级了，不再问“%(element)s”。您的回答已保存在旧版本的记录里，不会丢失；请刷新页面。") % facts
    )


def where_now(session: Session, sheet: Sheet, element: str) -> Gone | None:
    """Return what became of an element that an earlier version of the assessment had; None where none did."""
    found = former_element(session, sheet.interview, element)
    return found.told(element) if found else None


def is_gone(sheet: Sheet, element: str) -> bool:
    """Tell whether the framework of the interview has no such element."""
    return element not in sheet.framework or not sheet.framework.node(element).is_leaf


def save_late(session: Session, sheet: Sheet) -> tuple[str, ...]:
    """Save what a posted form says of elements that are gone; return what its writer is to know."""
    posted = [name.removesuffix(VERSION) for name in request.form if name.endswith(VERSION)]
    told = (_save(session, sheet, element) for element in posted if is_gone(sheet, element))
    return tuple(words for words in told if words)


def _save(session: Session, sheet: Sheet, element: str) -> str | None:
    former = former_element(session, sheet.interview, element)
    if former is None:
        return None
    version = posted_version(request.form, element)
    before = answer_at(session, interview_id=sheet.interview.id, element=element, version=version)
    said = posted_answer(request.form, element, former.ground.item, former.ground.scale)
    changes = changed(said, on_the_wire(fields_of(before), former.ground.scale))
    if not changes:
        return None
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
    except AnswerRefused:
        return None
    return gone_sentence(outcome.gone) if isinstance(outcome, Saved) and outcome.gone else None
