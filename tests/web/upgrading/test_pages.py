"""The pages about an assessment's version: preview, confirm, proposals, records, back; late answers; impact."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from app.content.layering import ContentKind
from app.content.proofing import lint_draft
from app.core.text import Text
from app.services.agreeing import save_agreed
from app.services.assessing import load_assessment
from app.services.drafting import begin_draft, save_file
from app.services.engagements import create_assessment, create_unit, get_engagement
from app.services.permissions import Role
from app.services.proposing import proposals_for
from app.services.reverting import history_of
from tests.acting import acting
from tests.conftest import FixedClock
from tests.services.shelves import SECOND, framework_text
from tests.web.conftest import Visitor
from tests.web.upgrading.conftest import Small, seen_on


def version_of(small: Small) -> str:
    with small.database.read() as session:
        return load_assessment(session, small.assessment).framework.version


def test_the_page_shows_what_becomes_of_every_element_and_every_total(small: Small, consultant: Visitor) -> None:
    page = consultant.page(small.path)
    assert "升级到 2.0.0，3 项能力的数字会变；3 个得分要有人确认。" in page.words
    assert "renamed项 renamed → 变为 called项 called" in page.words
    assert "one项 、 two项 → 变为 both项" in page.words
    assert version_of(small) == "1.0.0"


def test_a_reader_looks_and_does_not_upgrade(small: Small, reader: Visitor) -> None:
    assert "确认升级" not in reader.page(small.path).words
    assert reader.post(small.path, {"to": "2.0.0", "seen": "x"}).status_code == 403


def test_confirming_upgrades_and_leads_to_what_is_to_be_confirmed(upgraded: Small, consultant: Visitor) -> None:
    assert version_of(upgraded) == "2.0.0"
    page = consultant.page(f"{upgraded.path}/proposals")
    assert "3 个得分等人确认；确认以前不计入任何总分。" in page.words
    assert "cut项 4.0" in page.words


def test_a_preview_that_is_out_of_date_is_shown_anew(small: Small, consultant: Visitor) -> None:
    seen = seen_on(consultant, small)
    answer = consultant.client.put(
        f"/api/interviews/{small.interview}/answers/one",
        json={"mutation_id": uuid.uuid4().hex, "base_version": 0, "set": {"score": "5"}},
        headers={"X-CSRFToken": consultant.token()},
    )
    assert answer.status_code == 200
    refused = consultant.post(small.path, {"to": "2.0.0", "seen": seen})
    assert refused.status_code == 409
    assert "所以没有升级" in refused.text
    assert version_of(small) == "1.0.0"


def test_proposals_are_confirmed_changed_and_declined(upgraded: Small, consultant: Visitor) -> None:
    with upgraded.database.read() as session:
        left, right, both = (one.id for one in proposals_for(session, upgraded.assessment)[1])
    path = f"{upgraded.path}/proposals"
    consultant.post(f"{path}/confirm", {"proposal": [str(left)]})
    refused = consultant.post(f"{path}/{right}", {"score": "9"})
    assert refused.status_code == 422
    assert 'value="9"' in refused.text
    assert consultant.post(f"{path}/{right}", {"score": "2.5"}).status_code == 303
    consultant.post(f"{path}/{both}", {"do": "decline"})
    page = consultant.page(path)
    assert "都定下了，没有等待确认的得分。" in page.words
    with upgraded.database.read() as session:
        agreed = load_assessment(session, upgraded.assessment).agreed
    assert agreed["left"].reason == "由1.0.0版转入：cut项 4.0"
    assert agreed["right"].score == 2.5
    assert "both" not in agreed


def test_the_record_is_looked_at_and_taken_out_in_its_own_version(upgraded: Small, consultant: Visitor) -> None:
    page = consultant.page(f"{upgraded.path}/records/1")
    assert "1.0.0 版的记录" in page.words
    assert "gone项" in page.words
    case = consultant.get(f"{upgraded.path}/records/1/case")
    assert "framework: small@1.0.0" in case.text
    assert "gone: {score: 5" in case.text
    assert consultant.get(f"/assessments/{upgraded.assessment + 1}/upgrade/records/1").status_code == 404


def test_an_upgrade_is_taken_back_once(upgraded: Small, consultant: Visitor) -> None:
    consultant.post(f"{upgraded.path}/records/1/revert")
    assert version_of(upgraded) == "1.0.0"
    again = consultant.post(f"{upgraded.path}/records/1/revert", follow_redirects=True)
    assert "只能撤回最后一次升级。" in again.text
    with upgraded.database.read() as session:
        assert [one.to_version for one in history_of(session, upgraded.assessment)] == ["2.0.0", "1.0.0"]
    assert "撤回升级：2.0.0 → 1.0.0" in consultant.page(upgraded.path).words


def test_a_late_answer_is_kept_and_its_sender_told(upgraded: Small, consultant: Visitor) -> None:
    def send(element: str) -> dict[str, object]:
        answer = consultant.client.put(
            f"/api/interviews/{upgraded.interview}/answers/{element}",
            json={"mutation_id": uuid.uuid4().hex, "base_version": 0, "set": {"score": "2"}},
            headers={"X-CSRFToken": consultant.token()},
        )
        assert answer.status_code == 200
        return dict(answer.json or {})

    assert "不再问“gone项”" in str(send("gone")["notice"])
    assert "现在是“called项”" in str(send("renamed")["notice"])
    assert "notice" not in send("kept")


def test_a_late_form_is_kept_and_a_late_address_leads_on(upgraded: Small, consultant: Visitor) -> None:
    path = f"/interview/{upgraded.interview}/elements"
    posted = consultant.post(
        f"{path}/gone", {"gone.version": "0", "gone.judgement": "1.5", "form": "f" * 12}, follow_redirects=True
    )
    assert "不再问“gone项”" in posted.text
    assert consultant.get(f"{path}/renamed").location.endswith("/elements/called")
    assert consultant.get(f"{path}/never").status_code == 404


def test_the_impact_of_a_version_is_told_for_every_unit(small: Small, reader: Visitor) -> None:
    page = reader.page("/frameworks/small/2.0.0/impact")
    assert "1 份评估在用这个框架，其中 1 份的数字会变；3 个得分要有人确认。" in page.words
    reader.page("/frameworks/small/9.0.0/impact", status=404)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_impact_of_a_draft_is_told_before_it_is_published(
    small: Small, visit: Callable[[str | None], Visitor], clock: FixedClock, locale: str
) -> None:
    editor = visit("editor").speak(locale)
    library = small.press.library
    with small.database.begin() as session:
        from app.storage.accounts import user_by_name

        user = user_by_name(session, "editor")
        assert user
        actor = acting(user.id, "editor", "editor", Role.EDITOR)
        draft = begin_draft(session, ContentKind.FRAMEWORK, "small", library=library, actor=actor, clock=clock)
        text = framework_text("2.0.0", {**SECOND, "beta": {"moved": ()}})
        save_file(session, draft.id, "framework.yaml", text, base_version=draft.version, actor=actor, clock=clock)
    page = editor.page(f"/drafts/{draft.id}/impact")
    assert ("1 份评估" if locale == "zh" else "Assessments on this framework: 1") in page.words
    assert lint_draft(ContentKind.FRAMEWORK, "small", {"framework.yaml": text}, library).errors == ()
    with small.database.begin() as session:
        save_file(session, draft.id, "framework.yaml", "x: [", base_version=draft.version + 1, actor=actor, clock=clock)
    told = editor.get(f"/drafts/{draft.id}/impact")
    assert ("草稿里有" if locale == "zh" else "The draft has") in told.text


def test_units_of_two_versions_are_compared_and_it_says_on_what(
    upgraded: Small, consultant: Visitor, clock: FixedClock
) -> None:
    with upgraded.database.begin() as session:
        engagement = get_engagement(session, "firm")
        actor = acting(1, "x", "x", Role.CONSULTANT)
        create_unit(session, engagement.id, key="south", name=Text("南方"))
        old = create_assessment(
            session,
            engagement.id,
            unit="south",
            round="2026",
            framework=upgraded.press.library.framework("small@1.0.0"),
            actor=actor,
            clock=clock,
        )
        save_agreed(
            session,
            assessment_id=old.id,
            element="one",
            mutation_id=uuid.uuid4().hex,
            base_version=0,
            changes={"score": "5", "reason": "说好了"},
            actor=actor,
            clock=clock,
        )
    page = consultant.page("/engagements/firm/compare")
    assert "南方是按 1.0.0 版评的，放到 2.0.0 版里比较：2 个要素照旧，4 个按对应关系转来，2 个不可比。" in page.words
    assert "不能并列" not in page.words


def test_the_result_page_tells_that_scores_wait(upgraded: Small, consultant: Visitor) -> None:
    page = consultant.page(f"/assessments/{upgraded.assessment}")
    assert "有 3 个转来的得分等人确认，确认以前不计入。" in page.words
    assert f"{upgraded.path}/proposals" in page.links
