"""Files as people upload them: photographs, scans, and those that somebody planted."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

GPS, LATITUDE, ORIENTATION, CAMERA = 0x8825, 2, 0x0112, 0x0110


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """Return an image of one colour, half transparent where the mode allows it."""
    buffer = io.BytesIO()
    colour = {"I;16": 40_000, "RGBA": (0, 0, 128, 128)}.get(mode, "navy")
    Image.new(mode, size, colour).save(buffer, kind)  # type: ignore[arg-type] # a number, a tuple or a name
    return buffer.getvalue()


def photograph(size: tuple[int, int] = (400, 300)) -> bytes:
    """Return a JPEG that says where and with what it was taken, held sideways, with a comment."""
    buffer = io.BytesIO()
    image = Image.new("RGB", size, "navy")
    image.paste("orange", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[CAMERA] = "SECRET CAMERA"
    exif.get_ifd(GPS)[LATITUDE] = (26.0, 4.0, 30.0)
    image.save(buffer, "JPEG", exif=exif, comment=b"SECRET COMMENT", icc_profile=b"SECRET PROFILE")
    return buffer.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return a small PNG that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf(pages: int = 1) -> bytes:
    """Return a plain PDF."""
    return _written(_writer(pages))


def _writer(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return writer


def _written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def scripted_pdf() -> bytes:
    """Return a PDF with JavaScript that runs when it is opened."""
    writer = _writer()
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('PWN')")}
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(action))
    return _written(writer)


def locked_pdf() -> bytes:
    """Return a PDF with a password."""
    writer = _writer()
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def carrying_pdf() -> bytes:
    """Return a PDF with another file inside."""
    writer = _writer()
    writer.add_attachment("virus.exe", b"MZ")
    return _written(writer)


def acting_pdf(kind: str) -> bytes:
    """Return a PDF whose first page holds an annotation with an action of this kind."""
    writer = _writer()
    action = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("cmd.exe")})
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/A"): writer._add_object(action),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])
    return _written(writer)
