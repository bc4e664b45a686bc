"""How English stands to Chinese: there, missing, or behind a Chinese text that was changed later."""

from __future__ import annotations

from app.core.text import Text
from app.core.translations import Part, Passage, Progress, Standing, Translation, missing, progress, translations


def passage(zh: str | None, en: str | None, place: str = "capability/a/name", **more: object) -> Passage:
    return Passage(place, Text(zh, en), Part.NAME, **more)  # type: ignore[arg-type]


def only(now: Passage, *earlier: Passage, checked: set[tuple[str | None, str | None]] = frozenset()) -> Translation:  # type: ignore[assignment]
    found = translations([now], [[one] for one in earlier], checked=lambda _, text: (text.zh, text.en) in checked)
    return found[0]


def test_a_text_without_english_is_missing_one_without_chinese_needs_none() -> None:
    assert only(passage("甲", None)).standing is Standing.MISSING
    assert only(passage(None, "A")).standing is Standing.FRESH


def test_english_is_stale_when_only_the_chinese_was_changed_and_tells_what_it_was_written_for() -> None:
    found = only(passage("乙", "A"), passage("甲", "A"))
    assert (found.standing, found.before) == (Standing.STALE, "甲")
    assert only(passage("乙", "B"), passage("甲", "A")).standing is Standing.FRESH


def test_english_stays_stale_over_further_versions_until_it_is_written_anew() -> None:
    history = (passage("甲", "A"), passage("乙", "A"), passage("丙", "A"))
    assert only(passage("丁", "A"), *history).before == "甲"
    assert only(passage("丁", "B"), *history).standing is Standing.FRESH


def test_chinese_that_goes_back_to_what_it_was_makes_the_english_fresh_again() -> None:
    assert only(passage("甲", "A"), passage("甲", "A"), passage("乙", "A")).standing is Standing.FRESH


def test_english_written_after_the_change_is_fresh_although_it_is_an_old_wording() -> None:
    history = (passage("甲", "A"), passage("乙", "B"))
    assert only(passage("乙", "A"), *history).standing is Standing.FRESH


def test_other_line_breaks_change_nothing() -> None:
    assert only(passage("甲 乙", "A"), passage("甲\n乙", "A")).standing is Standing.FRESH


def test_a_pair_that_was_checked_is_fresh_until_the_chinese_changes_once_more() -> None:
    history = (passage("甲", "A"), passage("乙", "A"))
    assert only(passage("乙", "A"), passage("甲", "A"), checked={("乙", "A")}).standing is Standing.FRESH
    found = only(passage("丙", "A"), *history, checked={("乙", "A")})
    assert (found.standing, found.before) == (Standing.STALE, "乙")


def test_a_renamed_element_brings_its_history_along() -> None:
    old = passage("甲", "A", "capability/old/name")
    new = passage("乙", "A", "capability/new/name", formerly="capability/old/name")
    assert only(new, old).standing is Standing.STALE
    assert only(passage("乙", "A", "capability/new/name"), old).standing is Standing.FRESH


def test_texts_of_a_list_are_known_by_their_words_not_by_their_number() -> None:
    def prompts(*texts: tuple[str, str]) -> list[Passage]:
        return [passage(zh, en, f"item/a/prompts/{n}", listed=True) for n, (zh, en) in enumerate(texts)]

    before = prompts(("一", "one"), ("二", "two"), ("三", "three"))
    now = prompts(("新", "new"), ("一", "one"), ("两", "two"), ("三", "three"))
    assert [one.standing for one in translations(now, [before])] == [
        Standing.FRESH,
        Standing.FRESH,
        Standing.STALE,
        Standing.FRESH,
    ]


def test_progress_counts_and_missing_names_what_has_no_english() -> None:
    now = [passage("甲", "A"), passage("乙", None, "capability/b/name"), passage("丙", "C", "capability/c/name")]
    found = translations(now, [[passage("旧", "C", "capability/c/name")]])
    assert progress(found) == Progress(3, 1, 1)
    assert progress(found).fresh == 1
    assert [one.place for one in missing(now)] == ["capability/b/name"]
