"""Which unquoted words are text, and which are not (security.md, threat 4.2)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.content.faults import Document, Faults
from app.content.located import Mapping, Scalar
from app.content.reading import read_bytes


def value_of(text: str) -> object:
    faults = Faults()
    tree = read_bytes(f"key: {text}\n".encode(), Document("file.yaml", faults))
    assert faults.sorted() == ()
    assert isinstance(tree, Mapping)
    scalar = tree.entries[0].value
    assert isinstance(scalar, Scalar)
    return scalar.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", Fraction(0)),
        ("12", Fraction(12)),
        ("-1", Fraction(-1)),
        ("1.0", Fraction(1)),
        ("0.1", Fraction(1, 10)),
        ("-2.375", Fraction(-19, 8)),
        ("1.10", Fraction(11, 10)),
    ],
)
def test_true_false_null_and_plain_decimal_numbers_are_not_text(text: str, value: object) -> None:
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("no", "yes", "on", "off", "y", "n", "No", "TRUE", "True", "Null", "NULL"),
        *(
            "012",
            "0o14",
            "0x1F",
            "0b101",
            "1_000",
            "1e5",
            "1.5e3",
            "1:30",
            "190:20:30",
            "+1",
            ".5",
            "1.",
            "--1",
            "1.2.0",
        ),
        *(".nan", ".inf", "-.inf", "nan", "NaN", "inf", "2003-09-28", "2003-09", "12:00:00", "=", "0.0.0", "1,5", "５"),
    ],
)
def test_every_other_word_is_the_text_that_stands_there(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize("text", ['"1"', "'1'", '"true"', "'null'", '""', "'~'", '"0.5"'])
def test_what_is_quoted_is_text(text: str) -> None:
    assert value_of(text) == text[1:-1]
