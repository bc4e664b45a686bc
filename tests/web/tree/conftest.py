"""A draft of the credit-risk framework, and its owner's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.content.layering import ContentKind
from app.services.drafting import begin_draft, get_draft
from app.services.permissions import Actor
from app.services.sign_ins import actor_of
from app.storage.database import Database
from app.web.context import EXTENSION
from tests.conftest import FixedClock
from tests.web.conftest import Page, Peopled, Visitor

FRAMEWORK = "credit-risk"


@dataclass
class Editing:
    """An editor with a draft open."""

    visitor: Visitor
    database: Database
    actor: Actor
    draft_id: int

    @property
    def tree(self) -> str:
        return f"/drafts/{self.draft_id}/tree"

    @property
    def files(self) -> dict[str, str]:
        """The files of the draft as they stand."""
        with self.database.read() as session:
            return dict(get_draft(session, self.draft_id, self.actor).files)

    def page(self, below: str = "", *, status: int = 200) -> Page:
        return self.visitor.page(self.tree + below, status=status)

    def post(self, below: str, values: dict[str, Any]) -> TestResponse:
        return self.visitor.post(self.tree + below, values)


@pytest.fixture
def editing(
    visit: Callable[[str | None], Visitor],
    application: Flask,
    web_database: Database,
    clock: FixedClock,
    peopled: Peopled,
) -> Editing:
    library = application.extensions[EXTENSION].library
    with web_database.begin() as session:
        actor = actor_of(session, peopled.tokens["editor"], clock)
        assert actor is not None
        draft = begin_draft(session, ContentKind.FRAMEWORK, FRAMEWORK, library=library, actor=actor, clock=clock)
    return Editing(visit("editor"), web_database, actor, draft.id)
