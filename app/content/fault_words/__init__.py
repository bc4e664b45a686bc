"""Faults in the reader's words: the sentence of a code in Chinese or English, and how to mend what it finds.

English sentences stand in `faults`; here are the Chinese ones, and the hints of docs/fault-codes.md in both languages.
"""

from __future__ import annotations

from app.content.fault_words.chinese import CHINESE
from app.content.fault_words.hints import HINTS
from app.content.fault_words.phrases import in_chinese
from app.core.errors import Fault
from app.core.text import Locale

_WORDS = frozenset({"expected", "found", "problem", "languages", "ground", "known", "allowed", "parent"})
_MAY_BE_WORDS = frozenset({"value", "key", "id", "address"})  # mostly what somebody wrote: one word of it is theirs
_NEVER_WRITTEN = frozenset({"E217", "E218"})


def sentence(fault: Fault, locale: Locale) -> str:
    """Return what is wrong in one sentence; in English where a code has no other (a fault that is not of content)."""
    chinese = CHINESE.get(fault.code) if locale == "zh" else None
    if chinese is None:
        return fault.message
    return chinese.format(**{name: _part(fault.code, name, value) for name, value in fault.values})


def hint(code: str, locale: Locale) -> str:
    """Return how to mend what a code finds, YAML between backquotes; empty where nothing is known."""
    known = HINTS.get(code)
    return known.in_locale(locale) if known is not None else ""


def line(fault: Fault, locale: Locale) -> str:
    """Return the fault with its place on one line, as `str(fault)` does in English."""
    if locale == "en":
        return str(fault)
    place = ":".join(str(part) for part in (fault.file, fault.line, fault.column) if part is not None)
    inside = f" [{fault.path}]" if fault.path else ""
    kind = "提醒" if fault.severity == "warning" else "错误"
    return f"{place + ': ' if place else ''}{kind} {fault.code}：{sentence(fault, locale)}{inside}"


def _part(code: str, name: str, value: str) -> str:
    if name in _WORDS or (name in _MAY_BE_WORDS and (" " in value or "(" in value or code in _NEVER_WRITTEN)):
        return in_chinese(value)
    return value
