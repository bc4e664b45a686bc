"""Changes to a questionnaire's file: whom an item asks, what it asks and asks to see, when it is asked.

Each takes the file's text and gives it back with nothing else changed. Raises Unreadable where the YAML cannot be read
and EditRefused where what is to be changed is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.content.editing.mappings import plain, set_values
from app.content.editing.patches import Patch, column, line_break, patched
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import inserted, rearranged, removed
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan, Span, read_spans
from app.content.editing.writing import Inline, item
from app.content.kinds.questionnaire import ITEM, QUESTIONNAIRE
from app.core.questionnaire import Comparison, Question, QuestionType, When
from app.core.text import Text

FILE = "questionnaire.yaml"  # how the file is called in what is raised
ITEM_ORDER = tuple(key.name for key in ITEM.keys)
ORDER = tuple(key.name for key in QUESTIONNAIRE.keys)
ROLE_ORDER = ("id", "name", "level", "weight")
QUESTION_ORDER = ("id", "type", "text", "unit", "weight", "options", "bands")


@dataclass(frozen=True, slots=True)
class Line:
    """A prompt or a piece of evidence as it is to be. `position`: which one of those there are; None: a new one."""

    text: Text
    position: int | None = None
    id: str | None = None


def set_roles(text: str, roles: Mapping[str, Sequence[str]]) -> str:
    """Let items ask these roles, by element; none of them = everybody."""
    root = _root(text)
    patches: list[Patch] = []
    for element, ids in roles.items():
        span = _item(root, element)
        if _ids(span.get("roles")) != list(ids):
            patches += set_values(text, span, {"roles": list(ids) or None}, ITEM_ORDER)
    return patched(text, patches)


def set_lines(text: str, element: str, key: str, lines: Sequence[Line]) -> str:
    """Let the `prompts` or `evidence` of an item be these, in this order; those that are not named go."""
    text = _with_words(text, element, key, lines)
    span = _item(_root(text), element)
    stood = span.get(key)
    wanted = [line.position for line in lines]
    if isinstance(stood, SequenceSpan) and wanted == list(range(len(stood.items))):
        return text
    if not isinstance(stood, SequenceSpan) or not stood.items or all(one is None for one in wanted):
        value = [_line(line) for line in lines] or None
        return patched(text, set_values(text, span, {key: value}, ITEM_ORDER))
    made = [one.position if one.position is not None else _written(text, stood, _line(one)) for one in lines]
    return patched(text, [rearranged(text, stood, made)])


def _with_words(text: str, element: str, key: str, lines: Iterable[Line]) -> str:
    """Put new words into the lines that stay."""
    for line in lines:
        stood = _item(_root(text), element).get(key)
        if line.position is None or not isinstance(stood, SequenceSpan):
            continue
        if line.position >= len(stood.items):
            raise EditRefused("no-such-text", key, place=str(line.position))
        span = stood.items[line.position]
        if isinstance(span, MappingSpan):
            changes = {"zh": line.text.zh, "en": line.text.en or None}
            if key == "evidence":
                changes["id"] = line.id or None
            text = patched(text, set_values(text, span, changes, ("id", "zh", "en")))
        elif isinstance(span, ScalarSpan) and (line.id or line.text.en or line.text.zh != span.text):
            text = patched(text, [Patch(span.start, span.end, item(_line(line))[0][2:])])
    return text


def _line(line: Line) -> object:
    said = {"id": line.id, "zh": line.text.zh, "en": line.text.en}
    return Inline({key: value for key, value in said.items() if value})


def _written(text: str, stood: SequenceSpan, value: object) -> str:
    """Return a new item of a list as `rearranged` takes it."""
    if stood.flow:
        return item(plain(value))[0][2:]
    margin = " " * column(text, stood.start)
    return line_break(text).join(margin + line for line in item(plain(value)))


def set_condition(text: str, element: str, when: When | None) -> str:
    """Let an item be asked under a condition; None = always."""
    span = _item(_root(text), element)
    value = None if when is None else Inline(condition(when))
    return patched(text, _replacing(text, span, "when", value, ITEM_ORDER))


def condition(when: When) -> dict[str, object]:
    """Return a condition as a file holds it."""
    if isinstance(when, Comparison):
        number: object = True if when.relation == "scored" else when.number
        return Inline({"answer": when.answer, when.relation: number})
    if when.operator == "not":
        return Inline({"not": condition(when.parts[0])})
    return Inline({when.operator: [condition(part) for part in when.parts]})


def set_question(text: str, element: str, question: Question) -> str:
    """Put a scored question into an item, in the place of the one with its id or after the others."""
    span = _item(_root(text), element)
    value = _question(question)
    stood = span.get("questions")
    if not isinstance(stood, SequenceSpan) or not stood.items:
        return patched(text, set_values(text, span, {"questions": [value]}, ITEM_ORDER))
    for one in stood.items:
        if isinstance(one, MappingSpan) and _string(one.get("id")) == question.id:
            keys = [pair.key.text for pair in one.pairs]
            changes = {**dict.fromkeys(keys), **value}
            return patched(text, set_values(text, one, changes, QUESTION_ORDER))
    return patched(text, [inserted(text, stood, len(stood.items), _written(text, stood, value))])


def remove_question(text: str, element: str, question_id: str) -> str:
    """Take a scored question out of an item."""
    span = _item(_root(text), element)
    stood = span.get("questions")
    found = _positions(stood, question_id)
    if not isinstance(stood, SequenceSpan) or not found:
        raise EditRefused("no-such-question", "question", id=question_id)
    if len(stood.items) == 1:
        return patched(text, set_values(text, span, {"questions": None}, ITEM_ORDER))
    return patched(text, [removed(text, stood, found[0])])


def _question(question: Question) -> dict[str, object]:
    said: dict[str, object] = {"id": question.id, "type": question.type.value, "text": question.text}
    if question.type is QuestionType.NUMBER and question.unit:
        said["unit"] = question.unit
    if question.weight != 1:
        said["weight"] = question.weight
    if question.type in (QuestionType.CHOICE, QuestionType.CHECKLIST):
        said["options"] = [
            Inline(
                {
                    "id": option.id,
                    **({"value": option.value} if question.type is QuestionType.CHOICE else {}),
                    **(
                        {"weight": option.weight}
                        if question.type is QuestionType.CHECKLIST and option.weight != 1
                        else {}
                    ),
                    "text": Inline(_languages(option.text)),
                }
            )
            for option in question.options
        ]
    if question.type is QuestionType.NUMBER:
        said["bands"] = [
            Inline({**({"upto": band.upto} if band.upto is not None else {}), "value": band.value})
            for band in question.bands
        ]
    return said


def _languages(text: Text) -> dict[str, object]:
    return {name: value for name, value in (("zh", text.zh), ("en", text.en)) if value}


def omit(text: str, element: str) -> str:
    """Leave an element out on purpose: its item goes, its id stands under `omit`."""
    root = _root(text)
    items = root.get("items")
    found = _positions(items, element, "element")
    if not isinstance(items, SequenceSpan) or not found:
        raise EditRefused("no-such-item", "element", id=element)
    if len(items.items) == 1:
        raise EditRefused("last-item", "element", id=element)
    text = patched(text, [removed(text, items, found[0])])
    root = _root(text)
    return patched(text, set_values(text, root, {"omit": [*_ids(root.get("omit")), element]}, ORDER))


def ask(text: str, element: str, after: Sequence[str] = ()) -> str:
    """Add an item without prompts for an element, behind the last one of `after` that there is, else at the end."""
    root = _root(text)
    items = root.get("items")
    if not isinstance(items, SequenceSpan) or not items.items:
        raise EditRefused("no-items", "element")
    if _positions(items, element, "element"):
        raise EditRefused("item-there", "element", id=element)
    before = [position for one in after for position in _positions(items, one, "element")]
    place = max(before) + 1 if before else len(items.items)
    text = patched(text, [inserted(text, items, place, _written(text, items, {"element": element}))])
    root = _root(text)
    left = [one for one in _ids(root.get("omit")) if one != element]
    if left != _ids(root.get("omit")):
        text = patched(text, _replacing(text, root, "omit", left or None, ORDER))
    return text


def set_role(text: str, role_id: str, name: Text, *, level: str | None, weight: Fraction) -> str:
    """Change a role, or add it after the others."""
    root = _root(text)
    roles = root.get("roles")
    values = {"id": role_id, "name": name, "level": level or None, "weight": weight if weight != 1 else None}
    found = _positions(roles, role_id)
    if isinstance(roles, SequenceSpan) and found:
        span = roles.items[found[0]]
        assert isinstance(span, MappingSpan)
        return patched(text, set_values(text, span, values, ROLE_ORDER))
    new = Inline({key: value for key, value in values.items() if value is not None})
    if not isinstance(roles, SequenceSpan) or not roles.items:
        return patched(text, set_values(text, root, {"roles": [new]}, ORDER))
    return patched(text, [inserted(text, roles, len(roles.items), _written(text, roles, new))])


def remove_role(text: str, role_id: str) -> str:
    """Take a role out, and out of every item; an item that asks nobody else is refused (`last-role`)."""
    root = _root(text)
    items, roles = root.get("items"), root.get("roles")
    found = _positions(roles, role_id)
    if not isinstance(roles, SequenceSpan) or not found:
        raise EditRefused("no-such-role", "role", id=role_id)
    asked = {
        element: ids
        for one in (items.items if isinstance(items, SequenceSpan) else [])
        if isinstance(one, MappingSpan) and (element := _string(one.get("element")))
        if role_id in (ids := _ids(one.get("roles")))
    }
    alone = [element for element, ids in asked.items() if ids == [role_id]]
    if alone:
        raise EditRefused("last-role", "role", id=role_id, element=alone[0])
    text = set_roles(text, {element: [one for one in ids if one != role_id] for element, ids in asked.items()})
    root = _root(text)
    roles = root.get("roles")
    assert isinstance(roles, SequenceSpan)
    if len(roles.items) == 1:
        return patched(text, set_values(text, root, {"roles": None}, ORDER))
    return patched(text, [removed(text, roles, found[0])])


def asked_and_omitted(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the elements of a questionnaire's items, and those that it omits, as they are written."""
    root = _root(text)
    items = root.get("items")
    spans = items.items if isinstance(items, SequenceSpan) else []
    asked = [_string(one.get("element")) for one in spans if isinstance(one, MappingSpan)]
    return tuple(one for one in asked if one), tuple(_ids(root.get("omit")))


# --- reading ---------------------------------------------------------------------------------------------------------


def _root(text: str) -> MappingSpan:
    root = read_spans(FILE, text)
    if not isinstance(root, MappingSpan):
        raise EditRefused("no-questionnaire")
    return root


def _item(root: MappingSpan, element: str) -> MappingSpan:
    items = root.get("items")
    found = _positions(items, element, "element")
    span = items.items[found[0]] if isinstance(items, SequenceSpan) and found else None
    if not isinstance(span, MappingSpan):
        raise EditRefused("no-such-item", "element", id=element)
    return span


def _positions(sequence: Span | None, name: str, key: str = "id") -> list[int]:
    items = sequence.items if isinstance(sequence, SequenceSpan) else []
    return [
        position for position, one in enumerate(items) if isinstance(one, MappingSpan) and _string(one.get(key)) == name
    ]


def _string(span: Span | None) -> str | None:
    return span.text if isinstance(span, ScalarSpan) else None


def _ids(span: Span | None) -> list[str]:
    return [one.text for one in span.items if isinstance(one, ScalarSpan)] if isinstance(span, SequenceSpan) else []


def _replacing(text: str, mapping: MappingSpan, key: str, value: object, order: Sequence[str]) -> Iterable[Patch]:
    """Return the patches that write a value anew, in braces or brackets, whatever form the former had."""
    pair = mapping.pair(key)
    if pair is None or value is None or isinstance(pair.value, ScalarSpan):
        return list(set_values(text, mapping, {key: value}, order))
    start = text.index(":", pair.key.end) + 1
    return [Patch(start, max(pair.value.end, start), f" {item(plain(value))[0][2:]}")]
