"""What stands in columns comes out as it went in."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.encoding import decimal_text, number_of, questions_document, questions_of

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-1_000_000, max_value=1_000_000).map(Fraction)


@given(decimals)
def test_an_exact_decimal_comes_back(number: Fraction) -> None:
    assert number_of(decimal_text(number)) == number


@given(decimals)
def test_a_number_is_written_without_exponent_and_superfluous_zeros(number: Fraction) -> None:
    written = decimal_text(number)
    assert "e" not in written.lower()
    assert "." not in written or not written.endswith("0")


@pytest.mark.parametrize(
    ("number", "written"), [("1.43", "1.43"), ("2.00", "2"), ("-0.5", "-0.5"), ("0", "0"), ("100", "100")]
)
def test_numbers_are_written_as_people_write_them(number: str, written: str) -> None:
    assert decimal_text(Fraction(number)) == written


def test_a_number_without_a_finite_decimal_form_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        decimal_text(Fraction(1, 3))


answers = st.one_of(st.text(), st.lists(st.text()).map(tuple), decimals)


@given(st.dictionaries(st.text(), answers))
def test_answers_to_questions_keep_their_kind(questions: dict[str, str | tuple[str, ...] | Fraction]) -> None:
    assert questions_of(questions_document(questions)) == questions
