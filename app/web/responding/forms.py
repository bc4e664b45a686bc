"""What a respondent's form says of one element, and what of it is new. Knows what its page shows, nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.core.questionnaire import QuestionType
from app.core.scale import Scale, display
from app.services.answer_changes import number_of
from app.services.responding import is_scored_by_questions

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.core.questionnaire import Item

STATES = ("not-applicable", "unknown")


def posted_changes(
    form: MultiDict[str, str], element: str, item: Item | None, scale: Scale, *, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a form changes in an answer that said `before` (as on the wire) when the form was drawn."""
    said = _judgement(form, element, item, scale)
    changes: dict[str, Any] = {}
    if said is not None and not _is_same(said, before, item):
        changes |= said
    for name in ("reason", "note"):
        written = _lines(form.get(f"{element}.{name}", ""))
        if written != before.get(name):
            changes[name] = written
    known = before.get("questions", {})
    replies = {
        question.id: _reply(form, f"{element}.question.{question.id}", question.type)
        for question in (item.questions if item else ())
    }
    different = {key: given for key, given in replies.items() if _plain(given) != _plain(known.get(key))}
    return changes | ({"questions": different} if different else {})


def _judgement(form: MultiDict[str, str], element: str, item: Item | None, scale: Scale) -> dict[str, Any] | None:
    """Return state and score; None where a score is not chosen but made up of the answers to questions."""
    chosen = "" if form.get("clear") == element else form.get(f"{element}.judgement", "")
    if chosen in STATES:
        return {"state": chosen, "score": None}
    if not chosen or is_scored_by_questions(item):
        return {"state": "open", "score": None}
    score = number_of(chosen)
    offset = number_of(form.get(f"{element}.fine", "0")) or Fraction(0)
    if score is None:
        return {"state": "scored", "score": chosen}  # for the save to refuse
    return {"state": "scored", "score": display(min(score + offset, scale.maximum), scale.decimals)}


def _is_same(said: Mapping[str, Any], before: Mapping[str, Any], item: Item | None) -> bool:
    state = before.get("state", "open")
    if is_scored_by_questions(item) and state == "scored":
        state = "open"  # the score came of the questions; nothing is chosen on the page
        return bool(said["state"] == state)
    return bool(said["state"] == state and _plain(said["score"]) == _plain(before.get("score")))


def _lines(written: str) -> str | None:
    """Browsers post line ends as CR LF; we keep LF."""
    return written.replace("\r\n", "\n").strip() or None


def _reply(form: MultiDict[str, str], name: str, kind: QuestionType) -> Any:
    if kind is not QuestionType.CHECKLIST:
        return _lines(form.get(name, ""))
    ticked = [option for option in form.getlist(name) if option]
    return ticked if ticked or f"{name}.none" in form else None


def _plain(reply: Any) -> object:
    if isinstance(reply, dict):
        return number_of(reply["number"])
    if isinstance(reply, list):
        return sorted(reply)
    number = number_of(reply)
    return reply if number is None else number
