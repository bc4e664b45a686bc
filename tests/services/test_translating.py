"""Translating: what is missing or stale in a draft, English put into its files, pairs checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content.editing.spans import Unreadable
from app.core.translations import Progress, Standing
from app.services.permissions import NotPermitted, Role
from app.services.refusals import Invalid
from app.services.shelf import Shelf
from app.services.translating import (
    Overtaken,
    Translated,
    TranslationSheet,
    mark_checked,
    seen_of,
    sheet_of_draft,
    sheet_of_version,
    translate_text,
)
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.drafts import FRAMEWORK, Desk, editor_named, small_root

ONE = "one-tier"
FIRST = "capability/first/name"


@pytest.fixture
def desk(database: Database, clock: FixedClock, tmp_path: Path) -> Desk:
    root = small_root(tmp_path / "content", ONE)
    return Desk(database, Shelf(database, root), editor_named(database, clock, "wang"), clock)


def sheet(desk: Desk, draft_id: int) -> TranslationSheet:
    with desk.database.read() as session:
        return sheet_of_draft(session, desk.draft(draft_id), desk.shelf.library)


def row(found: TranslationSheet, place: str = FIRST) -> tuple[str | None, str | None, Standing, str | None]:
    one = next(one for one in found.rows if one.passage.place == place)
    return one.passage.text.zh, one.passage.text.en, one.standing, one.before


def put(desk: Desk, draft_id: int, english: str, seen: str | None = None) -> Translated | Overtaken:
    here = next(one for one in sheet(desk, draft_id).rows if one.passage.place == FIRST)
    with desk.database.begin() as session:
        return translate_text(
            session,
            draft_id,
            FIRST,
            english,
            seen=seen if seen is not None else seen_of(here.passage.text),
            library=desk.shelf.library,
            actor=desk.actor,
            clock=desk.clock,
        )


def test_chinese_changed_in_a_draft_makes_its_english_stale_until_it_is_written(desk: Desk) -> None:
    draft = desk.begin(ONE)
    assert sheet(desk, draft.id).progress.stale == 0
    desk.edit(draft.id, {"zh: 甲": "zh: 第一"})
    assert row(sheet(desk, draft.id)) == ("第一", "First", Standing.STALE, "甲")
    done = put(desk, draft.id, "Number one: all")
    assert isinstance(done, Translated)
    assert done.row.standing is Standing.FRESH
    assert row(sheet(desk, draft.id)) == ("第一", "Number one: all", Standing.FRESH, None)
    assert '{zh: 第一, en: "Number one: all"}' in desk.draft(draft.id).files["framework.yaml"]


def test_stale_english_is_known_in_the_published_version_too(desk: Desk) -> None:
    desk.revise(ONE, {"zh: 甲": "zh: 第一"}, "1.0.1")
    with desk.database.read() as session:
        found = sheet_of_version(session, desk.shelf.library, FRAMEWORK, ONE, "1.0.1")
        assert row(found)[2:] == (Standing.STALE, "甲")
        old = sheet_of_version(session, desk.shelf.library, FRAMEWORK, ONE, "1.0.0")
        assert row(old)[2] is Standing.FRESH
        assert found.progress == Progress(8, 0, 1)


def test_a_pair_that_was_checked_is_fresh_everywhere_and_may_be_checked_twice(desk: Desk) -> None:
    desk.revise(ONE, {"zh: 甲": "zh: 第一"}, "1.0.1")
    for _ in range(2):
        with desk.database.begin() as session:
            found = sheet_of_version(session, desk.shelf.library, FRAMEWORK, ONE, "1.0.1")
            seen = seen_of(next(one for one in found.rows if one.passage.place == FIRST).passage.text)
            done = mark_checked(session, found, FIRST, seen=seen, actor=desk.actor, clock=desk.clock)
        assert isinstance(done, Translated)
        assert done.progress.stale == 0
    draft = desk.begin(ONE)
    assert row(sheet(desk, draft.id))[2] is Standing.FRESH
    desk.edit(draft.id, {"zh: 第一": "zh: 头一个"})
    assert row(sheet(desk, draft.id))[2:] == (Standing.STALE, "第一")


def test_english_for_words_that_changed_meanwhile_is_refused_and_given_back(desk: Desk) -> None:
    draft = desk.begin(ONE)
    seen = seen_of(next(one for one in sheet(desk, draft.id).rows if one.passage.place == FIRST).passage.text)
    desk.edit(draft.id, {"zh: 甲": "zh: 第一"})
    refused = put(desk, draft.id, "Mine", seen)
    assert isinstance(refused, Overtaken)
    assert (refused.refused, refused.row.passage.text.zh) == ("Mine", "第一")
    assert row(sheet(desk, draft.id))[1] == "First"
    with desk.database.begin() as session:
        done = mark_checked(session, sheet(desk, draft.id), FIRST, seen=seen, actor=desk.actor, clock=desk.clock)
    assert isinstance(done, Overtaken)


def test_changes_of_other_texts_do_not_get_in_the_way(desk: Desk) -> None:
    draft = desk.begin(ONE)
    seen = seen_of(next(one for one in sheet(desk, draft.id).rows if one.passage.place == FIRST).passage.text)
    desk.edit(draft.id, {"zh: 乙": "zh: 第二"})
    assert isinstance(put(desk, draft.id, "Mine", seen), Translated)
    assert row(sheet(desk, draft.id))[1] == "Mine"


def test_english_taken_away_is_missing_and_the_same_again_saves_nothing(desk: Desk) -> None:
    draft = desk.begin(ONE)
    done = put(desk, draft.id, "  ")
    assert isinstance(done, Translated)
    assert (done.row.standing, done.progress.missing) == (Standing.MISSING, 1)
    again = put(desk, draft.id, "")
    assert isinstance(again, Translated)
    assert again.version == done.version


def test_what_cannot_be_done_is_refused(desk: Desk, database: Database, clock: FixedClock) -> None:
    draft = desk.begin(ONE)
    with pytest.raises(Invalid, match="at most"):
        put(desk, draft.id, "x" * 5000)
    with desk.database.begin() as session, pytest.raises(Invalid) as gone:
        mark_checked(session, sheet(desk, draft.id), "capability/none/name", seen="", actor=desk.actor, clock=clock)
    assert gone.value.code == "no-such-text"
    reader = editor_named(database, clock, "li", Role.READER)
    with desk.database.begin() as session, pytest.raises(NotPermitted):
        mark_checked(session, sheet(desk, draft.id), FIRST, seen="", actor=reader, clock=clock)
    put(desk, draft.id, "")
    here = next(one for one in sheet(desk, draft.id).rows if one.passage.place == FIRST)
    with desk.database.begin() as session, pytest.raises(Invalid) as missing:
        mark_checked(
            session, sheet(desk, draft.id), FIRST, seen=seen_of(here.passage.text), actor=desk.actor, clock=clock
        )
    assert missing.value.code == "nothing-to-check"
    desk.edit(draft.id, {"tiers:": "tiers: ["})
    with pytest.raises(Unreadable):
        sheet(desk, draft.id)
