"""Changes to a weight profile's file: its numbers, its name and why it weighs so; nothing else moves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.content.editing.mappings import plain, set_values
from app.content.editing.patches import Patch, line_break, patched
from app.content.editing.refusals import EditRefused
from app.content.editing.spans import MappingSpan, read_spans
from app.content.editing.writing import entry
from app.content.kinds.framework import WEIGHTS
from app.core.text import Text

FILE = "weights.yaml"  # how the file is called in what is raised
ORDER = tuple(key.name for key in WEIGHTS.keys)


def set_weights(text: str, weights: Mapping[str, Fraction], name: Text, note: str | None) -> str:
    """Let capabilities have these weights; those that are not named keep what is written. Raises Unreadable."""
    root = read_spans(FILE, text)
    if not isinstance(root, MappingSpan):
        raise EditRefused("no-profile")
    text = patched(text, set_values(text, root, {"name": name, "note": note or None}, ORDER))
    root = read_spans(FILE, text)
    assert isinstance(root, MappingSpan)
    pair = root.pair("weights")
    if not weights:
        return text
    if pair is not None and isinstance(pair.value, MappingSpan) and pair.value.pairs:
        return patched(text, set_values(text, pair.value, dict(weights)))
    lines = entry("weights", dict(weights))
    if pair is None:
        return text.rstrip("\r\n") + line_break(text) + line_break(text).join(lines) + line_break(text)
    end = max(pair.value.end, text.index(":", pair.key.end) + 1)
    return patched(text, [Patch(pair.key.start, end, line_break(text).join(lines))])


def new_profile(profile_id: str, framework: str, name: Text, note: str | None, weights: Mapping[str, Fraction]) -> str:
    """Return the file of a new profile; without weights it says what the framework says."""
    head = {"format": 1, "kind": "weights", "id": profile_id, "framework": framework, "name": name, "note": note}
    lines = ["# yaml-language-server: $schema=../../schema/weights.schema.json"]
    lines += [line for key, value in head.items() if value is not None for line in entry(key, plain(value))]
    return "\n".join([*lines, *entry("weights", dict(weights)), ""])
