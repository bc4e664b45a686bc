"""What of a faulty file is sound: its text without the parts that errors lie in, so that the rest can be worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.content.editing.mappings import set_values
from app.content.editing.patches import Patch, patched
from app.content.editing.sequences import TooEntangled, removed
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan, Span, read_spans
from app.content.kinds.questionnaire import QUESTIONNAIRE
from app.core.errors import Fault

NOT_ARRANGED = "E602"  # an element that is neither asked nor omitted: nothing is wrong with what is there
_FILE = "content.yaml"  # how the file is called in what is raised
_ORDER = tuple(key.name for key in QUESTIONNAIRE.keys)
_ROUNDS = 3  # what is left out may be what something else stands on

Check = Callable[[str], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class SoundPart:
    """A text without errors, and what was left out for it: ids, each with what is written there (empty: no value)."""

    text: str
    left_out: Mapping[str, str]


def sound_questionnaire(text: str, check: Check) -> SoundPart | None:
    """Return a questionnaire without the items that errors lie in; what is not asked then is omitted in it.

    None where an error lies anywhere else, or no item is left. Raises Unreadable.
    """
    return _sound(text, check, _without_items)


def sound_weights(text: str, check: Check) -> SoundPart | None:
    """Return a weight profile without the weights that errors lie in; None where an error lies anywhere else.

    Raises Unreadable.
    """
    return _sound(text, check, _without_weights)


def _sound(text: str, check: Check, without: Callable[[str, Sequence[Fault]], SoundPart | None]) -> SoundPart | None:
    left_out: dict[str, str] = {}
    for _ in range(_ROUNDS):
        errors = [fault for fault in check(text) if fault.severity == "error"]
        if not errors:
            return SoundPart(text, left_out)
        found = without(text, errors)
        if found is None:
            return None
        text = found.text
        left_out |= found.left_out
    return None


def _without_items(text: str, errors: Sequence[Fault]) -> SoundPart | None:
    root = read_spans(_FILE, text)
    items = root.get("items") if isinstance(root, MappingSpan) else None
    if not isinstance(items, SequenceSpan):
        return None
    unarranged = [dict(fault.values)["id"] for fault in errors if fault.code == NOT_ARRANGED]
    places = [_position(text, items.items, fault) for fault in errors if fault.code != NOT_ARRANGED]
    faulty = sorted({place for place in places if place is not None}, reverse=True)
    if None in places or len(faulty) == len(items.items):
        return None
    elements = [_word(one.get("element")) for place in faulty if isinstance(one := items.items[place], MappingSpan)]
    try:
        for place in faulty:
            text = patched(text, [removed(text, _items(text), place)])
    except TooEntangled:
        return None
    asked = {_word(one.get("element")) for one in _items(text).items if isinstance(one, MappingSpan)}
    gone = [element for element in elements if element and element not in asked]
    return SoundPart(_omitting(text, [*unarranged, *gone]), dict.fromkeys(gone, ""))


def _omitting(text: str, elements: Sequence[str]) -> str:
    root = read_spans(_FILE, text)
    assert isinstance(root, MappingSpan)
    omitted = root.get("omit")
    known = [_word(one) for one in omitted.items] if isinstance(omitted, SequenceSpan) else []
    wanted = list(dict.fromkeys([*known, *elements]))
    return patched(text, set_values(text, root, {"omit": wanted}, _ORDER)) if wanted != known else text


def _items(text: str) -> SequenceSpan:
    root = read_spans(_FILE, text)
    items = root.get("items") if isinstance(root, MappingSpan) else None
    assert isinstance(items, SequenceSpan)
    return items


def _without_weights(text: str, errors: Sequence[Fault]) -> SoundPart | None:
    root = read_spans(_FILE, text)
    weights = root.get("weights") if isinstance(root, MappingSpan) else None
    if not isinstance(weights, MappingSpan):
        return None
    places = [_position(text, [pair.key for pair in weights.pairs], fault) for fault in errors]
    faulty = [weights.pairs[place] for place in places if place is not None]
    if None in places:
        return None
    left_out = {pair.key.text: _word(pair.value) for pair in faulty}
    if len({pair.key.start for pair in faulty}) == len(weights.pairs):
        return SoundPart(patched(text, [Patch(weights.start, weights.end, "{}")]), left_out)
    return SoundPart(patched(text, set_values(text, weights, dict.fromkeys(left_out))), left_out)


def _position(text: str, spans: Sequence[Span], fault: Fault) -> int | None:
    """Return which of several stretches of text, each up to the next, a fault lies in; None where it is none."""
    lines = text.split("\n")
    at = sum(len(line) + 1 for line in lines[: (fault.line or 1) - 1]) + (fault.column or 1) - 1
    before = [place for place, span in enumerate(spans) if span.start <= at]
    if not before:
        return None
    last = before[-1]
    if last < len(spans) - 1:
        return last
    margin = spans[last].start - (text.rfind("\n", 0, spans[last].start) + 1)
    here = at - (text.rfind("\n", 0, at) + 1)
    return last if here >= margin or at <= spans[last].end else None


def _word(span: Span | None) -> str:
    return span.text if isinstance(span, ScalarSpan) else ""
