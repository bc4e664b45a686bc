"""`Case` -> YAML in the exchange format, so that reading it again gives an equal case.

Keys stand in the order of formats.md; numbers are exact decimals; short mappings stand on one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import yaml

from app.content.values import NOT_IDS
from app.core.case import AgreedScore, Answer, Case, Interview, Round, State, Unit
from app.core.framework import Source
from app.core.scale import decimals_of, display
from app.core.text import Text

_STRING = "tag:yaml.org,2002:str"
_FLOAT = "tag:yaml.org,2002:float"
_WHOLE = "tag:yaml.org,2002:int"
_DAY = "tag:yaml.org,2002:timestamp"
_MAP = "tag:yaml.org,2002:map"
_LIST = "tag:yaml.org,2002:seq"
_ONE_LINE = 100
_NEEDS_ESCAPES = re.compile(r"[\t\n\r\x85\u2028\u2029\ufeff]")


def write_case(case: Case) -> str:
    """Return the case as YAML; elements that are open and have no findings are left out, as they are in the format."""
    decimals = max((decimals_of(one.score) for one in case.scores.values() if one.score is not None), default=0)
    printed = max((decimals_of(figure) for figure in case.published.values()), default=0)
    printed = max(printed, case.published_decimals or 0)
    document = _mapping(
        ("format", _number(Fraction(1))),
        ("kind", _text("case")),
        ("id", _text(case.id)),
        ("framework", _text(case.framework)),
        ("unit", _unit(case.unit)),
        ("round", _round(case.round)),
        ("source", _source(case.source)),
        ("questionnaire", _text(case.questionnaire)),
        ("scores", _by_id({name: _agreed(one, decimals) for name, one in case.scores.items()})),
        ("published", _unless_empty({name: _number(value, printed) for name, value in case.published.items()})),
        ("published_decimals", _whole(case.published_decimals)),
        ("interviews", _list([_interview(one) for one in case.interviews]) if case.interviews else None),
    )
    written: str = yaml.serialize(document, Dumper=yaml.SafeDumper, allow_unicode=True, width=100_000)
    return written


def _text(text: str | None) -> yaml.Node | None:
    return None if text is None else _string(text)


def _string(text: str) -> yaml.ScalarNode:
    quoted = _NEEDS_ESCAPES.search(text) or text.lower() in NOT_IDS
    return yaml.ScalarNode(_STRING, text, style='"' if quoted else None)


def _number(value: Fraction | None, decimals: int = 0) -> yaml.Node | None:
    if value is None:
        return None
    text = display(value, max(decimals, decimals_of(value)))
    return yaml.ScalarNode(_FLOAT if "." in text else _WHOLE, text)


def _whole(value: int | None) -> yaml.Node | None:
    return None if value is None else _number(Fraction(value))


def _day(day: date | None) -> yaml.Node | None:
    return None if day is None else yaml.ScalarNode(_DAY, day.isoformat())


def _mapping(*pairs: tuple[str, yaml.Node | None]) -> yaml.MappingNode:
    """Return a mapping of the values that are there."""
    return _by_id(dict(pairs))


def _by_id(values: Mapping[str, yaml.Node | None]) -> yaml.MappingNode:
    entries = [(_string(key), value) for key, value in values.items() if value is not None]
    return yaml.MappingNode(_MAP, entries, flow_style=not entries)


def _unless_empty(values: Mapping[str, yaml.Node | None]) -> yaml.MappingNode | None:
    return _by_id(values) if values else None


def _short(*pairs: tuple[str, yaml.Node | None]) -> yaml.MappingNode:
    """Return a mapping that stands on one line where it is short enough."""
    node = _mapping(*pairs)
    node.flow_style = _length(node) <= _ONE_LINE
    return node


def _list(values: list[yaml.Node]) -> yaml.SequenceNode:
    return yaml.SequenceNode(_LIST, values, flow_style=not values)


def _length(node: yaml.Node) -> int:
    """Return about how many columns a value takes on one line."""
    if isinstance(node, yaml.MappingNode):
        return sum(_length(key) + _length(value) + 4 for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return sum(_length(item) + 2 for item in node.value)
    return sum(1 if ord(character) < 0x2E80 else 2 for character in node.value)


def _words(text: Text | None) -> yaml.Node | None:
    return None if text is None else _short(("zh", _text(text.zh or None)), ("en", _text(text.en or None)))


def _unit(unit: Unit) -> yaml.Node:
    """Return the unit; its size stands in the unit tree, not in a case."""
    return _short(
        ("id", _text(unit.id)), ("name", _words(unit.name)), ("kind", _text(unit.kind)), ("parent", _text(unit.parent))
    )


def _round(the_round: Round) -> yaml.Node:
    name, day = _words(the_round.name), _day(the_round.date)
    return _short(("id", _text(the_round.id)), ("name", name), ("date", day))


def _source(source: Source | None) -> yaml.Node | None:
    if source is None:
        return None
    return _mapping(
        ("title", _text(source.title)),
        ("year", _whole(source.year)),
        ("method", _text(source.method)),
        ("confidence", _text(source.confidence)),
        ("note", _text(source.note)),
    )


def _state(state: State) -> yaml.Node | None:
    return None if state in (State.SCORED, State.OPEN) else _text(state.value)


def _agreed(agreed: AgreedScore, decimals: int) -> yaml.Node | None:
    if agreed.state is State.OPEN and not agreed.findings:
        return None
    return _short(
        ("score", _number(agreed.score, decimals)),
        ("state", _state(agreed.state)),
        ("reason", _text(agreed.reason)),
        ("method", _text(agreed.method)),
        ("confidence", _text(agreed.confidence)),
        ("note", _text(agreed.note)),
        ("findings", _list([node for node in map(_words, agreed.findings) if node]) if agreed.findings else None),
    )


def _interview(interview: Interview) -> yaml.Node:
    return _mapping(
        ("id", _text(interview.id)),
        ("role", _text(interview.role)),
        ("questionnaire", _text(interview.questionnaire)),
        ("respondent", _text(interview.respondent)),
        ("interviewer", _text(interview.interviewer)),
        ("date", _day(interview.date)),
        ("answers", _by_id({name: _answer(one) for name, one in interview.answers.items()})),
    )


def _answer(answer: Answer) -> yaml.Node | None:
    node = _short(
        ("score", _number(answer.score)),
        ("state", _state(answer.state)),
        ("suggested", _number(answer.suggested)),
        ("reason", _text(answer.reason)),
        ("questions", _unless_empty({name: _given(one) for name, one in answer.questions.items()})),
        ("confidence", _text(answer.confidence)),
        ("evidence_strength", _whole(answer.evidence_strength)),
        ("ticks", _unless_empty({name: _text(one) for name, one in answer.ticks.items()})),
        ("note", _text(answer.note)),
    )
    return node if node.value else None


def _given(answer: str | tuple[str, ...] | Fraction) -> yaml.Node | None:
    if isinstance(answer, Fraction):
        return _number(answer)
    if isinstance(answer, str):
        return _text(answer)
    return yaml.SequenceNode(_LIST, [_text(option) for option in answer], flow_style=True)
