"""What somebody uploads -> what may be kept: images drawn anew, PDFs checked, everything else refused with a reason.

The content decides what a file is; its name and what the browser says of it decide nothing. An image is decoded and
encoded again, so that nothing of it survives but its pixels (no place, no camera, no second file behind it). A PDF is
kept as it is, byte for byte, because it is evidence; one that could do something when it is opened is refused.
"""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from app.services.refusals import Invalid

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

FIELD = "file"
LONGEST_LABEL = 120
MOST_PIXELS = 50_000_000  # of the picture as uploaded; decoding needs 4 bytes for each
LONGEST_EDGE = 2560  # of the picture as kept
PREVIEW_EDGE = 320
MOST_PAGES = 500
MOST_OBJECTS = 200_000  # of a PDF
TAIL = 1024  # bytes at the end of a PDF in which its end mark stands
QUALITY = 85
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
SUFFIXES = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
ACTIVE = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/RichMediaExecute"})
CARRYING = frozenset({"/EmbeddedFiles", "/EF", "/RichMediaContent"})
SCRIPTING = frozenset({"/JS", "/JavaScript", "/XFA"})
UNMISTAKABLE = (b"/JavaScript", b"/Launch", b"/RichMedia", b"/ImportData")
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # in names of a PDF
_ONE_AT_A_TIME = threading.Lock()  # a decoded picture may need 200 MB


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: its content as it will be stored, and a small JPEG of it where it is an image."""

    media_type: str
    label: str
    content: bytes
    preview: bytes | None = None


def inspect(content: bytes, *, name: str, largest: int) -> Inspected:
    """Return what is kept of an uploaded file called `name`, of at most `largest` bytes; raises Invalid.

    Codes: file-missing, file-too-large, file-kind, image-unreadable, image-too-many-pixels, pdf-unreadable,
    pdf-encrypted, pdf-active, pdf-carries-files, pdf-too-many-pages.
    """
    refuse_at_sight(content, largest)
    with _ONE_AT_A_TIME:
        if content.startswith(b"%PDF-"):
            _check_pdf(content)
            return Inspected(PDF, clean_label(name, PDF), content)
        reader = _reader_of(content)
        if reader is None:
            raise _unknown_kind()
        with _whole_images_only():
            return _draw_anew(content, reader, name=name, largest=largest)


def refuse_at_sight(content: bytes, largest: int) -> None:
    """Raise Invalid for what needs no parser to be refused: nothing, too much, another kind of file."""
    if not content:
        raise _refused("file-missing", "there is no file, or it is empty")
    if len(content) > largest:
        most = f"{largest / 2**20:.3g}"
        raise _refused("file-too-large", f"the file is larger than {most} MiB", most=most)
    if not content.startswith(b"%PDF-") and _reader_of(content) is None:
        raise _unknown_kind()


def _unknown_kind() -> Invalid:
    return _refused("file-kind", "only PNG, JPEG and WebP images and PDF files are kept")


@contextmanager
def _whole_images_only() -> Iterator[None]:
    """Other libraries of this process (WeasyPrint) let Pillow fill up what a file that was cut off does not hold."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _refused(code: str, message: str, **values: str) -> Invalid:
    return Invalid(FIELD, code, message, **values)


# --- labels --------------------------------------------------------------------------------------------------------


def clean_label(name: str, media_type: str) -> str:
    """Return what a file is called on pages and in downloads: one visible line without a path, its suffix true.

    It names nothing on our disk.
    """
    suffix = SUFFIXES[media_type]
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", last)
        if character.isspace() or unicodedata.category(character) not in INVISIBLE
    )
    stem, dot, ending = " ".join(visible.split()).rpartition(".")
    stem = (stem if dot and len(ending) <= 5 else f"{stem}{dot}{ending}").strip(". ")
    return f"{stem[: LONGEST_LABEL - len(suffix) - 1] or 'file'}.{suffix}"


# --- images --------------------------------------------------------------------------------------------------------


def _reader_of(content: bytes) -> type[Any] | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile
    if content.startswith(b"\xff\xd8\xff"):
        return JpegImagePlugin.JpegImageFile
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile
    return None


def _draw_anew(content: bytes, reader: type[Any], *, name: str, largest: int) -> Inspected:
    try:
        # The header alone is read here: a size that is refused is never decoded.
        with reader(io.BytesIO(content)) as opened:
            _check_size(opened)
            picture = _pixels_of(opened)
    except Invalid:
        raise
    except Exception as error:  # a damaged file makes a decoder raise whatever it likes
        raise _refused("image-unreadable", f"the image is damaged: {error}") from error
    see_through = picture.mode == "RGBA"
    preview = _encoded(_fitted(picture, PREVIEW_EDGE), JPEG)
    media_type = PNG if see_through or reader is PngImagePlugin.PngImageFile else JPEG
    kept = _encoded(picture, media_type)
    if len(kept) > largest:  # a photograph that was saved as PNG
        media_type, kept = JPEG, _encoded(picture, JPEG)
    return Inspected(media_type, clean_label(name, media_type), kept, preview)


def _check_size(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        millions = str(MOST_PIXELS // 1_000_000)
        raise _refused("image-too-many-pixels", f"more than {millions} million pixels", most=millions)


def _pixels_of(opened: Any) -> Image.Image:
    """Decode, turn upright, shrink to what a page can show, and forget everything but the pixels."""
    opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG decodes at a fraction of its size where that is enough
    opened.load()
    see_through = opened.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in opened.info
    mode = "RGBA" if see_through else "RGB"
    picture: Image.Image = opened
    if picture.mode.startswith(("I", "F")):  # 16 bits for each grey: keep its tones, not its overflow
        picture = picture.convert("F").point(lambda grey: grey / 256).convert("L")
    if picture.mode not in ("L", mode):
        picture = picture.convert(mode)
    small = _fitted(picture, LONGEST_EDGE)  # first: what follows copies the picture
    small.info = dict(opened.info)  # the orientation stands there
    upright = ImageOps.exif_transpose(small).convert(mode)
    upright.info = {}
    return upright


def _fitted(picture: Image.Image, edge: int) -> Image.Image:
    if max(picture.size) <= edge:
        return picture
    share = edge / max(picture.size)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(picture: Image.Image, media_type: str) -> bytes:
    buffer = io.BytesIO()
    if media_type == PNG:
        picture.save(buffer, "PNG", optimize=picture.width * picture.height < 2_000_000)
        return buffer.getvalue()
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    picture.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


# --- PDF -----------------------------------------------------------------------------------------------------------


def _check_pdf(content: bytes) -> None:
    """Refuse a PDF that is cut off, cannot be read, is locked, or could do something when it is opened."""
    from pypdf import PdfReader

    end = content.rfind(b"%%EOF")
    if end < len(content) - TAIL or content[end + 5 :].strip(b"\r\n\t \x00"):
        raise _refused("pdf-unreadable", "the PDF does not end where it should: cut off, or something is behind it")
    names = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if any(name in names for name in UNMISTAKABLE):  # objects that this parser does not reach, another one may
        raise _refused("pdf-active", "the PDF holds a script, or an action that does something when it is opened")
    try:
        _check_parts(PdfReader(io.BytesIO(content), strict=False))
    except Invalid:
        raise
    except Exception as error:  # a damaged file makes the parser raise whatever it likes
        raise _refused("pdf-unreadable", f"the PDF cannot be read: {error}") from error


def _check_parts(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise _refused("pdf-encrypted", "the PDF is encrypted")
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        raise _refused("pdf-too-many-pages", f"the PDF has more than {MOST_PAGES} pages", most=str(MOST_PAGES))
    if not pages:
        raise _refused("pdf-unreadable", "the PDF has no page")
    for dictionary in _dictionaries(reader):
        _check_dictionary(dictionary)


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Return every dictionary that can be reached from the trailer."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    met = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        met += 1
        if met > MOST_OBJECTS:
            raise _refused("pdf-unreadable", f"the PDF has more than {MOST_OBJECTS} objects")
        if isinstance(one, DictionaryObject):
            yield one
            waiting.extend(dict.values(one))
        elif isinstance(one, ArrayObject):
            waiting.extend(list.__iter__(one))


def _check_dictionary(dictionary: DictionaryObject) -> None:
    from pypdf.generic import IndirectObject, NameObject

    names = set(dictionary)
    action = dict.get(dictionary, NameObject("/S"))
    if isinstance(action, IndirectObject):
        action = action.get_object()
    if names & SCRIPTING or (isinstance(action, NameObject) and action in ACTIVE):
        raise _refused("pdf-active", "the PDF holds JavaScript or an action that does something when it is opened")
    if names & CARRYING:
        raise _refused("pdf-carries-files", "other files are embedded in the PDF")
