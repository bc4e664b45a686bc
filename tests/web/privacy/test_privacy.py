"""The page about data and privacy: names are erased by leads, engagements by administrators, archives given out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from app.core.text import Text
from app.services import findings
from app.services.engagements import get_engagement, list_engagements
from app.services.permissions import Role
from app.storage.tables import RespondentRow
from app.storage.trust_tables import AuditEventRow
from tests.acting import acting
from tests.services.holding import ELEMENT, Held, hold
from tests.web.conftest import ENGAGEMENT, Visitor

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock

DATA = f"{ENGAGEMENT}/data"
NAME = "欧阳独一"
KEY = "china-telecom-2003"


@pytest.fixture
def held(web_database: Database, library: Library, clock: FixedClock) -> Held:
    """An interview with somebody who has a name."""
    with web_database.read() as session:
        user_id = session.execute(text("SELECT id FROM user WHERE name = 'consultant'")).scalar_one()
    who = acting(user_id, "consultant", "consultant", Role.CONSULTANT)
    found = hold(web_database, library, clock, ann=who, bo=who)
    with web_database.begin() as session:
        session.execute(
            text(
                "UPDATE respondent SET label = :name "
                "WHERE id = (SELECT respondent_id FROM interview WHERE id = :interview)"
            ),
            {"name": NAME, "interview": found.interview_id},
        )
    return found


def respondent_of(database: Database) -> int:
    with database.read() as session:
        return session.execute(select(RespondentRow.id).where(RespondentRow.label == NAME)).scalar_one()


def labels(database: Database) -> list[str | None]:
    with database.read() as session:
        return [label for label in session.scalars(select(RespondentRow.label)) if label]


def events(database: Database, kind: str) -> list[dict[str, object] | None]:
    with database.read() as session:
        return list(session.scalars(select(AuditEventRow.details).where(AuditEventRow.kind == kind)))


def test_a_lead_finds_the_page_from_the_engagement(consultant: Visitor, held: Held) -> None:
    assert DATA in consultant.page(ENGAGEMENT).links
    page = consultant.page(DATA)
    assert NAME in page.words
    assert f"{ENGAGEMENT}/erase" not in page.links


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("editor", 403)])
def test_whoever_does_not_run_the_engagement_is_refused(
    visit: Callable[[str | None], Visitor], role: str, status: int, held: Held
) -> None:
    visitor = visit(role)
    assert visitor.get(DATA).status_code == status
    assert visitor.get(f"{DATA}/engagement.zip").status_code == status
    assert visitor.get(f"{ENGAGEMENT}/erase").status_code == status


def test_a_name_is_erased_after_a_look_at_what_that_means(
    consultant: Visitor, held: Held, web_database: Database, clock: FixedClock
) -> None:
    with web_database.begin() as session:
        draft = findings.Draft(Text(f"{NAME}管着客户数据"), None)
        findings.write_finding(session, held.assessment_id, ELEMENT, draft, actor=held.ann, clock=clock)
    place = f"{DATA}/respondents/{respondent_of(web_database)}"
    asked = consultant.page(place)
    assert "自由文字里也写着这个姓名" in asked.words
    assert any(link.endswith(f"findings/{ELEMENT}") or ELEMENT in link for link in asked.links)
    answer = consultant.post(f"{place}/erase")
    assert (answer.status_code, answer.headers["Location"]) == (302, DATA)
    assert NAME not in labels(web_database)
    assert events(web_database, "respondent.erased") == [{"count": 1}]
    assert "没有姓名" in consultant.page(place).words


def test_all_names_go_only_with_the_box_ticked(consultant: Visitor, held: Held, web_database: Database) -> None:
    place = f"{DATA}/respondents/erase"
    refused = consultant.post(place)
    assert (refused.status_code, "请先勾选确认" in refused.text) == (422, True)
    assert NAME in labels(web_database)
    assert consultant.post(place, {"sure": "y"}).status_code == 303
    assert labels(web_database) == []


@pytest.mark.parametrize("everybody", [False, True])
def test_the_database_file_is_written_anew_before_anybody_is_told_that_a_name_is_gone(
    consultant: Visitor, held: Held, web_database: Database, everybody: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bool] = []
    compact = type(web_database).compact

    def noted(own: Database) -> bool:
        written.append(compact(own))
        return written[-1]

    monkeypatch.setattr(type(web_database), "compact", noted)
    address = "erase" if everybody else f"{respondent_of(web_database)}/erase"
    consultant.post(f"{DATA}/respondents/{address}", {"sure": "y"})
    assert written == [True]


@pytest.mark.parametrize(("query", "named"), [("", False), ("?names=1", True)])
def test_the_archive_names_people_only_when_asked_and_the_trail_says_so(
    consultant: Visitor, held: Held, web_database: Database, query: str, named: bool
) -> None:
    with consultant.get(f"{DATA}/engagement.zip{query}") as answer:
        headers, content = answer.headers, answer.data
    assert headers["Content-Type"] == "application/zip"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    assert (NAME.encode() in told) is named
    (details,) = events(web_database, "export.done")
    assert details is not None
    assert ("names" in details) is named


@pytest.mark.parametrize(("query", "named"), [("", False), ("?names=1", True)])
def test_calendars_name_people_only_when_asked(
    consultant: Visitor, held: Held, web_database: Database, query: str, named: bool
) -> None:
    with web_database.begin() as session:
        session.execute(text("UPDATE interview SET starts_at = '2026-03-05 09:00:00', state = 'draft'"))
        session.execute(text("DELETE FROM evidence_note"))
        session.execute(text("DELETE FROM answer"))
    body = consultant.get(f"/assessments/{held.assessment_id}/plan/appointments.ics{query}").text
    assert "BEGIN:VEVENT" in body
    assert (NAME in body.replace("\r\n ", "")) is named


@pytest.mark.parametrize("names", [None, "1"])
def test_a_printed_guide_names_people_only_when_its_box_is_ticked(
    consultant: Visitor, held: Held, web_database: Database, names: str | None
) -> None:
    consultant.post(f"/interview/{held.interview_id}/guide", {"language": "zh", **({"names": names} if names else {})})
    with web_database.read() as session:
        (parameters,) = session.execute(text("SELECT parameters FROM job WHERE kind = 'guide'")).scalars()
    assert (f'"names": {"true" if names else "false"}') in parameters
    asked = [one for one in events(web_database, "report.asked") if one and one.get("names")]
    assert bool(asked) is bool(names)


def test_an_administrator_erases_an_engagement_by_typing_its_key(
    administrator: Visitor, held: Held, web_database: Database
) -> None:
    place = f"{ENGAGEMENT}/erase"
    assert place in administrator.page(DATA).links
    assert "不能撤销" in administrator.page(place).words
    refused = administrator.post(place, {"typed": "china"})
    assert (refused.status_code, "没有删除任何内容" in refused.text) == (422, True)
    assert administrator.post(place, {"typed": ""}).status_code == 422
    with web_database.read() as session:
        assert get_engagement(session, KEY).key == KEY
    done = administrator.post(place, {"typed": KEY})
    assert (done.status_code, done.headers["Location"]) == (303, "/engagements")
    with web_database.read() as session:
        assert list_engagements(session) == ()
    assert "已删除" in administrator.page("/engagements").words
    assert administrator.get(ENGAGEMENT).status_code == 404
    assert administrator.get("/trail").status_code == 200


def test_erasing_asks_again_who_somebody_is(administrator: Visitor, web_database: Database, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=20))
    answer = administrator.post(f"{ENGAGEMENT}/erase", {"typed": KEY})
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/account/confirm")
    with web_database.read() as session:
        assert get_engagement(session, KEY).key == KEY


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_pages_say_what_is_kept_for_how_long(consultant: Visitor, held: Held, locale: str) -> None:
    words = consultant.speak(locale).page(DATA).words
    assert ("7 天" if locale == "zh" else "7 days") in words
    assert ("直到有人删除" if locale == "zh" else "Until somebody erases them") in words
    assert consultant.get("/help/privacy").status_code == 200
