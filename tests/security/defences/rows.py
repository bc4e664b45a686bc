"""What a row of the table of defences is. Knows nothing about how one is switched off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A text that stands in a file exactly once, and what is put there instead."""

    file: str  # path inside the checkout
    standing: str
    instead: str


@dataclass(frozen=True, slots=True)
class Defence:
    """A defence, how it is switched off, and the tests that must fail then.

    `threat` is a row of docs/security.md: an attack (4.1 … 4.16) or a number of the ASVS. A name in `noticed_by` may
    stand for all cases of a test: one of them has to fail.
    """

    threat: str
    off: str
    changes: tuple[Change, ...]
    noticed_by: tuple[str, ...]


def without(threat: str, off: str, *changes: Change, noticed_by: tuple[str, ...]) -> Defence:
    """Return a row."""
    return Defence(threat, off, changes, noticed_by)
