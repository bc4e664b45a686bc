"""Why an item is asked: the same verdict as the interview's, with every operand."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.core.case import AgreedScore, Answer, State
from app.core.questionnaire import Comparison, Condition, Item, Mode, Questionnaire, When
from app.core.relevance import asked_elements
from app.core.relevance_tracing import Origin, all_operands, flat, only_way, trace
from app.core.text import Text
from tests.unit.core.trees import HALVES, number

NAMES = ("a", "b", "c", "d")


def questionnaire(**rules: When | None) -> Questionnaire:
    items = tuple(Item(name, when=rules.get(name)) for name in NAMES)
    return Questionnaire("q", "1.0.0", "f", Text("问"), Mode.INTERVIEW, (), items)


def comparison(element: str, relation: str = "gte", bound: float = 2) -> Comparison:
    return Comparison(element, relation, None if relation == "scored" else number(bound))  # type: ignore[arg-type]


def rules(below: int) -> st.SearchStrategy[When]:
    """Conditions over the elements before one: never a circle."""
    leaf = st.builds(
        comparison,
        st.sampled_from(NAMES[:below]),
        st.sampled_from(["gte", "lte", "eq", "scored"]),
        st.sampled_from([0, 2, 5]),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda part: Condition("not", (part,)), inner),
            st.builds(
                lambda operator, parts: Condition(operator, tuple(parts)),
                st.sampled_from(["all", "any"]),
                st.lists(inner, min_size=1, max_size=3),
            ),
        ),
        max_leaves=4,
    )


ANSWERS = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(
        st.builds(lambda n: Answer(State.SCORED, number(n)), st.sampled_from([0, 2, 5])),
        st.just(Answer(State.UNKNOWN)),
        st.just(Answer(State.OPEN)),
    ),
)
AGREED = st.dictionaries(
    st.sampled_from(NAMES), st.builds(lambda n: AgreedScore(State.SCORED, number(n)), st.sampled_from([0, 2, 5]))
)


@given(st.tuples(*(st.one_of(st.none(), rules(below)) for below in (1, 2, 3))), ANSWERS, AGREED)
def test_it_says_the_same_as_the_interview(
    found: tuple[When | None, ...], answers: dict[str, Answer], agreed: dict[str, AgreedScore]
) -> None:
    asking = questionnaire(**dict(zip(NAMES[1:], found, strict=True)))
    traced = trace(asking, answers, agreed=agreed)
    assert {one.element for one in traced if one.asked} == asked_elements(asking, answers, agreed=agreed)
    for one in traced:
        assert one.asked == (one.why is None or one.why.true)


def origin(answers: dict[str, Answer], agreed: dict[str, AgreedScore], **more: When) -> tuple[Origin, Fraction | None]:
    asking = questionnaire(b=comparison("a"), **more)
    why = trace(asking, answers, agreed=agreed)[1].why
    assert why is not None
    assert why.operand is not None
    return why.operand.origin, why.operand.score


def test_an_operand_tells_where_its_score_comes_from() -> None:
    two, five = Answer(State.SCORED, number(2)), AgreedScore(State.SCORED, number(5))
    assert origin({"a": two}, {"a": five}) == (Origin.ANSWER, number(2))
    assert origin({}, {"a": five}) == (Origin.AGREED, number(5))
    assert origin({}, {}) == (Origin.OPEN, None)
    assert origin({"a": Answer(State.UNKNOWN)}, {"a": five}) == (Origin.UNSCORED, None)
    assert origin({"a": two}, {}, a=comparison("d", "scored")) == (Origin.UNASKED, None)
    assert origin({"a": two}, {"a": five}, a=comparison("d", "scored")) == (Origin.AGREED, number(5))


def test_a_rule_that_can_only_go_one_way_is_known() -> None:
    never = Condition("all", (comparison("a", "gte", 3), comparison("a", "lte", 1)))
    assert only_way(never, HALVES) is False
    assert only_way(Condition("not", (never,)), HALVES) is True
    assert only_way(comparison("a"), HALVES) is None
    long = Condition("any", tuple(comparison(f"e{n}") for n in range(8)))
    assert only_way(long, HALVES) is None


def test_a_rule_is_flat_where_a_form_can_hold_it() -> None:
    plain, negated = comparison("a"), Condition("not", (comparison("b"),))
    assert flat(None) == ("all", ())
    assert flat(Condition("any", (plain, negated))) == ("any", ((False, plain), (True, comparison("b"))))
    assert flat(negated) == ("all", ((True, comparison("b")),))
    assert flat(Condition("all", (Condition("any", (plain,)),))) is None
    assert flat(Condition("not", (negated,))) is None


def test_operands_are_named_once_in_the_order_of_the_items() -> None:
    asking = questionnaire(c=Condition("all", (comparison("b"), comparison("a"))), d=comparison("a"))
    assert all_operands(asking) == ("a", "b")
