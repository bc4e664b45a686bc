"""Published figures of other carriers, known at whatever tier their source gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.core.framework import Source
from app.core.text import Text


@dataclass(frozen=True, slots=True)
class FigureRange:
    """A figure known only as a range, `low` <= `high`."""

    low: Fraction
    high: Fraction
    note: str | None = None

    @property
    def midpoint(self) -> Fraction:
        """The value with which the range enters a rollup."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class UnmappedFigure:
    """A printed figure that has no node in this framework; shown, never counted."""

    name: str
    parent: str | None = None
    score: Fraction | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BenchmarkEntry:
    """One carrier: sparse figures by node id of any tier."""

    id: str
    name: Text
    region: str | None = None
    overview: Text | None = None
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    ranges: Mapping[str, FigureRange] = field(default_factory=dict)
    findings: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    unmapped: tuple[UnmappedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """Carriers from one source, for one framework (`framework` is `id` with its comparators as written)."""

    id: str
    name: Text
    framework: str
    source: Source
    entries: tuple[BenchmarkEntry, ...]

    def entry(self, entry_id: str) -> BenchmarkEntry:
        """Return the carrier with that id; KeyError if there is none."""
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise KeyError(entry_id)
