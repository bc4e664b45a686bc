"""Which dimension opens an interview: each equally often, and the others follow round to where it began."""

from __future__ import annotations

from collections import Counter

from app.core.rotation import propose_opening, propose_openings, rotated

FIVE = ("insight", "interaction", "offer", "people", "integration")


def test_the_others_follow_in_their_order_round_to_the_beginning() -> None:
    assert rotated(FIVE, "people") == ("people", "integration", "insight", "interaction", "offer")
    assert rotated(FIVE, "insight") == FIVE
    assert rotated(FIVE, None) == FIVE
    assert rotated(FIVE, "elsewhere") == FIVE


def test_the_dimension_that_opened_least_often_is_next_and_the_first_among_equals() -> None:
    assert propose_opening(FIVE, []) == "insight"
    assert propose_opening(FIVE, ["insight"]) == "interaction"
    assert propose_opening(FIVE, ["insight", "interaction", "interaction", "people"]) == "offer"


def test_where_there_is_nothing_to_rotate_nothing_is_proposed() -> None:
    assert propose_opening((), []) is None
    assert propose_opening(("insight",), ["insight"]) is None


def test_every_dimension_opens_equally_often() -> None:
    proposed = propose_openings([FIVE] * 10, [])
    assert proposed == FIVE + FIVE
    so_far = ["offer", "offer"]
    assert set(Counter([*so_far, *propose_openings([FIVE] * 12, so_far)]).values()) == {2, 3}


def test_a_role_opens_only_with_what_it_is_asked_about() -> None:
    proposed = propose_openings([FIVE, ("insight", "integration"), ("people",), FIVE], [])
    assert proposed == ("insight", "integration", None, "interaction")


def test_what_opens_without_a_proposal_counts_for_the_next() -> None:
    assert propose_openings([("people",), ("people", "offer")], []) == (None, "offer")
