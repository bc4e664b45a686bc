"""Values -> YAML as the content files of the house are written: texts plain where they can be, names in braces."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import yaml

from app.content.editing.spans import ScalarSpan
from app.content.outline import written

_RESOLVER: Any = yaml.resolver.Resolver()
_STRING = "tag:yaml.org,2002:str"
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OTHER_READERS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"})


class Inline(dict[str, object]):
    """A mapping that is written in braces on one line."""


def scalar(value: object) -> str:
    """Return a single value as it is written, safe in braces too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction | int):
        return written(Fraction(value))
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} is no single value")
    return value if _plain(value) else quoted(value)


def quoted(value: str) -> str:
    """Return a text in double quotes."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if c in "\x7f\x85\u2028\u2029\ufeff" else c for c in text)


@lru_cache(4096)
def _plain(value: str) -> bool:
    """Tell whether every reader of YAML takes these characters, without quotes, for just this text."""
    if not value or value != value.strip() or value.lower() in _OTHER_READERS:
        return False
    if any(c in value for c in "\n\r\t") or _RESOLVER.resolve(yaml.ScalarNode, value, (True, False)) != _STRING:
        return False
    try:
        events = list(yaml.parse(f"{{k: {value}}}", Loader=_LOADER))
    except yaml.YAMLError:
        return False
    found = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    return len(found) == 2 and found[1].value == value and not found[1].style and found[1].tag is None


def as_before(value: object, before: ScalarSpan) -> str:
    """Return a single value in the quotes that stood there before, as far as they fit it."""
    if isinstance(value, str) and before.style == '"':
        return quoted(value)
    if isinstance(value, str) and before.style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return scalar(value)


def flow(value: object) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(_key(key))}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def _key(key: object) -> object:
    return key if isinstance(key, Fraction) else str(key)


def entry(key: object, value: object) -> list[str]:
    """Return the lines of a key and its value, without indentation before the key.

    Mappings and lists of mappings stand on lines of their own; `Inline` ones and lists of single values on one line.
    """
    name = scalar(_key(key))
    if isinstance(value, Inline) or not isinstance(value, Mapping | list | tuple) or not value:
        return [f"{name}: {flow(value)}"]
    if isinstance(value, Mapping):
        return [f"{name}:", *(f"  {line}" for key, one in value.items() for line in entry(key, one))]
    if all(isinstance(one, Mapping) for one in value):
        return [f"{name}:", *(f"  {line}" for one in value for line in item(one))]
    return [f"{name}: {flow(value)}"]


def item(value: object) -> list[str]:
    """Return the lines of an item of a list, its dash at the beginning of the first."""
    if isinstance(value, Inline) or not isinstance(value, Mapping) or not value:
        return [f"- {flow(value)}"]
    lines = [line for key, one in value.items() for line in entry(key, one)]
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]
