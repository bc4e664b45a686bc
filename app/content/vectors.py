"""An SVG from outside, rebuilt from what a logo is made of: shapes, text, gradients, clipping.

What a drawing program noted for itself is dropped; what could act is refused: scripts, links, references outside,
entities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
SHAPES = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc"}
    | {"defs", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "symbol", "use", "style"}
    | {"switch"}
)
# what drawing programs write about the drawing; nothing of it is seen
SILENT = frozenset({"metadata", "view"})
MOST_ELEMENTS = 20_000
MOST_USES = 16  # each may repeat what the one before it repeats
DEEPEST = 64
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*(?:px|pt|mm|cm|in|pc|em)?\s*$")
_ADDRESS = re.compile(r"url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\[0-9a-fA-F]")  # CSS can spell a word in code points
_ACTS = re.compile(r"expression\s*\(|javascript:|-moz-binding|behavior\s*:|@", re.IGNORECASE)


class UnsafeDrawing(Exception):  # noqa: N818 - named after what it is
    """Something in an SVG that a logo must not have; the message says what."""

    def __init__(self, problem: str, line: int, column: int) -> None:
        super().__init__(problem)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Drawing:
    """A safe SVG and its proportions."""

    content: bytes
    width: float
    height: float


def read_drawing(data: bytes) -> Drawing:
    """Return an SVG rebuilt from its shapes. Raises UnsafeDrawing."""
    return _Reader().read(data)


@dataclass
class _Reader:
    """Rebuilds an SVG while it is parsed; `dropped` counts how deep it is in something that is left out."""

    parts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    dropped: int = 0
    elements: int = 0
    uses: int = 0
    size: tuple[float, float] | None = None
    style: list[str] = field(default_factory=list)

    def read(self, data: bytes) -> Drawing:
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            problem = f"it is not well-formed XML ({expat.ErrorString(error.code)})"
            raise UnsafeDrawing(problem, error.lineno, error.offset + 1) from error
        assert self.size is not None
        return Drawing("".join(self.parts).encode(), *self.size)

    def _refuse(self, problem: str) -> None:
        raise UnsafeDrawing(problem, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def _doctype(self, _name: str, _system: object, _public: object, has_internal: int) -> None:
        if has_internal:
            self._refuse("a document type with declarations is not allowed")

    def _entity(self, name: str, *_rest: object) -> None:
        self._refuse(f"the entity {name} is not allowed")

    def _instruction(self, target: str, _data: str) -> None:
        self._refuse(f"the instruction <?{target}?> is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        space, _, local = name.rpartition(" ")
        if self.elements > MOST_ELEMENTS or len(self.open) + self.dropped >= DEEPEST:
            self._refuse("it has too many elements, or they are nested too deep")
        if not self.open and not self.dropped and (space, local) != (SVG, "svg"):
            self._refuse("it does not open with <svg> of the SVG namespace")
        if self.dropped or space != SVG or local in SILENT:
            self.dropped += 1
            return
        if local not in SHAPES:
            self._refuse(f"<{local}> is not allowed; a logo is shapes, text and gradients")
        self.uses += local == "use"
        if self.uses > MOST_USES:
            self._refuse(f"<use> stands more than {MOST_USES} times")
        kept = self._attributes(attributes)
        if not self.open:
            self.size = self._size(attributes)
            kept = [f'xmlns="{SVG}"', f'xmlns:xlink="{XLINK}"', *kept]
        self.open.append(local)
        self.parts.append(f"<{' '.join([local, *kept])}>")

    def _attributes(self, attributes: dict[str, str]) -> list[str]:
        kept = []
        for name, value in attributes.items():
            space, _, local = name.rpartition(" ")
            if local.lower().startswith("on"):
                self._refuse(f"the attribute {local} is not allowed; it would run a script")
            if local == "href":
                if not value.strip().startswith("#"):
                    self._refuse("a reference outside the file is not allowed")
                if space in ("", XLINK):
                    kept.append(f"xlink:href={quoteattr(value.strip())}")
                continue
            if space:
                continue  # what a drawing program noted for itself
            self._check_style(value)
            kept.append(f"{local}={quoteattr(value)}")
        return kept

    def _check_style(self, value: str) -> None:
        if _ADDRESS.search(value):
            self._refuse("url() may name a part of the same file only, as url(#…)")
        if _ACTS.search(value) or (_ESCAPED.search(value)):
            self._refuse("a rule that imports, escapes or acts is not allowed in a style")

    def _size(self, attributes: dict[str, str]) -> tuple[float, float]:
        """Return the proportions: those of the view box, else width and height."""
        numbers = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
        wanted = numbers[2:] if len(numbers) == 4 else [attributes.get("width", ""), attributes.get("height", "")]
        found = [float(match[1]) for one in wanted if (match := _LENGTH.match(one))]
        if len(found) != 2 or not all(0.01 < one < 1e6 for one in found):
            self._refuse("it says neither a view box nor a width and height")
        return found[0], found[1]

    def _end(self, _name: str) -> None:
        if self.dropped:
            self.dropped -= 1
            return
        local = self.open.pop()
        if local == "style":
            rules = "".join(self.style)
            self.style.clear()
            self._check_style(rules)
            self.parts.append(escape(rules))
        self.parts.append(f"</{local}>")

    def _words(self, words: str) -> Any:
        if self.dropped:
            return
        if self.open and self.open[-1] == "style":
            self.style.append(words)
        else:
            self.parts.append(escape(words))
