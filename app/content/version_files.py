"""What is written beside a framework when it is published: versions.yaml and the changelog."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.content.versions import Version

CHANGELOG = "CHANGELOG.md"
_HEADING = re.compile(r"^## (?P<version>\S+)(?: – (?P<day>\d{4}-\d{2}-\d{2}))?\s*$")


@dataclass(frozen=True, slots=True)
class Note:
    """What was said when a version was published; `day` None where nobody knows."""

    version: str
    text: str
    day: date | None = None


def versions_text(framework_id: str, hashes: Mapping[str, str]) -> str:
    """Return a versions.yaml with the hash of every published version, oldest first."""
    lines = [f"  {_quoted(version)}: {hashes[version]}" for version in sorted(hashes, key=Version.lenient)]
    return "\n".join(["format: 1", "kind: versions", f"id: {framework_id}", "versions:", *lines, ""])


def _quoted(version: str) -> str:
    """A version of two parts would be read as a number."""
    return version if version.count(".") >= 2 else f'"{version}"'


def changelog_text(framework_id: str, notes: Mapping[str, Note]) -> str:
    """Return a changelog with a heading per version, the newest first."""
    parts = [f"# {framework_id}"]
    for version in sorted(notes, key=Version.lenient, reverse=True):
        note = notes[version]
        day = f" – {note.day.isoformat()}" if note.day is not None else ""
        parts.append(f"## {version}{day}\n\n{_safe(note.text)}")
    return "\n\n".join(parts) + "\n"


def _safe(text: str) -> str:
    """Keep a line of a note from being taken for a heading of ours."""
    return "\n".join(f" {line}" if line.startswith("## ") else line.rstrip() for line in text.strip().split("\n"))


def read_changelog(text: str) -> dict[str, Note]:
    """Return the notes of a changelog by version; what stands before the first heading is left out."""
    notes: dict[str, Note] = {}
    version, day, lines = "", None, list[str]()
    for line in [*text.splitlines(), "## "]:
        heading = _HEADING.match(line)
        if heading or line == "## ":
            if version:
                notes.setdefault(version, Note(version, "\n".join(lines).strip(), day))
            version = heading["version"] if heading else ""
            day, lines = _day(heading["day"]) if heading and heading["day"] else None, []
        else:
            lines.append(line)
    return notes


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
