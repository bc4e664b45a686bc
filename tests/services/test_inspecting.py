"""What is kept of uploaded files: pixels of images, plain PDF files, nothing else; planted files are refused."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from app.services.inspecting import LONGEST_EDGE, LONGEST_LABEL, PREVIEW_EDGE, Inspected, clean_label, inspect
from app.services.refusals import Invalid
from tests.services.files import (
    acting_pdf,
    bomb,
    carrying_pdf,
    locked_pdf,
    pdf,
    photograph,
    picture,
    scripted_pdf,
)
from tests.trying import examples

LARGEST = 2 * 2**20


def look(content: bytes, name: str = "照片.png", largest: int = LARGEST) -> Inspected:
    return inspect(content, name=name, largest=largest)


def refusal(content: bytes, name: str = "照片.png", largest: int = LARGEST) -> str:
    with pytest.raises(Invalid) as refused:
        look(content, name, largest)
    assert refused.value.field == "file"
    return refused.value.code


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("kind", "mode", "media_type"),
    [
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "L", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("PNG", "1", "image/png"),
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
    ],
)
def test_images_of_every_kind_are_drawn_anew_with_a_small_one(kind: str, mode: str, media_type: str) -> None:
    kept = look(picture(kind, mode=mode))
    assert kept.media_type == media_type
    assert opened(kept.content).size == (64, 48)
    assert kept.preview
    assert opened(kept.preview).format == "JPEG"


def test_a_photograph_forgets_where_and_with_what_it_was_taken() -> None:
    original = photograph()
    assert b"SECRET" in original
    kept = look(original)
    assert kept.preview
    for content in (kept.content, kept.preview):
        assert b"SECRET" not in content
        assert b"Exif" not in content
        assert not opened(content).getexif()
        assert "comment" not in opened(content).info


def test_a_photograph_that_was_held_sideways_stands_upright() -> None:
    kept = opened(look(photograph((400, 300))).content).convert("RGB")
    assert kept.size == (300, 400)
    top, bottom = kept.getpixel((150, 50)), kept.getpixel((150, 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] - bottom[0] > 200  # what was left (orange) is above


def test_a_large_photograph_is_turned_upright_too() -> None:
    assert opened(look(photograph((4000, 3000))).content).size == (LONGEST_EDGE * 3 // 4, LONGEST_EDGE)


def test_a_large_picture_is_shrunk_to_what_a_page_can_show() -> None:
    kept = look(picture("JPEG", (5000, 100)), largest=2**22)
    assert max(opened(kept.content).size) == LONGEST_EDGE
    assert kept.preview
    assert max(opened(kept.preview).size) == PREVIEW_EDGE


def test_a_photograph_saved_as_png_is_kept_within_the_limit_as_jpeg() -> None:
    import random

    noise = Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270_000))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG", compress_level=9)
    kept = look(buffer.getvalue(), largest=len(buffer.getvalue()))
    again = look(buffer.getvalue(), largest=len(buffer.getvalue()) + 100_000)
    assert {kept.media_type, again.media_type} <= {"image/jpeg", "image/png"}
    assert len(kept.content) <= len(buffer.getvalue())


def test_nothing_behind_an_image_survives() -> None:
    polyglot = picture("PNG") + b"PK\x03\x04 <script>alert(1)</script> MZ"
    assert b"script" not in look(polyglot).content


def test_an_image_that_says_it_is_huge_is_refused_before_it_is_decoded() -> None:
    assert refusal(bomb()) == "image-too-many-pixels"


def test_what_another_parser_could_see_in_a_pdf_counts_too() -> None:
    hidden = pdf().replace(b"%%EOF", b"9 0 obj<</S/JavaScript>>endobj\n%%EOF")
    assert refusal(hidden, "x.pdf") == "pdf-active"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_image_is_refused(kind: str) -> None:
    whole = picture(kind, (600, 600))
    assert refusal(whole[: len(whole) // 2]) == "image-unreadable"
    assert refusal(whole[:20]) == "image-unreadable"


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04" + b"\0" * 100,
        b"MZ" + b"\0" * 100,
        b"\0\0\0\x18ftypheic" + b"\0" * 100,
        b"\n%PDF-1.7 a blank line first",
        b"BM" + b"\0" * 100,
    ],
)
def test_every_other_kind_of_file_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refusal(content, "photo.png") == "file-kind"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "file-missing"


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert refusal(b"\x89PNG\r\n\x1a\n" + b"x" * 100, largest=50) == "file-too-large"


def test_a_plain_pdf_is_kept_byte_for_byte() -> None:
    content = pdf(3)
    kept = look(content, "报告.pdf")
    assert (kept.content, kept.media_type, kept.label, kept.preview) == (content, "application/pdf", "报告.pdf", None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (scripted_pdf(), "pdf-active"),
        (acting_pdf("/Launch"), "pdf-active"),
        (acting_pdf("/SubmitForm"), "pdf-active"),
        (acting_pdf("/JavaScript"), "pdf-active"),
        (acting_pdf("/GoToE"), "pdf-active"),
        (acting_pdf("/ABCDEFGHIJKL").replace(b"/ABCDEFGHIJKL", b"/Java#53cript"), "pdf-active"),
        (carrying_pdf(), "pdf-carries-files"),
        (locked_pdf(), "pdf-encrypted"),
        (pdf(501), "pdf-too-many-pages"),
        (pdf(0), "pdf-unreadable"),
        (pdf()[:-40], "pdf-unreadable"),
        (pdf()[:200], "pdf-unreadable"),
        (pdf() + b"PK\x03\x04 a second file", "pdf-unreadable"),
        (b"%PDF-1.7\n%%EOF", "pdf-unreadable"),
        (b"%PDF-1.7\ntrailer<</Root 1 0 R>>\n1 0 obj<</Pages 1 0 R/Kids[1 0 R]>>endobj\n%%EOF", "pdf-unreadable"),
    ],
)
def test_a_pdf_that_could_do_something_or_is_not_whole_is_refused(content: bytes, code: str) -> None:
    assert refusal(content, "x.pdf") == code


def test_a_pdf_with_a_plain_link_is_kept() -> None:
    assert look(acting_pdf("/URI"), "x.pdf").media_type == "application/pdf"


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFFxxxxWEBP"]),
)
@hypothesis_settings(max_examples=examples(150))
def test_any_bytes_are_kept_or_refused_and_nothing_else(content: bytes, start: bytes) -> None:
    with suppress(Invalid):
        look(start + content)


@given(st.integers(0, 600), st.integers(0, 255), st.sampled_from(["pdf", "png", "jpeg", "webp"]))
@hypothesis_settings(max_examples=examples(150))
def test_a_file_with_one_wrong_byte_is_kept_or_refused_and_nothing_else(place: int, byte: int, kind: str) -> None:
    whole = bytearray(pdf() if kind == "pdf" else picture(kind.upper()))
    whole[place % len(whole)] = byte
    with suppress(Invalid):
        look(bytes(whole))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\wang\\桌面\\截图.PNG", "截图.png"),
        ("机房 照片 .webp", "机房 照片.png"),
        ("invoice\u202egnp.exe", "invoicegnp.png"),
        ("a\x00b\r\nSet-Cookie: x.png", "ab Set-Cookie: x.png"),
        ("", "file.png"),
        ("...", "file.png"),
        ("..", "file.png"),
        ("x.tar.gz", "x.tar.png"),
        ("no suffix at all", "no suffix at all.png"),
        ("v3. the long story of it", "v3. the long story of it.png"),
        ("\u200b\ufeff.png", "file.png"),
    ],
)
def test_a_label_is_one_visible_line_without_a_path_and_with_its_true_suffix(name: str, label: str) -> None:
    assert clean_label(name, "image/png") == label


@given(st.text(max_size=300))
def test_a_label_is_never_long_or_a_path(name: str) -> None:
    label = clean_label(name, "application/pdf")
    assert len(label) <= LONGEST_LABEL
    assert label.endswith(".pdf")
    assert not set(label) & set("/\\\0\r\n\u202e")
