"""An editor's own page: a foreword, a note on the mandate. Nothing on it is computed."""

from __future__ import annotations

from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.values import Section


def words(_: Draft, title: str) -> Section:
    """Return the page; its text comes from the definition."""
    return Section("words", SectionKind.WORDS, title)
