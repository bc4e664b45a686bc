"""What every template may call: translations, texts in the reader's language, figures and dates as they are written."""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import Flask, g, request

from app.core.scale import Scale, display
from app.core.text import Text
from app.i18n import written_date, written_time
from app.services.permissions import permitted
from app.web.access import MARK, can, can_in
from app.web.context import locale, signed_in, translate, translate_in, translate_plural
from app.web.shell import Shell

FIGURE_DECIMALS = 2  # groups and above (formats.md, Scores)
DASH = "–"
CHINESE = re.compile(r"[\u3400-\u9fff]")


def equip(app: Flask) -> None:
    """Give the templates their functions and filters."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.add_extension("jinja2.ext.do")
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.install_gettext_callables(  # type: ignore[attr-defined] # added by the i18n extension
        gettext=translate, ngettext=translate_plural, newstyle=True, pgettext=translate_in
    )
    environment.globals.update(
        signed_in=signed_in,
        told=translate,  # of a message that may be a finished sentence with signs of formatting in it
        can=can,
        can_in=can_in,
        here=here,
        locale=locale,
        tone=tone,
        language_of=language_of,
        rounded=rounded,
        percent=percent,
        reference=reference,
        has_endpoint=lambda name: name in app.view_functions,
        may_open=lambda name: may_open(app, name),
        language_of_plain=language_of_plain,
    )
    environment.filters.update(text=in_locale, figure=rounded, percent=percent, day=day, moment=moment, exact=exact)
    app.context_processor(_defaults)


def _defaults() -> dict[str, Any]:
    return {"shell": Shell(), "help_page": None}


def may_open(app: Flask, endpoint: str) -> bool:
    """Tell whether there is such a view and the reader of this page may open it."""
    view = app.view_functions.get(endpoint)
    return view is not None and permitted(signed_in(), getattr(view, MARK))


def here() -> str:
    """Return path and query of this page, to come back to."""
    return request.full_path if request.query_string else request.path


def reference() -> str:
    """Return the number under which the log knows this request."""
    return str(g.get("reference", ""))


def in_locale(text: Text | None) -> str:
    """Return a content text in the reader's language (or the other one; see `language_of`)."""
    return text.in_locale(locale()) if text else ""


def language_of(text: Text) -> str:
    """Return the `lang` of what `in_locale` gives: zh-Hans or en."""
    return "en" if text.language_of(locale()) == "en" else "zh-Hans"


def language_of_plain(written: str | None) -> str | None:
    """Return the `lang` of what somebody wrote in any language (sources, notes), None if it is the page's."""
    language = "zh" if CHINESE.search(written or "") else "en"
    if not written or language == locale():
        return None
    return "en" if language == "en" else "zh-Hans"


def rounded(value: Fraction | None, decimals: int = FIGURE_DECIMALS) -> str:
    """Return a figure rounded half up at display; a dash for none."""
    return DASH if value is None else display(value, decimals)


def exact(value: Fraction | None) -> str:
    """Return a number as short as it can be written exactly (weights, shares); at most four decimals."""
    if value is None:
        return DASH
    written = display(value, 4)
    return written.rstrip("0").rstrip(".")


def percent(share: Fraction | None) -> str:
    """Return a share (0 to 1) as whole per cent; a dash for none."""
    return DASH if share is None else f"{display(share * 100, 0)}%"


def day(value: date | None) -> str:
    """Return a date as the reader writes it."""
    return written_date(value, locale()) if value else ""


def moment(value: datetime | None) -> str:
    """Return a time as the reader writes it."""
    return written_time(value, locale()) if value else ""


def tone(value: Fraction | None, scale: Scale) -> str:
    """Return the CSS class of a score on the sequential ramp: tone-0 (the scale's minimum) to tone-10 (its maximum)."""
    if value is None:
        return "tone-none"
    share = (value - scale.minimum) / (scale.maximum - scale.minimum)
    return f"tone-{min(10, max(0, int(display(share * 10, 0))))}"
