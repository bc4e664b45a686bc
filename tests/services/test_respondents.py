"""Names of respondents: they stand in one place, and erasing blanks that one, with what else names them."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from app.jobs.child import Attempt
from app.services import respondents
from app.services.assessing import load_assessment
from app.services.compacting import compact
from app.services.file_shelf import put_file
from app.services.guides import GuideRequest, gather
from app.services.jobs import Product, Work
from app.services.permissions import NotPermitted, Part
from app.services.refusals import NotFound
from app.services.reverting import recorded_view
from app.services.sheets import export_sheet
from app.storage import jobs
from app.storage.editing_tables import UpgradeRow
from app.storage.job_lists import going
from app.storage.report_tables import JobRow
from app.storage.tables import Base, FindingRow, PersonalLinkRow, RespondentRow
from app.storage.trust_tables import AuditEventRow
from tests.services.people import NAME, PLACE, House
from tests.web.walls.world import FOUND

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.respondents import Respondent
    from app.storage.database import Session


def named(house: House) -> Respondent:
    """The respondent of the interview that is worked on."""
    with house.database.read() as session:
        listed = respondents.list_respondents(session, house.engagement_id)
    return next(one for one in listed if house.ids["interview_id"] in {each.id for each in one.interviews})


def erase(house: House, respondent_id: int) -> None:
    with house.database.begin() as session:
        respondents.erase_respondent(
            session,
            house.engagement_id,
            respondent_id,
            settings=house.settings,
            actor=house.member(Part.LEAD),
            clock=house.clock,
        )
    compact(house.database, house.settings)


def columns_with(session: Session, words: str) -> set[str]:
    """Return every column of the database in which some words stand."""
    escaped = json.dumps(words)[1:-1]
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            counted = session.execute(
                text(
                    f'SELECT count(*) FROM "{table.name}" '
                    f'WHERE instr("{column.name}", :plain) OR instr("{column.name}", :escaped)'
                ),
                {"plain": words, "escaped": escaped},
            ).scalar_one()
            if counted:
                found.add(f"{table.name}.{column.name}")
    return found


def test_the_name_of_a_respondent_stands_in_one_place(house: House) -> None:
    with house.database.begin() as session:
        session.execute(text("UPDATE interview SET place = NULL"))
    with house.database.read() as session:
        assert columns_with(session, NAME) == {"respondent.label"}


def test_records_of_upgrades_name_nobody_and_still_show_who_was_asked(house: House) -> None:
    with house.database.read() as session:
        (record,) = session.scalars(select(UpgradeRow.record).where(UpgradeRow.id == house.ids["upgrade_id"]))
        _, view = recorded_view(session, house.ids["upgrade_id"])
    assert NAME not in record
    assert "顾问" not in record
    assert [one.respondent for one in view.interviews] == [NAME]


def test_erasing_blanks_name_and_place_and_nothing_else_of_the_assessment(house: House) -> None:
    one = named(house)
    assert one.label == NAME
    with house.database.read() as session:
        before = load_assessment(session, house.ids["assessment_id"])
    erase(house, one.id)
    assert named(house).label is None
    with house.database.read() as session:
        after = load_assessment(session, house.ids["assessment_id"])
    unnamed = tuple(replace(interview, respondent=None) for interview in before.interviews)
    assert after.interviews == unnamed
    assert (after.agreed, after.findings, after.scorecard) == (before.agreed, before.findings, before.scorecard)
    on_disk = b"".join(file.read_bytes() for file in house.settings.data.glob("crm-maturity.db*"))
    assert PLACE.encode() not in on_disk


def test_no_byte_of_a_name_that_only_one_respondent_had_is_left(house: House) -> None:
    with house.database.begin() as session:
        session.execute(text("UPDATE respondent SET label = '欧阳独一' WHERE id = :id"), {"id": named(house).id})
    house.database.settle()
    files = house.settings.data.glob("crm-maturity.db*")
    assert any("欧阳独一".encode() in file.read_bytes() for file in files)
    erase(house, named(house).id)
    assert not any("欧阳独一".encode() in file.read_bytes() for file in house.settings.data.glob("crm-maturity.db*"))


def test_erasing_a_respondent_ends_the_links_of_their_self_assessments(house: House) -> None:
    with house.database.read() as session:
        link = session.execute(select(PersonalLinkRow.id, PersonalLinkRow.interview_id)).first()
        assert link is not None
        listed = respondents.list_respondents(session, house.engagement_id)
    (owner,) = [one for one in listed if link.interview_id in {each.id for each in one.interviews}]
    assert owner.interviews[0].has_link
    erase(house, owner.id)
    with house.database.read() as session:
        ended = session.execute(
            select(PersonalLinkRow.ended_at).where(PersonalLinkRow.interview_id == link.interview_id)
        ).scalars()
        assert all(ended)


def test_printed_interviews_and_brought_workbooks_of_the_respondent_go(house: House) -> None:
    printed = house.settings.data / "reports" / "printed.pdf"
    printed.write_bytes(b"%PDF")
    workbook = house.settings.data / "sheets" / f"1-{house.ids['interview_id']}-{'0' * 64}.xlsx"
    workbook.parent.mkdir()
    workbook.write_bytes(b"book")
    with house.database.begin() as session:
        session.add(
            JobRow(
                kind="guide",
                engagement_id=house.engagement_id,
                parameters={"language": "zh", "interview_id": house.ids["interview_id"]},
                state="done",
                progress=100,
                attempt=1,
                result="reports/printed.pdf",
                created_at=house.clock(),
                finished_at=house.clock(),
            )
        )
    erase(house, named(house).id)
    assert not printed.exists()
    assert not workbook.exists()
    with house.database.read() as session:
        assert session.scalars(select(JobRow.result).where(JobRow.result == "reports/printed.pdf")).all() == []


def guide_under_way(house: House, *, claimed: bool) -> tuple[int, int]:
    """Ask for the printed interview with names; return the job and which attempt holds it (0: none yet)."""
    wanted = GuideRequest("zh", interview_id=house.ids["interview_id"], filled=True, names=True)
    with house.database.begin() as session:
        new = jobs.NewJob("guide", wanted.parameters(), house.engagement_id)
        number = jobs.insert_job(session, new, house.clock())
        if not claimed:
            return number, 0
        for waiting in going(session) - {number}:
            jobs.cancel(session, waiting, at=house.clock())
        held = jobs.claim(session, kinds=["guide"], at=house.clock(), until=house.clock())
    assert held is not None
    assert held.id == number
    return number, held.attempt


@pytest.mark.parametrize("claimed", [False, True])
def test_erasing_cancels_what_is_still_to_print_the_interview(house: House, claimed: bool) -> None:
    number, _ = guide_under_way(house, claimed=claimed)
    with house.database.begin() as session:
        foreign = jobs.insert_job(session, jobs.NewJob("guide", {"interview_id": 999999}), house.clock())
    erase(house, named(house).id)
    with house.database.read() as session:
        states = [found.state for one in (number, foreign) if (found := jobs.job(session, one))]
    assert states == ["cancelled", "queued"]


def test_a_guide_whose_respondent_is_erased_while_it_is_printed_leaves_no_file(house: House) -> None:
    number, held = guide_under_way(house, claimed=True)
    put: list[Path] = []

    def print_it(work: Work) -> Product:
        put.append(put_file(house.settings, NAME.encode(), "pdf", work.job_id))
        erase(house, named(house).id)
        return Product(put[0])

    attempt = Attempt(house.database, house.clock, house.settings.data, number, held)
    assert not attempt.run({"guide": print_it})
    assert [file.exists() for file in put] == [False]
    with house.database.read() as session:
        done = jobs.job(session, number)
    assert done is not None
    assert (done.state, done.result) == ("cancelled", None)


def test_the_trail_says_that_a_name_was_erased_and_not_which(house: House) -> None:
    one = named(house)
    erase(house, one.id)
    with house.database.read() as session:
        event = session.execute(
            select(AuditEventRow.kind, AuditEventRow.object_id, AuditEventRow.details).order_by(AuditEventRow.id.desc())
        ).first()
    assert event == ("respondent.erased", one.id, {"count": 1})


def test_a_consultant_may_not_erase_a_name(house: House) -> None:
    with house.database.begin() as session, pytest.raises(NotPermitted):
        respondents.erase_respondent(
            session,
            house.engagement_id,
            named(house).id,
            settings=house.settings,
            actor=house.member(Part.CONSULTANT),
            clock=house.clock,
        )


def test_the_respondent_of_another_engagement_is_not_found(house: House) -> None:
    with house.database.begin() as session:
        foreign = RespondentRow(engagement_id=1, label="别家的人")
        session.add(foreign)
        session.flush()
        with pytest.raises(NotFound):
            respondents.get_respondent(session, house.engagement_id, foreign.id)


def test_all_names_of_an_engagement_go_at_once(house: House) -> None:
    with house.database.begin() as session:
        count = respondents.erase_respondents(
            session,
            house.engagement_id,
            settings=house.settings,
            actor=house.member(Part.LEAD),
            clock=house.clock,
        )
        left = [one.label for one in respondents.list_respondents(session, house.engagement_id) if one.label]
    assert (count > 0, left) == (True, [])


def test_free_texts_that_mention_a_name_are_pointed_out(house: House) -> None:
    with house.database.begin() as session:
        session.execute(
            text("UPDATE finding SET text_zh = :told WHERE id = :id"),
            {"told": f"{FOUND}，{NAME}说", "id": house.ids["finding_id"]},
        )
        session.execute(text("UPDATE answer SET questions = :told"), {"told": json.dumps({"q": f"问{NAME}"})})
        session.execute(text("UPDATE attachment SET label = :told"), {"told": f"{NAME}.pdf"})
    with house.database.read() as session:
        found = respondents.mentions_of(session, house.engagement_id, NAME)
        elsewhere = respondents.mentions_of(session, 1, NAME)
        kinds = {one.kind for one in found.texts}
        finding = session.get(FindingRow, house.ids["finding_id"])
    assert kinds == {"finding", "answer", "attachment", "interview"}
    assert finding is not None
    assert not elsewhere


def test_histories_that_mention_a_name_are_counted(house: House) -> None:
    with house.database.read() as session:
        assert respondents.mentions_of(session, house.engagement_id, "口头说的").histories >= 1
        assert not respondents.mentions_of(session, house.engagement_id, "口")


@pytest.mark.parametrize("names", [True, False])
def test_guides_and_workbooks_name_people_only_when_asked(house: House, furnished: House, names: bool) -> None:
    from app.content.library import load_library

    library = load_library((furnished.settings.data.parent / "content",))
    wanted = GuideRequest("zh", interview_id=house.ids["interview_id"], names=names)
    with house.database.read() as session:
        occasion = gather(session, library, wanted).occasion
        book = export_sheet(session, house.ids["interview_id"], locale="zh", clock=house.clock, names=names)
    assert (occasion.respondent == NAME, occasion.interviewer == "顾问甲") == (names, names)
    assert (NAME in words_of(book)) is names


def words_of(book: bytes) -> str:
    """Return the text of everything in a workbook."""
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return unescape("".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist()))
