"""Publishing: the step must fit, the whole library must stand, and what is published stays for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content.layering import load_layered_library
from app.content.proofing import hash_of
from app.core.diff import Step
from app.core.errors import FaultsFound
from app.services import publishing
from app.services.drafting import get_draft
from app.services.permissions import NotPermitted, Role
from app.services.refusals import Invalid
from app.services.shelf import Shelf, editions
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.drafts import FILE, FRAMEWORK, QUESTIONNAIRE, WEIGHTS, Desk, editor_named, small_root

NEW_ELEMENT = "  - {id: fourth, name: {zh: 丁, en: Fourth}}\n"


@pytest.fixture
def desk(database: Database, clock: FixedClock, tmp_path: Path) -> Desk:
    root = small_root(tmp_path / "content", "one-tier", "interviews", "zero-weight")
    return Desk(database, Shelf(database, root), editor_named(database, clock, "editor"), clock)


def refusal(desk: Desk, draft_id: int, version: str, note: str = "why") -> str:
    with pytest.raises(Invalid) as refused:
        desk.publish(draft_id, version, note)
    return refused.value.code


def test_wording_needs_a_patch_and_becomes_the_newest_version(desk: Desk) -> None:
    draft = desk.begin("one-tier")
    desk.edit(draft.id, {"一层框架": "一层的框架"})
    preview = desk.preview(draft.id)
    assert (preview.step, preview.proposed, preview.possible) == (Step.PATCH, "1.0.1", True)
    published = desk.publish(draft.id, "1.0.1")
    library = desk.shelf.library
    assert library.versions("one-tier") == ("1.0.0", "1.0.1")
    assert library.framework("one-tier").name.zh == "一层的框架"
    assert library.framework("one-tier@1.0.0").name.zh == "一层框架"
    assert published.version == "1.0.1"
    assert desk.draft(draft.id).outcome == "published"


@pytest.mark.parametrize(
    ("changes", "step", "least"),
    [
        ({"丙, en: Third}}\n": "丙, en: Third}}\n" + NEW_ELEMENT}, Step.MINOR, "1.1.0"),
        ({"weight: 2": "weight: 3"}, Step.MINOR, "1.1.0"),
        ({"  - {id: second, name: {zh: 乙, en: Second}}\n": ""}, Step.MAJOR, "2.0.0"),
        ({"step: 0.5": "step: 0.25"}, Step.MAJOR, "2.0.0"),
    ],
)
def test_a_version_that_rises_by_too_little_is_refused(
    desk: Desk, changes: dict[str, str], step: Step, least: str
) -> None:
    draft = desk.begin("one-tier")
    desk.edit(draft.id, changes)
    preview = desk.preview(draft.id)
    assert (preview.step, preview.proposed) == (step, least)
    assert refusal(desk, draft.id, "1.0.1") == "step-too-small"
    assert desk.publish(draft.id, "3.0.0").version == "3.0.0"


def test_the_version_is_written_into_the_file_and_nothing_else_is(desk: Desk) -> None:
    draft = desk.begin("one-tier")
    desk.edit(draft.id, {"version: 1.0.0": 'version:   "1.0.0"   # 版本', "weight: 2": "weight: 3"})
    before = desk.draft(draft.id).files[FILE]
    desk.publish(draft.id, "1.1.0")
    with desk.database.read() as session:
        (edition,) = editions(session)
    assert edition.files[FILE] == before.replace('"1.0.0"', '"1.1.0"')


def test_nothing_changed_no_note_and_bad_versions_are_refused(desk: Desk) -> None:
    draft = desk.begin("one-tier")
    assert refusal(desk, draft.id, "1.0.1") == "nothing-changed"
    desk.edit(draft.id, {"weight: 2": "weight: 3"})
    assert refusal(desk, draft.id, "1.1.0", note="  ") == "note-missing"
    assert refusal(desk, draft.id, "1.1.0", note="x" * 2001) == "note-too-long"
    assert refusal(desk, draft.id, "one") == "bad-version"
    assert refusal(desk, draft.id, "0.9.0") == "version-not-newer"


def test_a_published_version_is_refused_with_both_hashes(desk: Desk) -> None:
    old = desk.shelf.library.framework("one-tier")
    draft = desk.begin("one-tier")
    desk.edit(draft.id, {"weight: 2": "weight: 3"})
    with pytest.raises(Invalid) as refused:
        desk.publish(draft.id, "1.0.0")
    assert refused.value.code == "version-published"
    assert refused.value.values["published"] == hash_of(old)
    assert refused.value.values["now"] == desk.preview(draft.id).lint.hash


def test_a_draft_with_errors_is_not_published(desk: Desk) -> None:
    draft = desk.begin("one-tier")
    desk.edit(draft.id, {"weight: 2": "weight: two"})
    assert desk.preview(draft.id).obstacles == ("faults",)
    with pytest.raises(FaultsFound):
        desk.publish(draft.id, "2.0.0")
    assert desk.shelf.library.versions("one-tier") == ("1.0.0",)


def test_what_would_break_other_content_is_shown_and_refused(desk: Desk) -> None:
    """A minor version that the questionnaire admits may not rename what the questionnaire asks."""
    draft = desk.begin("interviews")
    desk.edit(draft.id, {"id: service": "id: serving"})
    preview = desk.preview(draft.id)
    assert preview.proposed == "2.0.0"
    assert preview.possible  # a major version leaves the questionnaire with the old one
    guide = desk.begin("interviews-guide", QUESTIONNAIRE)
    desk.edit(guide.id, {"interviews@>=1,<2": "interviews@>=1"}, "interviews-guide.yaml")
    desk.publish(guide.id, "1.1.0")
    broken = desk.preview(draft.id)
    assert not broken.possible
    assert {fault.file.rpartition("/")[2] for fault in broken.elsewhere if fault.file} == {
        "interviews-guide-1.1.0.yaml"
    }
    with pytest.raises(FaultsFound):
        desk.publish(draft.id, "2.0.0")
    assert desk.shelf.library.versions("interviews") == ("1.0.0",)


def test_warnings_elsewhere_are_named_but_do_not_stop(desk: Desk) -> None:
    draft = desk.begin("interviews")
    more = "      - {id: service, name: {zh: 服务, en: Service}}\n"
    desk.edit(draft.id, {more: more + "      - {id: loyalty, name: {zh: 忠诚, en: Loyalty}}\n"})
    preview = desk.preview(draft.id)
    assert preview.possible
    assert [fault.code for fault in preview.elsewhere] == ["W621"]


def test_who_publishes_second_must_take_the_first_one_in(desk: Desk, clock: FixedClock) -> None:
    other = desk.of(editor_named(desk.database, clock, "other"))
    mine, theirs = desk.begin("one-tier"), other.begin("one-tier")
    desk.edit(mine.id, {"weight: 2": "weight: 3"})
    other.edit(theirs.id, {"丙": "丙丙"})
    other.publish(theirs.id, "1.0.1")
    assert desk.preview(mine.id).obstacles == ("overtaken",)
    assert refusal(desk, mine.id, "1.1.0") == "draft-overtaken"


def test_what_was_prepared_is_not_published_over_a_later_save_or_publication(desk: Desk, clock: FixedClock) -> None:
    draft = desk.begin("one-tier")
    desk.edit(draft.id, {"weight: 2": "weight: 3"})

    def prepared() -> publishing.Prepared:
        with desk.database.read() as session:
            return publishing.prepare_publication(
                session, draft.id, version="1.1.0", note="why", shelf=desk.shelf, actor=desk.actor
            )

    early = prepared()
    desk.edit(draft.id, {"weight: 3": "weight: 4"})
    later = prepared()
    other = desk.of(editor_named(desk.database, clock, "other"))
    other.revise("interviews", {"访谈框架": "访谈的框架"}, "1.0.1")
    for one in (early, later):
        with desk.database.begin() as session, pytest.raises(Invalid) as refused:
            publishing.publish_prepared(session, one, actor=desk.actor, clock=clock)
        assert refused.value.code == "publication-changed-meanwhile"
    assert desk.publish(draft.id, "1.1.0").version == "1.1.0"


def test_questionnaires_rise_by_what_answers_may_name(desk: Desk) -> None:
    for changes, step in (
        ({"收集哪些数据": "收集了哪些数据"}, Step.PATCH),
        ({"weight: 0.5": "weight: 1"}, Step.MINOR),
        ({"id: written, value: 2": "id: written, value: 3"}, Step.MINOR),
        ({"          - {id: none, value: 0, text: {zh: 没有, en: None}}\n": ""}, Step.MAJOR),
        ({"{id: rating, type: scale": "{id: rating, type: text"}, Step.MAJOR),
    ):
        draft = desk.begin("interviews-guide", QUESTIONNAIRE)
        before = draft.files["interviews-guide.yaml"]
        desk.edit(draft.id, changes, "interviews-guide.yaml")
        assert desk.preview(draft.id).step is step, changes
        desk.edit(draft.id, {desk.draft(draft.id).files["interviews-guide.yaml"]: before}, "interviews-guide.yaml")
    published = desk.revise("interviews-guide", {"收集哪些数据": "收集了哪些数据"}, "1.0.1", QUESTIONNAIRE)
    assert desk.shelf.library.questionnaire("interviews-guide").version == published.version == "1.0.1"
    assert desk.shelf.library.questionnaire("interviews-guide@1.0.0").version == "1.0.0"


def test_weight_profiles_are_numbered(desk: Desk) -> None:
    for number in ("1", "2"):
        done = desk.revise("zero-weight/turned", {"counted: ": "counted: 1"}, kind=WEIGHTS)
        assert done.version == number
    library = desk.shelf.library
    weights = library.weight_profiles(library.framework("zero-weight"))["turned"].weights
    assert weights["counted"] == 110
    assert desk.begin("zero-weight/turned", WEIGHTS).base_version == "2"


def test_only_editors_publish_and_only_their_own(desk: Desk, clock: FixedClock) -> None:
    draft = desk.begin("one-tier")
    for name, role in (("consultant", Role.CONSULTANT), ("other", Role.EDITOR)):
        with pytest.raises(NotPermitted):
            desk.of(editor_named(desk.database, clock, name, role)).publish(draft.id, "1.0.1")


def test_publications_taken_into_the_root_are_the_same_and_changed_ones_are_refused(desk: Desk) -> None:
    desk.revise("interviews-guide", {"收集哪些数据": "收集了哪些数据"}, "1.0.1", QUESTIONNAIRE)
    with desk.database.read() as session:
        published = editions(session)
    (text,) = published[0].files.values()
    root = desk.shelf.library.root
    file = root / "questionnaires" / "taken.yaml"
    file.write_text("# taken in\n" + text, "utf-8")
    assert load_layered_library(root, published).questionnaire("interviews-guide").version == "1.0.1"
    file.write_text(text.replace("计费", "记费"), "utf-8")
    with pytest.raises(FaultsFound) as found:
        load_layered_library(root, published)
    (fault,) = found.value.errors
    assert fault.code == "E318"
    assert published[0].hash in fault.message


def test_a_draft_that_was_published_is_closed(desk: Desk) -> None:
    draft = desk.begin("one-tier")
    desk.edit(draft.id, {"weight: 2": "weight: 3"})
    desk.publish(draft.id, "1.1.0")
    assert refusal(desk, draft.id, "1.2.0") == "draft-closed"
    with desk.database.read() as session:
        assert get_draft(session, draft.id, desk.actor).outcome == "published"
    again = desk.begin("one-tier")
    assert (again.id != draft.id, again.base_version) == (True, "1.1.0")
    assert again.kind is FRAMEWORK
