"""A consultant who hands out links in Fuzhou, and respondents with a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.services.holding import fuzhou
from tests.web.conftest import TOKEN, Page, Visitor

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.storage.database import Database

ADDRESS = re.compile(r'value="http://[^/"]+(/self/[^"]+)"')
SELF = "telecom-crm-self-assessment@1.1.0"


class Respondent(Visitor):
    """Somebody who came by a link; forms bring the token of the page they stand on."""

    def token(self) -> str:
        found = TOKEN.search(self.client.get("/self/").text)
        assert found
        return found[1]

    def put(self, element: str, body: object, *, token: str | None = None) -> TestResponse:
        headers = {"X-CSRFToken": self.token() if token is None else token}
        return self.client.put(f"/self/api/answers/{element}", json=body, headers=headers)


@dataclass
class Desk:
    """A consultant at the page of self-assessments of one assessment."""

    visitor: Visitor
    application: Flask
    assessment_id: int

    @property
    def address(self) -> str:
        return f"/assessments/{self.assessment_id}/self-assessments"

    def page(self) -> Page:
        return self.visitor.page(self.address)

    def order(self, **values: str) -> TestResponse:
        """Post the form that makes links."""
        return self.visitor.post(f"{self.address}/new", {"questionnaire": SELF, **values})

    def links(self, **values: str) -> list[str]:
        """Make links and return their addresses, as the page shows them once."""
        answer = self.order(**(values or {"labels.local-marketing": "受访者A"}))
        assert answer.status_code == 200, answer.text
        return ADDRESS.findall(answer.text)

    def act(self, action: str, interview_id: int) -> TestResponse:
        return self.visitor.post(f"{self.address}/{interview_id}/{action}")

    def respondent(self, link: str) -> Respondent:
        """Open a link in a browser of its own."""
        someone = Respondent(self.application.test_client())
        someone.get(link)
        return someone


@pytest.fixture
def assessment_id(web_database: Database) -> int:
    with web_database.read() as session:
        return fuzhou(session)


@pytest.fixture
def desk(application: Flask, consultant: Visitor, assessment_id: int) -> Desk:
    return Desk(consultant, application, assessment_id)


@pytest.fixture
def someone(desk: Desk) -> Respondent:
    """A respondent of the marketing department who has just opened the link."""
    return desk.respondent(desk.links()[0])
