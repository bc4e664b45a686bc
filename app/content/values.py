"""The forms of single values: texts, ids, versions, exact numbers, days, references, file names.

Every form reads strictly (formats.md, Rules for every file) and writes itself as JSON Schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.content import located
from app.content.faults import Document
from app.content.located import Node, Scalar, below, found, shown
from app.content.shapes import INVALID, Definitions, Fields, Invalid, JsonSchema, Key, Record, Shape, wrong
from app.content.versions import REFERENCE, VERSION, Version
from app.core.text import Text

ID_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


ROUND_ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


NOT_IDS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})


_LONGEST_ID = 64


def _scalar_text(node: Node) -> str | None:
    """Return the text of a scalar that is text, else None."""
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _json_number(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


@dataclass(frozen=True)
class Line(Shape):
    """A plain string in any language."""

    empty: bool = True
    expected: str = "a text"

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        text = _scalar_text(node)
        if text is None:
            hint = " (put it in quotes)" if isinstance(node, Scalar) and node.value is not None else ""
            return wrong(self.expected + hint, node, path, document)
        if not self.empty and not text.strip():
            document.fault("E211", node, path)
            return INVALID
        return text

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string"} if self.empty else {"type": "string", "minLength": 1, "pattern": r"\S"}


@dataclass(frozen=True)
class Words(Shape):
    """A text in languages: `{zh, en}`, or a plain string in Chinese.

    `translated` texts need Chinese and are warned about where English is missing; what people wrote may stand in one
    language only.
    """

    translated: bool

    def read(self, node: Node, path: str, document: Document) -> Text | Invalid:
        if isinstance(node, Scalar):
            line = Line(empty=False, expected="a text").read(node, path, document)
            if isinstance(line, Invalid):
                return INVALID
            if self.translated:
                document.fault("W221", node, path)
            return Text(zh=line)
        if not isinstance(node, located.Mapping):
            return wrong("a text, or its languages {zh: …, en: …}", node, path, document)
        return self.of_languages(_LANGUAGES.read(node, path, document), node, path)

    def of_languages(self, record: Record | Invalid, node: Node, path: str) -> Text | Invalid:
        """Return the text of a mapping that has the keys zh and en."""
        if isinstance(record, Invalid):
            return INVALID
        zh, en = record.get("zh"), record.get("en")
        document = record.document
        if self.translated and not record.has("zh"):
            document.fault("E212", node, path, languages="a Chinese version (zh)")
            return INVALID
        if not record.has("zh") and not record.has("en"):
            document.fault("E212", node, path, languages="a Chinese (zh) or an English (en) version")
            return INVALID
        if self.translated and not record.has("en"):
            document.fault("W221", node, path)
        return Text(zh=zh, en=en) if zh or en else INVALID

    def schema(self, definitions: Definitions) -> JsonSchema:
        name = "text" if self.translated else "words"
        if name not in definitions.parts:
            languages = _LANGUAGES.schema(definitions)
            languages |= {"required": ["zh"]} if self.translated else {"minProperties": 1}
            definitions.parts[name] = {"anyOf": [Line(empty=False).schema(definitions), languages]}
        return {"$ref": f"#/definitions/{name}"}


@dataclass(frozen=True)
class Id(Shape):
    """An id: lower-case words joined by hyphens. Round ids may begin with a digit."""

    digits_first: bool = False

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        if not isinstance(node, Scalar):
            return wrong("an id", node, path, document)
        text = node.text
        if node.plain and (text.lower() in NOT_IDS or (self.digits_first and isinstance(node.value, Fraction))):
            document.fault("E206", node, path, value=shown(text))
            return INVALID
        if node.value is None:
            return wrong("an id", node, path, document)
        pattern = ROUND_ID_PATTERN if self.digits_first else ID_PATTERN
        if len(text) > _LONGEST_ID or not re.fullmatch(pattern[1:-1], text):
            document.fault("E205", node, path, value=shown(text), expected=self._expected())
            return INVALID
        return text

    def _expected(self) -> str:
        first = "" if self.digits_first else " beginning with a letter"
        return f"lower-case letters and digits joined by single hyphens{first}"

    def schema(self, definitions: Definitions) -> JsonSchema:
        name = "round-id" if self.digits_first else "id"
        pattern = ROUND_ID_PATTERN if self.digits_first else ID_PATTERN
        definitions.parts.setdefault(name, {"type": "string", "pattern": pattern, "maxLength": _LONGEST_ID})
        return {"$ref": f"#/definitions/{name}"}


@dataclass(frozen=True)
class VersionText(Shape):
    """A version of three parts, or a quoted one of two."""

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        if not isinstance(node, Scalar):
            return wrong("a version", node, path, document)
        if not isinstance(node.value, str) or Version.parse(node.value) is None:
            document.fault("E207", node, path, value=shown(node.text) or found(node))
            return INVALID
        return node.value

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string", "pattern": VERSION.pattern}


@dataclass(frozen=True)
class Number(Shape):
    """An exact number, within ends where they are given."""

    low: Fraction | None = None
    high: Fraction | None = None
    above: Fraction | None = None
    whole: bool = False

    def read(self, node: Node, path: str, document: Document) -> Fraction | Invalid:
        if not isinstance(node, Scalar) or isinstance(node.value, bool) or not isinstance(node.value, Fraction):
            hint = " (without quotes)" if isinstance(node, Scalar) and not node.plain else ""
            return wrong(f"a number{hint}", node, path, document)
        value = node.value
        if self.whole and value.denominator != 1:
            document.fault("E209", node, path, value=node.text)
            return INVALID
        if self._outside(value):
            document.fault("E208", node, path, value=node.text, expected=self._expected())
            return INVALID
        return value

    def _outside(self, value: Fraction) -> bool:
        return (
            (self.low is not None and value < self.low)
            or (self.high is not None and value > self.high)
            or (self.above is not None and value <= self.above)
        )

    def _expected(self) -> str:
        if self.above is not None:
            return f"above {self.above}"
        if self.low is not None and self.high is not None:
            return f"from {self.low} to {self.high}"
        return f"{self.low} or more" if self.low is not None else f"{self.high} or less"

    def schema(self, definitions: Definitions) -> JsonSchema:
        ends = {"minimum": self.low, "maximum": self.high, "exclusiveMinimum": self.above}
        written = {
            name: int(end) if end.denominator == 1 else float(end) for name, end in ends.items() if end is not None
        }
        return {"type": "integer" if self.whole else "number", **written}

    def key_schema(self, definitions: Definitions) -> JsonSchema:
        """Return the schema of a number as a key, which is a property name to JSON Schema."""
        return {"pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}


@dataclass(frozen=True)
class Truth(Shape):
    """true or false."""

    def read(self, node: Node, path: str, document: Document) -> bool | Invalid:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        return wrong("true or false", node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class OnlyTrue(Shape):
    """The word true; its opposite is said otherwise."""

    def read(self, node: Node, path: str, document: Document) -> bool | Invalid:
        if isinstance(node, Scalar) and node.value is True:
            return True
        return wrong("true", node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"const": True}


@dataclass(frozen=True)
class OneOf(Shape):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        text = _scalar_text(node)
        if text is None:
            return wrong(f"one of {', '.join(self.words)}", node, path, document)
        if text not in self.words:
            document.fault("E204", node, path, value=shown(text) or "an empty text", allowed=", ".join(self.words))
            return INVALID
        return text

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"enum": [str(word) for word in self.words]}


@dataclass(frozen=True)
class FormatNumber(Shape):
    """The format of every file: 1."""

    def read(self, node: Node, path: str, document: Document) -> Fraction | Invalid:
        if not isinstance(node, Scalar) or isinstance(node.value, bool) or node.value != Fraction(1):
            value = shown(node.text) if isinstance(node, Scalar) and isinstance(node.value, Fraction) else found(node)
            document.fault("E218", node, path, value=value)
            return INVALID
        return Fraction(1)

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"const": 1}


@dataclass(frozen=True)
class KindName(Shape):
    """The kind of a file, fixed by the place of the file."""

    kind: str

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        if _scalar_text(node) != self.kind:
            value = shown(node.text) if isinstance(node, Scalar) and node.text else found(node)
            document.fault("E217", node, path, expected=self.kind, value=value)
            return INVALID
        return self.kind

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"const": self.kind}


@dataclass(frozen=True)
class Pattern(Shape):
    """A text of a fixed form, with the code that says so where it is not."""

    pattern: str
    code: str
    expected: str

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        text = _scalar_text(node)
        if text is None:
            return wrong(self.expected, node, path, document)
        if not re.fullmatch(self.pattern[1:-1], text):
            document.fault(self.code, node, path, value=shown(text) or "an empty text", expected=self.expected)
            return INVALID
        return text

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string", "pattern": self.pattern}


REFERENCE_RANGE = Pattern(REFERENCE.pattern, "E215", "an id, @ and comparators, such as telecom-crm@>=1,<2")


REFERENCE_EXACT = Pattern(
    ID_PATTERN[:-1] + "@" + VERSION.pattern[1:], "E215", "an id, @ and a version, such as telecom-crm@1.0.0"
)


RELATED = Pattern(
    ID_PATTERN[:-1] + "/" + ID_PATTERN[1:], "E215", "<framework>/<element>, such as telecom-crm/self-service"
)


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Day(Shape):
    """A day as year-month-day."""

    def read(self, node: Node, path: str, document: Document) -> date | Invalid:
        text = _scalar_text(node)
        if text is None:
            return wrong("a day such as 2003-09-28", node, path, document)
        day = _day(text)
        if day is None:
            document.fault("E210", node, path, value=shown(text) or "an empty text")
            return INVALID
        return day

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True)
class FileName(Shape):
    """The name of a file beside this one: no separator, no `..`, no path."""

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        text = _scalar_text(node)
        if text is None:
            return wrong("the name of a file", node, path, document)
        if not text.strip() or text in (".", "..") or re.search(r"[/\\\x00]", text):
            document.fault("E216", node, path, value=shown(text) or "an empty text")
            return INVALID
        return text

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string", "pattern": r"^(?!\.{1,2}$)[^/\\]+$"}


_LANGUAGES = Fields(
    (
        Key("zh", Line(empty=False), "The Chinese text."),
        Key("en", Line(empty=False), "The English text."),
    ),
    expected="a text, or its languages {zh: …, en: …}",
)


@dataclass(frozen=True)
class Given(Shape):
    """An answer to a question that is not known here: kept as it stands, judged later against its question."""

    def read(self, node: Node, path: str, document: Document) -> Node | Invalid:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            document.fault("E206", node, path, value=node.text)
            return INVALID
        if isinstance(node, Scalar) and node.value is not None:
            return node
        if isinstance(node, located.Sequence):
            options = [Id().read(item, below(path, n), document) for n, item in enumerate(node.items)]
            return INVALID if INVALID in options else node
        return wrong("an option id, a list of option ids, a number or a text", node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": ["string", "number", "array"], "items": {"type": "string"}}


@dataclass(frozen=True)
class Anything(Shape):
    """A free value: texts, exact numbers, booleans, null, lists and mappings of them."""

    def read(self, node: Node, path: str, document: Document) -> Any:
        if isinstance(node, Scalar):
            return node.value
        if isinstance(node, located.Sequence):
            values = [self.read(item, below(path, n), document) for n, item in enumerate(node.items)]
            return INVALID if any(value is INVALID for value in values) else tuple(values)
        if isinstance(node, located.Mapping):
            pairs = {e.key.text: self.read(e.value, below(path, e.key.text), document) for e in node.entries}
            return INVALID if any(value is INVALID for value in pairs.values()) else pairs
        return INVALID

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {}
