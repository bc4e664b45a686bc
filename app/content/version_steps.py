"""Version numbers: by which part one rises over another, the next one of a step, and writing one into a file."""

from __future__ import annotations

from dataclasses import replace

from app.content.faults import Document, Faults
from app.content.located import Mapping, Scalar
from app.content.reading import read_bytes
from app.content.versions import Version
from app.core.diff import Step
from app.core.framework import Framework
from app.core.questionnaire import Questionnaire

FIRST = "1.0.0"


def step_between(old: str, new: str) -> Step:
    """Return by which part of its number `new` rises over `old`; NONE where it does not rise.

    A release that follows its own pre-releases may change anything.
    """
    before, after = Version.lenient(old), Version.lenient(new)
    if after <= before:
        return Step.NONE
    for step, one, other in zip((Step.MAJOR, Step.MINOR, Step.PATCH), before.numbers, after.numbers, strict=True):
        if other > one:
            return step
    return Step.MAJOR


def next_version(old: str, step: Step) -> str:
    """Return the least version that rises over `old` by a step; of none, by a patch."""
    major, minor, patch = Version.lenient(old).numbers
    if step is Step.MAJOR:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step is Step.MINOR else f"{major}.{minor}.{patch + 1}"


def same_apart_from_version(old: Framework | Questionnaire, new: Framework | Questionnaire) -> bool:
    """Tell whether nothing but the version differs, in what any page or score could show."""
    return replace(old, version="") == replace(new, version="")


def with_version(text: str, version: str) -> str | None:
    """Return a file with another version in its header, every other byte as it was; None where it has none."""
    node = read_bytes(text.encode("utf-8", "replace"), Document("", Faults()))
    entries = node.entries if isinstance(node, Mapping) else []
    scalar = next((entry.value for entry in entries if entry.key.text == "version"), None)
    if not isinstance(scalar, Scalar):
        return None
    lines = _lines(text)
    line, start = lines[scalar.line - 1], scalar.column - 1
    quote = line[start] if not scalar.plain and start < len(line) and line[start] in "'\"" else ""
    if (not scalar.plain and not quote) or not line[start + len(quote) :].startswith(scalar.text):
        return None  # a block scalar or an escaped text: no way to write a version
    end = start + 2 * len(quote) + len(scalar.text)
    lines[scalar.line - 1] = f"{line[:start]}{quote}{version}{quote}{line[end:]}"
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """Split at the line ends that YAML counts, each kept with its line."""
    lines, start, at = [], 0, 0
    while at < len(text):
        at += 1
        if text[at - 1] == "\n" or (text[at - 1] == "\r" and text[at : at + 1] != "\n"):
            lines.append(text[start:at])
            start = at
    return [*lines, text[start:]]
