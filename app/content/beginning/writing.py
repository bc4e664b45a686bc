"""How the first files are written: texts in both languages, comments for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.text import Locale


def remark(language: Locale, zh: str, en: str, indent: int = 0) -> Iterator[str]:
    """Yield a comment in one of the languages."""
    for line in (zh if language == "zh" else en).split("\n"):
        yield f"{' ' * indent}# {line}"


def pair(zh: str, en: str) -> str:
    """Return a text in both languages."""
    return f"{{zh: {quoted(zh)}, en: {quoted(en)}}}"


def named(evidence_id: str, zh: str, en: str) -> str:
    """Return a text in both languages with an id."""
    return f"{{id: {evidence_id}, zh: {quoted(zh)}, en: {quoted(en)}}}"


_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9 .;'()\u3001\u3002\uff0c\uff1b\uff1a\u201c\u201d\u4e00-\u9fff-]*")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def quoted(text: str) -> str:
    """Return a text as a value inside braces, quoted where YAML could take it for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
