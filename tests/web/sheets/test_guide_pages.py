"""Guides on paper are asked for, watched and fetched over the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.bootstrap import job_handlers
from app.jobs.child import Attempt
from app.services import guides
from app.storage import jobs as store
from tests.services.holding import GUIDE, ROLE, Held

if TYPE_CHECKING:
    from app.settings import Settings
    from tests.conftest import FixedClock
    from tests.web.interviews.conftest import Visitor


def test_the_hub_offers_paper_and_workbooks(ann: Visitor, held: Held) -> None:
    hub = ann.page(f"/interview/{held.interview_id}")
    assert "纸面与表格" in hub.words
    assert f"/interview/{held.interview_id}/sheet.xlsx" in hub.links


def test_a_guide_is_printed_by_the_worker_and_fetched(
    ann: Visitor, held: Held, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ann.post(f"/interview/{held.interview_id}/guide", {"filled": "0", "language": "both"})
    assert asked.status_code == 303
    assert "等待制作" in ann.page(asked.location).words
    seen: dict[str, object] = {}

    def pressed(typescript: object, **_: object) -> bytes:
        seen["html"] = typescript.html  # type: ignore[attr-defined]
        return b"%PDF-1.7 stand-in"

    monkeypatch.setattr(guides, "print_pdf", pressed)
    monkeypatch.setattr(guides, "count_pages", len)
    with held.database.begin() as session:
        job = store.claim(session, kinds=("guide",), at=clock(), until=clock())
        assert job
    assert Attempt(held.database, clock, settings.data, job.id, job.attempt).run(job_handlers(settings, held.database))
    assert f"http://localhost/interview/{held.interview_id}" in str(seen["html"])
    done = ann.page(asked.location)
    assert "已经做好，可以下载。" in done.words
    file = ann.get(f"{asked.location}/file")
    assert file.data == b"%PDF-1.7 stand-in"
    assert file.headers["Cache-Control"] == "private, no-store"
    file.close()


def test_a_blank_guide_is_asked_for_by_role(ann: Visitor, held: Held) -> None:
    page = ann.page(f"/assessments/{held.assessment_id}/guide?role={ROLE}")
    assert "市场部 (" in page.words
    asked = ann.post(
        f"/assessments/{held.assessment_id}/guide", {"questionnaire": GUIDE, "role": ROLE, "language": "zh"}
    )
    assert asked.status_code == 303
    assert "访谈提纲" in ann.page(asked.location).words


@pytest.mark.parametrize("values", [{"language": "fr"}, {"language": "zh", "questionnaire": "none", "role": ""}])
def test_a_guide_that_does_not_exist_is_refused(ann: Visitor, held: Held, values: dict[str, str]) -> None:
    answer = ann.post(f"/assessments/{held.assessment_id}/guide", values)
    assert answer.status_code == (400 if values["language"] == "fr" else 404)


def test_a_guide_that_nobody_asked_for_is_not_there(ann: Visitor, held: Held) -> None:
    assert ann.get("/jobs/999").status_code == 404
