"""Erasing an engagement: nothing of it is left, nothing of others is missing, and the trail says that it was done."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from app.content.library import load_library
from app.core.text import Text
from app.jobs.child import Attempt
from app.services import erasing, rendering, trail
from app.services.compacting import compact
from app.services.engagements import create_engagement, get_engagement
from app.services.file_shelf import clear_files, put_file
from app.services.jobs import Product, Work
from app.services.permissions import NotPermitted, Part
from app.services.refusals import Invalid, NotFound
from app.services.report_formats import FORMATS
from app.services.report_requests import ReportRequest
from app.services.retaining import keep_to_retention
from app.storage import erasing as store
from app.storage import jobs
from app.storage.copying import examine
from app.storage.database import Database, NoRoom
from app.storage.job_lists import going
from app.storage.tables import AgreedScoreRevisionRow, AnswerRevisionRow, Base, EngagementRow
from app.storage.trust_tables import AuditEventRow, ErasureRow
from tests.services.people import CLIENT, NAME, House
from tests.web.walls.world import FIRM, SAID

if TYPE_CHECKING:
    from app.services.report_formats import Rendering
    from app.storage.database import Session

# what belongs to the installation: stays when an engagement goes
STAYS = {
    "user",
    "sign_in",
    "snapshot",
    "draft",
    "draft_file",
    "draft_revision",
    "publication",
    "checked_translation",
    "second_factor",
    "recovery_code",
    "identity",
    "sign_in_attempt",
    "audit_event",
    "erasure",
}


def erase(house: House, typed: str = FIRM) -> erasing.Erased:
    return erasing.erase_engagement(
        house.database, house.settings, FIRM, typed=typed, actor=house.chief, clock=house.clock
    )


def counted(session: Session) -> dict[str, int]:
    return {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
    }


def files(house: House, folder: str) -> set[str]:
    return {file.name for file in (house.settings.data / folder).glob("*")}


def bytes_on_disk(data: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(data.rglob("*")) if file.is_file())


def test_every_table_belongs_to_an_engagement_or_to_the_installation() -> None:
    assert {table.name for table in store.tables_of_engagement()} | STAYS == set(Base.metadata.tables)
    assert not STAYS & {table.name for table in store.tables_of_engagement()}


def test_the_engagement_to_be_erased_has_rows_in_every_table(house: House) -> None:
    with house.database.read() as session:
        assert [name for name, count in store.count_rows(session, house.engagement_id).items() if not count] == []


def test_nothing_of_an_engagement_is_left_and_nothing_of_others_is_missing(house: House) -> None:
    with house.database.read() as session:
        other = get_engagement(session, "china-telecom-2003").id
        before, of_other = counted(session), store.count_rows(session, other)
        own = store.count_rows(session, house.engagement_id)
    done = erase(house)
    assert done.rows == own
    with house.database.read() as session:
        assert store.count_rows(session, house.engagement_id) == dict.fromkeys(own, 0)
        assert store.count_rows(session, other) == of_other
        after = counted(session)
        with pytest.raises(NotFound):
            get_engagement(session, FIRM)
    gone = {name: before[name] - after[name] for name in own if before[name] - after[name]}
    assert gone == {name: count for name, count in own.items() if count}
    assert {name: after[name] - before[name] for name in STAYS if after[name] != before[name]} == {
        "audit_event": 1,
        "erasure": 1,
    }
    assert house.database.file is not None
    assert examine(house.database.file).faults == ()


def test_no_byte_of_what_was_said_or_of_who_was_asked_is_left_in_the_data_folder(house: House) -> None:
    secrets = [word.encode() for word in (NAME, SAID, CLIENT)]
    assert all(word in bytes_on_disk(house.settings.data) for word in secrets)
    erase(house)
    assert [word.decode() for word in secrets if word in bytes_on_disk(house.settings.data)] == []


def test_no_copy_is_left_that_moving_rows_between_pages_made(house: House) -> None:
    """Rows that grew and moved for weeks leave copies in unused space, which overwriting on deletion does not reach."""
    word = "只写过这一次的话"
    rng = random.Random(7)
    with house.database.read() as session:
        values = session.execute(select(AnswerRevisionRow.__table__).limit(1)).mappings().one()
    for _ in range(20):
        with house.database.begin() as session:
            for number in range(20):
                note = word * rng.randint(1, 40)
                fresh = {**values, "id": None, "mutation_id": uuid4().hex, "after": {"note": f"{number} {note}"}}
                session.execute(insert(AnswerRevisionRow).values(**fresh))
                session.execute(text("UPDATE answer SET note = :note"), {"note": f"{rng.random()} {note}"})
    house.database.settle()
    assert word.encode() in bytes_on_disk(house.settings.data)
    erase(house)
    assert bytes_on_disk(house.settings.data).count(word.encode()) == 0


def test_evidence_reports_and_brought_workbooks_go_too(house: House) -> None:
    sheets = house.settings.data / "sheets"
    sheets.mkdir()
    own = sheets / f"1-{house.ids['interview_id']}-{'0' * 64}.xlsx"
    foreign = sheets / f"1-999999-{'0' * 64}.xlsx"
    for file in (own, foreign):
        file.write_bytes(b"book")
    assert files(house, "attachments")
    assert files(house, "reports")
    erase(house)
    assert (files(house, "attachments"), files(house, "reports")) == (set(), set())
    assert files(house, "sheets") == {foreign.name}
    assert files(house, "erasing") == set()


def test_the_trail_says_who_erased_what_without_naming_the_client(house: House) -> None:
    erase(house)
    with house.database.read() as session:
        event = session.execute(select(AuditEventRow).order_by(AuditEventRow.id.desc())).scalars().first()
        erasure = session.execute(select(ErasureRow)).scalar_one()
        assert event is not None
        told = (event.kind, event.user_id, event.engagement_id, event.details)
        assert erasure.counts is not None
        total, closed = sum(erasure.counts.values()), erasure.closed_at
    assert told == ("engagement.erased", house.chief.user_id, house.engagement_id, {"count": total})
    assert closed is not None


def test_histories_are_append_only_again_afterwards(house: House) -> None:
    erase(house)
    with house.database.begin() as session, pytest.raises(DatabaseError, match="append-only"):
        session.execute(delete(AgreedScoreRevisionRow))


def test_another_key_than_its_own_erases_nothing(house: House) -> None:
    with house.database.read() as session:
        before = counted(session)
    with pytest.raises(Invalid, match="type the key"):
        erase(house, typed="china-telecom-2003")
    with house.database.read() as session:
        assert counted(session) == before
    assert files(house, "attachments")


def test_a_lead_may_not_erase_an_engagement(house: House) -> None:
    with pytest.raises(NotPermitted):
        erasing.erase_engagement(
            house.database,
            house.settings,
            FIRM,
            typed=FIRM,
            actor=house.member(Part.LEAD),
            clock=house.clock,
        )


def test_a_failure_in_the_middle_leaves_everything_rows_and_files(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.read() as session:
        before = counted(session)
    kept = files(house, "attachments")

    def failing(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power fails")

    monkeypatch.setattr(trail, "record", failing)
    with pytest.raises(RuntimeError, match="power"):
        erase(house)
    with house.database.read() as session:
        assert counted(session) == before
    erasing.finish_erasures(house.database, house.settings)
    assert files(house, "attachments") == kept


def test_files_that_a_crash_left_go_the_next_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "finish_erasures", lambda *_: 0)
        erase(house)
    assert files(house, "attachments")
    assert files(house, "erasing")
    assert erasing.finish_erasures(house.database, house.settings) > 0
    assert (files(house, "attachments"), files(house, "erasing")) == (set(), set())


@pytest.mark.parametrize("hindrance", ["full disk", "reader"])
def test_what_keeps_the_file_from_being_written_anew_undoes_no_erasure_and_is_made_up_for(
    house: House, monkeypatch: pytest.MonkeyPatch, hindrance: str
) -> None:
    def hindered(_: Database) -> bool:
        if hindrance == "reader":
            return False
        raise NoRoom("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "compact", hindered)
        erase(house)
        assert not compact(house.database, house.settings)
    with house.database.read() as session, pytest.raises(NotFound):
        get_engagement(session, FIRM)
    assert (files(house, "attachments"), len(files(house, "erasing"))) == (set(), 1)
    keep_to_retention(house.database, house.settings, house.clock)
    assert files(house, "erasing") == set()
    assert SAID.encode() not in bytes_on_disk(house.settings.data)


def test_the_file_is_written_anew_only_where_that_is_owed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "compact", lambda _: pytest.fail("nothing was erased"))
    assert compact(house.database, house.settings)


def report_under_way(house: House) -> tuple[int, Attempt]:
    """Ask for a file of a report of the firm's assessment and claim its job."""
    request = ReportRequest("executive", "zh", (house.ids["assessment_id"],), house.clock().date(), format="json")
    with house.database.begin() as session:
        for waiting in going(session):
            jobs.cancel(session, waiting, at=house.clock())
        new = jobs.NewJob("report", request.parameters(), house.engagement_id)
        number = jobs.insert_job(session, new, house.clock())
        claimed = jobs.claim(session, kinds=["report"], at=house.clock(), until=house.clock())
    assert claimed is not None
    assert claimed.id == number
    return number, Attempt(house.database, house.clock, house.settings.data, number, claimed.attempt)


def test_a_report_whose_engagement_is_erased_while_it_is_made_leaves_no_file(
    house: House, furnished: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = load_library((furnished.settings.data.parent / "content",))
    _, attempt = report_under_way(house)

    def write(rendering: Rendering) -> bytes:
        erase(house)  # once the report is worded, and before it is put on the shelf
        return rendering.document.title.encode()

    form = SimpleNamespace(write=write, pages=False, suffix="json")
    monkeypatch.setitem(FORMATS, "json", form)
    made: list[Work] = []

    def make(work: Work) -> Product:
        made.append(work)
        return rendering.render_report(house.database, library, house.settings, work, clock=house.clock)

    assert not attempt.run({"report": make})
    assert made
    assert files(house, "reports") == set()
    assert CLIENT not in "".join(capsys.readouterr())


def test_a_report_whose_engagement_is_erased_before_it_is_noted_leaves_no_file(house: House) -> None:
    _, attempt = report_under_way(house)

    def make(work: Work) -> Product:
        product = Product(put_file(house.settings, SAID.encode(), "json", work.job_id))
        erase(house)
        return product

    assert not attempt.run({"report": make})
    assert files(house, "reports") == set()


def test_a_file_that_an_ended_process_left_goes_with_the_next_clearing(house: House) -> None:
    """The worker ends the process of a job that is gone; what that had just put lies there, and no job names it."""
    number, _ = report_under_way(house)
    put_file(house.settings, SAID.encode(), "json", number)
    clear_files(house.database, house.settings, house.clock)
    assert any(f"-{number}." in name for name in files(house, "reports")), "its job is still under way"
    erase(house)
    clear_files(house.database, house.settings, house.clock)
    assert files(house, "reports") == set()


def test_a_list_whose_erasure_was_never_committed_removes_nothing(house: House) -> None:
    with house.database.read() as session:
        named = store.files_named(session, house.engagement_id)
    erasing._note_files(house.settings, named)
    kept = files(house, "attachments")
    assert erasing.finish_erasures(house.database, house.settings) == 0
    assert files(house, "attachments") == kept


@pytest.mark.parametrize("table", ["engagement", "interview", "personal_link", "job"])
def test_no_number_of_what_was_erased_is_given_out_again(house: House, table: str) -> None:
    """A device that still holds answers for an erased interview must not send them into another client's."""
    with house.database.read() as session:
        highest = session.execute(text(f"SELECT max(id) FROM {table}")).scalar_one()
        last = session.execute(text(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")).scalar_one()
    assert last >= highest
    erase(house)
    with house.database.begin() as session:
        assert session.execute(text(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")).scalar_one() == last
        create_engagement(session, key="next", name=Text("下一家"), actor=None, clock=house.clock)
        newest = session.execute(select(func.max(EngagementRow.id))).scalar_one()
    assert newest > house.engagement_id


def test_backups_that_still_hold_it_are_counted(house: House) -> None:
    from app.services.backing_up import back_up

    settings = replace(house.settings, backup_folder=house.settings.data.parent / "backups")
    with house.database.read() as session:
        assert erasing.holding_of(session, FIRM, settings).backups == 0
    house.clock.advance(timedelta(hours=1))
    back_up(house.database, settings, house.clock)
    with house.database.read() as session:
        assert erasing.holding_of(session, FIRM, settings).backups == 1
