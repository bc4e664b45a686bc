"""The pages of a release: what would be released, what was, how it stands, corrections; and who sees what."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.services.permissions import Role
from tests.acting import acting
from tests.services.releases import bring_to_review, scored
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from app.storage.database import Database
    from tests.conftest import FixedClock

SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
ELEMENT = "customer-data-strategy"


@pytest.fixture
def reviewed(web_database: Database, clock: FixedClock) -> int:
    """An assessment in review."""
    with web_database.read() as session:
        found = scored(session)
        user_id = session.execute(text("SELECT id FROM user WHERE name = 'consultant'")).scalar_one()
    lead = acting(user_id, "consultant", "consultant", Role.CONSULTANT)
    bring_to_review(web_database, found, actor=lead, clock=clock)
    return found


def address(assessment_id: int) -> str:
    return f"/assessments/{assessment_id}/release"


def publish(consultant: Visitor, assessment_id: int, **values: str) -> None:
    found = SEEN.search(consultant.get(address(assessment_id)).text)
    assert found
    answer = consultant.post(address(assessment_id), {"seen": found[1], "note": "经复核", **values})
    assert answer.status_code == 303, answer.text


def test_a_draft_cannot_be_released_and_the_page_says_why(consultant: Visitor) -> None:
    page = consultant.page(address(1))
    assert "还不能发布" in page.words
    assert "评估还没有提交复核" in page.words
    assert consultant.post(address(1), {"seen": "0" * 64}).status_code == 422


def test_a_lead_releases_what_was_reviewed(consultant: Visitor, reviewed: int) -> None:
    publish(consultant, reviewed)
    page = consultant.page(address(reviewed))
    assert "不再改动" in page.words
    assert "一字不差" in page.words
    assert "经复核" in page.words
    assert "发布" in consultant.page(f"/assessments/{reviewed}").words


def test_an_observer_sees_that_it_waits_and_has_no_button(reader: Visitor, reviewed: int) -> None:
    answer = reader.get(address(reviewed))
    assert "等项目负责人发布" in answer.text
    assert not SEEN.search(answer.text)
    assert reader.post(address(reviewed), {"seen": "0" * 64}).status_code == 403


def test_the_stored_result_is_sent_as_its_hash_says(consultant: Visitor, reviewed: int) -> None:
    assert consultant.get(f"{address(reviewed)}/result.json").status_code == 404
    publish(consultant, reviewed)
    answer = consultant.get(f"{address(reviewed)}/result.json")
    assert hashlib.sha256(answer.data).hexdigest() in consultant.get(address(reviewed)).text
    assert json.loads(answer.data)["kind"] == "assessment-result"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_difference_is_shown_on_both_pages(consultant: Visitor, web_database: Database, reviewed: int) -> None:
    publish(consultant, reviewed)
    with web_database.begin() as session:
        session.execute(
            text("UPDATE agreed_score SET steps = steps + 1 WHERE assessment_id = :one AND element = :element"),
            {"one": reviewed, "element": ELEMENT},
        )
    assert "与发布时存下的不同" in consultant.page(f"/assessments/{reviewed}").words
    page = consultant.page(address(reviewed))
    assert "与发布时不同" in page.words
    assert "总体" in page.words


def test_a_correction_leads_to_a_further_revision(consultant: Visitor, reviewed: int) -> None:
    publish(consultant, reviewed)
    assert consultant.post(f"{address(reviewed)}/correct", {"reason": " "}).status_code == 422
    answer = consultant.post(f"{address(reviewed)}/correct", {"reason": "台账记错一分"})
    assert answer.status_code == 303
    further = int(answer.headers["Location"].rsplit("/", 1)[1])
    assert "台账记错一分" in consultant.page(address(further)).words
    assert "已有更新的版本" in consultant.page(f"/assessments/{reviewed}").words


def test_codes_and_hashes_are_told(consultant: Visitor, reader: Visitor, reviewed: int) -> None:
    publish(consultant, reviewed)
    found = re.search(r'<code class="hash">([0-9a-f]{64})</code>', consultant.get(address(reviewed)).text)
    assert found
    assert "广州" in reader.page(f"/verify?code={found[1][:12]}").words
    assert "没有对上" in reader.page("/verify?code=0123456789ab").words
    assert "请输入核对码" in reader.page("/verify?code=x").words


Visit = Callable[[str | None], Visitor]


def test_the_trail_shows_who_did_what(consultant: Visitor, visit: Visit, reviewed: int) -> None:
    publish(consultant, reviewed)
    assert "405" not in consultant.page("/engagements/china-telecom-2003/trail?group=states").words
    assert "发布结果" in consultant.page("/engagements/china-telecom-2003/trail?group=states").words
    assert "发布结果" in consultant.page(f"/assessments/{reviewed}/trail?group=states").words
    element = consultant.page(f"/assessments/{reviewed}/trail/{ELEMENT}").words
    assert "现在的共识分" in element
    assert "随案例导入" in element
    assert "发布结果" in visit("administrator").page("/trail").words
