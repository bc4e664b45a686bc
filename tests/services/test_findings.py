"""Findings: written from notes, changed by two at once, ordered, archived, imported; nothing is ever lost."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.core.case import State
from app.core.text import Text
from app.services import findings, interviewing
from app.services.answering import questionnaire_of
from app.services.assessing import load_assessment
from app.services.engagements import archive_assessment, archive_engagement
from app.services.exporting import export_case
from app.services.findings import Clash, Draft, FindingView, Stored
from app.services.importing import import_case
from app.services.interview_notes import Note, notes_of
from app.services.refusals import Invalid, NotFound
from app.storage import assessments as assessment_store
from app.storage import findings as store
from app.storage import interviews as interview_store
from tests.services.holding import ELEMENT, Held, hold
from tests.trying import examples

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.permissions import Actor
    from app.storage.database import Database
    from tests.conftest import FixedClock

OTHER = "internal-data-collection"


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def write(
    held: Held, zh: str, *, element: str = ELEMENT, strength: int | None = None, sources: tuple[int, ...] = ()
) -> Stored:
    with held.database.begin() as session:
        return findings.write_finding(
            session, held.assessment_id, element, Draft(Text(zh), strength, sources), actor=held.ann, clock=held.clock
        )


def change(held: Held, finding_id: int, draft: Draft, *, base: int, by: Actor | None = None) -> Stored | Clash:
    with held.database.begin() as session:
        return findings.change_finding(
            session, finding_id, draft, base_version=base, actor=by or held.ann, clock=held.clock
        )


def standing(held: Held, element: str = ELEMENT) -> tuple[FindingView, ...]:
    with held.database.read() as session:
        return findings.findings_of(session, held.assessment_id).get(element, ())


def texts(held: Held) -> list[str | None]:
    return [one.text.zh for one in standing(held)]


def history(held: Held, finding_id: int) -> list[str]:
    with held.database.read() as session:
        return [one.kind for one in findings.history_of(session, finding_id)]


def refusal(held: Held, draft: Draft) -> str:
    with pytest.raises(Invalid) as refused, held.database.begin() as session:
        findings.write_finding(session, held.assessment_id, ELEMENT, draft, actor=held.ann, clock=held.clock)
    return refused.value.code


def test_a_finding_is_written_with_its_sources_and_its_strength(held: Held) -> None:
    written = write(held, "没有统一的客户数据战略", strength=2, sources=(held.interview_id,))
    (finding,) = standing(held)
    assert (finding.id, finding.version, finding.strength) == (written.finding_id, 1, 2)
    assert finding.text == Text("没有统一的客户数据战略")
    (source,) = finding.sources
    assert (source.interview_id, source.respondent) == (held.interview_id, "受访者A")
    assert finding.written_by == held.ann.display_name
    assert history(held, finding.id) == ["written"]


def test_without_sources_nothing_tells_who_said_it(held: Held) -> None:
    write(held, "没有战略", sources=(held.interview_id,))
    with held.database.read() as session:
        (finding,) = findings.findings_of(session, held.assessment_id, sources=False)[ELEMENT]
    assert finding.sources == ()


def test_line_ends_and_blanks_around_are_tidied(held: Held) -> None:
    write(held, "  第一行\r\n第二行\r ")
    assert texts(held) == ["第一行\n第二行"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (Text(), "finding-empty"),
        (Text(" \n ", ""), "finding-empty"),
        (Text("很" * 2001), "finding-too-long"),
        (Text("a\x00b"), "control-characters"),
        (Text(None, "a\x1bb"), "control-characters"),
        (Text("\ud800"), "control-characters"),
        (Text("abc\u202edef"), "control-characters"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(held: Held, text: Text, code: str) -> None:
    assert refusal(held, Draft(text)) == code
    assert standing(held) == ()


def test_strength_and_sources_are_checked(held: Held) -> None:
    assert refusal(held, Draft(Text("a"), 4)) == "bad-strength"
    assert refusal(held, Draft(Text("a"), True)) == "bad-strength"
    assert refusal(held, Draft(Text("a"), 1, (held.interview_id + 999,))) == "bad-source"


def test_a_source_of_another_assessment_is_refused(held: Held) -> None:
    with held.database.begin() as session:
        shenzhen = next(one.id for one in assessment_store.assessments(session, 1) if one.id != held.assessment_id)
        with pytest.raises(Invalid) as refused:
            findings.write_finding(
                session,
                shenzhen,
                ELEMENT,
                Draft(Text("新"), None, (held.interview_id,)),
                actor=held.ann,
                clock=held.clock,
            )
    assert refused.value.code == "bad-source"


def test_an_archived_interview_is_no_new_source_and_stays_an_old_one(held: Held) -> None:
    written = write(held, "甲", sources=(held.interview_id,))
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    assert refusal(held, Draft(Text("乙"), None, (held.interview_id,))) == "bad-source"
    kept = change(held, written.finding_id, Draft(Text("甲一"), None, (held.interview_id,)), base=1)
    assert isinstance(kept, Stored)
    assert standing(held)[0].sources[0].archived


def test_elements_and_findings_that_are_not_there_are_not_found(held: Held) -> None:
    for element in ("nothing", "customer-insight"):
        with pytest.raises(NotFound):
            write(held, "x", element=element)
    with pytest.raises(NotFound):
        change(held, 99_999, Draft(Text("x")), base=1)


def test_the_same_words_are_one_finding_with_both_sources(held: Held, library: Library, clock: FixedClock) -> None:
    second = hold(held.database, library, clock, ann=held.ann, bo=held.bo, role="billing").interview_id
    first = write(held, "没有战略", strength=1, sources=(held.interview_id,))
    again = write(held, "没有战略", strength=2, sources=(second,))
    assert (again.finding_id, again.joined) == (first.finding_id, True)
    (finding,) = standing(held)
    assert [source.interview_id for source in finding.sources] == [held.interview_id, second]
    assert finding.strength == 2
    assert write(held, "没有战略").version == again.version  # a form that was sent twice changes nothing


def test_an_element_has_no_more_findings_than_can_be_read(held: Held) -> None:
    for number in range(findings.MOST_FINDINGS):
        write(held, f"发现{number}")
    assert refusal(held, Draft(Text("再来一条"))) == "too-many-findings"


def test_a_change_is_kept_with_what_was_before(held: Held) -> None:
    written = write(held, "甲", strength=1)
    held.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    changed = change(held, written.finding_id, Draft(Text("乙", "B"), 3), base=1, by=held.bo)
    assert changed == Stored(written.finding_id, 2)
    with held.database.read() as session:
        last = findings.history_of(session, written.finding_id)[-1]
    assert (last.kind, last.by) == ("changed", held.bo.display_name)
    assert (last.before, last.after) == (
        {"zh": "甲", "en": None, "strength": 1},
        {"zh": "乙", "en": "B", "strength": 3},
    )


def test_a_change_that_changes_nothing_leaves_no_trace(held: Held) -> None:
    written = write(held, "甲", strength=1, sources=(held.interview_id,))
    same = change(held, written.finding_id, Draft(Text("甲"), 1, (held.interview_id,)), base=1)
    assert same == Stored(written.finding_id, 1)
    assert history(held, written.finding_id) == ["written"]


def test_changes_of_different_parts_are_merged(held: Held) -> None:
    written = write(held, "甲", strength=1)
    change(held, written.finding_id, Draft(Text("甲"), 3), base=1, by=held.bo)
    merged = change(held, written.finding_id, Draft(Text("乙"), 1), base=1)
    assert isinstance(merged, Stored)
    assert merged.merged
    (finding,) = standing(held)
    assert (finding.text.zh, finding.strength) == ("乙", 3)


def test_a_move_meanwhile_is_no_conflict(held: Held) -> None:
    written = write(held, "甲")
    write(held, "乙")
    with held.database.begin() as session:
        findings.move_finding(session, written.finding_id, up=False, actor=held.bo, clock=held.clock)
    assert isinstance(change(held, written.finding_id, Draft(Text("甲一")), base=1), Stored)
    assert texts(held) == ["乙", "甲一"]


def test_changes_of_the_same_words_are_a_conflict_that_keeps_both(held: Held) -> None:
    written = write(held, "甲", strength=1)
    change(held, written.finding_id, Draft(Text("他们的"), 2), base=1, by=held.bo)
    clash = change(held, written.finding_id, Draft(Text("我的"), 1), base=1)
    assert isinstance(clash, Clash)
    assert (clash.by, clash.version, set(clash.fields)) == (held.bo.display_name, 2, {"zh"})
    assert clash.theirs.text.zh == "他们的"
    assert (clash.mine.text.zh, clash.mine.strength) == ("我的", 2)  # what only they changed stays theirs
    assert texts(held) == ["他们的"]
    with held.database.read() as session:
        lost = findings.history_of(session, written.finding_id)[-1]
    assert (lost.kind, lost.before, lost.after) == ("conflict-lost", {"zh": "他们的"}, {"zh": "我的"})
    kept = change(held, written.finding_id, clash.mine, base=clash.version)
    assert kept == Stored(written.finding_id, 3)
    assert texts(held) == ["我的"]


def test_the_same_change_twice_is_no_conflict(held: Held) -> None:
    written = write(held, "甲")
    change(held, written.finding_id, Draft(Text("乙")), base=1, by=held.bo)
    assert change(held, written.finding_id, Draft(Text("乙")), base=1) == Stored(written.finding_id, 2, merged=True)


def test_the_losing_words_cannot_be_rewritten(held: Held) -> None:
    written = write(held, "甲")
    for statement in ("UPDATE finding_revision SET kind = 'x'", "DELETE FROM finding_revision"):
        with pytest.raises(Exception, match="append-only"), held.database.begin() as session:
            session.connection().exec_driver_sql(statement)
    assert history(held, written.finding_id) == ["written"]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.sampled_from(["zh", "strength", "move", "archive", "restore"]),
            st.integers(0, 3),
        ),
        max_size=12,
    )
)
@hypothesis_settings(deadline=None, max_examples=examples(25), suppress_health_check=list(HealthCheck))
def test_whatever_happens_every_text_that_was_sent_is_in_the_history(
    held: Held, steps: list[tuple[int, str, int]]
) -> None:
    with held.database.begin() as session:
        finding_id = findings.write_finding(
            session, held.assessment_id, ELEMENT, Draft(Text("起点")), actor=held.ann, clock=held.clock
        ).finding_id
        sent = {"起点"}
        for number, (base, what, value) in enumerate(steps):
            before = findings.get_finding(session, finding_id)
            if what == "move":
                findings.move_finding(session, finding_id, up=bool(value % 2), actor=held.bo, clock=held.clock)
            elif what == "archive":
                findings.archive_finding(session, finding_id, actor=held.bo, clock=held.clock)
            elif what == "restore":
                findings.restore_finding(session, finding_id, actor=held.bo, clock=held.clock)
            elif not before.archived:
                words = f"说法{number}" if what == "zh" else before.text.zh
                sent.add(words or "")
                draft = Draft(Text(words), value if what == "strength" else before.strength)
                findings.change_finding(session, finding_id, draft, base_version=base, actor=held.ann, clock=held.clock)
        changes = findings.history_of(session, finding_id)
        assert sent <= {one.after.get("zh") for one in changes} | {findings.get_finding(session, finding_id).text.zh}
        session.rollback()


def test_findings_change_places_one_by_one(held: Held) -> None:
    first, second, third = (write(held, words).finding_id for words in ("甲", "乙", "丙"))
    with held.database.begin() as session:
        findings.move_finding(session, third, up=True, actor=held.ann, clock=held.clock)
        findings.move_finding(session, first, up=True, actor=held.ann, clock=held.clock)  # the first stays
        findings.move_finding(session, second, up=False, actor=held.ann, clock=held.clock)  # the last stays
    assert texts(held) == ["甲", "丙", "乙"]
    assert history(held, third) == ["written", "moved"]
    assert history(held, first) == ["written"]


def test_an_archived_finding_comes_back_as_the_last_one(held: Held) -> None:
    first = write(held, "甲", sources=(held.interview_id,)).finding_id
    write(held, "乙")
    with held.database.begin() as session:
        findings.archive_finding(session, first, actor=held.ann, clock=held.clock)
        findings.archive_finding(session, first, actor=held.ann, clock=held.clock)
    assert texts(held) == ["乙"]
    with pytest.raises(Invalid, match="archived"):
        change(held, first, Draft(Text("x")), base=2)
    with held.database.begin() as session:
        findings.restore_finding(session, first, actor=held.ann, clock=held.clock)
        findings.restore_finding(session, first, actor=held.ann, clock=held.clock)
    assert texts(held) == ["乙", "甲"]
    assert standing(held)[1].sources[0].interview_id == held.interview_id
    assert history(held, first) == ["written", "archived", "restored"]


@pytest.mark.parametrize("why", ["assessment-archived", "assessment-published", "engagement"])
def test_closed_assessments_take_no_findings(held: Held, why: str) -> None:
    written = write(held, "甲")
    with held.database.begin() as session:
        if why == "assessment-published":
            assessment_store.update_assessment(session, held.assessment_id, state="published")
        elif why == "assessment-archived":
            archive_assessment(session, held.assessment_id, held.clock)
        else:
            archive_engagement(session, "china-telecom-2003", held.clock)
    code = "assessment-published" if why == "assessment-published" else "assessment-archived"
    assert refusal(held, Draft(Text("乙"))) == code
    with held.database.begin() as session:
        for act in (findings.archive_finding, findings.restore_finding):
            with pytest.raises(Invalid, match=code):
                act(session, written.finding_id, actor=held.ann, clock=held.clock)
        with pytest.raises(Invalid, match=code):
            findings.move_finding(session, written.finding_id, up=True, actor=held.ann, clock=held.clock)
    with pytest.raises(Invalid, match=code):
        change(held, written.finding_id, Draft(Text("丙")), base=1)
    assert texts(held) == ["甲"]


# --- notes ---------------------------------------------------------------------------------------------------------


def notes(held: Held, element: str = ELEMENT) -> tuple[Note, ...]:
    with held.database.read() as session:
        return notes_of(session, held.assessment_id).get(element, ())


def test_a_note_tells_who_said_what_with_the_words_of_its_evidence(held: Held) -> None:
    held.save({"score": "2.5", "note": "只有口头约定", "confidence": "low", "ticks": {evidence(held): "seen"}})
    (note,) = notes(held)
    assert (note.respondent, note.interviewer, note.note) == ("受访者A", "顾问ann", "只有口头约定")
    assert (note.state, note.score, note.confidence) == (State.SCORED, Fraction("2.5"), "low")
    ((words, tick),) = note.evidence
    assert tick == "seen"
    assert words.zh
    assert note.saved_by == held.ann.display_name
    assert note.waiting


def evidence(held: Held) -> str:
    with held.database.read() as session:
        record = interview_store.interview(session, held.interview_id)
        assert record is not None
        questionnaire = questionnaire_of(session, record)
    assert questionnaire is not None
    item = next(item for item in questionnaire.items if item.element == ELEMENT)
    key = next(one.id for one in item.evidence if one.id)
    assert key
    return key


def test_a_note_waits_until_a_finding_in_force_refers_to_its_interview(held: Held) -> None:
    held.save({"note": "甲"})
    held.save({"score": "2"}, element=OTHER)  # no words: nothing waits
    with held.database.read() as session:
        found = notes_of(session, held.assessment_id)
        assert {element for element in found if any(note.waiting for note in found[element])} == {ELEMENT}
    written = write(held, "甲", sources=(held.interview_id,))
    assert not notes(held)[0].waiting
    with held.database.begin() as session:
        findings.archive_finding(session, written.finding_id, actor=held.ann, clock=held.clock)
    assert notes(held)[0].waiting


def test_open_answers_without_a_word_and_archived_interviews_are_no_notes(held: Held) -> None:
    held.save({"score": "2"})
    held.save({"state": "open", "score": None}, base=1)
    assert notes(held) == ()
    held.save({"note": "甲"}, base=2)
    assert len(notes(held)) == 1
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    assert notes(held) == ()


def test_a_finding_begins_with_the_words_of_its_notes(held: Held, library: Library, clock: FixedClock) -> None:
    second = hold(held.database, library, clock, ann=held.ann, bo=held.bo, role="billing")
    third = hold(held.database, library, clock, ann=held.ann, bo=held.bo, role="billing")
    held.save({"note": "没有战略", "ticks": {evidence(held): "told"}})
    second.save({"note": "没有战略", "evidence_strength": 3})
    third.save({"note": "Nobody owns it"})
    draft = findings.draft_from(notes(held))
    assert draft.text == Text("没有战略", "Nobody owns it")
    assert draft.strength == 3
    assert draft.sources == (held.interview_id, second.interview_id, third.interview_id)
    assert findings.draft_from([]) == Draft(Text())


# --- cases ---------------------------------------------------------------------------------------------------------


def test_findings_without_an_agreed_score_are_exported_and_come_back(
    held: Held, library: Library, clock: FixedClock
) -> None:
    write(held, "没有战略")
    with held.database.begin() as session:
        view = load_assessment(session, held.assessment_id)
        assert ELEMENT not in view.agreed
        assert view.findings[ELEMENT] == (Text("没有战略"),)
        case = export_case(session, held.assessment_id)
        assert case.scores[ELEMENT].state is State.OPEN
        framework = view.framework
        again = import_case(
            session,
            case,
            framework=framework,
            engagement_key="china-telecom-2003",
            library=library,
            actor=held.ann,
            clock=clock,
            as_revision=True,
        )
        copy = load_assessment(session, again)
        assert ELEMENT not in copy.agreed
        assert export_case(session, again) == case
        session.rollback()


def test_an_import_keeps_equal_findings_with_their_sources_and_archives_the_others(held: Held) -> None:
    kept = write(held, "留", strength=2, sources=(held.interview_id,)).finding_id
    gone = write(held, "走").finding_id
    elsewhere = write(held, "别处", element=OTHER).finding_id
    with held.database.begin() as session:
        store.replace_findings(
            session,
            held.assessment_id,
            {ELEMENT: [Text("新"), Text("留")]},
            at=held.clock(),
            user_id=held.ann.user_id,
        )
    assert texts(held) == ["新", "留"]
    finding = standing(held)[1]
    assert (finding.id, finding.strength, len(finding.sources)) == (kept, 2, 1)
    assert history(held, gone) == ["written", "archived"]
    assert standing(held, OTHER)[0].id == elsewhere


def test_a_finding_that_came_with_a_case_has_a_history_too(demo_database: Database, held: Held) -> None:
    with demo_database.begin() as session:
        shenzhen = next(one.id for one in assessment_store.assessments(session, 1) if one.key == "shenzhen-2003")
        found = findings.findings_of(session, shenzhen)
        finding = next(iter(found.values()))[0]
        (first,) = findings.history_of(session, finding.id)
        assert (first.kind, first.after["zh"]) == ("written", finding.text.zh)
        findings.change_finding(
            session, finding.id, Draft(Text("改了")), base_version=1, actor=held.ann, clock=held.clock
        )
        first, second = findings.history_of(session, finding.id)
        assert (first.kind, first.after["zh"]) == ("written", finding.text.zh)
        assert (second.kind, second.after["zh"]) == ("changed", "改了")
