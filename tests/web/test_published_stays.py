"""Every route that changes something of an assessment, tried on a published one: generated from the URL map."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.core.text import Text
from app.services import findings
from app.services.engagements import assessment_record
from app.services.permissions import Role
from app.services.recording import read_holdings, record_document
from tests.acting import acting
from tests.services.holding import hold
from tests.services.releases import attach, release
from tests.web.samples import UNSAFE, VALUES

if TYPE_CHECKING:
    from flask import Flask

    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock
    from tests.web.conftest import Visitor

OF_ASSESSMENTS = {"assessment_id", "interview_id", "finding_id", "attachment_id"}
# these change no result: an assessment may be taken out of sight and brought back; a correction is another assessment;
# a guide is printed; who is looking at a page, and a link that is ended, say nothing about the unit
MAY_STILL_ACT = {
    "enrolling.archive",
    "enrolling.restore",
    "releasing.correct",
    "guides.ask",
    "guides.ask_blank",
    "interviewing_api.tell_presence",
    "self_assessing.end",
}
# what the walk must be able to change while nothing is published, or it proves nothing
CHANGE_WHEN_OPEN = {
    "findings.add",
    "findings.archive",
    "interviewing.save_particulars",
    "interviewing.archive",
    "interviewing_api.put_answer",
    "planning.save_settings",
}
ELEMENT = "customer-data-strategy"
BODY: dict[str, Any] = {
    "score": "1.5",
    "state": "scored",
    "choice": "1.5",
    f"{ELEMENT}-score": "1.5",
    "reason": "试一试能不能改",
    "words": "试一试能不能改",
    "note": "试一试能不能改",
    "text_zh": "试一试能不能写",
    "code": "low-coverage",
    "about": "",
    "respondent": "别人",
    "interviewer": "别人",
    "questionnaire": "telecom-crm-interview@1.0.0",
    "role": "local-marketing",
    "minimum_roles": "3",
    "shows_previous": "no",
    "base_version": "0",
    "version": "1",
    "seen": "0" * 64,
    "days": "30",
}


@pytest.fixture
def there(web_database: Database, library: Library, clock: FixedClock) -> dict[str, int]:
    """An assessment with an interview, an answer, a finding and an attachment."""
    with web_database.read() as session:
        user_id = session.execute(text("SELECT id FROM user WHERE name = 'administrator'")).scalar_one()
    who = acting(user_id, "administrator", "administrator", Role.ADMINISTRATOR)
    held = hold(web_database, library, clock, ann=who, bo=who)
    held.save({"score": "3", "note": "见过月报"})
    with web_database.begin() as session:
        draft = findings.Draft(Text("客户数据分散"), None)
        written = findings.write_finding(session, held.assessment_id, ELEMENT, draft, actor=who, clock=clock)
        attachment_id = attach(session, held.assessment_id, ELEMENT, "0" * 32 + ".pdf")
    return {
        "assessment_id": held.assessment_id,
        "interview_id": held.interview_id,
        "finding_id": written.finding_id,
        "attachment_id": attachment_id,
        "user_id": user_id,
    }


def standing(database: Database, assessment_id: int) -> str:
    """Everything that is stored of an assessment."""
    with database.read() as session:
        record = assessment_record(session, assessment_id)
        rows = [
            session.execute(
                text(f"SELECT * FROM {table} WHERE assessment_id = :one ORDER BY id"), {"one": assessment_id}
            )
            for table in ("attachment", "accepted_warning", "published_result", "finding")
        ]
        settings = (record.state, record.minimum_roles, record.shows_previous, record.framework_hash)
        told = [[str(tuple(row)) for row in found] for found in rows]
        return record_document(read_holdings(session, record)) + json.dumps([*map(str, settings), told])


def walk(application: Flask, visitor: Visitor, database: Database, there: dict[str, int]) -> set[str]:
    """Call every unsafe route about an assessment; return the endpoints that changed something of this one."""
    adapter = application.url_map.bind("localhost")
    token, changed = visitor.token(), set()
    before = standing(database, there["assessment_id"])
    for rule in sorted(application.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if not rule.arguments & OF_ASSESSMENTS or rule.endpoint in MAY_STILL_ACT:
            continue
        values = {name: there.get(name, VALUES.get(name, 1)) for name in rule.arguments}
        for method in sorted((rule.methods or set()) & UNSAFE):
            address = adapter.build(rule.endpoint, values, method=method)
            if method == "PUT":
                body = {"mutation_id": f"mutation-{rule.endpoint}", "base_version": 1, "set": {"score": "1.5"}}
                answer = visitor.client.put(address, json=body, headers={"X-CSRFToken": token})
            else:
                file = (BytesIO(b"%PDF-1.7"), "a.pdf")
                answer = visitor.client.post(address, data={"csrf_token": token, **BODY, "file": file})
            assert answer.status_code < 500, (rule.endpoint, answer.status_code)
            after = standing(database, there["assessment_id"])
            if after != before:
                changed.add(rule.endpoint)
            before = after
    return changed


def test_no_route_changes_anything_of_a_published_assessment(
    application: Flask, administrator: Visitor, web_database: Database, there: dict[str, int], clock: FixedClock
) -> None:
    who = acting(there["user_id"], "administrator", "administrator", Role.ADMINISTRATOR)
    release(web_database, there["assessment_id"], actor=who, clock=clock)
    assert walk(application, administrator, web_database, there) == set()


@pytest.mark.nightly
def test_the_same_walk_changes_an_assessment_that_is_open(
    application: Flask, administrator: Visitor, web_database: Database, there: dict[str, int]
) -> None:
    changed = walk(application, administrator, web_database, there)
    assert changed >= CHANGE_WHEN_OPEN, CHANGE_WHEN_OPEN - changed
