"""A client's logo: a picture file beside a report, checked and written anew, so that nothing but the picture is kept.

PNG and JPEG are decoded and encoded again (no metadata, bounded size). An SVG is rebuilt from shapes, text and
gradients; a script, a link, a reference outside or an entity in it is an error.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from app.content.folders import Folder, Reads
from app.content.located import Place
from app.content.shapes import Record
from app.content.vectors import UnsafeDrawing, read_drawing
from app.core.report import Logo

MOST_BYTES = 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600  # pixels that are kept: 60 mm at 600 dpi
KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".svg": "SVG"}
MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "SVG": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class _Image:
    """A picture: its bytes and proportions."""

    content: bytes
    width: float
    height: float


def read_logo(record: Record, folder: Folder, reads: Reads) -> Logo | None:
    """Read the logo that a theme names; None after reporting what is wrong with it."""
    name = record["file"]
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        record.value_fault("E705", "file", name=name, problem="only PNG, JPEG and SVG files can be one")
        return None
    data = _bytes(record, name, folder, reads)
    image = None if data is None else _image(data, kind, Place(folder.call(name)), record)
    if image is None:
        return None
    picture = image.content if kind != "SVG" else _twin(record, folder, reads)
    return Logo(name, MEDIA[kind], image.content, image.width, image.height, record["name"], picture)


def _bytes(record: Record, name: str, folder: Folder, reads: Reads) -> bytes | None:
    """Return the bytes of a file beside the report, None after reporting why not."""
    path = folder.path / name
    if not path.exists():
        record.value_fault("E314", "file", name=name)
    elif not folder.holds(name):
        record.value_fault("E315", "file", name=name)
    elif not path.is_file():
        record.value_fault("E705", "file", name=name, problem="it is not a regular file")
    elif path.stat().st_size > MOST_BYTES:
        record.value_fault("E705", "file", name=name, problem=f"it is larger than {MOST_BYTES // 1024} KiB")
    else:
        reads.beside[folder.call(name)] = path.absolute()
        return path.read_bytes()
    return None


def _image(data: bytes, kind: str, place: Place, record: Record) -> _Image | None:
    try:
        if kind == "SVG":
            drawing = read_drawing(data)
            return _Image(drawing.content, drawing.width, drawing.height)
        return _encoded_anew(data, kind)
    except UnsafeDrawing as fault:
        at = Place(place.file, fault.line, fault.column)
        record.document.faults.add("E706", at, problem=str(fault))
    except _NoPicture as problem:
        record.value_fault("E705", "file", name=record["file"], problem=str(problem))
    return None


class _NoPicture(Exception):  # noqa: N818 - named after what it says
    """The bytes are no picture of the kind that their name promises."""


def _encoded_anew(data: bytes, kind: str) -> _Image:
    """Decode a PNG or JPEG and encode it again, at most `LONGEST_SIDE` pixels long."""
    from PIL import Image  # noqa: PLC0415 - only where there is a logo

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(data), formats=[kind]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _NoPicture(f"it has {opened.width} x {opened.height} pixels, too many")
                clear = "A" in opened.getbands() or "transparency" in opened.info
                picture = opened.convert("RGBA" if clear else "RGB")
    except (OSError, SyntaxError, ValueError, Warning) as error:
        raise _NoPicture(f"it is not a readable {kind} file") from error
    picture.info.clear()  # a comment, a profile, where and when it was taken
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    if kind == "JPEG":
        picture.convert("RGB").save(written, "JPEG", quality=92)
    else:
        picture.save(written, "PNG", optimize=True)
    return _Image(written.getvalue(), float(picture.width), float(picture.height))


def _twin(record: Record, folder: Folder, reads: Reads) -> bytes | None:
    """Return the PNG or JPEG of the same name beside an SVG, for files that hold no SVG; a warning where none is."""
    stem = Path(record["file"]).stem
    for suffix in (".png", ".jpg", ".jpeg"):
        if (folder.path / (stem + suffix)).exists():
            data = _bytes(record, stem + suffix, folder, reads)
            try:
                return None if data is None else _encoded_anew(data, KINDS[suffix]).content
            except _NoPicture as problem:
                record.value_fault("E705", "file", name=stem + suffix, problem=str(problem))
                return None
    record.value_fault("W724", "file", name=f"{stem}.png")
    return None
