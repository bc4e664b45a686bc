"""Replacements of stretches of a text, made together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patch:
    """Put `text` in the place of the characters from `start` up to `end`."""

    start: int
    end: int
    text: str


def patched(text: str, patches: Iterable[Patch]) -> str:
    """Return the text with every patch made; those that begin at one place are made in the order given.

    Patches may not overlap (ValueError).
    """
    kept: list[str] = []
    at = 0
    for patch in sorted(patches, key=lambda one: (one.start, one.end)):
        if patch.start < at:
            raise ValueError(f"two changes concern the same text, at {patch.start}")
        kept += (text[at : patch.start], patch.text)
        at = patch.end
    return "".join((*kept, text[at:]))


def line_break(text: str) -> str:
    """Return how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def line_start(text: str, at: int) -> int:
    """Return where the line begins that a place lies in."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Return where the line ends that a place lies in: before its line break."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end


def column(text: str, at: int) -> int:
    """Return how many characters stand before a place in its line."""
    return at - line_start(text, at)
