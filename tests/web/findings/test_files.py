"""Evidence files through the browser: uploaded, refused, fetched to be kept, for those who hold interviews."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from app.services.attaching import AttachmentView, attachments_of
from app.web.context import EXTENSION
from tests.services.files import bomb, pdf, photograph, picture, scripted_pdf
from tests.services.holding import ELEMENT
from tests.web.conftest import Visitor
from tests.web.findings.conftest import Desk

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse


def upload(visitor: Visitor, desk: Desk, content: bytes, name: str = "现场 照片.jpg", **values: str) -> TestResponse:
    return send(visitor, f"{desk.element}/attach", content, name, csrf_token=visitor.token(), **values)


def send(visitor: Visitor, path: str, content: bytes, name: str, **values: str) -> TestResponse:
    """Post a form with a file as a browser does (the test client would leave a temporary file open)."""
    fields = [f'name="{field}"\r\n\r\n{value}'.encode() for field, value in values.items()]
    file = f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + content
    body = b"".join(b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in (*fields, file))
    return visitor.client.post(path, data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x")


def listed(desk: Desk) -> tuple[AttachmentView, ...]:
    with desk.held.database.read() as session:
        return attachments_of(session, desk.held.assessment_id, ELEMENT)


def test_a_photograph_is_added_to_a_finding_and_shown(consultant: Visitor, desk: Desk) -> None:
    answer = upload(consultant, desk, photograph(), on="element", finding=str(desk.finding_id))
    assert answer.status_code == 303
    assert answer.location == f"{desk.element}#files"
    (file,) = listed(desk)
    page = consultant.get(desk.element).text
    assert "现场 照片.jpg" in page
    assert f'src="/attachments/{file.id}/preview"' in page
    assert "1 个文件" in page
    assert ">1<" in consultant.get(desk.listing).text.replace("<span", "<")


def test_a_file_is_sent_to_be_kept_and_never_as_a_page(consultant: Visitor, desk: Desk) -> None:
    content = pdf()
    upload(consultant, desk, content, "制度 汇编.pdf")
    (file,) = listed(desk)
    with consultant.get(f"/attachments/{file.id}") as answer:
        assert answer.data == content
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert f"filename*=UTF-8''{quote('制度 汇编.pdf')}" in disposition
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_small_picture_is_shown_in_the_page_alone(consultant: Visitor, desk: Desk) -> None:
    upload(consultant, desk, picture("PNG", (1000, 800)))
    (file,) = listed(desk)
    with consultant.get(f"/attachments/{file.id}/preview") as answer:
        assert answer.data.startswith(b"\xff\xd8\xff")
    assert answer.mimetype == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "x.png", "请选择一个文件；空文件不能添加。"),
        (b"MZ", "x.png", "只收 PNG、JPEG、WebP 图片和 PDF。"),
        (bomb(), "x.png", "图片超过 50 百万像素。"),
        (picture()[:40], "x.png", "图片已损坏"),
        (scripted_pdf(), "x.pdf", "这份 PDF 含有脚本"),
    ],
)
@pytest.mark.parametrize("on", ["element", ""])
def test_a_refused_file_is_explained_on_the_page_it_came_from(  # noqa: PLR0917 - two parameters, two fixtures
    consultant: Visitor, desk: Desk, content: bytes, name: str, words: str, on: str
) -> None:
    answer = upload(consultant, desk, content, name, on=on)
    assert answer.status_code == 422
    assert words in answer.text
    assert listed(desk) == ()


def test_a_file_that_is_too_large_is_refused_with_the_limit(
    application: Flask, consultant: Visitor, desk: Desk
) -> None:
    parts = application.extensions[EXTENSION]
    application.extensions[EXTENSION] = replace(parts, settings=replace(parts.settings, largest_attachment=1000))
    answer = upload(consultant, desk, b"\x89PNG\r\n\x1a\n" + b"x" * 2000)
    assert answer.status_code == 422
    assert "文件超过" in answer.text


def test_a_body_beyond_all_limits_is_refused_unread(consultant: Visitor, desk: Desk) -> None:
    assert upload(consultant, desk, b"x" * (16 * 2**20)).status_code == 413
    assert upload(consultant, desk, b"\x89PNG" + b"x" * (11 * 2**20)).status_code == 422


def test_other_forms_keep_their_lower_limit(consultant: Visitor, desk: Desk) -> None:
    answer = send(consultant, desk.element, b"x" * (5 * 2**20), "x", csrf_token=consultant.token())
    assert answer.status_code == 413


def test_a_name_with_a_path_or_line_ends_is_only_a_label(consultant: Visitor, desk: Desk) -> None:
    upload(consultant, desk, picture(), "..\\..\\evil\u202egnp.exe")
    (file,) = listed(desk)
    assert file.label == "evilgnp.png"
    with consultant.get(f"/attachments/{file.id}") as answer:
        assert "evilgnp.png" in answer.headers["Content-Disposition"]


def test_from_an_interview_one_adds_a_file_and_comes_back(consultant: Visitor, desk: Desk) -> None:
    focus = f"/interview/{desk.held.interview_id}/elements/{ELEMENT}"
    page = consultant.get(focus).text
    link = re.search(r'href="([^"]*/attach\?[^"]*)"', page)
    assert link
    form = consultant.get(link[1].replace("&amp;", "&")).text
    assert f'name="interview" value="{desk.held.interview_id}"' in form
    assert "受访者A" in form
    answer = upload(consultant, desk, picture(), interview=str(desk.held.interview_id), back=focus)
    assert (answer.status_code, answer.location) == (303, focus)
    assert "现场 照片.png" in consultant.get(focus).text
    assert listed(desk)[0].interview_id == desk.held.interview_id


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_one_comes_back_to_this_site_only(consultant: Visitor, desk: Desk, back: str) -> None:
    assert upload(consultant, desk, picture(), back=back).location == f"{desk.element}#files"


def test_a_file_is_archived_and_comes_back(consultant: Visitor, desk: Desk) -> None:
    upload(consultant, desk, picture())
    (file,) = listed(desk)
    consultant.post(f"/attachments/{file.id}/archive")
    assert listed(desk) == ()
    assert "已归档的文件（1）" in consultant.page(desk.element).words
    consultant.post(f"/attachments/{file.id}/restore")
    assert [one.id for one in listed(desk)] == [file.id]


def test_readers_and_strangers_get_no_file(consultant: Visitor, reader: Visitor, stranger: Visitor, desk: Desk) -> None:
    upload(consultant, desk, picture())
    (file,) = listed(desk)
    for path in (f"/attachments/{file.id}", f"/attachments/{file.id}/preview", f"{desk.element}/attach"):
        assert reader.get(path).status_code == 403, path
        assert stranger.get(path).status_code == 302, path
    assert upload(reader, desk, pdf()).status_code == 403
    assert reader.post(f"/attachments/{file.id}/archive").status_code == 403
    assert file.label not in reader.get(desk.element).text


def test_files_that_are_not_there_are_not_found(consultant: Visitor, desk: Desk) -> None:
    upload(consultant, desk, pdf())
    (file,) = listed(desk)
    for path in ("/attachments/99999", "/attachments/99999/preview", f"/attachments/{file.id}/preview"):
        assert consultant.get(path).status_code == 404, path
    assert consultant.get(f"{desk.element}/attach?interview=99999").status_code == 404
    assert upload(consultant, desk, pdf(2), interview="99999").status_code == 404
