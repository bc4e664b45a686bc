"""Style sheets beside a report: valid CSS that takes nothing from outside its own files.

Read with the parser of the printer, so that an escaped `url` is seen as what it is. Knows no property.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import tinycss2

from app.content.faults import Faults
from app.content.located import Place, shown

ASSETS = "asset:"
_RULES = ("qualified-rule", "at-rule")


def check_stylesheet(text: str, place: Place, faults: Faults, assets: Iterable[str]) -> None:
    """Report what is wrong with a style sheet; it may refer to `assets`, by name after `asset:`, and to #anchors."""
    _Check(place, faults, frozenset(assets)).rules(tinycss2.parse_stylesheet(text, skip_comments=True))


def allowed(address: str, assets: frozenset[str]) -> bool:
    """Tell whether a report may refer to an address: an anchor of its own, or one of its files."""
    address = address.strip()
    return address.startswith("#") or (address.startswith(ASSETS) and address.removeprefix(ASSETS) in assets)


class _Check:
    def __init__(self, place: Place, faults: Faults, assets: frozenset[str]) -> None:
        self.origin = place
        self.faults = faults
        self.assets = assets

    def rules(self, nodes: Sequence[Any]) -> None:
        for node in nodes:
            if node.type == "error":
                self._fault("E713", node, problem=node.message)
            elif node.type == "at-rule" and node.lower_at_keyword == "import":
                self._fault("E712", node)
            elif node.type in _RULES:
                self.tokens(node.prelude)
                self._body(node)

    def _body(self, node: Any) -> None:
        if node.content is None:
            return
        for found in tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True):
            if found.type == "error":
                self._fault("E713", found, problem=found.message)
            elif found.type == "declaration":
                self.tokens(found.value)
            elif found.type in _RULES:
                self.rules([found])

    def tokens(self, tokens: Iterable[Any]) -> None:
        """Report addresses among tokens, however deep they stand."""
        for token in tokens:
            if token.type == "url":
                self._address(token, token.value)
            elif token.type == "function":
                if token.lower_name in ("url", "src", "image", "image-set", "attach"):
                    for word in (one for one in token.arguments if one.type in ("string", "url")):
                        self._address(word, word.value)
                self.tokens(token.arguments)
            elif token.type == "error":
                self._fault("E713", token, problem=token.message)
            elif token.type in ("() block", "[] block", "{} block"):
                self.tokens(token.content)

    def _address(self, token: Any, address: str) -> None:
        if not allowed(address, self.assets):
            self._fault("E711", token, address=shown(address) or "an empty address")

    def _fault(self, code: str, token: Any, **values: object) -> None:
        line = self.origin.line + token.source_line - 1
        column = token.source_column + (self.origin.column - 1 if token.source_line == 1 else 0)
        self.faults.add(code, Place(self.origin.file, line, column), **values)


def style_elements(text: str) -> Iterable[tuple[str, int]]:
    """Yield the sheets in the <style> elements of a template, each with the line it begins in."""
    for found in re.finditer(r"<style[^>]*>(.*?)</style", text, re.IGNORECASE | re.DOTALL):
        yield found[1], text.count("\n", 0, found.start(1)) + 1
