"""Is an uploaded file a workbook that may be opened? Looks at the archive only, before anything is parsed.

Sizes are counted while unpacking, since an archive may lie about them.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from app.core.errors import Fault, FaultsFound

LARGEST_FILE = 3 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_MEMBERS = 200
HIGHEST_RATIO = 100
# of all members together; reading takes up to 20 microseconds for each, and the fullest book of ours has 40 000
MOST_TAGS = 250_000
_CHUNK = 64 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also a workbook with a password
_CONTENT_TYPES = "[Content_Types].xml"


class BookRefused(FaultsFound):
    """A file that cannot be used at all; carries every reason."""


def refuse(code: str, message: str, place: str = "", **values: object) -> BookRefused:
    """Return the refusal of a whole file."""
    return BookRefused([fault(code, message, place, **values)])


def fault(code: str, message: str, place: str = "", **values: object) -> Fault:
    """Return a fault; `place` is sheet and cell (`1 Customer Insight!H5`)."""
    return Fault(code, message, place, values=tuple((name, str(value)) for name, value in values.items()))


def check_archive(content: bytes) -> None:
    """Raise BookRefused unless this is a plain .xlsx workbook of sane size without macros.

    At most 3 MiB, 200 members, 20 MiB unpacked, 100 times its size, 250 000 tags.
    """
    import openpyxl.xml

    if openpyxl.xml.DEFUSEDXML is not True:
        raise RuntimeError("defusedxml is missing: workbooks are not opened without it")
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 2**20
        raise refuse("S104", f"the file is larger than {most} MiB", most=most)
    if content.startswith(_OLD_EXCEL):
        raise refuse("S102", "an old .xls workbook, or one with a password; save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_members(archive)
            _count(archive, len(content))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise refuse("S101", "the file is no .xlsx workbook, or it is damaged") from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise refuse("S105", f"the archive has more than {MOST_MEMBERS} members")
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or _CONTENT_TYPES not in names or "xl/workbook.xml" not in names:
        raise refuse("S101", "the file is no .xlsx workbook, or it is damaged")
    if any("vbaproject" in name.lower() or "xl4macro" in name.lower() or "/macrosheets/" in name for name in names):
        raise refuse("S103", "the workbook holds macros; save it as .xlsx without them")
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise _too_large()


def _count(archive: zipfile.ZipFile, packed: int) -> None:
    total = tags = 0
    for member in archive.infolist():
        with archive.open(member) as opened:
            first = b""
            while chunk := opened.read(_CHUNK):
                first = first or chunk
                total += len(chunk)
                tags += chunk.count(b"<")
                if tags > MOST_TAGS:
                    raise refuse(
                        "S105", f"the workbook has more than {MOST_TAGS} tags: far more cells than any of ours"
                    )
                if total > LARGEST_UNPACKED or total > HIGHEST_RATIO * packed:
                    raise _too_large()
        if member.filename == _CONTENT_TYPES and b"macroEnabled" in first:
            raise refuse("S103", "the workbook holds macros; save it as .xlsx without them")


def _too_large() -> BookRefused:
    most = LARGEST_UNPACKED // 2**20
    return refuse("S105", f"unpacked, the file is larger than {most} MiB or {HIGHEST_RATIO} times its size", most=most)
