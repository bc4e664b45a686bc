"""Answers by a personal link that come after the framework of their assessment went on: kept, and told in words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest

from app.content.layering import ContentKind
from app.storage import answer_revisions
from tests.services.shelves import FIRST, SECOND, Tree, questionnaire_text
from tests.web.conftest import Visitor
from tests.web.self_assessing.conftest import Desk, Respondent
from tests.web.upgrading.conftest import Small, seen_on

SELF = "small-self"
QUESTIONS = re.compile(r", questions: \[[^]]*\]")


def own_questions(version: str, admits: str, tree: Tree) -> dict[str, str]:
    text = questionnaire_text(version, admits, tree).replace("id: small-interview", f"id: {SELF}")
    return {"q.yaml": QUESTIONS.sub("", text).replace("mode: interview", "mode: self-assessment")}


@pytest.fixture
def someone(small: Small, consultant: Visitor) -> Respondent:
    """A respondent with the questionnaire open; the assessment was taken to the next version meanwhile."""
    for version, admits, tree in (("1.0.0", ">=1,<2", FIRST), ("2.0.0", ">=2,<3", SECOND)):
        small.press._insert(ContentKind.QUESTIONNAIRE, SELF, version, own_questions(version, admits, tree))
    desk = Desk(consultant, consultant.client.application, small.assessment)
    link = desk.links(questionnaire=f"{SELF}@1.0.0", **{"labels.boss": "受访者A"})[0]
    someone = desk.respondent(link)
    assert someone.get("/self/elements/gone").status_code == 200
    answer = consultant.post(small.path, {"to": "2.0.0", "seen": seen_on(consultant, small)})
    assert answer.status_code == 303
    return someone


def put(someone: Respondent, element: str) -> dict[str, object]:
    answer = someone.put(element, {"mutation_id": uuid.uuid4().hex, "base_version": 0, "set": {"score": "2"}})
    assert answer.status_code == 200
    return dict(answer.json or {})


def form(element: str) -> dict[str, str]:
    return {f"{element}.version": "0", f"{element}.judgement": "5", "form": "f" * 32, "go": "next"}


def stored(small: Small, element: str) -> int:
    """Return how many revisions an element has in the respondent's interview, the second of the assessment."""
    with small.database.read() as session:
        return len(answer_revisions.revisions_since(session, small.interview + 1, element, 0))


def test_a_late_answer_by_script_is_kept_and_told(small: Small, someone: Respondent) -> None:
    assert put(someone, "gone")["notice"] == "问卷刚才更新了，不再问“gone项”。您的回答已保存，不会丢失。"
    assert "现在是“called项”，您的回答已记到那里" in str(put(someone, "renamed")["notice"])
    assert "改为“left项”、“right项”" in str(put(someone, "cut")["notice"])
    assert "notice" not in put(someone, "kept")
    assert stored(small, "gone") == 1


@pytest.mark.parametrize(("locale", "words"), [("zh", "不再问“gone项”"), ("en", "no longer asks about “gone”")])
def test_a_late_form_without_a_script_is_kept_and_told(
    small: Small, someone: Respondent, locale: str, words: str
) -> None:
    someone.speak(locale)
    answer = someone.post("/self/elements/gone", form("gone"))
    assert answer.status_code == 303
    page = someone.get(answer.headers["Location"]).text
    assert words in page
    assert "notice-warning" in page
    assert stored(small, "gone") == 1


def test_a_late_form_of_a_renamed_question_goes_on_there(someone: Respondent) -> None:
    answer = someone.post("/self/elements/renamed", form("renamed"))
    assert answer.headers["Location"].endswith("/self/elements/called")
    page = someone.get("/self/elements/called").text
    assert "您的回答已记到那里" in page
    assert re.search(r'value="5(\.0)?" checked', page)


def test_a_former_address_leads_on_and_an_unknown_one_nowhere(someone: Respondent) -> None:
    answer = someone.get("/self/elements/cut")
    assert answer.headers["Location"].endswith("/self/elements/left")
    assert "“cut项”改为“left项”、“right项”" in someone.get("/self/elements/left").text
    assert someone.get("/self/elements/never").status_code == 404
    assert someone.post("/self/elements/never", form("never")).status_code == 404


def test_what_is_refused_late_is_said_and_not_called_saved(small: Small, someone: Respondent) -> None:
    answer = someone.post("/self/elements/gone", {**form("gone"), "gone.judgement": "x"})
    page = someone.get(answer.headers["Location"]).text
    assert "notice-error" in page
    assert "问卷更新了，不再问“gone项”" in page
    assert "您的回答已保存" not in page
    assert stored(small, "gone") == 0


def test_a_respondent_is_told_of_no_question_that_is_not_theirs(
    small: Small, consultant: Visitor, visit: Callable[[str | None], Visitor]
) -> None:
    for version, admits, tree in (("1.0.0", ">=1,<2", FIRST), ("2.0.0", ">=2,<3", SECOND)):
        files = own_questions(version, admits, tree)
        files["q.yaml"] = files["q.yaml"].replace("{element: called,", "{element: called, roles: [hand],")
        small.press._insert(ContentKind.QUESTIONNAIRE, SELF, version, files)
    desk = Desk(consultant, consultant.client.application, small.assessment)
    someone = desk.respondent(desk.links(questionnaire=f"{SELF}@1.0.0", **{"labels.boss": "受访者A"})[0])
    consultant.post(small.path, {"to": "2.0.0", "seen": seen_on(consultant, small)})
    assert put(someone, "renamed")["notice"] == "问卷刚才更新了，不再问“renamed项”。您的回答已保存，不会丢失。"
