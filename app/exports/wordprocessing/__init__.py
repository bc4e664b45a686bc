"""Reports as texts that consultants edit: headings, paragraphs, tables with repeated heads, native charts, A4."""

from __future__ import annotations

from app.exports.wordprocessing.writing import write_text_document

__all__ = ["write_text_document"]
