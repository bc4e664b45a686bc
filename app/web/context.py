"""What a view may reach: the installation's parts, who asks, and in which language. Knows the request, no feature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from flask import current_app, g, has_request_context, request

from app.core.text import Locale
from app.i18n import as_locale, translator

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.identity_provider import IdentityProvider
    from app.services.jobs import Queue
    from app.services.permissions import Actor
    from app.services.shelf import Shelf
    from app.settings import Settings
    from app.storage.database import Database

EXTENSION = "crm-maturity"
LOCALE_COOKIE = "locale"


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a running installation, put together by bootstrap."""

    settings: Settings
    database: Database
    shelf: Shelf
    clock: Clock
    queue: Queue
    provider: IdentityProvider | None = None  # by which people may sign in

    @property
    def library(self) -> Library:
        """The content of the moment: a view asks once and works on that."""
        return self.shelf.library


def context() -> Context:
    """Return the parts of this installation; the database is opened for whoever asks."""
    if has_request_context() and "parts" in g:
        return cast("Context", g.parts)
    return cast("Context", current_app.extensions[EXTENSION])


def enter_as(found: Actor) -> None:
    """Let the rest of this request act, and read the database, as `found`."""
    g.actor = found
    g.parts = replace(context(), database=context().database.opened_for(asker=found))


def name_request(reference: str) -> None:
    """Give this request a number under which log and trail know it."""
    parts = cast("Context", current_app.extensions[EXTENSION])
    g.reference = reference
    g.parts = replace(parts, database=parts.database.opened_for(request=reference, clock=parts.clock))


def locale() -> Locale:
    """Return the language of this page: what the visitor chose, else the setting, outside a request Chinese."""
    if not has_request_context():
        return "zh"
    return as_locale(request.cookies.get(LOCALE_COOKIE)) or as_locale(context().settings.locale) or "zh"


def translate(msgid: str) -> str:
    """Return a Chinese msgid in the language of this page."""
    return translator(locale()).gettext(msgid)


def translate_in(context: str, msgid: str) -> str:
    """Return a msgid that means different things in different places: `context` is where (plural: of a list)."""
    return translator(locale()).pgettext(context, msgid)


def translate_plural(singular: str, plural: str, number: int) -> str:
    """Return the msgid that fits `number` in the language of this page."""
    return translator(locale()).ngettext(singular, plural, number)


def signed_in() -> Actor | None:
    """Return who asks, None when nobody is signed in."""
    return cast("Actor | None", g.get("actor"))


def actor() -> Actor:
    """Return who asks; only for views whose permission rules out strangers."""
    found = signed_in()
    if found is None:
        raise RuntimeError("actor() in a view that strangers may open")
    return found
