"""Drafts: begun from what was published, kept as typed, never lost."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.content.layering import ContentKind
from app.content.library import Library, load_library
from app.services import accounts
from app.services.drafting import (
    Conflict,
    DraftView,
    Saved,
    begin_draft,
    begin_new_draft,
    content_files,
    discard_draft,
    draft_history,
    get_draft,
    lint_draft,
    list_drafts,
    remove_file,
    rename_file,
    restore_revision,
    save_file,
    save_files,
)
from app.services.permissions import Actor, NotPermitted, Role
from app.services.refusals import Invalid, NotFound
from app.storage.database import Database
from tests.acting import acting
from tests.conftest import FixedClock

LIBRARY = Path(__file__).parents[1] / "library"
FRAMEWORK, QUESTIONNAIRE, WEIGHTS = ContentKind.FRAMEWORK, ContentKind.QUESTIONNAIRE, ContentKind.WEIGHTS
ONE = "one-tier"
FILE = "framework.yaml"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of a few small frameworks and questionnaires."""
    root = tmp_path_factory.mktemp("content")
    for name in (ONE, "split-children", "two-versions", "interviews", "zero-weight"):
        shutil.copytree(LIBRARY / "frameworks" / name, root / "frameworks" / name)
    shutil.copytree(LIBRARY / "questionnaires", root / "questionnaires")
    return load_library(root)


@pytest.fixture
def editor(database: Database, clock: FixedClock) -> Actor:
    return someone(database, clock, "editor", Role.EDITOR)


def someone(database: Database, clock: FixedClock, name: str, role: Role) -> Actor:
    with database.begin() as session:
        user = accounts.add_user(
            session, name=name, password="seven lamps over Fuzhou harbour", role=role, clock=clock, display_name=name
        )
        return acting(user.id, name, name, role)


def begin(database: Database, small: Library, editor: Actor, clock: FixedClock, key: str = ONE) -> DraftView:
    with database.begin() as session:
        return begin_draft(session, FRAMEWORK, key, library=small, actor=editor, clock=clock)


def save(
    database: Database, draft: DraftView, text: str, editor: Actor, clock: FixedClock, *, base: int, name: str = FILE
) -> Saved | Conflict:
    with database.begin() as session:
        return save_file(session, draft.id, name, text, base_version=base, actor=editor, clock=clock)


def stored(database: Database, draft: DraftView, editor: Actor) -> DraftView:
    with database.read() as session:
        return get_draft(session, draft.id, editor)


def kinds(database: Database, draft: DraftView, editor: Actor) -> list[tuple[int, str, str | None]]:
    with database.read() as session:
        return [(one.version, one.kind, one.text) for one in reversed(draft_history(session, draft.id, editor))]


def test_a_draft_begins_with_the_files_of_the_newest_version_byte_for_byte(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock, "split-children")
    folder = small.root / "frameworks" / "split-children"
    assert {name: text.encode() for name, text in draft.files.items()} == {
        path.name: path.read_bytes() for path in folder.glob("*.yaml")
    }
    assert (draft.base_version, draft.version) == ("1.0.0", 1)
    assert draft.base_hash == lint_draft(FRAMEWORK, "split-children", draft.files, small).hash


def test_an_earlier_version_comes_from_its_own_folder(database: Database, small: Library) -> None:
    with database.read() as session:
        old = content_files(small, session, FRAMEWORK, "two-versions", "1.0.0")
        new = content_files(small, session, FRAMEWORK, "two-versions")
    assert "version: 1.0.0" in old[FILE]
    assert "version: 1.0.0" not in new[FILE]


def test_questionnaires_and_weight_profiles_begin_from_the_root_too(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    with database.begin() as session:
        guide = begin_draft(session, QUESTIONNAIRE, "interviews-guide", library=small, actor=editor, clock=clock)
        turned = begin_draft(session, WEIGHTS, "zero-weight/turned", library=small, actor=editor, clock=clock)
    assert list(guide.files) == ["interviews-guide.yaml"]
    assert guide.base_version == "1.0.0"
    assert list(turned.files) == ["turned.yaml"]
    assert turned.base_version == "0"
    assert turned.base_hash


def test_beginning_again_opens_the_draft_that_is_there(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    first = begin(database, small, editor, clock)
    save(database, first, "typed", editor, clock, base=1)
    assert begin(database, small, editor, clock).files == {FILE: "typed"}


def test_text_is_kept_as_typed_faults_and_all(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    broken = "kind: [\r\n\tnothing that YAML knows　\n"
    assert save(database, draft, broken, editor, clock, base=1) == Saved(2, clock())
    assert stored(database, draft, editor).files[FILE] == broken


def test_a_save_over_somebody_s_later_one_is_refused_kept_and_offered(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    save(database, draft, "first window", editor, clock, base=1)
    refused = save(database, draft, "second window", editor, clock, base=1)
    assert isinstance(refused, Conflict)
    assert (refused.text, refused.lost, refused.version) == ("first window", "second window", 2)
    assert stored(database, draft, editor).files[FILE] == "first window"
    with database.begin() as session:
        restore_revision(session, draft.id, refused.lost_revision, base_version=2, actor=editor, clock=clock)
    assert stored(database, draft, editor).files[FILE] == "second window"


def test_the_same_text_twice_is_no_conflict_and_no_save(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    save(database, draft, "same", editor, clock, base=1)
    assert save(database, draft, "same", editor, clock, base=1) == Saved(2, clock())


def test_saves_of_different_files_do_not_get_in_each_other_s_way(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    save(database, draft, "a", editor, clock, base=1, name="a.yaml")  # 2
    save(database, draft, "b", editor, clock, base=1, name="b.yaml")  # 3
    save(database, draft, "a again", editor, clock, base=2, name="a.yaml")  # 4: typing goes on within its minute
    assert save(database, draft, "b again", editor, clock, base=3, name="b.yaml") == Saved(5, clock())
    assert isinstance(save(database, draft, "late", editor, clock, base=3, name="a.yaml"), Conflict)
    assert save(database, draft, "last", editor, clock, base=4, name="a.yaml") == Saved(6, clock())


def test_several_files_are_saved_as_one_step_or_not_at_all(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    save(database, draft, "typed", editor, clock, base=1)
    with database.begin() as session:
        both = {FILE: "by form", "new.yaml": "[]"}
        assert isinstance(save_files(session, draft.id, both, base_version=1, actor=editor, clock=clock), Conflict)
    assert stored(database, draft, editor).files == {FILE: "typed"}
    with database.begin() as session:
        save_files(session, draft.id, both, base_version=2, actor=editor, clock=clock)
    assert stored(database, draft, editor).files == both
    lost = {text for _, kind, text in kinds(database, draft, editor) if kind == "conflict-lost"}
    assert lost == {"by form", "[]"}


def test_typing_is_one_step_a_minute_whose_first_and_last_text_are_kept(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    begun = draft.files[FILE]
    for number in range(1, 7):
        save(database, draft, f"text {number}", editor, clock, base=number)
        clock.moment += timedelta(seconds=20)
    assert kinds(database, draft, editor) == [
        (1, "begun", begun),
        (2, "typed", "text 1"),
        (4, "typed", "text 3"),
        (5, "typed", "text 4"),
    ]
    with database.begin() as session:
        save_file(session, draft.id, FILE, "form", base_version=7, actor=editor, clock=clock, kind="form")
    assert kinds(database, draft, editor)[-2:] == [(7, "typed", "text 6"), (8, "form", "form")]


def test_a_file_that_was_removed_or_renamed_stays_in_the_history(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    save(database, draft, "a", editor, clock, base=1, name="a.yaml")
    with database.begin() as session:
        rename_file(session, draft.id, "a.yaml", "b.yaml", base_version=2, actor=editor, clock=clock)
        remove_file(session, draft.id, "b.yaml", base_version=3, actor=editor, clock=clock)
        history = draft_history(session, draft.id, editor)
        removed = next(one for one in history if one.name == "b.yaml" and one.text == "a")
        restore_revision(session, draft.id, removed.id, base_version=4, actor=editor, clock=clock)
    assert stored(database, draft, editor).files["b.yaml"] == "a"


@pytest.mark.parametrize(
    "name",
    [
        "../x.yaml",
        "a/b.yaml",
        "a\\b.yaml",
        ".yaml",
        "versions.yaml",
        "x.txt",
        "con.yaml",
        "a\n.yaml",
        "",
        "x" * 120 + ".yaml",
    ],
)
def test_a_name_that_is_no_plain_file_name_is_refused(
    database: Database, small: Library, editor: Actor, clock: FixedClock, name: str
) -> None:
    draft = begin(database, small, editor, clock)
    with pytest.raises(Invalid) as refused:
        save(database, draft, "x", editor, clock, base=1, name=name)
    assert refused.value.code == "file-name"


def test_names_that_differ_in_case_alone_are_refused(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    with pytest.raises(Invalid, match="in use"):
        save(database, draft, "x", editor, clock, base=1, name="Framework.yaml")


def test_what_is_too_large_or_cannot_be_stored_is_refused(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    for text, code in (("x" * (2 * 1024 * 1024 + 1), "draft-file-too-large"), ("a\x00b", "nul-character")):
        with pytest.raises(Invalid) as refused:
            save(database, draft, text, editor, clock, base=1)
        assert refused.value.code == code
    many = {f"f{number}.yaml": "" for number in range(101)}
    with database.begin() as session, pytest.raises(Invalid) as refused:
        save_files(session, draft.id, many, base_version=1, actor=editor, clock=clock)
    assert refused.value.code == "draft-too-many-files"


def test_a_new_draft_needs_an_id_that_is_free(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    with database.begin() as session:
        for key, code in (("One Tier", "bad-id"), (ONE, "taken")):
            with pytest.raises(Invalid) as refused:
                begin_new_draft(session, FRAMEWORK, key, {}, library=small, actor=editor, clock=clock)
            assert refused.value.code == code
        draft = begin_new_draft(session, FRAMEWORK, "fresh", {FILE: ""}, library=small, actor=editor, clock=clock)
        assert (draft.base_version, draft.base_hash) == (None, None)
        with pytest.raises(Invalid) as refused:
            begin_new_draft(session, FRAMEWORK, "fresh", {}, library=small, actor=editor, clock=clock)
        assert refused.value.code == "draft-open"


def test_a_draft_belongs_to_its_editor_and_others_only_see_that_it_is_there(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    other = someone(database, clock, "other", Role.EDITOR)
    reader = someone(database, clock, "reader", Role.READER)
    theirs = begin(database, small, other, clock)
    with database.read() as session:
        assert [one.id for one in list_drafts(session, editor)] == [draft.id, theirs.id]
        with pytest.raises(NotPermitted):
            get_draft(session, draft.id, other)
        with pytest.raises(NotPermitted):
            list_drafts(session, reader)
        with pytest.raises(NotFound):
            get_draft(session, 999, editor)


def test_a_discarded_draft_is_kept_but_takes_no_save(
    database: Database, small: Library, editor: Actor, clock: FixedClock
) -> None:
    draft = begin(database, small, editor, clock)
    with database.begin() as session:
        discard_draft(session, draft.id, actor=editor, clock=clock)
    with pytest.raises(Invalid) as refused:
        save(database, draft, "x", editor, clock, base=1)
    assert refused.value.code == "draft-closed"
    assert stored(database, draft, editor).outcome == "discarded"
    assert begin(database, small, editor, clock).id != draft.id


def test_lint_names_the_files_of_the_draft_and_resolves_in_the_library(small: Library) -> None:
    text = (small.root / "frameworks" / ONE / FILE).read_text("utf-8")
    assert not lint_draft(FRAMEWORK, ONE, {FILE: text}, small).errors
    broken = lint_draft(FRAMEWORK, ONE, {FILE: text.replace("weight: 2", "weight: two")}, small)
    assert broken.framework is None
    assert {(fault.file, fault.code) for fault in broken.faults} == {(FILE, "E203")}
    other = lint_draft(FRAMEWORK, "two-tier", {FILE: text}, small)
    assert [fault.code for fault in other.errors] == ["E320"]
    assert [fault.code for fault in lint_draft(FRAMEWORK, ONE, {}, small).errors] == ["E322"]


def test_what_an_element_replaces_is_looked_up_in_what_was_published(small: Library) -> None:
    text = (small.root / "frameworks" / ONE / FILE).read_text("utf-8")
    old = next(leaf.id for leaf in small.framework(ONE).leaves)
    renamed = re.sub(rf"id: {old}\b", f"id: other, replaces: [{old}]", text, count=1)
    assert "{id: other" in renamed
    assert [fault.code for fault in lint_draft(FRAMEWORK, ONE, {FILE: renamed}, small).faults] == []
    unknown = renamed.replace(f"[{old}]", "[nothing]")
    assert [fault.code for fault in lint_draft(FRAMEWORK, ONE, {FILE: unknown}, small).faults] == ["E321"]


def test_a_file_is_called_left_over_only_beside_a_framework_without_faults(small: Library) -> None:
    text = (small.root / "frameworks" / ONE / FILE).read_text("utf-8")
    more = {"more.yaml": "- {id: other, name: {zh: 其他, en: Other}}\n"}
    whole = lint_draft(FRAMEWORK, ONE, {FILE: text, **more}, small)
    assert [(fault.file, fault.code) for fault in whole.faults if fault.file == "more.yaml"] == [("more.yaml", "W332")]
    for cut in range(0, len(text), max(1, len(text) // 40)):
        told = lint_draft(FRAMEWORK, ONE, {FILE: text[:cut], **more}, small)
        assert told.content is not None or "W332" not in {fault.code for fault in told.faults}


def test_lint_of_a_questionnaire_and_of_weights_builds_them(small: Library) -> None:
    guide = (small.root / "questionnaires" / "interviews-guide.yaml").read_text("utf-8")
    result = lint_draft(QUESTIONNAIRE, "interviews-guide", {"interviews-guide.yaml": guide}, small)
    assert not result.errors
    assert result.questionnaire == small.questionnaire("interviews-guide")
    file = small.root / "frameworks" / "zero-weight" / "weights" / "turned.yaml"
    turned = lint_draft(WEIGHTS, "zero-weight/turned", {"turned.yaml": file.read_text("utf-8")}, small)
    assert turned.profile == small.weight_profiles(small.framework("zero-weight"))["turned"]
    wrong = lint_draft(WEIGHTS, f"{ONE}/turned", {"turned.yaml": file.read_text("utf-8")}, small)
    assert "E409" in {fault.code for fault in wrong.errors}
