"""The fields of an answer, as the save protocol compares, merges and records them.

A judgement (state and score) is one field, every evidence tick and every question is a field of its own, so that two
consultants who touch different fields never disturb each other. Knows no database and no request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.core.scale import Scale, display
from app.storage.encoding import number_of
from app.storage.interviews import AnswerValues

JUDGEMENT = "judgement"
SUGGESTED = "suggested"
TICK = "ticks."
QUESTION = "questions."
PLAIN = ("reason", "note", "confidence", "evidence_strength", SUGGESTED)

Fields = dict[str, Any]

OPEN = AnswerValues(state="open")


def fields_of(values: AnswerValues) -> Fields:
    """Return every field of an answer; ticks and questions that were never answered are absent."""
    fields: Fields = {JUDGEMENT: {"state": values.state, "steps": values.steps}}
    fields |= {name: getattr(values, name) for name in PLAIN}
    fields |= {TICK + key: tick for key, tick in values.ticks.items()}
    return fields | {QUESTION + key: given for key, given in values.questions.items()}


def with_fields(values: AnswerValues, fields: Mapping[str, Any]) -> AnswerValues:
    """Return the answer with these fields set; None removes a tick or the answer to a question."""
    plain = {name: fields[name] for name in PLAIN if name in fields}
    if JUDGEMENT in fields:
        plain |= fields[JUDGEMENT]
    return replace(
        values,
        **plain,
        ticks=_with_parts(values.ticks, fields, TICK),
        questions=_with_parts(values.questions, fields, QUESTION),
    )


def _with_parts(parts: Mapping[str, Any], fields: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    touched = {name.removeprefix(prefix): given for name, given in fields.items() if name.startswith(prefix)}
    return {key: given for key, given in {**parts, **touched}.items() if given is not None}


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Fields:
    """Return the fields of `after` that differ from `before`; a field absent from `before` counts as empty."""
    return {name: given for name, given in after.items() if before.get(name) != given}


def on_the_wire(fields: Mapping[str, Any], scale: Scale) -> Fields:
    """Return fields as clients know them: `state` and `score` (decimal text), maps of `ticks` and `questions`."""
    wire: Fields = {name: fields[name] for name in PLAIN if name in fields}
    if wire.get(SUGGESTED) is not None:
        wire[SUGGESTED] = display(number_of(wire[SUGGESTED]), scale.decimals)
    if JUDGEMENT in fields:
        steps = fields[JUDGEMENT]["steps"]
        wire["state"] = fields[JUDGEMENT]["state"]
        wire["score"] = None if steps is None else display(scale.score_of(steps), scale.decimals)
    for group, prefix in (("ticks", TICK), ("questions", QUESTION)):
        parts = {name.removeprefix(prefix): given for name, given in fields.items() if name.startswith(prefix)}
        if parts:
            wire[group] = parts
    return wire
