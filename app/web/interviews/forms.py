"""Posted forms of interviews: answers that are sent without a script.

An answer form posts everything it shows. What the user changed is the difference to what the answer said at the
version that the form was drawn from.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.core.questionnaire import QuestionType
from app.core.scale import Scale, display
from app.services.answer_changes import number_of
from app.web.forms import whole

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.core.questionnaire import Item

STATES = ("not-applicable", "unknown")
_UUID = re.compile(r"[0-9a-f]{32}")


def new_form_id() -> str:
    """Return an id for one drawing of a form; posting it twice saves once."""
    return uuid.uuid4().hex


def mutation_id(form_id: str, element: str, changes: Mapping[str, Any]) -> str:
    """Return the mutation id of one element in one drawing of a form: the same only for the same changes.

    (A form that is found again with the back button and filled in otherwise is another save.)
    """
    if not _UUID.fullmatch(form_id):
        return uuid.uuid4().hex
    return uuid.uuid5(uuid.UUID(form_id), element + json.dumps(changes, sort_keys=True)).hex


def posted_version(form: MultiDict[str, str], element: str) -> int:
    """Return the version that the form was drawn from; 0 if it does not say."""
    return whole(form.get(f"{element}.version", ""))


def posted_answer(form: MultiDict[str, str], element: str, item: Item | None, scale: Scale) -> dict[str, Any]:
    """Return everything that a form says of one element, named as the save protocol names it."""
    said: dict[str, Any] = _judgement(form, element, scale)
    said["reason"] = _lines(form.get(f"{element}.reason", ""))
    said["note"] = _lines(form.get(f"{element}.note", ""))
    said["confidence"] = _unless_cleared(form, element, "confidence")
    said["evidence_strength"] = _strength(_unless_cleared(form, element, "evidence_strength"))
    if f"{element}.evidence" in form and item:
        said["ticks"] = {
            evidence.id: _tick(form.getlist(f"{element}.tick.{evidence.id}"))
            for evidence in item.evidence
            if evidence.id
        }
    if f"{element}.questions" in form and item:
        said["questions"] = {
            question.id: _reply(form, f"{element}.question.{question.id}", question.type) for question in item.questions
        }
    return said


def _lines(written: str) -> str | None:
    """Browsers post line ends as CR LF; we keep LF."""
    return written.replace("\r\n", "\n").strip() or None


def _unless_cleared(form: MultiDict[str, str], element: str, name: str) -> str | None:
    field = f"{element}.{name}"
    return None if form.get("clear") == field else form.get(field) or None


def _strength(written: str | None) -> int | str | None:
    """What is no digit goes on as it is, for the save to refuse."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else written


def _judgement(form: MultiDict[str, str], element: str, scale: Scale) -> dict[str, Any]:
    if form.get("clear") == element:
        return {"state": "open", "score": None}
    chosen = form.get(f"{element}.judgement", "")
    if chosen in STATES:
        return {"state": chosen, "score": None}
    if not chosen:
        return {"state": "open", "score": None}
    offset = number_of(form.get(f"{element}.fine", "0")) or Fraction(0)
    coarse = number_of(chosen)
    score = chosen if coarse is None or not offset else display(coarse + offset, scale.decimals)
    return {"state": "scored", "score": score}


def _tick(ticked: list[str]) -> str | None:
    if "seen" in ticked:
        return "seen"
    return ticked[0] if ticked else None


def _reply(form: MultiDict[str, str], name: str, kind: QuestionType) -> Any:
    if kind is not QuestionType.CHECKLIST:
        return form.get(name) or None
    ticked = [option for option in form.getlist(name) if option]
    return ticked if ticked or f"{name}.none" in form else None


def changed(said: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from the answer as it was when the form was drawn (`before` as on the wire)."""
    plain = ("reason", "note", "confidence", "evidence_strength")
    changes = {name: said[name] for name in plain if said[name] != before.get(name)}
    if (said["state"], _same(said["score"])) != (before.get("state", "open"), _same(before.get("score"))):
        changes |= {"state": said["state"], "score": said["score"]}
    for group in ("ticks", "questions"):
        known = before.get(group, {})
        parts = {key: given for key, given in said.get(group, {}).items() if _plain(given) != _plain(known.get(key))}
        if parts:
            changes[group] = parts
    return changes


def _same(score: object) -> object:
    number = number_of(score)
    return score if number is None else number


def _plain(reply: Any) -> object:
    if isinstance(reply, dict):
        return number_of(reply["number"])
    if isinstance(reply, list):
        return sorted(reply)
    number = number_of(reply)
    return reply if number is None else number
