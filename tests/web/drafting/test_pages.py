"""From a draft to a published version and back into files, as an editor does it in a browser."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.services.drafts import LIBRARY
from tests.web.conftest import Visitor

TEXT = (LIBRARY / "frameworks" / "one-tier" / "framework.yaml").read_text("utf-8")
VERSIONS = "/content/framework/one-tier/versions"


def begin(visitor: Visitor, key: str = "one-tier", kind: str = "framework") -> str:
    answer = visitor.post("/drafts", {"kind": kind, "key": key})
    assert answer.status_code == 303
    return str(answer.location)


def bring(visitor: Visitor, draft: str, text: str, *, name: str = "framework.yaml", version: int = 1) -> int:
    files = {"version": str(version), "file": (io.BytesIO(text.encode()), name)}
    return visitor.post(f"{draft}/import", files, content_type="multipart/form-data").status_code


def publish(visitor: Visitor, draft: str, version: str, note: str = "为什么") -> tuple[int, str]:
    answer = visitor.post(f"{draft}/publish", {"version": version, "note": note})
    return answer.status_code, answer.text


def test_an_editor_begins_changes_and_publishes_and_everybody_reads_what_changed(
    editor: Visitor, reader: Visitor
) -> None:
    draft = begin(editor)
    assert begin(editor) == draft
    assert bring(editor, draft, TEXT.replace("weight: 2", "weight: 3")) == 303
    page = editor.page(f"{draft}/publish")
    assert "至少升次版本号" in page.words
    assert "2 → 3" in page.words
    assert publish(editor, draft, "1.0.1")[0] == 422
    status, text = publish(editor, draft, "1.1.0", note="")
    assert status == 422
    assert "请写明改了什么" in text
    assert publish(editor, draft, "1.1.0")[0] == 303
    told = reader.page(VERSIONS)
    assert "为什么" in told.words
    assert "改权重" in told.words
    assert "/frameworks/one-tier/1.1.0" in told.links
    assert "1.1.0" in reader.page("/frameworks").words
    assert "已发布" in editor.page(draft).words
    assert publish(editor, draft, "1.2.0")[0] == 422


def test_errors_are_shown_in_the_reader_s_language_and_lead_into_the_editor(editor: Visitor) -> None:
    draft = begin(editor)
    bring(editor, draft, TEXT.replace("weight: 2", "weight: two"))
    for page in (draft, f"{draft}/publish"):
        shown = editor.speak("zh").page(page)
        assert "E203" in shown.words
        assert "this must be" not in shown.words
        assert any(link.startswith(f"{draft}/edit?file=framework.yaml&line=") for link in shown.links)
        assert "this must be" in editor.speak("en").page(page).words
    status, _ = publish(editor, draft, "2.0.0")
    assert status == 422


def test_what_was_published_meanwhile_is_taken_in(editor: Visitor, administrator: Visitor) -> None:
    mine, theirs = begin(editor), begin(administrator)
    bring(editor, mine, TEXT.replace("weight: 2", "weight: 3"))
    bring(administrator, theirs, TEXT.replace("weight: 2", "weight: 4"))
    assert publish(administrator, theirs, "1.1.0")[0] == 303
    assert f"{mine}/rebase" in editor.page(mine).links
    assert "先并入" in editor.page(f"{mine}/publish").words
    page = editor.page(f"{mine}/rebase")
    assert "weight: 3" in page.words
    assert "weight: 4" in page.words
    values = {"newest": "1.1.0", "version": "2"}
    assert editor.post(f"{mine}/rebase", values).status_code == 422
    chosen = {**values, "choice-framework.yaml#0": "mine"}
    assert editor.post(f"{mine}/rebase", chosen).status_code == 303
    assert publish(editor, mine, "1.2.0")[0] == 303


def test_the_history_brings_back_what_a_file_said(editor: Visitor) -> None:
    draft = begin(editor)
    bring(editor, draft, TEXT.replace("weight: 2", "weight: 3"))
    page = editor.page(f"{draft}/history")
    assert "weight: 3" in page.words
    first = next(number for number in range(1, 20) if f"{draft}/history/{number}" in page.text)
    assert editor.post(f"{draft}/history/{first}", {"version": "1"}).status_code == 303
    assert "没有恢复" in editor.page(draft).words
    assert editor.post(f"{draft}/history/{first}", {"version": "3"}).status_code in (303, 404)
    editor.post(f"{draft}/history/{first}", {"version": "2"})
    with_zip = editor.get(f"{draft}/files.zip")
    with zipfile.ZipFile(io.BytesIO(with_zip.data)) as packed:
        assert packed.read("one-tier/framework.yaml").decode() == TEXT


def test_a_later_import_from_an_old_page_is_kept_but_not_stored(editor: Visitor) -> None:
    draft = begin(editor)
    bring(editor, draft, TEXT.replace("weight: 2", "weight: 3"))
    bring(editor, draft, TEXT.replace("weight: 2", "weight: 4"), version=1)
    page = editor.page(draft)
    assert "没有导入" in page.words
    assert "weight: 4" in editor.page(f"{draft}/history").words


def test_files_begin_a_new_framework_or_go_into_the_draft_of_a_known_one(editor: Visitor) -> None:
    fresh = TEXT.replace("id: one-tier", "id: fresh")
    for text in (fresh, fresh.replace("weight: 2", "weight: 5"), TEXT.replace("weight: 2", "weight: 5")):
        file = {"file": (io.BytesIO(text.encode()), "any.yaml")}
        answer = editor.post("/drafts/import", file, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.text
    drafts = editor.page("/drafts")
    assert "您有 2 份草稿" in drafts.words
    own = [link for link in drafts.links if link.startswith("/drafts/") and link[8:].isdigit()]
    new = next(link for link in own if "fresh" in editor.page(link).words)
    assert publish(editor, new, "1.0.0")[0] == 303
    strange = {"file": (io.BytesIO(b"nothing"), "any.yaml")}
    answer = editor.post("/drafts/import", strange, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "kind" in answer.text


def test_a_discarded_draft_can_be_restored(editor: Visitor) -> None:
    draft = begin(editor)
    assert editor.post(f"{draft}/discard").status_code == 303
    assert "已丢弃" in editor.page("/drafts").words
    assert editor.post(f"{draft}/reopen").location == draft
    editor.post(f"{draft}/discard")
    begin(editor)
    editor.post(f"{draft}/reopen")
    assert "请继续那一份" in editor.page("/drafts").words


def test_others_drafts_are_closed_to_everybody_else(
    editor: Visitor, administrator: Visitor, consultant: Visitor, reader: Visitor
) -> None:
    draft = begin(editor)
    assert "editor" in administrator.page("/drafts").words
    for visitor in (administrator, consultant, reader):
        for page in ("", "/publish", "/rebase", "/history", "/files.zip"):
            assert visitor.get(draft + page).status_code == 403
        assert visitor.post(f"{draft}/discard").status_code == 403
    assert reader.get("/drafts").status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/content/other/one-tier/versions", "/content/framework/unknown/versions", "/content/weights/one-tier/x/versions"],
)
def test_content_that_is_not_there_is_not_found(reader: Visitor, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_versions_are_taken_along_as_archives(reader: Visitor) -> None:
    for address, name in (
        ("/content/framework/one-tier/all.zip", "frameworks/one-tier/versions.yaml"),
        ("/content/framework/one-tier/versions/1.0.0.zip", "one-tier/framework.yaml"),
        ("/content/weights/zero-weight/turned/all.zip", "frameworks/zero-weight/weights/turned.yaml"),
        ("/content/questionnaire/interviews-guide/versions/1.0.0.zip", "interviews-guide/interviews-guide.yaml"),
    ):
        answer = reader.get(address)
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            assert name in packed.namelist()
    assert reader.get("/content/framework/one-tier/versions/7.0.0.zip").status_code == 404


def test_a_weight_profile_and_a_questionnaire_are_published_the_same_way(editor: Visitor) -> None:
    turned = (LIBRARY / "frameworks" / "zero-weight" / "weights" / "turned.yaml").read_text("utf-8")
    guide = (LIBRARY / "questionnaires" / "interviews-guide.yaml").read_text("utf-8")
    weights = begin(editor, "zero-weight/turned", "weights")
    bring(editor, weights, turned.replace("counted: 0", "counted: 4"), name="turned.yaml")
    assert "成为第 1 版" in editor.page(f"{weights}/publish").words
    assert publish(editor, weights, "")[0] == 303
    asked = begin(editor, "interviews-guide", "questionnaire")
    bring(editor, asked, guide.replace("gte: 2", "gte: 3"), name="other-name.yaml")
    page = editor.page(f"{asked}/publish")
    assert "campaigns" in page.words or "活动" in page.words
    assert "warehouse ≥ 3" in page.words
    assert publish(editor, asked, "1.1.0")[0] == 303
    for address in ("/content/weights/zero-weight/turned/versions", "/content/questionnaire/interviews-guide/versions"):
        for language in ("zh", "en"):
            editor.speak(language).page(address)


def test_every_page_speaks_english(editor: Visitor) -> None:
    draft = begin(editor)
    editor.speak("en")
    for page in ("/drafts", draft, f"{draft}/history", f"{draft}/publish", VERSIONS, "/help/drafts"):
        assert editor.page(page).language == "en"


def test_nothing_from_the_content_folder_is_written(editor: Visitor, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (tmp_path / "content").rglob("*.yaml")}
    draft = begin(editor)
    bring(editor, draft, TEXT.replace("weight: 2", "weight: 3"))
    publish(editor, draft, "1.1.0")
    assert {path: path.read_bytes() for path in (tmp_path / "content").rglob("*.yaml")} == before
