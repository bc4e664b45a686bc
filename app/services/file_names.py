"""What a file is called for whoever saves it. Knows no path."""

from __future__ import annotations

LONGEST = 80


def plain_name(words: str, longest: int = LONGEST) -> str:
    """Return words as every system takes them: no separators, quotes or control characters, and not too long."""
    plain = "".join(c if c.isalnum() or c in "-_.()（） &" else "-" for c in words).strip(" .-")
    return plain[:longest].strip(" .-")


def file_name(words: str, ending: str) -> str:
    """Return a name for a file, with its ending; `report` where the words hold nothing that can be used."""
    return (plain_name(words) or "report") + ending
