"""A chart as Office holds it: its XML and the workbook with its figures. Slides and texts embed both alike."""

from __future__ import annotations

from dataclasses import dataclass

WORKBOOK = "rId1"  # by which the XML refers to its workbook


@dataclass(frozen=True, slots=True)
class OfficeChart:
    """`xml` is a `c:chartSpace` that refers to `workbook` (an .xlsx) as `WORKBOOK`."""

    xml: bytes
    workbook: bytes


@dataclass(frozen=True, slots=True)
class Room:
    """How large a chart will stand, in millimetres, and how large its letters are, in points; `keyed`: with its key."""

    width: float
    height: float
    size: float = 9.0
    keyed: bool = True
