"""Versions and references: their order, what a reference admits, which texts are none."""

from __future__ import annotations

import itertools

import pytest

from app.content.versions import Reference, Version

ORDER = [
    "0.9.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-2",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0",
]


def test_versions_stand_in_the_order_of_semantic_versioning() -> None:
    parsed = [Version.parse(text) for text in ["1.0.0-2", *ORDER[:1]]]
    assert all(parsed)
    right = [
        "0.9.0",
        "1.0.0-2",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0",
        "1.0.1",
        "1.2.0",
        "1.10.0",
        "2.0",
    ]
    for smaller, bigger in itertools.pairwise(right):
        assert Version.lenient(smaller) < Version.lenient(bigger)


@pytest.mark.parametrize("text", ["1.2.0", "0.0.1", "10.20.30", "1.0.0-rc.1", "1.0.0+build.5", "1.10"])
def test_texts_that_are_versions(text: str) -> None:
    assert Version.parse(text) is not None


@pytest.mark.parametrize(
    "text", ["1", "v1.0.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.x", "", "1.0.0/..", "../1.0", "1.0.0\n"]
)
def test_texts_that_are_none(text: str) -> None:
    assert Version.parse(text) is None


@pytest.mark.parametrize(
    ("reference", "version", "admitted"),
    [
        ("a", "9.9.9", True),
        ("a@1.0.0", "1.0.0", True),
        ("a@1.0.0", "1.0.1", False),
        ("a@>=1,<2", "1.9.9", True),
        ("a@>=1, <2", "2.0.0", False),
        ("a@>=1.2", "1.1.9", False),
        ("a@>1", "1.0.0", False),
        ("a@<=1.0", "1.0.0", True),
        ("a@==1.0.0", "1.0.0", True),
        ("a@>=1", "1.0.0-beta", False),
    ],
)
def test_a_reference_admits_what_fulfils_every_comparator(reference: str, version: str, admitted: bool) -> None:
    parsed = Reference.parse(reference)
    assert parsed is not None
    assert parsed.admits(Version.lenient(version)) is admitted


@pytest.mark.parametrize(
    "text", ["", "@1", "A@1", "a@", "a@>=", "a@1,", "a@>=1,,<2", "a b", "a@~1", "a@^1", "a@1@2", "../a"]
)
def test_texts_that_are_no_reference(text: str) -> None:
    assert Reference.parse(text) is None
