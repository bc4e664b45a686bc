"""The texts of content files, each where it stands, and one language of one of them set: nothing else changes.

Reads files as typed: everything but the text itself may be faulty, as long as the YAML can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.content.editing.mappings import set_values
from app.content.editing.patches import Patch, patched
from app.content.editing.refusals import EditRefused
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan, Span, read_spans
from app.content.editing.writing import flow
from app.content.frameworks import FRAMEWORK_FILE
from app.content.layering import ContentKind
from app.core.scale import decimals_of, display
from app.core.text import Locale, Text
from app.core.translations import Part, Passage

_ORDER = ("id", "zh", "en")
_NONE = Text()  # stands where a passage's text is not read yet
_MOST_FILES = 100  # of one tree: a file that names itself ends


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A passage and the stretch of a file that says it. `line` counts from 1."""

    passage: Passage
    file: str
    line: int
    span: Span


def written_texts(kind: ContentKind, files: Mapping[str, str]) -> list[WrittenText]:
    """Return every text of content that has two languages, in document order; raises Unreadable.

    What is not written as a text (a list where a name should be) is left out.
    """
    return list(_READ[kind](files))


def set_text(kind: ContentKind, files: Mapping[str, str], place: str, locale: Locale, words: str) -> dict[str, str]:
    """Return the files in which the text at a place says `words` in one language; empty words take it away.

    Raises EditRefused (`no-such-text`, `chinese-needed`), Unreadable.
    """
    found = next((one for one in written_texts(kind, files) if one.passage.place == place), None)
    if found is None:
        raise EditRefused("no-such-text", "place", place=place)
    words = words.replace("\r\n", "\n").strip()
    if locale == "zh" and not words:
        raise EditRefused("chinese-needed", "zh")
    text = files[found.file]
    return {**files, found.file: patched(text, _patches(text, found.span, locale, words))}


def _patches(text: str, span: Span, locale: Locale, words: str) -> Iterator[Patch]:
    if isinstance(span, MappingSpan):
        changes: dict[str, object] = {locale: words or None}
        yield from set_values(text, span, changes, _ORDER)
    elif isinstance(span, ScalarSpan) and words:
        said = {"zh": words} if locale == "zh" else {"zh": span.text, "en": words}
        yield Patch(span.start, span.end, flow(said))


# --- reading ---------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads the texts of one file."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def root(self) -> Span:
        return read_spans(self.name, self.text)

    def written(self, span: Span | None, passage: Passage) -> Iterator[WrittenText]:
        """Yield the text that a value says, if it says one, as the passage that it is."""
        said = _said(span)
        if span is not None and said is not None:
            line = self.text.count("\n", 0, span.start) + 1
            yield WrittenText(replace(passage, text=said), self.name, line, span)


def _said(span: Span | None) -> Text | None:
    if isinstance(span, ScalarSpan):
        return Text(zh=span.text) if isinstance(span.value, str) and span.text else None
    if not isinstance(span, MappingSpan):
        return None
    zh, en = _string(span.get("zh")), _string(span.get("en"))
    return Text(zh, en) if zh or en else None


def _string(span: Span | None) -> str | None:
    return span.text or None if isinstance(span, ScalarSpan) and isinstance(span.value, str) else None


def _items(span: Span | None) -> list[Span]:
    return span.items if isinstance(span, SequenceSpan) else []


def _mappings(span: Span | None) -> Iterator[MappingSpan]:
    for one in _items(span):
        if isinstance(one, MappingSpan):
            yield one


def _framework(files: Mapping[str, str]) -> Iterator[WrittenText]:
    if FRAMEWORK_FILE not in files:
        return
    reader = _Reader(FRAMEWORK_FILE, files[FRAMEWORK_FILE])
    root = reader.root()
    if not isinstance(root, MappingSpan):
        return
    name = _said(root.get("name"))
    yield from reader.written(root.get("name"), Passage("framework/name", _NONE, Part.NAME, name))
    yield from reader.written(root.get("summary"), Passage("framework/summary", _NONE, Part.SUMMARY, name))
    for tier in _mappings(root.get("tiers")):
        place = f"tier/{_string(tier.get('id'))}/name"
        yield from reader.written(tier.get("name"), Passage(place, _NONE, Part.NAME, name))
    scale = root.get("scale")
    for level in _mappings(scale.get("levels") if isinstance(scale, MappingSpan) else None):
        yield from _level(reader, level, name)
    yield from _capabilities(files, reader, root.get("capabilities"), {FRAMEWORK_FILE})


def _level(reader: _Reader, level: MappingSpan, name: Text | None) -> Iterator[WrittenText]:
    span = level.get("value")
    value = _number(span.text) if isinstance(span, ScalarSpan) else ""
    for key, part in (("name", Part.NAME), ("description", Part.LEVEL)):
        place = f"level/{value}/{key}"
        yield from reader.written(level.get(key), Passage(place, _NONE, part, name, value))


def _number(written: str) -> str:
    """Return a number as places name it (`0.50` is 0.5)."""
    try:
        number = Fraction(written)
        return display(number, decimals_of(number))
    except (ValueError, ZeroDivisionError):
        return written


def _capabilities(
    files: Mapping[str, str], reader: _Reader, span: Span | None, trail: set[str]
) -> Iterator[WrittenText]:
    if isinstance(span, ScalarSpan):
        if span.text in files and span.text not in trail and len(trail) < _MOST_FILES:
            inner = _Reader(span.text, files[span.text])
            yield from _capabilities(files, inner, inner.root(), {*trail, span.text})
        return
    for node in _mappings(span):
        yield from _capability(reader, node)
        yield from _capabilities(files, reader, node.get("children"), trail)


def _capability(reader: _Reader, node: MappingSpan) -> Iterator[WrittenText]:
    node_id, name = _string(node.get("id")), _said(node.get("name"))
    if node_id is None:
        return
    replaced = node.get("replaces")
    olds = [one.text for one in _items(replaced) if isinstance(one, ScalarSpan)]
    former = f"capability/{olds[0]}" if len(olds) == 1 else None

    def passage(place: str, part: Part, detail: str = "") -> Passage:
        formerly = f"{former}/{place}" if former else None
        return Passage(f"capability/{node_id}/{place}", _NONE, part, name, detail, formerly=formerly)

    yield from reader.written(node.get("name"), passage("name", Part.NAME))
    yield from reader.written(node.get("definition"), passage("definition", Part.DEFINITION))
    levels = node.get("levels")
    pairs = levels.pairs if isinstance(levels, MappingSpan) else []
    by_value = sorted(((_number(pair.key.text), pair.value) for pair in pairs), key=lambda one: _rank(one[0]))
    for value, span in by_value:
        yield from reader.written(span, passage(f"levels/{value}", Part.LEVEL, value))


def _rank(value: str) -> tuple[bool, Fraction, str]:
    try:
        return False, Fraction(value), ""
    except ValueError:
        return True, Fraction(0), value


def _questionnaire(files: Mapping[str, str]) -> Iterator[WrittenText]:
    for file, text in files.items():
        reader = _Reader(file, text)
        root = reader.root()
        if not isinstance(root, MappingSpan):
            continue
        name = _said(root.get("name"))
        yield from reader.written(root.get("name"), Passage("questionnaire/name", _NONE, Part.NAME, name))
        for role in _mappings(root.get("roles")):
            place = f"role/{_string(role.get('id'))}/name"
            yield from reader.written(role.get("name"), Passage(place, _NONE, Part.NAME, _said(role.get("name"))))
        for item in _mappings(root.get("items")):
            yield from _item(reader, item)


def _item(reader: _Reader, item: MappingSpan) -> Iterator[WrittenText]:
    place = f"item/{_string(item.get('element'))}"
    for number, span in enumerate(_items(item.get("prompts"))):
        at = f"{place}/prompts/{number}"
        yield from reader.written(span, Passage(at, _NONE, Part.PROMPT, listed=True))
    for number, span in enumerate(_items(item.get("evidence"))):
        own = _string(span.get("id")) if isinstance(span, MappingSpan) else None
        at = f"{place}/evidence/{own or number}"
        made = Passage(at, _NONE, Part.EVIDENCE, listed=own is None)
        yield from reader.written(span, made)
    for question in _mappings(item.get("questions")):
        asked = _string(question.get("id")) or ""
        at = f"{place}/questions/{asked}"
        text = Passage(f"{at}/text", _NONE, Part.QUESTION, detail=asked)
        yield from reader.written(question.get("text"), text)
        for option in _mappings(question.get("options")):
            named = _string(option.get("id")) or ""
            made = Passage(f"{at}/options/{named}", _NONE, Part.OPTION, detail=named)
            yield from reader.written(option.get("text"), made)


def _weights(files: Mapping[str, str]) -> Iterator[WrittenText]:
    for file, text in files.items():
        reader = _Reader(file, text)
        root = reader.root()
        if isinstance(root, MappingSpan):
            yield from reader.written(root.get("name"), Passage("profile/name", _NONE, Part.NAME))


_READ: dict[ContentKind, Callable[[Mapping[str, str]], Iterator[WrittenText]]] = {
    ContentKind.FRAMEWORK: _framework,
    ContentKind.QUESTIONNAIRE: _questionnaire,
    ContentKind.WEIGHTS: _weights,
}
