"""What may be said of an element: the one validation behind forms, autosave and import."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.core.questionnaire import Band, EvidencePrompt, Item, Option, Question, QuestionType
from app.core.scale import Level, Scale
from app.core.text import Text
from app.services.answer_changes import LONGEST_NOTE, AnswerRefused, Ground, number_of, read_changes

LOW, HIGH = Text("低", "Low"), Text("高", "High")
HALVES = Scale(Fraction(0), Fraction(5), Fraction(1, 2), (Level(Fraction(0), LOW), Level(Fraction(5), HIGH)))
QUARTERS = Scale(Fraction(1), Fraction(7), Fraction(1, 4), (Level(Fraction(1), LOW), Level(Fraction(7), HIGH)))
ITEM = Item(
    element="element",
    evidence=(EvidencePrompt(Text("规划"), "plan"), EvidencePrompt(Text("没有编号"))),
    questions=(
        Question("owner", QuestionType.CHOICE, Text("谁"), options=(Option("none", LOW), Option("named", HIGH))),
        Question("parts", QuestionType.CHECKLIST, Text("哪些"), options=(Option("a", LOW), Option("b", HIGH))),
        Question("share", QuestionType.NUMBER, Text("多少"), bands=(Band(Fraction(1)),)),
        Question("own", QuestionType.SCALE, Text("自评")),
        Question("why", QuestionType.TEXT, Text("为什么")),
    ),
)


def read(changes: dict[str, Any], scale: Scale = HALVES) -> dict[str, Any]:
    return read_changes(changes, Ground(scale, ITEM))


def codes(changes: dict[str, Any], scale: Scale = HALVES) -> list[str]:
    with pytest.raises(AnswerRefused) as refused:
        read(changes, scale)
    return sorted(fault.code for fault in refused.value.faults)


@pytest.mark.parametrize("score", ["3.5", "3.50", 3.5, "３．５", " 3.5 "])
def test_a_score_is_read_however_it_is_written(score: object) -> None:
    assert read({"score": score}) == {"judgement": {"state": "scored", "steps": 7}}


@pytest.mark.parametrize(("score", "steps"), [("1", 0), ("1.25", 1), ("7", 24), (6.75, 23)])
def test_steps_are_counted_above_the_minimum_of_the_scale(score: object, steps: int) -> None:
    assert read({"score": score}, QUARTERS)["judgement"]["steps"] == steps


@pytest.mark.parametrize(
    "score", [True, False, "true", "", "3.3", "5.5", "-1", 5.5, "1e0", "0x3", "三", "3,5", [3], "3.5.0", "1/2", "٣"]
)
def test_what_is_no_point_of_the_scale_is_refused(score: object) -> None:
    assert codes({"score": score}) == ["A104"]


def test_numbers_that_are_none_are_none() -> None:
    for given in (float("nan"), float("inf"), 1e30, None, True, "9" * 50):
        assert number_of(given) is None


@pytest.mark.parametrize("state", ["open", "not-applicable", "unknown"])
def test_states_without_a_score(state: str) -> None:
    assert read({"state": state, "score": None}) == {"judgement": {"state": state, "steps": None}}


@pytest.mark.parametrize("state", ["inferred", "illegible", "draft", 3, None, ["open"]])
def test_other_states_are_no_answer(state: object) -> None:
    assert codes({"state": state}) == ["A102"]


def test_state_and_score_must_agree() -> None:
    assert codes({"state": "scored"}) == ["A103"]
    assert codes({"state": "unknown", "score": "3"}) == ["A103"]
    assert codes({"score": None}) == ["A102"]


def test_not_applicable_may_still_lack_its_reason() -> None:
    assert read({"state": "not-applicable", "reason": ""})["reason"] is None


def test_texts_keep_their_lines_and_lose_the_rest() -> None:
    assert read({"note": " 第一行\r\n\t第二行\r第三行\n "}) == {"note": "第一行\n\t第二行\n第三行"}
    assert read({"note": None, "reason": "   "}) == {"note": None, "reason": None}


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\ud800b"])
def test_control_characters_are_refused(text: str) -> None:
    assert codes({"note": text}) == ["A108"]


def test_texts_have_a_limit() -> None:
    assert len(read({"note": "长" * LONGEST_NOTE})["note"]) == LONGEST_NOTE
    assert codes({"note": "长" * (LONGEST_NOTE + 1), "reason": "长" * 1001}) == ["A107", "A107"]
    assert codes({"note": 5}) == ["A106"]


def test_unknown_fields_are_refused() -> None:
    assert codes({"suggested": "3", "version": 7, "colour": "red"}) == ["A101", "A101", "A101"]


def test_confidence_and_strength_have_their_values() -> None:
    assert read({"confidence": "medium", "evidence_strength": 3}) == {"confidence": "medium", "evidence_strength": 3}
    assert read({"confidence": None, "evidence_strength": None}) == {"confidence": None, "evidence_strength": None}
    assert codes({"confidence": "sure", "evidence_strength": 4}) == ["A105", "A109"]
    assert codes({"confidence": 2, "evidence_strength": True}) == ["A105", "A109"]


def test_ticks_are_fields_of_their_own() -> None:
    assert read({"ticks": {"plan": "seen"}}) == {"ticks.plan": "seen"}
    assert read({"ticks": {"plan": None}}) == {"ticks.plan": None}
    assert codes({"ticks": {"plan": "dreamt"}}) == ["A110"]
    assert codes({"ticks": {"other": "seen"}}) == ["A111"]
    assert codes({"ticks": ["plan"]}) == ["A110"]


def test_questions_are_answered_in_their_own_kind() -> None:
    given = {"owner": "named", "parts": ["b", "a", "b"], "share": "８０", "own": "2.5", "why": "因为\r\n这样"}
    assert read({"questions": given}) == {
        "questions.owner": "named",
        "questions.parts": ["a", "b"],
        "questions.share": {"number": "80"},
        "questions.own": {"number": "2.5"},
        "questions.why": "因为\n这样",
    }


def test_an_empty_checklist_is_an_answer_and_null_takes_one_back() -> None:
    assert read({"questions": {"parts": [], "owner": None, "why": ""}}) == {
        "questions.parts": [],
        "questions.owner": None,
        "questions.why": None,
    }


@pytest.mark.parametrize(
    "given",
    [
        {"owner": "nobody"},
        {"owner": ["named"]},
        {"parts": "a"},
        {"parts": ["c"]},
        {"parts": [1]},
        {"share": "many"},
        {"share": True},
    ],
)
def test_questions_refuse_answers_of_another_kind(given: dict[str, Any]) -> None:
    assert codes({"questions": given}) == ["A112"]


def test_questions_on_the_scale_keep_to_its_grid_and_unknown_ones_are_refused() -> None:
    assert codes({"questions": {"own": "2.3"}}) == ["A104"]
    assert codes({"questions": {"other": "x"}}) == ["A113"]
    assert codes({"questions": "x"}) == ["A112"]


def test_every_fault_is_collected() -> None:
    assert codes({"score": "9", "note": "\x00", "confidence": "sure", "colour": 1}) == ["A101", "A104", "A105", "A108"]


def test_an_element_that_the_questionnaire_does_not_ask_takes_no_ticks() -> None:
    with pytest.raises(AnswerRefused):
        read_changes({"ticks": {"plan": "seen"}}, Ground(HALVES, None))
    assert read_changes({"score": "1"}, Ground(HALVES, None))["judgement"]["steps"] == 2
