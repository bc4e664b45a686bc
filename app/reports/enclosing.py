"""A file that travels inside a PDF."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file inside the PDF: the data that its tables show. `made_on` is an ISO date."""

    name: str
    media_type: str
    content: bytes
    description: str = ""
    made_on: str = ""
