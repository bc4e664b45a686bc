"""Texts that exist in Chinese, English or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one or both languages; at least one of them is present."""

    zh: str | None = None
    en: str | None = None

    def in_locale(self, locale: Locale) -> str:
        """Return the text in `locale`, else in the other language; empty if there is none."""
        first, second = (self.zh, self.en) if locale == "zh" else (self.en, self.zh)
        return first or second or ""

    def is_fallback(self, locale: Locale) -> bool:
        """Tell whether `in_locale(locale)` has to borrow the other language."""
        wanted = self.zh if locale == "zh" else self.en
        return not wanted and bool(self.zh or self.en)

    def language_of(self, locale: Locale) -> Locale:
        """Return the language that `in_locale(locale)` really speaks (for `lang` attributes)."""
        if self.is_fallback(locale):
            return "en" if locale == "zh" else "zh"
        return locale
