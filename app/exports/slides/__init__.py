"""Reports as slides that consultants edit: native charts and tables, a master in the theme, notes with the sources."""

from __future__ import annotations

from app.exports.slides.writing import write_slides

__all__ = ["write_slides"]
