"""The panel of each element: who counts, what is missing, and whom to ask so that most gaps close first."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.core.case import Answer, State
from app.core.judging import RespondentAnswers
from app.core.panel import (
    Asking,
    Panel,
    Reach,
    Suggestion,
    panel_of,
    reaches,
    roles_by_element,
    strongest,
    who_to_ask,
)

SCORED = Answer(State.SCORED, Fraction(2))
INFERRED = Answer(State.INFERRED, Fraction(3))
EXCUSED = Answer(State.NOT_APPLICABLE, reason="没有")
UNKNOWN = Answer(State.UNKNOWN)


def said(role: str, weight: int = 1, **answers: Answer) -> RespondentAnswers:
    return RespondentAnswers(role, Fraction(weight), answers)


def test_two_respondents_of_one_role_are_one_voice() -> None:
    respondents = [said("billing", a=SCORED), said("billing", a=SCORED), said("marketing", a=INFERRED, b=SCORED)]
    assert roles_by_element(respondents) == {"a": {"billing", "marketing"}, "b": {"marketing"}}


def test_only_scores_of_roles_that_count_make_a_voice() -> None:
    respondents = [said("billing", a=UNKNOWN, b=EXCUSED), said("trainee", weight=0, a=SCORED)]
    assert roles_by_element(respondents) == {}


def test_who_scored_counts_and_without_a_score_who_called_it_not_applicable() -> None:
    mixed = panel_of("a", {"billing": Asking.SCORED, "marketing": Asking.NOT_APPLICABLE})
    assert mixed.heard == {"billing"}
    assert mixed.reach(1) is Reach.REACHED
    excused = panel_of(
        "a", {"billing": Asking.UNKNOWN, "marketing": Asking.NOT_APPLICABLE, "it": Asking.NOT_APPLICABLE}
    )
    assert excused.heard == {"marketing", "it"}


def test_who_did_not_know_is_not_asked_again_and_a_role_of_weight_0_is_never_counted() -> None:
    panel = panel_of(
        "a",
        {"billing": Asking.UNKNOWN, "trainee": Asking.SCORED, "guest": Asking.ASKED},
        heard_only=["trainee", "guest"],
    )
    assert panel == Panel("a")
    assert panel.reach(2) is Reach.OUT_OF_REACH


def test_an_element_goes_from_missing_to_reached() -> None:
    askings = {"billing": Asking.ASKED, "marketing": Asking.ASKED}
    assert panel_of("a", askings).reach(2) is Reach.MISSING
    assert panel_of("a", askings | {"billing": Asking.PLANNED}).missing(2) == 1
    assert panel_of("a", {"billing": Asking.PLANNED, "marketing": Asking.BEGUN}).reach(2) is Reach.WILL_BE
    assert panel_of("a", {"billing": Asking.SCORED, "marketing": Asking.BEGUN}).reach(2) is Reach.WILL_BE
    assert panel_of("a", {"billing": Asking.SCORED, "marketing": Asking.SCORED}).reach(2) is Reach.REACHED


def test_an_element_whose_questionnaire_asks_too_few_roles_is_out_of_reach() -> None:
    panel = panel_of("a", {"billing": Asking.ASKED, "marketing": Asking.NOT_ASKED})
    assert panel.reach(2) is Reach.OUT_OF_REACH
    assert panel.reach(1) is Reach.MISSING


def test_an_agreed_element_needs_nobody() -> None:
    panel = panel_of("a", {"billing": Asking.ASKED}, settled=True)
    assert (panel.reach(9), panel.missing(9)) == (Reach.SETTLED, 0)


def test_the_furthest_interview_of_a_role_decides_its_cell() -> None:
    assert strongest([Asking.PLANNED, Asking.SCORED, Asking.BEGUN]) is Asking.SCORED
    assert strongest([Asking.UNKNOWN, Asking.NOT_APPLICABLE]) is Asking.NOT_APPLICABLE
    assert strongest([]) is Asking.NOT_ASKED


def panels(**askable: str) -> list[Panel]:
    """Return one panel per name, to be asked of the roles named by the letters of its value."""
    return [Panel(element, askable=frozenset(roles)) for element, roles in askable.items()]


def test_the_role_that_closes_most_gaps_is_asked_first() -> None:
    # by hand: z is asked about a, b, c (three gaps); then x about a, b (c has only z and w); then w about c
    wanted = panels(a="xz", b="xyz", c="zw")
    assert who_to_ask(wanted, 2, ["w", "x", "y", "z"]) == (
        Suggestion("z", ("a", "b", "c")),
        Suggestion("x", ("a", "b")),
        Suggestion("w", ("c",)),
    )


def test_among_equals_the_questionnaires_order_decides() -> None:
    wanted = panels(a="xy", b="xy")
    assert [one.role for one in who_to_ask(wanted, 1, ["y", "x"])] == ["y"]
    assert [one.role for one in who_to_ask(wanted, 1, ["x", "y"])] == ["x"]


def test_nobody_is_asked_twice_nor_beyond_the_minimum() -> None:
    wanted = panels(a="x", b="xyz")
    suggestions = who_to_ask(wanted, 2, ["x", "y", "z"])
    assert [(one.role, one.elements) for one in suggestions] == [("x", ("a", "b")), ("y", ("b",))]


def test_what_is_heard_planned_or_agreed_is_no_gap() -> None:
    wanted = [
        Panel("a", heard=frozenset("p"), coming=frozenset("q"), askable=frozenset("x")),
        Panel("b", heard=frozenset("p"), askable=frozenset("xy")),
        Panel("c", askable=frozenset("xy"), settled=True),
    ]
    assert who_to_ask(wanted, 2, ["x", "y"]) == (Suggestion("x", ("b",)),)
    assert reaches(wanted, 2)[Reach.WILL_BE] == ("a",)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("stuvwxyz")), min_size=1),
    st.integers(1, 4),
)
def test_asking_all_suggested_roles_leaves_only_what_is_out_of_reach(
    asked: dict[str, frozenset[str]], minimum: int
) -> None:
    before = [Panel(element, askable=roles) for element, roles in asked.items()]
    named = {one.role for one in who_to_ask(before, minimum, list("stuvwxyz"))}
    after = [Panel(panel.element, coming=panel.askable & named, askable=panel.askable - named) for panel in before]
    for was, now in zip(before, after, strict=True):
        reachable = was.reach(minimum) is not Reach.OUT_OF_REACH
        assert (now.missing(minimum) == 0) is reachable
