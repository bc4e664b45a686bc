"""The editor's page and what it asks: whose draft it is, faults in words with mends, saving, conflicts, previews."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.content.layering import ContentKind
from tests.acting import acting
from tests.conftest import FixedClock
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from app.content.library import Library
    from app.storage.database import Database

Begin = Callable[[str, str], int]
MAIN = "framework.yaml"
TRIAL = """\
format: 1
kind: weights
id: trial
framework: credit-risk
name: {zh: 试, en: Trial}
weights:
  truthfulness: 3
"""


@pytest.fixture
def editor(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit("editor")


@pytest.fixture
def begin(web_database: Database, library: Library, clock: FixedClock) -> Begin:
    """Return what begins a draft of the editor's."""

    def begin(kind: str, key: str) -> int:
        from app.services import accounts, drafting

        with web_database.begin() as session:
            user = next(one for one in accounts.list_users(session) if one.name == "editor")
            actor = acting(user.id, user.name, user.display_name, user.role)
            if kind == "weights":
                files = {"trial.yaml": TRIAL}
                return drafting.begin_new_draft(
                    session, ContentKind.WEIGHTS, key, files, library=library, actor=actor, clock=clock
                ).id
            return drafting.begin_draft(session, ContentKind(kind), key, library=library, actor=actor, clock=clock).id

    return begin


def send(visitor: Visitor, method: str, address: str, content: object) -> TestResponse:
    return visitor.client.open(address, method=method, json=content, headers={"X-CSRFToken": visitor.token()})


def state(visitor: Visitor, draft: int) -> dict[str, Any]:
    found: dict[str, Any] = visitor.get(f"/api/drafts/{draft}").get_json()
    return found


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_page_shows_the_files_of_a_draft(editor: Visitor, begin: Begin, locale: str) -> None:
    draft = begin("framework", "credit-risk")
    page = editor.speak(locale).page(f"/drafts/{draft}/edit?file=truthfulness.yaml")
    assert ("编辑 credit-risk" if locale == "zh" else "Edit credit-risk") in page.title
    assert f"/drafts/{draft}/edit?file=framework.yaml" in page.links
    assert ("truthfulness.yaml 的文字" if locale == "zh" else "Text of truthfulness.yaml") in page.words


@pytest.mark.parametrize("role", ["reader", "consultant"])
def test_only_editors_come_in(visit: Callable[[str | None], Visitor], begin: Begin, role: str) -> None:
    draft = begin("framework", "credit-risk")
    other = visit(role)
    assert other.get(f"/drafts/{draft}/edit").status_code == 403
    assert send(other, "POST", f"/api/drafts/{draft}/lint", {}).status_code == 403


def test_a_draft_is_its_editors_own(administrator: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    assert administrator.get(f"/drafts/{draft}/edit").status_code == 403
    refused = send(administrator, "PUT", f"/api/drafts/{draft}/files/{MAIN}", {"text": "", "version": 1})
    assert refused.status_code == 403
    assert administrator.get("/api/drafts/999").status_code == 404


def test_faults_come_in_the_readers_words_with_their_mends(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    text = state(editor, draft)["files"][MAIN].replace("kind: framework", "kind: framewrk")
    found = send(editor, "POST", f"/api/drafts/{draft}/lint", {"files": {MAIN: text}}).get_json()
    (fault,) = found["faults"]
    assert found["errors"] == 1
    assert found["byFile"] == {MAIN: 1}
    assert fault["message"] == "这里的 kind 应是 framework，不能是 framewrk"
    assert (fault["line"], fault["column"], fault["endColumn"]) == (3, 7, 15)
    assert fault["mends"] == [
        {"label": "改为 framework", "changes": [[3, 7, 3, 15, "framework"]], "cursor": None, "file": None}
    ]
    english = send(editor.speak("en"), "POST", f"/api/drafts/{draft}/lint", {"files": {MAIN: text}}).get_json()
    assert english["faults"][0]["message"] == "the kind must be framework here, not framewrk"
    assert english["faults"][0]["mends"][0]["label"] == "Change to framework"


def test_while_the_tree_is_cut_off_nothing_is_said_of_unused_files(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    found = send(editor, "POST", f"/api/drafts/{draft}/lint", {"files": {MAIN: "kind: ["}}).get_json()
    assert {fault["code"] for fault in found["faults"]} == {"E101"}
    assert found["warnings"] == 0


def test_nothing_is_stored_by_looking(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    before = state(editor, draft)
    send(editor, "POST", f"/api/drafts/{draft}/lint", {"files": {MAIN: "nonsense"}})
    send(editor, "POST", f"/api/drafts/{draft}/preview", {"files": {MAIN: "nonsense"}, "part": "tree"})
    assert state(editor, draft) == before


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "lint", []),
        ("POST", "lint", {"files": {"../x.yaml": ""}}),
        ("POST", "lint", {"files": {MAIN: 3}}),
        ("POST", "preview", {"part": "nothing"}),
        ("PUT", f"files/{MAIN}", {"text": "x"}),
        ("PUT", f"files/{MAIN}", {"text": 1, "version": 1}),
        ("DELETE", f"files/{MAIN}", {}),
    ],
)
def test_what_makes_no_sense_is_refused(editor: Visitor, begin: Begin, method: str, path: str, content: object) -> None:
    draft = begin("framework", "credit-risk")
    answer = send(editor, method, f"/api/drafts/{draft}/{path}", content)
    assert answer.status_code == 400
    assert answer.get_json()["message"]


def test_saving_stores_what_was_typed_faults_and_all(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    saved = send(editor, "PUT", f"/api/drafts/{draft}/files/{MAIN}", {"text": "kind: [\r\n", "version": 1})
    assert saved.status_code == 200
    assert state(editor, draft)["files"][MAIN] == "kind: [\r\n"
    assert saved.get_json()["version"] == state(editor, draft)["version"]


def test_of_two_windows_the_later_is_refused_and_both_texts_are_kept(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    send(editor, "PUT", f"/api/drafts/{draft}/files/{MAIN}", {"text": "# one\n", "version": 1})
    late = send(editor, "PUT", f"/api/drafts/{draft}/files/{MAIN}", {"text": "# two\n", "version": 1})
    assert late.status_code == 409
    assert late.get_json()["text"] == "# one\n"
    assert state(editor, draft)["files"][MAIN] == "# one\n"
    again = {"text": "# two\n", "version": late.get_json()["version"]}
    assert send(editor, "PUT", f"/api/drafts/{draft}/files/{MAIN}", again).status_code == 200


def test_a_name_that_is_none_is_refused_in_words(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    refused = send(editor, "PUT", f"/api/drafts/{draft}/files/notes.txt", {"text": "x", "version": 1})
    assert refused.status_code == 422
    assert refused.get_json()["message"]


def test_a_file_is_added_and_taken_out(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    added = send(editor, "PUT", f"/api/drafts/{draft}/files/more.yaml", {"text": "- id: x\n", "version": 0}).get_json()
    assert "more.yaml" in state(editor, draft)["files"]
    gone = send(editor, "DELETE", f"/api/drafts/{draft}/files/more.yaml", {"version": added["version"]})
    assert gone.status_code == 200
    assert "more.yaml" not in state(editor, draft)["files"]


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("framework", "credit-risk", {"tree": "真实性", "questionnaire": "各级描述", "radar": "示例总分"}),
        ("questionnaire", "credit-risk-interview", {"tree": "真实性", "questionnaire": "提问", "radar": "示例总分"}),
        ("weights", "credit-risk/trial", {"tree": "试", "questionnaire": "各级描述", "radar": "示例总分"}),
    ],
)
def test_every_kind_of_draft_has_its_preview(
    editor: Visitor, begin: Begin, kind: str, key: str, said: dict[str, str]
) -> None:
    draft = begin(kind, key)
    for part, words in said.items():
        answer = send(editor, "POST", f"/api/drafts/{draft}/preview", {"part": part, "at": None}).get_json()
        assert words in answer["html"], part
        assert answer["published"] is None


def test_weights_of_a_draft_change_the_shares_of_the_preview(editor: Visitor, begin: Begin) -> None:
    draft = begin("weights", "credit-risk/trial")
    before = send(editor, "POST", f"/api/drafts/{draft}/preview", {"part": "tree"}).get_json()["html"]
    files = {"trial.yaml": TRIAL.replace("truthfulness: 3", "truthfulness: 12")}
    after = send(editor, "POST", f"/api/drafts/{draft}/preview", {"part": "tree", "files": files}).get_json()["html"]
    assert "43%" in before
    assert "75%" in after


def test_a_draft_with_errors_shows_what_is_published_when_asked(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    broken = {"part": "tree", "files": {MAIN: "kind: ["}}
    assert send(editor, "POST", f"/api/drafts/{draft}/preview", broken).get_json() == {"html": None, "published": None}
    shown = send(editor, "POST", f"/api/drafts/{draft}/preview", {**broken, "otherwise": True}).get_json()
    assert shown["published"] == "1.0.0"
    assert "真实性" in shown["html"]


def test_the_preview_goes_to_the_element_that_the_cursor_is_at(editor: Visitor, begin: Begin, library: Library) -> None:
    draft = begin("framework", "credit-risk")
    framework = library.framework("credit-risk")
    for at in (framework.leaves[4].id, framework.capabilities[1].id, "nowhere"):
        html = send(editor, "POST", f"/api/drafts/{draft}/preview", {"part": "questionnaire", "at": at}).get_json()[
            "html"
        ]
        near = framework.node(at) if at in framework else framework.leaves[0]
        while near.children:
            near = near.children[0]
        assert f'value="{near.id}" selected' in html


def test_what_editors_wrote_is_no_html(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    text = state(editor, draft)["files"][MAIN].replace("zh: 真实性", "zh: <img src=x onerror=alert(1)>")
    for part in ("tree", "questionnaire", "radar"):
        answer = send(editor, "POST", f"/api/drafts/{draft}/preview", {"part": part, "files": {MAIN: text}}).get_json()
        assert "<img" not in answer["html"]


def test_without_a_script_a_file_is_saved_by_its_button(editor: Visitor, begin: Begin) -> None:
    draft = begin("framework", "credit-risk")
    form = {"name": MAIN, "text": "# one\r\n", "version": 1}
    assert editor.post(f"/drafts/{draft}/edit", form).status_code == 302
    assert state(editor, draft)["files"][MAIN] == "# one\n"
    late = editor.post(f"/drafts/{draft}/edit", {**form, "text": "# two\r\n"})
    assert late.status_code == 409
    assert "# one" in late.text
    assert "# two" in late.text
    assert editor.post(f"/drafts/{draft}/edit", {**form, "name": "gone.yaml"}).status_code == 404
    refused = editor.post(f"/drafts/{draft}/edit", {"name": MAIN, "text": "a\0b", "version": 9})
    assert refused.status_code == 422


def test_a_draft_that_ended_has_only_its_overview(
    editor: Visitor, begin: Begin, web_database: Database, clock: FixedClock
) -> None:
    draft = begin("framework", "credit-risk")
    from app.services import accounts, drafting

    with web_database.begin() as session:
        user = next(one for one in accounts.list_users(session) if one.name == "editor")
        actor = acting(user.id, user.name, user.display_name, user.role)
        drafting.discard_draft(session, draft, actor=actor, clock=clock)
    assert editor.get(f"/drafts/{draft}/edit").headers["Location"] == f"/drafts/{draft}"
    closed = send(editor, "PUT", f"/api/drafts/{draft}/files/{MAIN}", {"text": "x", "version": 1})
    assert closed.status_code == 422
