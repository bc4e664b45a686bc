"""What may be said of an element: the one validation of answers, for forms, autosave and import alike.

Autosave must never be stopped by an answer that is merely unfinished (not applicable without its reason); what is
refused here is only what no screen of ours can send. Faults are collected and carry codes; pages word them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from app.core.case import State
from app.core.errors import Fault, FaultsFound
from app.core.questionnaire import Item, Question, QuestionType
from app.core.scale import Scale
from app.services.answer_fields import JUDGEMENT, QUESTION, TICK, Fields
from app.storage.encoding import decimal_text

LONGEST_NOTE = 10_000
LONGEST_REASON = 1_000
STATES = (State.OPEN, State.SCORED, State.NOT_APPLICABLE, State.UNKNOWN)
CONFIDENCES = ("low", "medium", "high")
TICKS = ("told", "seen")
STRONGEST_EVIDENCE = 3

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


class AnswerRefused(FaultsFound):
    """An answer that cannot be stored as it was sent; nothing was stored. Carries every fault."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What answers about one element are checked against; `item` is None where the questionnaire does not ask it."""

    scale: Scale
    item: Item | None


def read_changes(changes: Mapping[str, object], ground: Ground) -> Fields:
    """Return the fields that `changes` set, checked; raises AnswerRefused with every fault.

    Known names: `state`, `score` (number or decimal text, full-width digits too), `reason`, `note`, `confidence`,
    `evidence_strength`, `ticks`, `questions` (maps of what changed; null takes back).
    """
    faults: list[Fault] = []
    fields: Fields = {}
    if "state" in changes or "score" in changes:
        _collect(faults, partial(_judgement, changes, ground.scale), fields)
    for name in changes.keys() - {"state", "score"}:
        _collect(faults, partial(_field, name, changes[name], ground), fields)
    if faults:
        raise AnswerRefused(faults)
    return fields


class _Fault(Exception):  # noqa: N818 - a fault on its way to the list
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def _refuse(code: str, path: str, message: str, **values: object) -> _Fault:
    return _Fault(Fault(code, message, path, values=tuple((name, str(value)) for name, value in values.items())))


def _collect(faults: list[Fault], read: Callable[[], Fields], fields: Fields) -> None:
    try:
        fields.update(read())
    except _Fault as refused:
        faults.append(refused.fault)


def _field(name: str, given: object, ground: Ground) -> Fields:
    match name:
        case "reason":
            return {name: _text(given, name, LONGEST_REASON)}
        case "note":
            return {name: _text(given, name, LONGEST_NOTE)}
        case "confidence":
            return {name: _one_of(given, name, CONFIDENCES, "A105")}
        case "evidence_strength":
            return {name: _strength(given)}
        case "ticks":
            return _ticks(given, ground.item)
        case "questions":
            return _questions(given, ground)
    raise _refuse("A101", name, f"there is no field {name[:40]!r} in an answer")


def _judgement(changes: Mapping[str, object], scale: Scale) -> Fields:
    score = changes.get("score")
    state = changes.get("state", State.SCORED if score is not None else None)
    if not isinstance(state, str) or state not in STATES:
        raise _refuse("A102", "state", f"state must be one of {', '.join(STATES)}")
    if (state == State.SCORED) != (score is not None):
        raise _refuse("A103", "score", "a score belongs to the state scored, and that state needs one")
    return {JUDGEMENT: {"state": str(state), "steps": None if score is None else _steps(score, scale)}}


def _steps(given: object, scale: Scale) -> int:
    number = number_of(given)
    if number is None or not scale.on_grid(number):
        low, high, step = (decimal_text(end) for end in (scale.minimum, scale.maximum, scale.step))
        raise _refuse(
            "A104", "score", f"a score must lie from {low} to {high} in steps of {step}", low=low, high=high, step=step
        )
    return scale.steps_of(number)


def number_of(given: object) -> Fraction | None:
    """Return a JSON number or plain decimal text (full-width digits too) exactly; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    written = unicodedata.normalize("NFKC", str(given)[:40]).strip()
    return Fraction(written) if _NUMBER.fullmatch(written) and written.isascii() else None


def _text(given: object, name: str, longest: int) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str):
        raise _refuse("A106", name, f"{name} must be text")
    text = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        raise _refuse("A107", name, f"{name} must not be longer than {longest} characters", longest=longest)
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise _refuse("A108", name, f"{name} must not hold control characters")
    return text or None


def _one_of(given: object, name: str, allowed: tuple[str, ...], code: str) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or given not in allowed:
        raise _refuse(code, name, f"{name} must be one of {', '.join(allowed)}")
    return given


def _strength(given: object) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= STRONGEST_EVIDENCE:
        raise _refuse("A109", "evidence_strength", f"evidence_strength must be from 0 to {STRONGEST_EVIDENCE}")
    return given


def _ticks(given: object, item: Item | None) -> Fields:
    if not isinstance(given, Mapping):
        raise _refuse("A110", "ticks", "ticks must map evidence ids to told, seen or null")
    known = {evidence.id for evidence in item.evidence if evidence.id} if item else set()
    fields: Fields = {}
    for key, tick in given.items():
        if key not in known:
            raise _refuse("A111", "ticks", f"the questionnaire has no evidence {str(key)[:64]!r} for this element")
        fields[TICK + key] = _one_of(tick, "ticks", TICKS, "A110")
    return fields


def _questions(given: object, ground: Ground) -> Fields:
    if not isinstance(given, Mapping):
        raise _refuse("A112", "questions", "questions must map question ids to answers")
    known = {question.id: question for question in ground.item.questions} if ground.item else {}
    fields: Fields = {}
    for key, reply in given.items():
        if key not in known:
            raise _refuse("A113", "questions", f"the questionnaire has no question {str(key)[:64]!r} for this element")
        # an empty list is an answer (nothing of the checklist is there), an empty text is none
        fields[QUESTION + key] = None if reply in (None, "") else _reply(known[key], reply, ground.scale)
    return fields


def _reply(question: Question, reply: object, scale: Scale) -> Any:
    path = QUESTION + question.id
    options = {option.id for option in question.options}
    match question.type:
        case QuestionType.TEXT:
            return _text(reply, path, LONGEST_NOTE)
        case QuestionType.CHOICE:
            return _one_of(reply, path, tuple(sorted(options)), "A112")
        case QuestionType.CHECKLIST:
            if not isinstance(reply, list) or not all(isinstance(key, str) and key in options for key in reply):
                raise _refuse("A112", path, "a checklist is answered with a list of its option ids")
            return sorted(set(reply))
        case QuestionType.SCALE:
            return {"number": decimal_text(scale.score_of(_steps(reply, scale)))}
    number = number_of(reply)
    if number is None:
        raise _refuse("A112", path, "a number question is answered with a plain number")
    return {"number": decimal_text(number)}
