"""An editor with drafts: a questionnaire with a rule, a weight profile."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.services.drafting import get_draft, save_file
from app.services.permissions import Actor
from app.services.sign_ins import actor_of
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.web.conftest import Page, Peopled, Visitor


@dataclass
class Editor:
    """An editor with a browser, and the drafts behind the pages."""

    visitor: Visitor
    database: Database
    actor: Actor
    clock: FixedClock

    def page(self, path: str, *, status: int = 200) -> Page:
        return self.visitor.page(path, status=status)

    def post(self, path: str, values: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.visitor.post(path, values, **options)

    def begin(self, path: str, key: str) -> str:
        """Open a draft by its button; return the address of its form."""
        answer = self.post(path, {"key": key})
        assert answer.status_code == 302, answer.text
        return answer.location

    def text(self, address: str) -> str:
        """Return what the one file of a draft says."""
        with self.database.read() as session:
            return next(iter(get_draft(session, draft_of(address), self.actor).files.values()))

    def type(self, address: str, old: str, new: str) -> None:
        """Change the file of a draft as its editor page does."""
        with self.database.begin() as session:
            draft = get_draft(session, draft_of(address), self.actor)
            name, text = next(iter(draft.files.items()))
            assert old in text
            save_file(
                session,
                draft.id,
                name,
                text.replace(old, new, 1),
                base_version=draft.version,
                actor=self.actor,
                clock=self.clock,
            )

    def version(self, address: str) -> int:
        with self.database.read() as session:
            return get_draft(session, draft_of(address), self.actor).version


def draft_of(address: str) -> int:
    return int(address.split("/drafts/")[1].split("/", maxsplit=1)[0])


def hidden(page: Page, name: str, after: str = "") -> str:
    """Return the value of a hidden field, the first behind some words of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text[page.text.index(after) :])
    assert found, name
    return unescape(found[1])


@pytest.fixture
def editor(
    visit: Callable[[str | None], Visitor],
    application: Flask,
    web_database: Database,
    clock: FixedClock,
    peopled: Peopled,
) -> Editor:
    with web_database.begin() as session:
        actor = actor_of(session, peopled.tokens["editor"], clock)
    assert actor is not None
    return Editor(visit("editor"), web_database, actor, clock)
