"""A draft that was overtaken: what was published meanwhile comes in; only where both changed a line is it asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.drafting import Saved, draft_history
from app.services.rebasing import Choice, Rebase, preview_rebase, rebase_draft
from app.services.refusals import Invalid
from app.services.shelf import Shelf
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.drafts import FILE, WEIGHTS, Desk, editor_named, small_root


@pytest.fixture
def mine(database: Database, clock: FixedClock, tmp_path: Path) -> Desk:
    root = small_root(tmp_path / "content", "one-tier", "zero-weight")
    return Desk(database, Shelf(database, root), editor_named(database, clock, "mine"), clock)


@pytest.fixture
def theirs(mine: Desk, clock: FixedClock) -> Desk:
    return mine.of(editor_named(mine.database, clock, "theirs"))


def preview(desk: Desk, draft_id: int) -> Rebase:
    with desk.database.read() as session:
        return preview_rebase(session, draft_id, library=desk.shelf.library, actor=desk.actor)


def rebase(desk: Desk, draft_id: int, choices: dict[str, Choice], newest: str, version: int | None = None) -> object:
    with desk.database.begin() as session:
        return rebase_draft(
            session,
            draft_id,
            choices,
            newest=newest,
            base_version=version if version is not None else desk.draft(draft_id).version,
            library=desk.shelf.library,
            actor=desk.actor,
            clock=desk.clock,
        )


def test_changes_in_different_places_are_put_together_without_a_question(mine: Desk, theirs: Desk) -> None:
    draft = mine.begin("one-tier")
    mine.edit(draft.id, {"weight: 2": "weight: 3"})
    theirs.revise("one-tier", {"一层框架": "一层的框架"}, "1.0.1")
    found = preview(mine, draft.id)
    assert (found.newest, found.questions) == ("1.0.1", ())
    assert isinstance(rebase(mine, draft.id, {}, "1.0.1"), Saved)
    text = mine.draft(draft.id).files[FILE]
    assert "一层的框架" in text
    assert "weight: 3" in text
    assert "version: 1.0.1" in text
    assert mine.draft(draft.id).base_version == "1.0.1"
    assert mine.publish(draft.id, "1.1.0").version == "1.1.0"


def test_where_both_changed_a_line_the_editor_chooses(mine: Desk, theirs: Desk) -> None:
    draft = mine.begin("one-tier")
    mine.edit(draft.id, {"weight: 2": "weight: 3"})
    theirs.revise("one-tier", {"weight: 2": "weight: 4"}, "1.1.0")
    (question,) = preview(mine, draft.id).questions
    with pytest.raises(Invalid) as refused:
        rebase(mine, draft.id, {}, "1.1.0")
    assert refused.value.code == "choice-missing"
    rebase(mine, draft.id, {question: Choice.THEIRS}, "1.1.0")
    assert "weight: 4" in mine.draft(draft.id).files[FILE]
    with mine.database.read() as session:
        history = draft_history(session, draft.id, mine.actor)
    assert any(one.text and "weight: 3" in one.text for one in history)


def test_keeping_both_puts_theirs_below_mine(mine: Desk, theirs: Desk) -> None:
    draft = mine.begin("one-tier")
    last = "  - {id: third, name: {zh: 丙, en: Third}}\n"
    mine.edit(draft.id, {last: last + "  - {id: mine, name: {zh: 我, en: Mine}}\n"})
    theirs.revise("one-tier", {last: last + "  - {id: theirs, name: {zh: 他, en: Theirs}}\n"}, "1.1.0")
    (question,) = preview(mine, draft.id).questions
    rebase(mine, draft.id, {question: Choice.BOTH}, "1.1.0")
    lines = mine.draft(draft.id).files[FILE].splitlines()
    assert [line.split(",")[0] for line in lines[-2:]] == ["  - {id: mine", "  - {id: theirs"]


def test_what_was_not_seen_is_not_decided(mine: Desk, theirs: Desk) -> None:
    draft = mine.begin("one-tier")
    mine.edit(draft.id, {"weight: 2": "weight: 3"})
    theirs.revise("one-tier", {"丙": "丙丙"}, "1.0.1")
    seen = mine.draft(draft.id).version
    theirs.revise("one-tier", {"丙丙": "丙丙丙"}, "1.0.2")
    for newest, version in (("1.0.1", seen), ("1.0.2", seen - 1)):
        with pytest.raises(Invalid) as refused:
            rebase(mine, draft.id, {}, newest, version)
        assert refused.value.code == "changed-since"


def test_a_draft_that_nobody_overtook_has_nothing_to_take_in(mine: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        preview(mine, mine.begin("one-tier").id)
    assert refused.value.code == "not-overtaken"


def test_a_weight_profile_is_one_file_whatever_it_is_called(mine: Desk, theirs: Desk) -> None:
    draft = mine.begin("zero-weight/turned", WEIGHTS)
    mine.edit(draft.id, {"counted: 0": "counted: 3"}, "turned.yaml")
    theirs.revise("zero-weight/turned", {"反过来": "翻转"}, kind=WEIGHTS)
    rebase(mine, draft.id, {}, "1")
    (text,) = mine.draft(draft.id).files.values()
    assert "翻转" in text
    assert "counted: 3" in text
    assert mine.publish(draft.id).version == "2"
