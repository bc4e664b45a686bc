"""An interview as a workbook: out and in again changes nothing; what was filled in is rehearsed, then saved once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from app.content.library import load_library
from app.services import interviewing
from app.services.answering import InterviewClosed
from app.services.sheets import Rehearsal, Verdict
from app.settings import CHECKOUT
from app.storage import answer_revisions
from app.storage import interviews as store
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.books import (
    Small,
    as_excel_stores,
    cell_of,
    edited,
    filled,
    place_of,
    small_interview,
)
from tests.trying import examples

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.text import Locale

ANSWER, REASON, NOTE, CONFIDENCE, STRENGTH = "answer", "reason", "note", "confidence", "evidence_strength"


@pytest.fixture(scope="module")
def tiny() -> Library:
    return load_library(CHECKOUT / "tests" / "library")


@pytest.fixture
def small(database: Database, tiny: Library, clock: FixedClock) -> Small:
    return small_interview(database, tiny, clock)


EVERYTHING: dict[str, dict[str, Any]] = {
    "collecting": {
        "state": "scored",
        "score": "2.5",
        "note": "第一行\n=SUM(A1)\n+1 -1 @x 😀 ３．５ _x0041_",
        "confidence": "high",
        "evidence_strength": 3,
        "ticks": {"plan-document": "seen"},
        "questions": {"plan-exists": "written", "parts": ["owner"]},
    },
    "warehouse": {"state": "not-applicable", "reason": "不归本部门", "questions": {"rating": "3.5"}},
    "accuracy": {"state": "unknown", "questions": {"share": "61.125", "remark": "=1+1"}},
    "campaigns": {"state": "open", "note": "只有记录"},
}


@pytest.fixture
def answered(small: Small) -> Small:
    for element, changes in EVERYTHING.items():
        small.save(element, changes)
    return small


def nothing_changes(rehearsal: Rehearsal) -> bool:
    return not rehearsal.elements and not rehearsal.faults and rehearsal.missing == 0


# --- out and in again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_out_and_in_again_changes_nothing(answered: Small, locale: Locale) -> None:
    content = answered.export(locale)
    rehearsal = answered.rehearse(content)
    assert nothing_changes(rehearsal)
    assert rehearsal.unchanged == 5
    assert answered.apply(content).saved == 0


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_what_excel_rewrites_changes_nothing(answered: Small, locale: Locale) -> None:
    assert nothing_changes(answered.rehearse(as_excel_stores(answered.export(locale))))


def test_what_another_program_saves_again_changes_nothing(answered: Small) -> None:
    assert nothing_changes(answered.rehearse(edited(answered.export(), lambda _: None)))


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t=+-@'\"_x０３．５😀"),
    max_size=40,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "judgement": st.sampled_from(["0", "0.5", "2.5", "5", "not-applicable", "unknown", "open"]),
        "reason": TEXTS,
        "note": TEXTS
        | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "_x000D_", "_x005F_x0041_"]),
        "confidence": st.sampled_from(["low", "medium", "high"]),
        "evidence_strength": st.integers(0, 3),
        "ticks": st.dictionaries(st.just("plan-document"), st.sampled_from(["told", "seen"])),
        "questions": st.fixed_dictionaries(
            {},
            optional={
                "plan-exists": st.sampled_from(["none", "written"]),
                "parts": st.lists(st.sampled_from(["owner", "fields"]), unique=True),
            },
        ),
    },
)


def _sent(answer: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in answer.items() if name != "judgement"}
    judgement = answer.get("judgement")
    if judgement is None:
        return said
    scored = judgement[0].isdigit()
    return said | {"state": "scored" if scored else judgement, "score": judgement if scored else None}


@pytest.fixture(scope="module")
def open_file(tmp_path_factory: pytest.TempPathFactory, empty_file: Path, tiny: Library) -> Iterator[Small]:
    path = tmp_path_factory.mktemp("round") / "crm-maturity.db"
    shutil.copy(empty_file, path)
    database = Database(f"sqlite:///{path}")
    yield small_interview(database, tiny, FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)))
    database.dispose()


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=ANSWERS)
def test_any_answer_goes_out_and_comes_in_again_unchanged(open_file: Small, answer: dict[str, Any]) -> None:
    with open_file.database.read() as session:
        stored = store.answer(session, open_file.interview_id, "collecting")
    open_file.save("collecting", _sent(answer), base=stored.version if stored else 0)
    content = open_file.export()
    assert nothing_changes(open_file.rehearse(content))
    assert nothing_changes(open_file.rehearse(as_excel_stores(content)))
    workbook = load_workbook(BytesIO(content))
    assert not [
        cell.coordinate
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


# --- the workbook itself ---------------------------------------------------------------------------------------------


def test_only_what_is_to_be_filled_in_is_unlocked(answered: Small) -> None:
    workbook = load_workbook(BytesIO(answered.export()))
    assert [sheet.title for sheet in workbook.worksheets] == ["填写说明", "1 数据", "2 应用", "lists", "meta"]
    assert [sheet.sheet_state for sheet in workbook.worksheets] == ["visible"] * 3 + ["veryHidden"] * 2
    data = workbook["1 数据"]
    assert data.protection.sheet
    assert data.protection.password is None
    assert [data.column_dimensions[name].hidden for name in "ABCDE"] == [True] * 4 + [False]
    assert not cell_of(workbook, "collecting", ANSWER).protection.locked
    assert cell_of(workbook, "collecting", "label").protection.locked
    assert data.freeze_panes == "F2"
    kinds = {rule.type for rule in data.data_validations.dataValidation}
    assert kinds == {"list", "decimal", "textLength"}


def test_scores_are_offered_as_the_grid_and_two_words(small: Small) -> None:
    workbook = load_workbook(BytesIO(small.export("en")))
    first = [cell.value for cell in workbook["lists"]["A"]]
    assert first == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, "Not applicable", "Don't know"]


def test_a_closed_interview_can_be_taken_out_but_not_read_back(answered: Small) -> None:
    content = filled(answered.export(), {("service", "answer", ANSWER): 3})
    with answered.database.begin() as session:
        store.update_interview(session, answered.interview_id, state="closed")
    assert answered.rehearse(answered.export()).sheet.closed == "interview-closed"
    with pytest.raises(InterviewClosed):
        answered.apply(content)


def test_an_archived_interview_can_be_taken_out(answered: Small) -> None:
    with answered.database.begin() as session:
        interviewing.archive_interview(session, answered.interview_id, answered.clock)
    assert answered.export().startswith(b"PK")


# --- filled in -------------------------------------------------------------------------------------------------------


def values_of(small: Small, element: str) -> Any:
    with small.database.read() as session:
        stored = store.answer(session, small.interview_id, element)
    assert stored
    return stored.values


def test_everything_that_can_be_filled_in_is_saved(small: Small) -> None:
    content = filled(
        small.export("en"),
        {
            ("collecting", "answer", ANSWER): 2.5,
            ("collecting", "answer", NOTE): "=1+1 is what they said",
            ("collecting", "answer", CONFIDENCE): "medium",
            ("collecting", "answer", STRENGTH): 2,
            ("collecting", "evidence:plan-document", ANSWER): "Told",
            ("collecting", "question:plan-exists", ANSWER): "Written",
            ("collecting", "option:parts:owner", ANSWER): "Yes",
            ("collecting", "option:parts:fields", ANSWER): "No",
            ("warehouse", "answer", ANSWER): "Not applicable",
            ("warehouse", "answer", REASON): "not theirs",
            ("warehouse", "question:rating", ANSWER): 3.5,
            ("accuracy", "answer", ANSWER): "Don't know",
            ("accuracy", "question:share", ANSWER): 61.5,
            ("accuracy", "question:remark", ANSWER): "by hand",
        },
    )
    rehearsal = small.rehearse(content)
    assert not rehearsal.faults
    assert {one.verdict for one in rehearsal.elements} == {Verdict.NEW}
    assert small.apply(content).saved == 3
    collecting, warehouse, accuracy = (values_of(small, one) for one in ("collecting", "warehouse", "accuracy"))
    assert (collecting.state, collecting.steps, collecting.confidence, collecting.evidence_strength) == (
        "scored",
        5,
        "medium",
        2,
    )
    assert collecting.note == "=1+1 is what they said"
    assert collecting.ticks == {"plan-document": "told"}
    assert collecting.questions == {"plan-exists": "written", "parts": ["owner"]}
    assert (warehouse.state, warehouse.reason, warehouse.questions) == (
        "not-applicable",
        "not theirs",
        {"rating": {"number": "3.5"}},
    )
    assert (accuracy.state, accuracy.questions) == ("unknown", {"share": {"number": "61.5"}, "remark": "by hand"})


def test_the_same_file_twice_changes_nothing_more(small: Small) -> None:
    content = filled(small.export(), {("service", "answer", ANSWER): 4})
    assert small.apply(content).saved == 1
    assert nothing_changes(small.rehearse(content))
    assert small.apply(content).saved == 0
    with small.database.read() as session:
        assert len(answer_revisions.revisions_of(session, small.interview_id, "service")) == 1


def test_emptied_cells_take_answers_back(answered: Small) -> None:
    content = filled(
        answered.export(),
        {
            ("collecting", "answer", ANSWER): None,
            ("collecting", "answer", NOTE): None,
            ("collecting", "evidence:plan-document", ANSWER): None,
            ("collecting", "option:parts:owner", ANSWER): None,
            ("collecting", "option:parts:fields", ANSWER): None,
        },
    )
    answered.apply(content)
    values = values_of(answered, "collecting")
    assert (values.state, values.note, values.ticks) == ("open", None, {})
    assert values.questions == {"plan-exists": "written"}


@pytest.mark.parametrize(
    ("written", "remark"), [("３．５", "full-width"), ("3.5", "text-number"), (" 3.5 ", "text-number")]
)
def test_full_width_digits_and_numbers_as_text_are_read_and_said(small: Small, written: str, remark: str) -> None:
    content = filled(small.export(), {("service", "answer", ANSWER): written})
    (one,) = small.rehearse(content).elements
    (change,) = one.fields
    assert (change.mine, change.remarks) == ({"state": "scored", "steps": 7}, (remark,))


@pytest.mark.parametrize("word", ["不清楚", "Don't know", "DON’T KNOW", "dk"])
def test_words_are_known_in_both_languages(small: Small, word: str) -> None:
    (one,) = small.rehearse(filled(small.export(), {("service", "answer", ANSWER): word})).elements
    assert one.fields[0].mine["state"] == "unknown"


def test_rows_that_were_deleted_stay_as_they_are(answered: Small) -> None:
    def delete(workbook: Workbook) -> None:
        cell = cell_of(workbook, "service", ANSWER)
        cell.parent.delete_rows(cell.row)

    rehearsal = answered.rehearse(edited(answered.export(), delete))
    assert (rehearsal.elements, rehearsal.missing) == ((), 1)


def test_a_sheet_of_ones_own_is_not_read_and_said(answered: Small) -> None:
    def add(workbook: Workbook) -> None:
        workbook.create_sheet("我的草稿")["A1"] = "x"

    assert answered.rehearse(edited(answered.export(), add)).strange == ("我的草稿",)


# --- somebody else meanwhile -----------------------------------------------------------------------------------------


def test_what_others_changed_stays_where_the_book_did_not_touch_it(answered: Small) -> None:
    content = filled(answered.export(), {("collecting", "answer", NOTE): "neu"})
    answered.save("collecting", {"score": "4", "state": "scored"}, base=1, by=answered.bo)
    (one,) = answered.rehearse(content).elements
    assert (one.verdict, [change.field for change in one.fields]) == (Verdict.CHANGED, ["note"])
    answered.apply(content)
    values = values_of(answered, "collecting")
    assert (values.steps, values.note) == (8, "neu")


def test_a_conflict_shows_three_values_and_keeps_what_is_stored(answered: Small) -> None:
    content = filled(answered.export(), {("collecting", "answer", ANSWER): 1, ("collecting", "answer", NOTE): "n"})
    answered.save("collecting", {"score": "4", "state": "scored"}, base=1, by=answered.bo)
    (one,) = answered.rehearse(content).elements
    assert one.verdict is Verdict.CONFLICT
    clash = next(change for change in one.fields if change.conflict)
    assert [value["steps"] for value in (clash.base, clash.theirs, clash.mine)] == [5, 8, 2]
    applied = answered.apply(content)
    assert (applied.saved, applied.conflicts) == (1, 1)
    values = values_of(answered, "collecting")
    assert (values.steps, values.note) == (8, "n")


def test_a_conflict_can_be_decided_for_the_book(answered: Small) -> None:
    content = filled(answered.export(), {("collecting", "answer", ANSWER): 1})
    answered.save("collecting", {"score": "4", "state": "scored"}, base=1, by=answered.bo)
    (one,) = answered.rehearse(content).elements
    assert answered.apply(content, keep_mine={"collecting": one.version}).conflicts == 0
    assert values_of(answered, "collecting").steps == 2
    assert nothing_changes(answered.rehearse(content))


def test_a_decision_on_an_older_state_is_asked_again(answered: Small) -> None:
    content = filled(answered.export(), {("collecting", "answer", ANSWER): 1})
    answered.save("collecting", {"score": "4", "state": "scored"}, base=1, by=answered.bo)
    answered.save("collecting", {"score": "5", "state": "scored"}, base=2, by=answered.bo)
    applied = answered.apply(content, keep_mine={"collecting": 2})
    assert (applied.saved, applied.conflicts) == (0, 1)
    assert values_of(answered, "collecting").steps == 10


def test_an_answer_that_was_cleared_meanwhile_is_a_conflict(answered: Small) -> None:
    content = filled(answered.export(), {("service", "answer", ANSWER): 1})
    answered.save("service", {"score": "4", "state": "scored"})
    answered.save("service", {"state": "open", "score": None}, base=1)
    (one,) = answered.rehearse(content).elements
    assert one.verdict is Verdict.CONFLICT


def test_fine_rows_are_saved_and_faulty_ones_stay_listed(answered: Small) -> None:
    content = filled(answered.export(), {("service", "answer", ANSWER): 4, ("campaigns", "answer", ANSWER): 99})
    rehearsal = answered.rehearse(content)
    assert [(one.element, one.verdict) for one in rehearsal.elements] == [
        ("campaigns", Verdict.FAULTY),
        ("service", Verdict.NEW),
    ]
    assert answered.apply(content).saved == 1
    left = answered.rehearse(content)
    assert [fault.path for fault in left.faults] == [place_of(load_workbook(BytesIO(content)), "campaigns", ANSWER)]
