"""Chinese is the source language; every text has one English, and no English is left without its text."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.web.catalogue import Entry, Use, entries, fills_in, uses


@pytest.fixture(scope="module")
def used() -> list[Use]:
    return list(uses())


@pytest.fixture(scope="module")
def known() -> list[Entry]:
    return list(entries())


def test_every_text_has_an_english_one(used: list[Use], known: list[Entry]) -> None:
    worded = {(entry.context, entry.msgid[0]) for entry in known if all(entry.english)}
    missing = {f"{use.msgid[0]}  ({use.place})" for use in used if (use.context, use.msgid[0]) not in worded}
    assert not missing, "\n".join(sorted(missing))


def test_no_english_text_is_left_over(used: list[Use], known: list[Entry]) -> None:
    needed = {(use.context, use.msgid[0]) for use in used}
    stale = sorted(
        f"{entry.msgid[0]}  ({entry.place})" for entry in known if (entry.context, entry.msgid[0]) not in needed
    )
    assert not stale, "\n".join(stale)


def test_a_text_has_only_one_english(known: list[Entry]) -> None:
    english: dict[tuple[str | None, str], set[tuple[str, ...]]] = defaultdict(set)
    for entry in known:
        english[entry.context, entry.msgid[0]].add(entry.english)
    assert {text: words for text, words in english.items() if len(words) > 1} == {}


def test_no_entry_is_a_guess(known: list[Entry]) -> None:
    assert [entry.place for entry in known if entry.fuzzy] == []


def test_both_languages_fill_in_the_same_values(known: list[Entry]) -> None:
    differing = [
        f"{entry.place}: {entry.msgid[-1]} / {words}"
        for entry in known
        for words in entry.english
        if not fills_in(words, entry.msgid[-1])
    ]
    assert not differing, "\n".join(differing)
