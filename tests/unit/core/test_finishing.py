"""What is to be looked at before handing over: worked by hand on the scale 0 to 5 in halves, and on others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from app.core.case import Answer, State
from app.core.finishing import (
    AskedElement,
    AssessedElement,
    Code,
    Concern,
    assessment_concerns,
    high_from,
    interview_concerns,
)
from app.core.scale import Level, Scale
from app.core.scoring import Judgement, NodeScore, Status
from app.core.text import Text

PUBLISH = Fraction(4, 5)


def scale(low: str, high: str, step: str, *levels: str) -> Scale:
    named = tuple(Level(Fraction(value), Text(zh=value)) for value in (levels or (low, high)))
    return Scale(Fraction(low), Fraction(high), Fraction(step), named)


HALVES = scale("0", "5", "1/2", "0", "1", "2", "3", "4", "5")


def scored(score: str, **said: object) -> Answer:
    """An answer with a score that leaves nothing to say against it, but for what is given."""
    values: dict[str, object] = {"confidence": "high", "note": "看过系统"} | said
    return Answer(State.SCORED, Fraction(score), **values)  # type: ignore[arg-type] # given by the tests


FILLER = scored("2")  # says nothing of interest, and is unlike its neighbours


def concerns(*answers: Answer | None, alone: bool = False, of: Scale = HALVES) -> list[tuple[Code, str]]:
    """Return code and subject for an interview of these answers: e1 in d1, e2 in d1, …"""
    asked = [AskedElement(f"e{place}", "d1", answer) for place, answer in enumerate(answers, 1)]
    return [(one.code, one.about) for one in interview_concerns(asked, of, alone=alone)]


@pytest.mark.parametrize(
    ("of", "high"),
    [
        (HALVES, "4"),
        (scale("1", "5", "1", "1", "2", "3", "4", "5"), "4"),
        (scale("0", "3", "1", "0", "1", "2", "3"), "2"),
        (scale("0", "100", "5", "0", "25", "50", "75", "100"), "75"),
        (scale("0", "10", "1"), "8"),  # only the ends are named: four fifths
        (scale("1", "6", "1"), "5"),  # 1 + 4/5 of 5
    ],
)
def test_evidence_is_expected_from_the_second_highest_level(of: Scale, high: str) -> None:
    assert high_from(of) == Fraction(high)


def test_a_good_interview_raises_nothing() -> None:
    assert concerns(scored("2"), scored("4.5"), Answer(State.NOT_APPLICABLE, reason="没有"), scored("3")) == []


def test_an_interview_without_an_answer_is_an_error_and_nothing_more() -> None:
    assert concerns(None, Answer(State.OPEN, note="只记了一笔")) == [(Code.NOTHING_SAID, "")]
    assert concerns() == [(Code.NOTHING_SAID, "")]


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_not_applicable_without_a_reason_is_an_error(reason: str | None) -> None:
    (found,) = interview_concerns([AskedElement("e1", "d1", Answer(State.NOT_APPLICABLE, reason=reason))], HALVES)
    assert (found.code, found.about, found.is_error) == (Code.REASON_MISSING, "e1", True)


@pytest.mark.parametrize(
    ("answer", "warned"),
    [
        (scored("4", note=None), True),
        (scored("5", note="  "), True),
        (scored("3.5", note=None), False),
        (scored("4", note="看过系统"), False),
        (scored("4", note=None, ticks={"plan": "seen"}), False),
        (scored("4", note=None, ticks={"plan": "told"}), True),
        (scored("4", note=None, evidence_strength=2), False),
        (scored("4", note=None, evidence_strength=1), True),
    ],
)
def test_a_high_score_wants_something_seen_or_noted(answer: Answer, warned: bool) -> None:
    assert ((Code.HIGH_WITHOUT_EVIDENCE, "e1") in concerns(answer)) is warned


@pytest.mark.parametrize(("unknown", "known", "warned"), [(1, 4, False), (2, 8, False), (2, 7, True), (1, 3, True)])
def test_more_than_a_fifth_unknown_is_too_much(unknown: int, known: int, warned: bool) -> None:
    given = [Answer(State.UNKNOWN)] * unknown + [FILLER, scored("3")] * known
    found = concerns(*given[: unknown + known], None)  # what nobody was asked is not counted
    wanted = [(Code.MANY_UNKNOWN, f"e{place}") for place in range(1, unknown + 1)]
    assert [one for one in found if one[0] is Code.MANY_UNKNOWN] == (wanted if warned else [])


def test_what_is_left_open_is_named() -> None:
    assert concerns(FILLER, None, Answer(State.OPEN, note="以后再问")) == [
        (Code.LEFT_OPEN, "e2"),
        (Code.LEFT_OPEN, "e3"),
    ]


def test_a_score_without_confidence_is_named() -> None:
    assert concerns(scored("2", confidence=None), Answer(State.NOT_APPLICABLE, reason="没有")) == [
        (Code.NO_CONFIDENCE, "e1")
    ]


def test_whoever_fills_in_alone_was_asked_neither_for_evidence_nor_for_confidence() -> None:
    assert concerns(scored("5", note=None, confidence=None), None, alone=True) == [(Code.LEFT_OPEN, "e2")]


@pytest.mark.parametrize(
    ("score", "suggested", "note", "warned"),
    [("3", "2", None, True), ("2", "3", None, True), ("3", "2.5", None, False), ("3", "2", "现场核过", False)],
)
def test_a_level_away_from_the_suggested_score_wants_a_note(
    score: str, suggested: str, note: str | None, warned: bool
) -> None:
    answer = scored(score, suggested=Fraction(suggested), note=note)
    assert ((Code.UNLIKE_SUGGESTED, "e1") in concerns(answer)) is warned


def test_five_equal_scores_of_a_dimension_are_named_once() -> None:
    assert concerns(*[FILLER] * 4) == []
    assert concerns(*[FILLER] * 5) == [(Code.ALL_ALIKE, "d1")]
    assert concerns(*[FILLER] * 5, scored("2.5")) == []
    assert concerns(*[FILLER] * 5, Answer(State.NOT_APPLICABLE, reason="没有")) == [(Code.ALL_ALIKE, "d1")]


def test_equal_scores_in_several_dimensions_are_no_straight_line() -> None:
    asked = [AskedElement(f"e{place}", f"d{place % 2}", FILLER) for place in range(8)]
    assert interview_concerns(asked, HALVES) == ()


def test_errors_stand_before_warnings() -> None:
    found = concerns(scored("4", note=None, confidence=None), None, Answer(State.NOT_APPLICABLE))
    assert [code for code, _ in found] == [
        Code.REASON_MISSING,
        Code.LEFT_OPEN,
        Code.HIGH_WITHOUT_EVIDENCE,
        Code.NO_CONFIDENCE,
    ]


# --- an assessment --------------------------------------------------------------------------------------------------


def agreed(score: str, element: str = "a1", **changes: object) -> AssessedElement:
    """An element that leaves nothing to say against it, but for what is given."""
    values: dict[str, object] = {"roles": 2, "findings": 1, "strongest": 2} | changes
    return AssessedElement(element, Judgement(State.SCORED, Fraction(score)), **values)  # type: ignore[arg-type]


def found_of(
    *elements: AssessedElement, above: Sequence[NodeScore] = (), unfinished: Sequence[str] = ()
) -> list[Concern]:
    found = assessment_concerns(
        elements, scale=HALVES, minimum_roles=2, above=above, publish=PUBLISH, unfinished=unfinished
    )
    return list(found)


def codes_of(*elements: AssessedElement) -> list[Code]:
    return [concern.code for concern in found_of(*elements)]


def test_a_good_assessment_raises_nothing() -> None:
    assert codes_of(agreed("3"), agreed("4.5", "a2")) == []


def test_an_assessment_of_which_nothing_is_known_is_an_error() -> None:
    assert codes_of(AssessedElement("a1", Judgement(State.OPEN, agreed=False))) == [Code.NOTHING_SAID]


def test_what_is_open_is_told_from_what_is_not_agreed_and_from_what_is_disputed() -> None:
    median = Judgement(State.SCORED, Fraction(3), agreed=False, respondents=2)
    found = found_of(
        agreed("2"),
        AssessedElement("a2", Judgement(State.OPEN, agreed=False)),
        AssessedElement("a3", median, roles=2),
        AssessedElement("a4", median, roles=2, discuss=True),
    )
    assert [(one.code, one.about) for one in found] == [
        (Code.NOT_ASSESSED, "a2"),
        (Code.TO_DISCUSS, "a4"),
        (Code.NOT_AGREED, "a3"),
    ]


def test_a_dispute_that_was_settled_is_no_concern() -> None:
    assert codes_of(agreed("3", discuss=True)) == []


def test_not_applicable_is_agreed_with_a_reason() -> None:
    judgement = Judgement(State.NOT_APPLICABLE)
    assert codes_of(AssessedElement("a1", judgement)) == [Code.REASON_MISSING]
    assert codes_of(AssessedElement("a1", judgement, reason="没有这项业务")) == []


def test_a_score_from_fewer_roles_than_asked_for_is_named_with_its_figures() -> None:
    (found,) = found_of(agreed("3", roles=1))
    assert found == Concern(Code.SINGLE_SOURCE, "a1", {"roles": 1, "minimum": 2})


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"strongest": None}, True),
        ({"strongest": 1}, True),
        ({"strongest": 2}, False),
        ({"strongest": None, "attachments": 1}, False),
        ({"strongest": None, "answers": (scored("4", note=None, ticks={"plan": "seen"}),)}, False),
        ({"strongest": None, "answers": (scored("4", note=None, evidence_strength=3),)}, False),
        ({"strongest": None, "answers": (scored("4", note="听说很好"),)}, True),  # a note alone proves nothing
    ],
)
def test_a_high_agreed_score_wants_something_that_was_shown(changes: dict[str, Any], warned: bool) -> None:
    assert codes_of(replace(agreed("4"), **changes)) == ([Code.HIGH_WITHOUT_EVIDENCE] if warned else [])
    assert codes_of(replace(agreed("3.5"), **changes)) == []


@pytest.mark.parametrize(("unknown", "known", "warned"), [(1, 0, False), (1, 1, True), (1, 2, False), (2, 2, True)])
def test_half_of_the_respondents_unknown_is_too_much(unknown: int, known: int, warned: bool) -> None:
    answers = (*[Answer(State.UNKNOWN)] * unknown, *[scored("3")] * known, Answer(State.OPEN))
    assert codes_of(agreed("3", answers=answers)) == ([Code.MANY_UNKNOWN] if warned else [])


def test_an_agreed_score_wants_a_finding_and_a_median_does_not() -> None:
    assert codes_of(agreed("3", findings=0)) == [Code.NO_FINDING]
    assert codes_of(AssessedElement("a1", Judgement(State.SCORED, Fraction(3), agreed=False), roles=2)) == [
        Code.NOT_AGREED
    ]
    assert codes_of(AssessedElement("a1", Judgement(State.UNKNOWN))) == []


def test_interviews_that_were_not_handed_over_are_named() -> None:
    assert found_of(agreed("3"), unfinished=["i-02"]) == [Concern(Code.UNFINISHED_INTERVIEW, "i-02")]


def node(node_id: str | None, coverage: str | None, status: Status) -> NodeScore:
    share = None if coverage is None else Fraction(coverage)
    return NodeScore(node_id, None, None, Text(zh="节"), Fraction(1), None, None, share, status, None, None, None)


def test_coverage_below_what_may_be_published_is_named_with_its_figures() -> None:
    above = [
        node(None, "0.79", Status.PROVISIONAL),
        node("d1", "0.8", Status.PUBLISHED),
        node("d2", "0", Status.OPEN),
        node("d3", None, Status.NOT_APPLICABLE),
    ]
    found = found_of(agreed("3"), above=above)
    assert found == [
        Concern(Code.LOW_COVERAGE, "", {"coverage": Fraction(79, 100), "publish": PUBLISH}),
        Concern(Code.LOW_COVERAGE, "d2", {"coverage": Fraction(0), "publish": PUBLISH}),
    ]
