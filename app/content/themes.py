"""The look of a report: colours that can be read, fonts that are there, a logo that is safe."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

from app.content.folders import Folder, Reads
from app.content.logos import read_logo
from app.content.shapes import Items, Record
from app.core.colour import MARK_CONTRAST, TEXT_CONTRAST, contrast
from app.core.report import Colours, Fonts, Logo, Paper, Theme

_WHITE = "#ffffff"


def build_theme(record: Record | None, folder: Folder, reads: Reads) -> Theme | None:
    """Check a theme and build it; None where it has errors. Without a record it is the house's."""
    if record is None:
        return Theme()
    colours = _colours(record.get("colours"))
    fonts = _fonts(record.get("fonts"))
    logo = _logo(record.get("logo"), folder, reads)
    if isinstance(logo, str):
        return None
    return Theme(
        record.get("footer"),
        record.get("confidentiality"),
        Paper(record.get("paper") or Paper.WIDE),
        colours,
        fonts,
        logo,
    )


def _colours(record: Record | None) -> Colours:
    if record is None:
        return Colours()
    house = Colours()
    units: Items | None = record.get("units")
    found = Colours(
        accent=record.get("accent", house.accent),
        ink=record.get("ink", house.ink),
        muted=record.get("muted", house.muted),
        hairline=record.get("hairline", house.hairline),
        wash=record.get("wash", house.wash),
        units=tuple(units or ()),
    )
    for name in ("ink", "muted"):
        for ground, what in ((_WHITE, "white paper"), (found.wash, f"the wash {found.wash}")):
            _readable(record, name, getattr(found, name), ground, what)
    if "accent" in record:
        _seen(record, found.accent)
    for colour, place in units.placed() if units is not None else ():
        if contrast(colour, _WHITE) < MARK_CONTRAST:
            record.document.faults.add("W722", place, value=colour, ratio=_ratio(colour, _WHITE))
    return found


def _readable(record: Record, name: str, colour: str, ground: str, what: str) -> None:
    """Report a colour in which text cannot be read, at itself or at the ground that makes it so."""
    at = name if name in record else "wash"
    if contrast(colour, ground) < TEXT_CONTRAST and at in record:
        record.value_fault("E702", at, name=name, value=colour, ratio=_ratio(colour, ground), ground=what)


def _seen(record: Record, accent: str) -> None:
    ratio = _ratio(accent, _WHITE)
    if contrast(accent, _WHITE) < MARK_CONTRAST:
        record.value_fault("E703", "accent", value=accent, ratio=ratio)
    elif contrast(accent, _WHITE) < TEXT_CONTRAST:
        record.value_fault("W721", "accent", value=accent, ratio=ratio)


def _ratio(one: str, other: str) -> str:
    """Return a contrast for messages, cut off so that 4.49 is not called 4.5."""
    return f"{int(contrast(one, other) * 100) / 100:.2f}"


def _fonts(record: Record | None) -> Fonts:
    if record is None:
        return Fonts()
    text = record.get("text", Fonts().text)
    fonts = Fonts(text, record.get("headings", text))
    installed = installed_families()
    for key in ("text", "headings"):
        if key in record and installed and record[key] not in installed:
            record.value_fault("W723", key, value=record[key])
    return fonts


@lru_cache(maxsize=1)
def installed_families() -> frozenset[str]:
    """Return the font families of this machine; none where they cannot be listed."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, without anything from outside
            [program, ":", "family"], capture_output=True, text=True, timeout=20, check=True, encoding="utf-8"
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return frozenset()
    return frozenset(name.strip() for line in done.stdout.splitlines() for name in line.split(","))


def _logo(record: Record | None, folder: Folder, reads: Reads) -> Logo | str | None:
    """Return the logo, None without one, a word where it cannot be used."""
    if record is None:
        return None
    if "file" not in record or "name" not in record:
        return "faulty"
    return read_logo(record, folder, reads) or "faulty"
