"""Sentences of a report worded by people: stored, compared with the machine's, taken back, never lost."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from app.services import accounts
from app.services.engagements import archive_engagement, get_engagement, list_assessments
from app.services.kept_reports import edits_of, keep_report, kept_report
from app.services.permissions import Actor, NotPermitted, Role
from app.services.refusals import Invalid, NotFound
from app.services.report_requests import ReportRequest
from app.services.rewording import LONGEST_SENTENCE, Book, Overtaken, history_of, read_book, reword, take_back
from tests.acting import acting
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session

pytestmark = pytest.mark.usefixtures("short_reports")
DAY = date(2026, 3, 2)
SLOT = "message.leader"
WORDS = "总体1.83与1.80，差不到0.25分，两家并列。"


@pytest.fixture
def people(demo_session: Session, clock: FixedClock) -> dict[str, Actor]:
    found = {}
    for name, role in (("ann", Role.CONSULTANT), ("bo", Role.CONSULTANT), ("cy", Role.READER)):
        accounts.add_user(
            demo_session, name=name, password="seven lamps over Fuzhou", role=role, clock=clock, display_name=name
        )
        found[name] = acting(accounts.get_user(demo_session, name).id, name, name, role)
    return found


@pytest.fixture
def report_id(demo_session: Session, clock: FixedClock) -> int:
    engagement = get_engagement(demo_session, "china-telecom-2003")
    ids = {one.unit.key: one.id for one in list_assessments(demo_session, engagement.id)}
    asked = ReportRequest(
        "comparison", "zh", (ids["shenzhen"], ids["guangzhou"]), DAY, benchmark="foreign-carriers-2003"
    )
    return keep_report(demo_session, asked, engagement_id=engagement.id, actor=None, clock=clock)


class Desk:
    """Somebody who reads and words the sentences of one report."""

    def __init__(self, session: Session, library: Library, report_id: int, actor: Actor, clock: FixedClock) -> None:
        self.session, self.library, self.report_id, self.actor, self.clock = session, library, report_id, actor, clock

    def book(self, locale: str = "zh") -> Book:
        return read_book(self.session, self.library, self.report_id, "en" if locale == "en" else "zh", today=DAY)

    def write(
        self, text: str, slot: str = SLOT, *, book: Book | None = None, base: int | None = None
    ) -> Overtaken | None:
        book = book or self.book()
        place = book.place(slot)
        return reword(
            self.session,
            book,
            slot,
            text,
            seen=place.fingerprint,
            base_version=place.version if base is None else base,
            actor=self.actor,
            clock=self.clock,
        )


@pytest.fixture
def desk(
    demo_session: Session, library: Library, report_id: int, people: dict[str, Actor], *, clock: FixedClock
) -> Desk:
    return Desk(demo_session, library, report_id, people["ann"], clock)


@pytest.fixture
def slot(desk: Desk) -> str:
    """A sentence of the report, whichever sections its definition has."""
    return next(place.slot for place in desk.book().walk())


def test_a_wording_stands_in_its_language_and_report_alone(desk: Desk, slot: str) -> None:
    machine = desk.book().place(slot).machine.text
    assert desk.write("深圳1.80分。", slot) is None
    place = desk.book().place(slot)
    assert (place.text, place.machine.text, place.version) == ("深圳1.80分。", machine, 1)
    assert place.wording is not None
    assert place.wording.by == "ann"
    assert edits_of(desk.session, desk.report_id, "zh") == {slot: "深圳1.80分。"}
    assert edits_of(desk.session, desk.report_id, "en") == {}
    assert desk.book("en").place(slot).wording is None


def test_a_report_of_an_archived_engagement_keeps_its_words(desk: Desk, slot: str) -> None:
    desk.write("深圳1.80分。", slot)
    archive_engagement(desk.session, "china-telecom-2003", desk.clock)
    with pytest.raises(Invalid) as refused:
        desk.write("二稿1.80。", slot)
    assert refused.value.code == "archived"
    with pytest.raises(Invalid):
        take_back(desk.session, desk.book(), slot, base_version=1, actor=desk.actor, clock=desk.clock)
    assert edits_of(desk.session, desk.report_id, "zh") == {slot: "深圳1.80分。"}


def test_the_report_counts_its_wordings_by_language(desk: Desk, slot: str) -> None:
    desk.write("深圳1.80分。", slot)
    found = kept_report(desk.session, desk.report_id)
    assert found.edited == {"zh": 1}


def test_taking_back_lets_the_machine_speak_again_and_loses_nothing(desk: Desk, slot: str) -> None:
    machine = desk.book().place(slot).machine.text
    desk.write("一稿1.80。", slot)
    desk.write("二稿1.80。", slot)
    book = desk.book()
    assert take_back(desk.session, book, slot, base_version=2, actor=desk.actor, clock=desk.clock) is None
    assert desk.book().place(slot).text == machine
    assert edits_of(desk.session, desk.report_id, "zh") == {}
    changes = history_of(desk.session, desk.report_id, "zh", slot)
    assert [(one.version, one.before, one.after) for one in changes] == [
        (1, None, "一稿1.80。"),
        (2, "一稿1.80。", "二稿1.80。"),
        (3, "二稿1.80。", None),
    ]
    assert {one.machine for one in changes} == {machine}
    assert {one.user_name for one in changes} == {"ann"}


def test_history_can_only_grow(desk: Desk, slot: str) -> None:
    desk.write("一稿1.80。", slot)
    for statement in ("UPDATE report_sentence_revision SET after = ''", "DELETE FROM report_sentence_revision"):
        with pytest.raises(DatabaseError, match="append-only"), desk.session.begin_nested():
            desk.session.execute(sql(statement))


def test_the_machine_s_own_words_are_no_wording(desk: Desk, slot: str) -> None:
    machine = desk.book().place(slot).machine.text
    desk.write(machine, slot)
    assert desk.book().place(slot).version == 0
    desk.write("别的1.80。", slot)
    desk.write(f"  {machine}\n", slot)
    place = desk.book().place(slot)
    assert (place.wording, place.version) == (None, 2)


def test_saving_the_same_twice_makes_one_entry(desk: Desk, slot: str) -> None:
    desk.write("一稿1.80。", slot)
    desk.write("一稿1.80。", slot)
    assert len(history_of(desk.session, desk.report_id, "zh", slot)) == 1


def rescore(desk: Desk) -> None:
    """Set one element of Shenzhen to another score, so that its sentences change."""
    assessment = kept_report(desk.session, desk.report_id).parameters["assessments"][0]
    desk.session.execute(
        sql("UPDATE agreed_score SET steps = 10 WHERE assessment_id = :id AND state = 'scored'"), {"id": assessment}
    )


def test_a_changed_figure_flags_the_wording_until_somebody_keeps_it(desk: Desk) -> None:
    slot = next(p.slot for p in desk.book().walk() if "深圳" in p.machine.text and "1.80" in p.machine.text)
    desk.write("深圳总体1.80分。", slot)
    before = desk.book().place(slot)
    assert not before.outdated
    rescore(desk)
    after = desk.book().place(slot)
    assert after.outdated
    assert after.text == "深圳总体1.80分。"
    assert after.wording is not None
    assert after.wording.machine == before.machine.text
    assert "1.80" in after.foreign_numbers
    desk.write("深圳总体1.80分。", slot)
    assert not desk.book().place(slot).outdated


def test_a_writer_who_saw_another_sentence_is_told_so(desk: Desk) -> None:
    old = desk.book()
    slot = next(p.slot for p in old.walk() if "深圳" in p.machine.text and "1.80" in p.machine.text)
    rescore(desk)
    new = desk.book()
    with pytest.raises(Invalid) as refused:
        reword(
            desk.session,
            new,
            slot,
            "深圳总体1.80分。",
            seen=old.place(slot).fingerprint,
            base_version=0,
            actor=desk.actor,
            clock=desk.clock,
        )
    assert refused.value.code == "machine-changed"


def test_the_slower_of_two_writers_overwrites_nothing(desk: Desk, slot: str, people: dict[str, Actor]) -> None:
    bo = Desk(desk.session, desk.library, desk.report_id, people["bo"], desk.clock)
    bo.write("博1.80。", slot)
    found = desk.write("安1.80。", slot, base=0)
    assert found is not None
    assert (found.text, found.by, found.version) == ("博1.80。", "bo", 1)
    assert desk.book().place(slot).text == "博1.80。"
    assert desk.write("安1.80。", slot, base=found.version) is None
    back = take_back(desk.session, desk.book(), slot, base_version=1, actor=people["bo"], clock=desk.clock)
    assert back is not None
    assert desk.book().place(slot).text == "安1.80。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n ", "empty-sentence"),
        ("1" * (LONGEST_SENTENCE + 1), "sentence-too-long"),
        ("1\x00", "control-characters"),
        ("1\u202e2", "control-characters"),
        ("1\ud800", "control-characters"),
    ],
)
def test_what_cannot_be_printed_is_refused(desk: Desk, slot: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.write(text, slot)
    assert refused.value.code == code


def test_lines_become_one(desk: Desk, slot: str) -> None:
    desk.write("Shenzhen  1.80\n overall.", slot)
    assert desk.book().place(slot).text == "Shenzhen 1.80 overall."


def test_numbers_that_the_machine_does_not_have_are_named(desk: Desk, slot: str) -> None:
    desk.write("从9.99升到77%，9.99不对。", slot)
    assert desk.book().place(slot).foreign_numbers == ("9.99", "77%")
    desk.write("没有数字。", slot)
    assert desk.book().place(slot).without_numbers


def test_readers_look_on(desk: Desk, slot: str, people: dict[str, Actor]) -> None:
    cy = Desk(desk.session, desk.library, desk.report_id, people["cy"], desk.clock)
    with pytest.raises(NotPermitted):
        cy.write("1.80。", slot)
    with pytest.raises(NotPermitted):
        take_back(desk.session, desk.book(), slot, base_version=0, actor=cy.actor, clock=desk.clock)


def test_places_that_are_not_there_are_not_found(desk: Desk, slot: str) -> None:
    with pytest.raises(NotFound):
        desk.write("1。", "message.nothing")
    with pytest.raises(NotFound):
        take_back(desk.session, desk.book(), "message.nothing", base_version=0, actor=desk.actor, clock=desk.clock)
    with pytest.raises(NotFound):
        history_of(desk.session, desk.report_id, "zh", slot)
    assert take_back(desk.session, desk.book(), slot, base_version=0, actor=desk.actor, clock=desk.clock) is None


def test_a_wording_whose_sentence_is_gone_is_kept_apart_and_can_be_dropped(desk: Desk, slot: str) -> None:
    desk.write("留下的1.80。", slot)
    desk.session.execute(sql("UPDATE report_sentence SET slot = 'gone.headline'"))
    book = desk.book()
    (left,) = book.left_over
    assert (left.slot, left.wording.text) == ("gone.headline", "留下的1.80。")
    assert (
        take_back(desk.session, book, left.slot, base_version=left.version, actor=desk.actor, clock=desk.clock) is None
    )
    assert desk.book().left_over == ()


def test_a_report_of_a_template_that_is_gone_is_not_found(desk: Desk) -> None:
    desk.session.execute(sql("UPDATE report SET template = 'gone'"))
    with pytest.raises(NotFound):
        desk.book()
