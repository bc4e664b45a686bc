"""Retention: what is no longer needed goes after the days that the settings say, and the trail tells how much."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.retention_settings import RetentionFault, RetentionSettings, read_retention
from app.services import accounts, respondents, throttling
from app.services.engagements import archive_engagement
from app.services.retaining import keep_to_retention
from app.services.sealing import Seal
from app.services.sign_ins import Factors, start_sign_in
from app.storage.report_tables import JobRow
from app.storage.tables import PresenceRow, SignInRow
from app.storage.trust_tables import AccountLinkRow, AuditEventRow, SignInAttemptRow
from tests.services.people import House
from tests.web.walls.world import FIRM

DAY = timedelta(days=1)


def test_nothing_goes_on_the_first_day(house: House) -> None:
    assert keep_to_retention(house.database, house.settings, house.clock) == {}


def test_what_ended_goes_after_its_days_and_not_before(house: House) -> None:
    with house.database.begin() as session:
        session.add(SignInAttemptRow(account="a", address="b", at=house.clock()))
    house.clock.advance(DAY + timedelta(minutes=1))
    first = keep_to_retention(house.database, house.settings, house.clock)
    assert first == {"failed-sign-ins": 1, "presence": 1}
    house.clock.advance(60 * DAY)
    second = keep_to_retention(house.database, house.settings, house.clock)
    assert set(second) == {"ended-sign-ins", "used-links"}
    with house.database.read() as session:
        for table in (SignInAttemptRow, PresenceRow, SignInRow, AccountLinkRow):
            assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert keep_to_retention(house.database, house.settings, house.clock) == {}


def test_a_longer_time_of_the_settings_is_kept_to_whatever_happens_meanwhile(house: House) -> None:
    settings = replace(house.settings, retention=RetentionSettings(failed_sign_ins=30, ended_sign_ins=365))

    def rows() -> tuple[int, int]:
        with house.database.read() as session:
            return tuple(  # type: ignore[return-value]
                session.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (SignInAttemptRow, SignInRow)
            )

    with house.database.begin() as session:
        session.add(SignInAttemptRow(account="a", address="b", at=house.clock()))
    attempts, sign_ins = rows()
    house.clock.advance(20 * DAY)
    with house.database.begin() as session:
        seal = Seal("k" * 40)
        throttling.admit(session, "password", "somebody", throttling.Door("192.0.2.7"), seal=seal, clock=house.clock)
    keep_to_retention(house.database, settings, house.clock)
    assert rows() == (attempts + 1, sign_ins)
    house.clock.advance(200 * DAY)
    with house.database.begin() as session:
        user = accounts.list_users(session)[0]
        start_sign_in(session, user.id, factors=Factors.PASSWORD, device=None, clock=house.clock)
    keep_to_retention(house.database, settings, house.clock)
    assert rows() == (0, sign_ins + 1)


def test_the_trail_tells_what_was_cleared(house: House) -> None:
    house.clock.advance(2 * DAY)
    keep_to_retention(house.database, house.settings, house.clock)
    with house.database.read() as session:
        event = session.execute(
            select(AuditEventRow.kind, AuditEventRow.user_id, AuditEventRow.details).order_by(AuditEventRow.id.desc())
        ).first()
    assert event == ("retention.done", None, {"presence": 1})


def test_printed_interviews_and_brought_workbooks_go_blank_forms_stay(house: House) -> None:
    reports, sheets = house.settings.data / "reports", house.settings.data / "sheets"
    sheets.mkdir()
    book = sheets / f"1-1-{'0' * 64}.xlsx"
    book.write_bytes(b"book")
    os.utime(book, (house.clock().timestamp(),) * 2)
    with house.database.begin() as session:
        for name, interview_id in (("named", 1), ("blank", None)):
            (reports / f"{name}.pdf").write_bytes(b"%PDF")
            session.add(
                JobRow(
                    kind="guide",
                    parameters={"language": "zh", "interview_id": interview_id},
                    state="done",
                    progress=100,
                    attempt=1,
                    result=f"reports/{name}.pdf",
                    created_at=house.clock(),
                    finished_at=house.clock(),
                )
            )
    house.clock.advance(7 * DAY + timedelta(minutes=1))
    done = keep_to_retention(house.database, house.settings, house.clock)
    assert (done["named-guides"], done["workbooks"]) == (1, 1)
    assert ((reports / "named.pdf").exists(), (reports / "blank.pdf").exists(), book.exists()) == (False, True, False)


@pytest.mark.parametrize("days", [0, 30])
def test_names_go_some_days_after_their_engagement_was_archived_if_wanted(house: House, days: int) -> None:
    settings = replace(house.settings, retention=RetentionSettings(names=days))
    with house.database.begin() as session:
        archive_engagement(session, FIRM, house.clock)
    house.clock.advance(29 * DAY)
    assert "names" not in keep_to_retention(house.database, settings, house.clock)
    house.clock.advance(2 * DAY)
    done = keep_to_retention(house.database, settings, house.clock)
    with house.database.read() as session:
        named = [one for one in respondents.list_respondents(session, house.engagement_id) if one.label]
    assert ("names" in done, bool(named)) == (bool(days), not days)


def test_names_stay_while_an_engagement_is_in_use(house: House) -> None:
    settings = replace(house.settings, retention=RetentionSettings(names=1))
    house.clock.advance(400 * DAY)
    assert "names" not in keep_to_retention(house.database, settings, house.clock)


def test_answers_and_histories_are_never_cleared(house: House) -> None:
    def counted() -> list[int]:
        with house.database.read() as session:
            tables = ("answer", "answer_revision", "agreed_score", "finding", "attachment", "respondent", "audit_event")
            return [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]

    before = counted()
    house.clock.advance(10_000 * DAY)
    keep_to_retention(house.database, house.settings, house.clock)
    after = counted()
    assert after[:-1] == before[:-1]
    assert after[-1] == before[-1] + 1


@pytest.mark.parametrize(
    "section",
    [[], "30", {"names": -1}, {"used_links": 0}, {"used_links": True}, {"used_links": "30"}, {"answers": 30}],
)
def test_retention_that_cannot_be_meant_is_refused(section: object) -> None:
    with pytest.raises(RetentionFault):
        read_retention(section)


def test_retention_has_defaults_for_what_is_not_said() -> None:
    assert read_retention(None) == RetentionSettings()
    assert read_retention({"names": 90}) == RetentionSettings(names=90)
