"""Self-assessments against consultants: one table worked by hand, and what must hold of the edges."""

from __future__ import annotations

from fractions import Fraction

from app.core.case import AgreedScore, Answer, State
from app.core.framework import Framework
from app.core.judging import RespondentAnswers
from app.core.scoring import Status
from app.core.self_assessment import Difference, Differences, differences
from tests.unit.core.trees import framework, number

# a: two elements of weight 1 and 3, b: three elements of weight 1, c: two elements
TREE = framework(
    {"a": {"a1": None, "a2*3": None}, "b": {"b1": None, "b2": None, "b3": None}, "c": {"c1": None, "c2": None}}
)


def said(role: str = "marketing", weight: int = 1, **scores: float | str) -> RespondentAnswers:
    """Return what a respondent says: a number is a score, a word a state."""
    answers = {
        element: Answer(State(given)) if isinstance(given, str) else Answer(State.SCORED, number(given))
        for element, given in scores.items()
    }
    return RespondentAnswers(role, Fraction(weight), answers)


def agreed(**scores: float | str) -> dict[str, AgreedScore]:
    return {
        element: AgreedScore(State(given), reason="r")
        if isinstance(given, str)
        else AgreedScore(State.SCORED, number(given))
        for element, given in scores.items()
    }


def worked() -> Differences:
    own = [
        said("marketing", a1=4, a2=3, b1=2, c1=5),
        said("marketing", a1=3, a2=2.5, b1=3),
        said("billing", a1=2, b2=1, c1="not-applicable"),
    ]
    consultants = [said("x", a1=2, a2=3.5, b1=2, b3=1), said("y", a1=1, b1=3)]
    return differences(TREE, own, consultants, agreed(b1=1.5, c1="not-applicable"))


def by_node(found: Differences) -> dict[str | None, Difference]:
    every = [found.overall, *found.above, *found.elements, *found.unmatched]
    return {one.node: one for one in every}


def test_elements_differ_by_median_minus_agreed_score_or_median_the_largest_first() -> None:
    found = worked()
    # a1: median(4, 3, 2) - median(2, 1) = 3 - 1.5; b1: median(2, 3) - agreed 1.5; a2: median(3, 2.5) - 3.5
    assert [(one.node, one.by) for one in found.elements] == [
        ("a1", Fraction(3, 2)),
        ("b1", Fraction(1)),
        ("a2", Fraction(-3, 4)),
    ]
    a1, b1, a2 = found.elements
    assert (a1.own_count, a1.consultants_count, a1.agreed) == (3, 2, False)
    assert (b1.own_count, b1.consultants_count, b1.agreed) == (2, 2, True)
    assert (a2.own_count, a2.consultants_count, a2.agreed) == (2, 1, False)


def test_above_the_elements_only_what_both_have_scored_is_rolled_up() -> None:
    nodes = by_node(worked())
    a = nodes["a"]
    # own (3·1 + 2.75·3) / 4 = 2.8125; consultants (1.5·1 + 3.5·3) / 4 = 3
    assert (a.own, a.consultants, a.by) == (Fraction(45, 16), Fraction(3), Fraction(-3, 16))
    assert (a.common, a.applicable, a.status) == (2, 2, Status.PUBLISHED)


def test_too_few_elements_in_common_give_no_figure() -> None:
    nodes = by_node(worked())
    # b: one of three; the whole: (1 + 1/3 + 0/1) / 3 of it, since c1 concerns nobody and c2 is open
    assert (nodes["b"].status, nodes["b"].by, nodes["b"].withheld) == (Status.INSUFFICIENT, None, True)
    assert (nodes[None].status, nodes[None].by) == (Status.INSUFFICIENT, None)
    assert (nodes[None].common, nodes[None].applicable) == (3, 6)


def test_what_consultants_find_not_applicable_concerns_nobody() -> None:
    found = differences(TREE, [said(c1=5, c2=4)], [said(c2=3)], agreed(c1="not-applicable"))
    c = by_node(found)["c"]
    assert (c.common, c.applicable, c.by, c.status) == (1, 1, Fraction(1), Status.PUBLISHED)
    assert [one.node for one in found.unmatched] == ["c1"]


def test_elements_that_only_the_respondents_scored_are_listed_apart() -> None:
    assert [(one.node, one.own) for one in worked().unmatched] == [("b2", Fraction(1)), ("c1", Fraction(5))]


def test_roles_are_told_apart_by_the_mean_of_their_differences() -> None:
    # marketing: a1 4-1.5 and 3-1.5, a2 3-3.5 and 2.5-3.5, b1 2-1.5 and 3-1.5 -> 4.5 / 6; billing: a1 2-1.5
    assert [(one.role, one.respondents, one.scores, one.by) for one in worked().roles] == [
        ("marketing", 2, 6, Fraction(3, 4)),
        ("billing", 1, 1, Fraction(1, 2)),
    ]


def test_a_role_of_weight_zero_moves_no_median_and_is_not_counted() -> None:
    found = differences(TREE, [said(a1=2), said("guest", 0, a1=5)], [said(a1=2)], {})
    assert [(one.node, one.by, one.own_count) for one in found.elements] == [("a1", Fraction(0), 1)]


def test_higher_same_and_lower_are_told_apart_by_a_step() -> None:
    assert worked().count(least=Fraction(1, 2)) == (2, 0, 1)
    assert worked().count(least=Fraction(1)) == (2, 1, 0)


def test_without_self_assessments_or_without_consultants_there_is_no_difference() -> None:
    for own, consultants in (([], [said(a1=2)]), ([said(a1=2)], []), ([], [])):
        found = differences(TREE, own, consultants, {})
        assert (found.elements, found.roles, found.overall.by) == ((), (), None)


def test_a_framework_of_one_tier_has_elements_and_the_whole_only() -> None:
    flat: Framework = framework({"x": None, "y": None})
    found = differences(flat, [said(x=4, y=3)], [said(x=3, y=3)], {})
    assert found.above == ()
    assert found.overall.by == Fraction(1, 2)
