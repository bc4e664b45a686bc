"""Releasing: what stands in the way, what is stored, that nothing changes it, and how a mistake is put right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.content import snapshot
from app.core.case import State
from app.core.text import Text
from app.services import handing_over, interviewing, trail
from app.services.agreeing import AgreeingClosed, save_agreed
from app.services.answering import InterviewClosed
from app.services.assessing import load_assessment
from app.services.correcting import begin_correction
from app.services.engagements import get_assessment
from app.services.exporting import export_case
from app.services.findings import Draft, write_finding
from app.services.finishing import check_assessment
from app.services.interviewing import Particulars
from app.services.permissions import NotPermitted, Part, Role
from app.services.planning import Settings, change_settings
from app.services.refusals import Invalid, NotFound
from app.services.releasing import preview_release, program_version, release_result, released
from app.services.result_document import differences, result_document
from app.services.verifying import recompute, verify_releases
from app.storage import releases as store
from app.storage.attachment_files import AttachmentFolder
from tests.acting import acting
from tests.services.holding import Held, consultant, hold
from tests.services.releases import attach, bring_to_review, release, scored

if TYPE_CHECKING:
    from pathlib import Path

    from app.content.library import Library
    from app.services.permissions import Actor
    from app.storage.database import Database
    from tests.conftest import FixedClock

ELEMENT = "customer-data-strategy"


@pytest.fixture
def lead(demo_database: Database, clock: FixedClock) -> Actor:
    with demo_database.begin() as session:
        return consultant(session, "lead", clock)


@pytest.fixture
def folder(tmp_path: Path) -> AttachmentFolder:
    return AttachmentFolder(tmp_path)


@pytest.fixture
def guangzhou(demo_database: Database) -> int:
    with demo_database.read() as session:
        return scored(session)


def refusal(database: Database, assessment_id: int, lead: Actor, clock: FixedClock, **given: object) -> Invalid:
    with database.read() as session:
        seen = preview_release(session, assessment_id).hash
    options: Any = {"seen": seen, "actor": lead, "clock": clock, **given}
    with pytest.raises(Invalid) as refused, database.begin() as session:
        release_result(session, assessment_id, **options)
    return refused.value


def test_only_what_was_reviewed_is_released(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    assert refusal(demo_database, guangzhou, lead, clock).code == "assessment-not-in-review"


def test_a_release_stores_the_result_with_its_hash_and_the_program(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    digest = release(demo_database, guangzhou, actor=lead, clock=clock)
    with demo_database.read() as session:
        record = released(session, guangzhou)
        view = load_assessment(session, guangzhou)
    assert record is not None
    assert view.state == "published"
    assert record.hash == digest == snapshot.digest(record.document)
    assert record.document == result_document(view)
    assert (record.revision, record.framework_hash, record.program) == (1, view.snapshot_hash, program_version())
    document = json.loads(record.document)
    assert document["nodes"][""]["score"] == str(view.scorecard.overall.score)
    assert set(document["judgements"]) == {leaf.id for leaf in view.framework.leaves}
    assert str(view.unit.name.zh) not in record.document, "names are no part of a result"


def test_who_may_not_manage_cannot_release(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    bring_to_review(demo_database, guangzhou, actor=lead, clock=clock)
    colleague = acting(lead.user_id, "c", "顾问", Role.CONSULTANT, part=Part.CONSULTANT)
    with pytest.raises(NotPermitted), demo_database.begin() as session:
        release_result(session, guangzhou, seen="", actor=colleague, clock=clock)


def test_a_result_that_changed_after_the_preview_is_not_released(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    bring_to_review(demo_database, guangzhou, actor=lead, clock=clock)
    assert refusal(demo_database, guangzhou, lead, clock, seen="0" * 64).code == "result-changed"
    with demo_database.read() as session:
        assert get_assessment(session, guangzhou).state == "review"
        assert released(session, guangzhou) is None


def test_warnings_without_a_reason_stand_in_the_way(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    bring_to_review(demo_database, guangzhou, actor=lead, clock=clock)
    with demo_database.begin() as session:
        topics = check_assessment(session, guangzhou).check.topics
        ids = [one for topic in topics for acceptance in topic.acceptances for one in acceptance.ids]
        handing_over.withdraw_in_assessment(session, guangzhou, ids[:1], actor=lead, clock=clock)
    refused = refusal(demo_database, guangzhou, lead, clock)
    assert (refused.code, refused.values["waiting"]) == ("not-ready", "1")


def test_a_save_that_lost_a_conflict_must_be_looked_at(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    with demo_database.begin() as session:
        for number, score in enumerate(("1", "2")):  # the second knows nothing of the first
            save_agreed(
                session,
                assessment_id=guangzhou,
                element=ELEMENT,
                mutation_id=f"mutation-{number}",
                base_version=1,
                changes={"score": score, "reason": f"理由{number}"},
                actor=lead,
                clock=clock,
            )
    bring_to_review(demo_database, guangzhou, actor=lead, clock=clock)
    with demo_database.read() as session:
        assert preview_release(session, guangzhou).refused == (ELEMENT,)
    assert refusal(demo_database, guangzhou, lead, clock).code == "conflicts-open"
    with demo_database.begin() as session:
        seen = preview_release(session, guangzhou).hash
        release_result(session, guangzhou, seen=seen, looked_at=True, actor=lead, clock=clock)


def test_a_released_result_is_released_once(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    release(demo_database, guangzhou, actor=lead, clock=clock)
    assert refusal(demo_database, guangzhou, lead, clock).code == "assessment-published"


def test_the_stored_result_can_neither_be_changed_nor_removed(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    release(demo_database, guangzhou, actor=lead, clock=clock)
    for statement in ("UPDATE published_result SET hash = 'x'", "DELETE FROM published_result"):
        with pytest.raises(DatabaseError), demo_database.begin() as session:
            session.execute(text(statement))


def test_nothing_of_a_released_assessment_can_be_changed(
    demo_database: Database, library: Library, lead: Actor, clock: FixedClock
) -> None:
    held: Held = hold(demo_database, library, clock, ann=lead, bo=lead)
    held.save({"score": "3"})
    assessment_id = held.assessment_id
    release(demo_database, assessment_id, actor=lead, clock=clock)
    with pytest.raises(InterviewClosed):
        held.save({"score": "4"}, base=1)
    with pytest.raises(AgreeingClosed), demo_database.begin() as session:
        save_agreed(
            session,
            assessment_id=assessment_id,
            element=ELEMENT,
            mutation_id="mutation-9",
            base_version=0,
            changes={"score": "1"},
            actor=lead,
            clock=clock,
        )
    for act in (
        lambda s: write_finding(s, assessment_id, ELEMENT, Draft(Text("新发现"), None), actor=lead, clock=clock),
        lambda s: interviewing.describe_interview(s, held.interview_id, Particulars("别人")),
        lambda s: interviewing.reopen_interview(s, held.interview_id),
        lambda s: interviewing.archive_interview(s, held.interview_id, clock),
        lambda s: interviewing.restore_interview(s, held.interview_id),
        lambda s: change_settings(s, assessment_id, Settings(3, shows_previous=False)),
        lambda s: handing_over.send_back_assessment(s, assessment_id, "还要改", actor=lead, clock=clock),
        lambda s: handing_over.hand_over_assessment(s, assessment_id, actor=lead, clock=clock),
    ):
        with pytest.raises(Invalid) as refused, demo_database.begin() as session:
            act(session)
        assert refused.value.code == "assessment-published"


def test_a_result_that_is_computed_otherwise_is_told(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock
) -> None:
    release(demo_database, guangzhou, actor=lead, clock=clock)
    with demo_database.read() as session:
        found = recompute(session, load_assessment(session, guangzhou))
        assert found is not None
        assert found.stands
    with demo_database.begin() as session:  # past every service, as somebody with the file could
        session.execute(
            text("UPDATE agreed_score SET steps = steps + 1 WHERE assessment_id = :one AND element = :element"),
            {"one": guangzhou, "element": ELEMENT},
        )
    with demo_database.read() as session:
        (found,) = verify_releases(session)
    assert not found.stands
    assert not found.altered
    assert f"judgements.{ELEMENT}.score" in {one.path for one in found.differences}
    assert "nodes..score" in {one.path for one in found.differences}


def test_differences_name_each_figure_and_survive_a_broken_document() -> None:
    (one,) = differences('{"a":{"b":"1"}}', '{"a":{"b":"2"}}')
    assert (one.path, one.stored, one.computed) == ("a.b", "1", "2")
    assert [one.path for one in differences("no json", "{}")] == ["document"]
    assert [one.path for one in differences("{ }", "{}")] == ["document"]


def correct(database: Database, assessment_id: int, lead: Actor, clock: FixedClock, folder: AttachmentFolder) -> int:
    with database.begin() as session:
        return begin_correction(session, assessment_id, "数据战略错记了一分", folder=folder, actor=lead, clock=clock)


def test_a_correction_is_a_further_revision_with_everything_of_the_former(
    demo_database: Database, library: Library, lead: Actor, clock: FixedClock, folder: AttachmentFolder
) -> None:
    held = hold(demo_database, library, clock, ann=lead, bo=lead)
    held.save({"score": "3", "note": "见过月报"})
    release(demo_database, held.assessment_id, actor=lead, clock=clock)
    copy = correct(demo_database, held.assessment_id, lead, clock, folder)
    with demo_database.read() as session:
        former, view = load_assessment(session, held.assessment_id), load_assessment(session, copy)
        first, second = export_case(session, held.assessment_id), export_case(session, copy)
        waiting = check_assessment(session, copy).check.waiting
    assert (view.revision, view.state, view.current, former.current) == (2, "in-progress", True, False)
    assert first == second
    assert view.scorecard.nodes == former.scorecard.nodes
    assert waiting == 0, "reasons that were accepted hold in the correction too"
    with demo_database.read() as session:
        respondents = {one.respondent for one in (*former.interviews, *view.interviews)}
        labels = session.execute(text("SELECT count(*) FROM respondent WHERE label = '受访者A'")).scalar()
    assert respondents == {"受访者A"}
    assert labels == 1, "a person's name stands in one place"


def test_a_correction_is_corrected_reviewed_and_released_beside_the_former(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock, folder: AttachmentFolder
) -> None:
    before = release(demo_database, guangzhou, actor=lead, clock=clock)
    copy = correct(demo_database, guangzhou, lead, clock, folder)
    with demo_database.begin() as session:
        save_agreed(
            session,
            assessment_id=copy,
            element=ELEMENT,
            mutation_id="mutation-1",
            base_version=1,
            changes={"score": "1", "reason": "复查了台账"},
            actor=lead,
            clock=clock,
        )
    after = release(demo_database, copy, actor=lead, clock=clock)
    with demo_database.read() as session:
        assert [one.stands for one in verify_releases(session)] == [True, True]
        assert load_assessment(session, copy).agreed[ELEMENT].state is State.SCORED
        assert store.release_of(session, guangzhou).hash == before  # type: ignore[union-attr]
    assert before != after


def test_a_correction_needs_a_reason_a_released_assessment_and_no_other_correction(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock, folder: AttachmentFolder
) -> None:
    def code(reason: str = "错了") -> str:
        with pytest.raises(Invalid) as refused, demo_database.begin() as session:
            begin_correction(session, guangzhou, reason, folder=folder, actor=lead, clock=clock)
        return refused.value.code

    assert code() == "assessment-not-published"
    release(demo_database, guangzhou, actor=lead, clock=clock)
    assert code("  ") == "text-missing"
    correct(demo_database, guangzhou, lead, clock, folder)
    assert code() == "correction-begun"
    with pytest.raises(NotFound), demo_database.begin() as session:
        begin_correction(session, 999, "错了", folder=folder, actor=lead, clock=clock)


def test_attachments_get_a_further_name_in_a_correction(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock, folder: AttachmentFolder
) -> None:
    name = folder.write(b"%PDF-1.7 evidence", "pdf")
    with demo_database.begin() as session:
        attach(session, guangzhou, ELEMENT, name)
    release(demo_database, guangzhou, actor=lead, clock=clock)
    copy = correct(demo_database, guangzhou, lead, clock, folder)
    with demo_database.read() as session:
        further = session.execute(text("SELECT stored_as FROM attachment WHERE assessment_id = :one"), {"one": copy})
        (stored,) = further.scalars()
    assert stored != name
    assert folder.file(stored).read_bytes() == b"%PDF-1.7 evidence"


def test_release_and_correction_stand_in_the_trail(
    demo_database: Database, guangzhou: int, lead: Actor, clock: FixedClock, folder: AttachmentFolder
) -> None:
    digest = release(demo_database, guangzhou, actor=lead, clock=clock)
    copy = correct(demo_database, guangzhou, lead, clock, folder)
    with demo_database.read() as session:
        rows = session.execute(
            text("SELECT kind, assessment_id, user_id, details FROM audit_event WHERE kind LIKE 'assessment.%'")
        ).all()
    told = [(kind, assessment, user) for kind, assessment, user, _ in rows]
    assert (trail.Event.ASSESSMENT_PUBLISHED, guangzhou, lead.user_id) in told
    assert (trail.Event.ASSESSMENT_CORRECTED, copy, lead.user_id) in told
    assert any(digest in (details or "") for *_, details in rows)
    assert not any("数据战略" in (details or "") for *_, details in rows), "reasons are words; the trail holds none"
