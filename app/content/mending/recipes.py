"""By fault code: how what it finds is mended. A recipe gives nothing where it is not sure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches

from app.content.mending.source import Change, Mend, Source, Span, quoted
from app.content.values import ID_PATTERN
from app.core.errors import Fault

Recipe = Callable[[Fault, Source], Iterable[Mend]]

_MOST_OFFERED = 3
_FEW = 5
_TEXT_KEYS = frozenset({"name", "text", "zh", "en", "title"})
_GIVEN = {"format": "1", "weight": "1"}
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}#]|: |:$|^[-?:&*!|>'\"%@`]")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_SHORT_VERSION = re.compile(r"[0-9]+(\.[0-9]+)?")


def _part(fault: Fault, name: str) -> str:
    return dict(fault.values).get(name, "")


def _at(fault: Fault) -> tuple[int, int]:
    return fault.line or 1, fault.column or 1


def _scalar(fault: Fault, source: Source) -> Span | None:
    span = source.span(*_at(fault))
    return span if span is not None and span.is_scalar and span.one_line else None


def _instead(span: Span, text: str) -> Change:
    return Change(span.line, span.column, span.end_line, span.end_column, text)


def _replace(kind: str, span: Span, text: str) -> Mend:
    return Mend(kind, (_instead(span, text),), (("text", text),))


# --- words that were meant --------------------------------------------------------------------------------------------


def _meant(fault: Fault, source: Source, known: Iterable[str], *, kind: str) -> Iterator[Mend]:
    span = _scalar(fault, source)
    if span is None:
        return
    words = [word for word in known if word and word != span.value]
    near = get_close_matches(span.value, words, n=_MOST_OFFERED, cutoff=0.6)
    for word in near or (words if len(words) <= _FEW and kind == "use-word" else ()):
        yield _replace(kind, span, word)


def _known_key(fault: Fault, source: Source) -> Iterator[Mend]:
    return _meant(fault, source, _part(fault, "allowed").split(", "), kind="rename-key")


def _allowed_word(fault: Fault, source: Source) -> Iterator[Mend]:
    return _meant(fault, source, _part(fault, "allowed").split(", "), kind="use-word")


def _known_reference(fault: Fault, source: Source) -> Iterator[Mend]:
    return _meant(fault, source, _part(fault, "known").split(", "), kind="use-word")


def _known_id(fault: Fault, source: Source) -> Iterator[Mend]:
    return _meant(fault, source, sorted(source.ids or source.own_ids), kind="use-id")


def _own_id(fault: Fault, source: Source) -> Iterator[Mend]:
    return _meant(fault, source, sorted(source.own_ids | source.ids), kind="use-id")


def _file(fault: Fault, source: Source) -> Iterator[Mend]:
    yield from _meant(fault, source, source.files, kind="use-word")
    name = _part(fault, "name")
    if name.endswith((".yaml", ".yml")):
        yield Mend("create-file", values=(("text", name),), file=name)


# --- values -----------------------------------------------------------------------------------------------------------


def _other_form(fault: Fault, source: Source) -> Iterator[Mend]:
    span = _scalar(fault, source)
    expected = _part(fault, "expected")
    if span is None:
        return
    if expected.startswith("a number") and not span.plain and _NUMBER.fullmatch(span.value):
        yield _replace("unquote", span, span.value)
    if expected.startswith("a text") and span.plain and span.value:
        yield _replace("quote", span, quoted(span.value))


def _quote(fault: Fault, source: Source) -> Iterator[Mend]:
    span = _scalar(fault, source)
    if span is not None and span.plain:
        yield _replace("quote", span, quoted(span.value))


def _as_id(fault: Fault, source: Source) -> Iterator[Mend]:
    span = _scalar(fault, source)
    words = re.findall(r"[a-z0-9]+", span.value.lower()) if span is not None else []
    text = "-".join(words).lstrip("0123456789-")[:64].rstrip("-")
    if span is not None and re.fullmatch(ID_PATTERN[1:-1], text):
        yield _replace("use-id", span, text)


def _as_version(fault: Fault, source: Source) -> Iterator[Mend]:
    span = _scalar(fault, source)
    if span is not None and _SHORT_VERSION.fullmatch(span.value):
        yield _replace("use-word", span, span.value + ".0" * (2 - span.value.count(".")))


def _expected(fault: Fault, source: Source) -> Iterator[Mend]:
    span = _scalar(fault, source)
    expected = "1" if fault.code == "E218" else _part(fault, "expected")
    if span is not None and re.fullmatch(r"[a-z0-9.-]+", expected):
        yield _replace("use-word", span, expected)


# --- keys that are missing --------------------------------------------------------------------------------------------


def _english(fault: Fault, source: Source) -> Iterator[Mend]:
    collection = source.collection_at(*_at(fault))
    span = source.span(*_at(fault))
    if collection is not None and collection.mapping:
        yield from _add_last(collection, source, "en", '""', kind="add-english")
    elif span is not None and span.is_scalar and span.one_line and span.value:
        zh = source.line(span.line)[span.column - 1 : span.end_column - 1]
        if span.plain and _UNSAFE_IN_FLOW.search(zh):
            zh = quoted(span.value)
        text = f'{{zh: {zh}, en: ""}}'
        yield Mend("add-english", (_instead(span, text),), cursor=len(text) - 2)


def _add_last(mapping: Span, source: Source, key: str, value: str, *, kind: str) -> Iterator[Mend]:
    if mapping.flow:
        line, column = mapping.end_line, mapping.end_column - 1
        if source.line(line)[column - 1 : column] != "}":
            return
        filled = source.line(line)[: column - 1].rstrip()[-1:] not in ("{", ",", "")
        text = f"{', ' if filled else ''}{key}: {value}"
    else:
        line, column = source.last_end(mapping)
        text = f"\n{' ' * (mapping.column - 1)}{key}: {value}"
    yield Mend(kind, (Change(line, column, line, column, text),), (("text", key),), len(text) - value.count('"') // 2)


def _add_key(fault: Fault, source: Source) -> Iterator[Mend]:
    key = _part(fault, "key")
    mapping = source.collection_at(*_at(fault))
    if mapping is None or not mapping.mapping:
        return
    value = _GIVEN.get(key, '""' if key in _TEXT_KEYS else "")
    line, column, text = _where_to_add(mapping, source, f"{key}: {value}")
    cursor = text.rfind(f"{key}: ") + len(key) + 2 + (1 if value == '""' else 0)
    yield Mend("add-key", (Change(line, column, line, column, text),), (("text", key),), cursor)


def _where_to_add(mapping: Span, source: Source, entry: str) -> tuple[int, int, str]:
    """Return the place and the text: after the first entry where that is one line, else before it."""
    if mapping.flow:
        inside = source.line(mapping.line)[mapping.column :].lstrip()
        return mapping.line, mapping.column + 1, entry if inside.startswith("}") else f"{entry}, "
    indent = " " * (mapping.column - 1)
    value = source.after(mapping.line, mapping.column)
    if value is not None and value.line == mapping.line and value.one_line and (value.is_scalar or value.flow):
        return mapping.line, len(source.line(mapping.line)) + 1, f"\n{indent}{entry}"
    return mapping.line, mapping.column, f"{entry}\n{indent}"


def _add_item(fault: Fault, source: Source) -> Iterator[Mend]:
    items = source.after(*_at(fault))
    if items is None or items.is_scalar or items.flow or items.mapping:
        return
    line, column = source.last_end(items)
    end = len(source.line(line)) + 1  # a comment may stand behind the value
    indent = " " * (items.column - 1)
    text = f'\n{indent}- element: {_part(fault, "id")}\n{indent}  prompts:\n{indent}    - {{zh: "", en: ""}}'
    cursor = text.index('zh: "') + len('zh: "')
    yield Mend("add-item", (Change(line, max(column, end), line, max(column, end), text),), fault.values, cursor)


# --- what is to go ----------------------------------------------------------------------------------------------------


def _drop_item(fault: Fault, source: Source) -> Iterator[Mend]:
    """Take an item out of its list: with its line in a block, with a comma in brackets."""
    span = _scalar(fault, source)
    if span is None:
        return
    line = source.line(span.line)
    before, after = line[: span.column - 1], line[span.end_column - 1 :]
    if before.strip() == "-" and (not after.strip() or after.lstrip().startswith("#")):
        yield Mend("drop", (_whole_line(span.line, source),), (("text", span.value),))
    elif before.rstrip().endswith(","):
        yield Mend(
            "drop", (Change(span.line, len(before.rstrip()), span.line, span.end_column, ""),), (("text", span.value),)
        )
    elif before.rstrip().endswith("[") and after.lstrip().startswith(","):
        behind = span.end_column + len(after) - len(after.lstrip()) + 1
        behind += len(line[behind - 1 :]) - len(line[behind - 1 :].lstrip())
        yield Mend("drop", (Change(span.line, span.column, span.line, behind, ""),), (("text", span.value),))


def _drop_second_key(fault: Fault, source: Source) -> Iterator[Mend]:
    key = _scalar(fault, source)
    value = source.after(*_at(fault))
    if key is None or value is None or not value.is_scalar or not value.one_line or value.line != key.line:
        return
    line = source.line(key.line)
    if not line[: key.column - 1].strip() and not line[value.end_column - 1 :].split("#")[0].strip():
        yield Mend("drop", (_whole_line(key.line, source),), (("text", line.strip()),))


def _whole_line(number: int, source: Source) -> Change:
    if number < len(source.lines):
        return Change(number, 1, number + 1, 1, "")
    above = max(number - 1, 1)
    return Change(above, len(source.line(above)) + 1, number, len(source.line(number)) + 1, "")


def _drop_mark(fault: Fault, source: Source) -> Iterator[Mend]:
    """Take out an anchor, a tag or a character that is not allowed."""
    line, column = _at(fault)
    rest = source.line(line)[column - 1 :]
    pattern = {"E105": r"&\S+\s*", "E107": r"!\S*\s*"}.get(fault.code, r".")
    match = re.match(pattern, rest, re.DOTALL)
    if match is not None:
        yield Mend("drop", (Change(line, column, line, column + match.end(), ""),), (("text", match[0].strip()),))


def _syntax(fault: Fault, source: Source) -> Iterator[Mend]:
    """Mend the two slips that people make most: a text that needs quotes, and tabs before a line."""
    number, column = _at(fault)
    line = source.line(number)
    margin = line[: len(line) - len(line.lstrip())]
    if "\t" in margin:
        spaces = margin.replace("\t", "  ")
        yield Mend("use-spaces", (Change(number, 1, number, len(margin) + 1, spaces),))
        return
    problem = _part(fault, "problem")
    if not problem.endswith(("mapping values are not allowed in this context", "cannot start any token")):
        return
    match = re.match(r"\s*(?:-\s+)*[^\s:'\"{\[#]+:\s+(?=\S)", line) or re.match(r"\s*(?:-\s+)+(?=\S)", line)
    value = line[match.end() :].rstrip() if match is not None else ""
    if match is not None and value and value[0] not in "\"'{[|>" and match.end() < column + len(value):
        start = match.end() + 1
        change = Change(number, start, number, start + len(value), quoted(value))
        yield Mend("quote", (change,), (("text", change.text),))


RECIPES: dict[str, Recipe] = {
    "E101": _syntax,
    "E105": _drop_mark,
    "E107": _drop_mark,
    "E111": _drop_mark,
    "E112": _drop_mark,
    "E113": _drop_second_key,
    "E201": _known_key,
    "E202": _add_key,
    "E203": _other_form,
    "E204": _allowed_word,
    "E205": _as_id,
    "E206": _quote,
    "E207": _as_version,
    "E214": _drop_item,
    "E217": _expected,
    "E218": _expected,
    "E311": _own_id,
    "E312": _own_id,
    "E314": _file,
    "E320": _expected,
    "E321": _known_id,
    "E401": _known_reference,
    "E403": _known_id,
    "E404": _known_id,
    "E602": _add_item,
    "E603": _drop_item,
    "E604": _known_reference,
    "W221": _english,
    "W331": _drop_item,
    "W621": _add_item,
}
