"""Languages of screens and reports. Chinese is the source language (msgids); English is the one catalogue.

Knows Babel, catalogues and formats of dates; knows no request and no template.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.core.text import LOCALES, Locale

CATALOGUES = Path(__file__).parent / "translations"
_BABEL = {"zh": "zh_Hans_CN", "en": "en_GB"}


def as_locale(value: str | None) -> Locale | None:
    """Return `value` when it is one of our locales, else None."""
    return next((locale for locale in LOCALES if locale == value), None)


@cache
def translator(locale: Locale) -> gettext.NullTranslations:
    """Return the translations of a locale: Chinese returns the msgids, English reads every catalogue of its folder."""
    translations = gettext.NullTranslations()
    for path in sorted((CATALOGUES / locale / "LC_MESSAGES").glob("*.po")):
        compiled = BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source, locale=locale))
        compiled.seek(0)
        part = gettext.GNUTranslations(compiled)
        part.add_fallback(translations)
        translations = part
    return translations


def written_date(day: date, locale: Locale) -> str:
    """Return a date as a reader of `locale` writes it (2003年9月28日, 28 Sept 2003)."""
    return format_date(day, format="long" if locale == "zh" else "medium", locale=_BABEL[locale])


def written_weekday(day: date, locale: Locale) -> str:
    """Return a date with its day of the week (2026年3月2日星期一, Monday 2 March 2026)."""
    return format_date(day, format="full", locale=_BABEL[locale])


def written_time(moment: datetime, locale: Locale) -> str:
    """Return an aware time as a reader of `locale` writes it, in the server's zone."""
    return format_datetime(moment.astimezone(), format="medium", locale=_BABEL[locale])


def msgid(text: str) -> str:
    """Mark a Chinese text for the catalogue where it stands; it is translated where it is shown."""
    return text
