"""Benchmark sets, weight profiles, targets, importance votes and scenarios: figures that point into a framework."""

from __future__ import annotations

from app.content.frameworks import source_of
from app.content.outline import Outline, Pointers, written
from app.content.shapes import Record
from app.core.benchmark import BenchmarkEntry, BenchmarkSet, FigureRange, UnmappedFigure
from app.core.framework import Source, WeightProfile
from app.core.text import Text

RESERVED_PROFILES = ("default", "equal")


def build_benchmark(record: Record, outline: Outline | None) -> BenchmarkSet | None:
    """Check a set against its framework and build it; None where it has errors."""
    document = record.document
    pointers = Pointers(outline, document.faults)
    unique_ids(record.get("entries") or ())
    for entry in record.get("entries") or ():
        _check_entry(entry, pointers)
    if document.faults.errors_in([document.file]):
        return None
    return BenchmarkSet(
        id=record["id"],
        name=record["name"],
        framework=record["framework"],
        source=source_of(record.get("source")) or Source(),
        entries=tuple(_entry(entry) for entry in record["entries"]),
    )


def unique_ids(records: list[Record] | tuple[Record, ...], key: str = "id") -> None:
    """Report every record whose id another one of the list has already."""
    first: dict[str, int] = {}
    for record in records:
        value = record.get(key)
        if value is None:
            continue
        if value in first:
            record.value_fault("E606", key, value=value, first=first[value])
        else:
            first[value] = record.place(key).line


def _check_entry(entry: Record, pointers: Pointers) -> None:
    pointers.figures(entry.get("scores"))
    pointers.nodes(entry.get("ranges"))
    pointers.nodes(entry.get("findings"))
    scores = entry.get("scores") or {}
    ranges: Record | None = entry.get("ranges")
    for node_id, ends in (ranges or {}).items():
        assert ranges is not None
        low, high = ends.get("low"), ends.get("high")
        for end in ("low", "high"):
            if end in ends:
                pointers.within(ends[end], ends.place(end))
        if low is not None and high is not None and high < low:
            ends.fault("E407", "high", high=written(high), low=written(low))
        if node_id in scores:
            ranges.fault("E408", node_id, id=node_id)
    for figure in entry.get("unmapped") or ():
        if "parent" in figure:
            pointers.node(figure["parent"], figure.place("parent"))
        if "score" in figure:
            pointers.within(figure["score"], figure.place("score"))


def _entry(record: Record) -> BenchmarkEntry:
    return BenchmarkEntry(
        id=record["id"],
        name=record["name"],
        region=record.get("region"),
        overview=record.get("overview"),
        scores=dict(record.get("scores") or {}),
        ranges={
            node_id: FigureRange(ends["low"], ends["high"], ends.get("note"))
            for node_id, ends in (record.get("ranges") or {}).items()
        },
        findings={node_id: tuple(found) for node_id, found in (record.get("findings") or {}).items()},
        unmapped=tuple(
            UnmappedFigure(figure["name"], figure.get("parent"), figure.get("score"), figure.get("note"))
            for figure in record.get("unmapped") or ()
        ),
    )


def build_weights(record: Record, outline: Outline | None) -> WeightProfile | None:
    """Check a weight profile against its framework and build it; None where it has errors."""
    document = record.document
    if record.get("id") in RESERVED_PROFILES:
        record.value_fault("E324", "id", id=record["id"])
    weights: Record | None = record.get("weights")
    Pointers(outline, document.faults).nodes(weights)
    if outline is not None and weights is not None:
        _check_siblings(weights, outline)
    if document.faults.errors_in([document.file]):
        return None
    return WeightProfile(
        id=record["id"],
        name=record.get("name") or Text(zh=record["id"]),
        weights=dict(record["weights"]),
        note=record.get("note"),
        framework=record["framework"],
    )


def _check_siblings(weights: Record, outline: Outline) -> None:
    """Report siblings that this profile leaves without any weight."""
    for parent, siblings in ((outline.reference, outline.roots), *outline.nodes.items()):
        listed = [node_id for node_id in siblings if node_id in weights]
        effective = [weights.get(node_id, outline.weights.get(node_id)) for node_id in siblings]
        if listed and all(weight == 0 for weight in effective):
            weights.fault("E304", listed[0], parent=parent)


def check_plan(record: Record, outline: Outline | None) -> None:
    """Check a target profile, an importance vote or a scenario against its framework."""
    pointers = Pointers(outline, record.document.faults)
    pointers.figures(record.get("targets"))
    for key in ("importance", "effort", "weights"):
        pointers.nodes(record.get(key))
    scores: Record | None = record.get("scores")
    for node_id in scores.entries if scores is not None else ():
        assert scores is not None
        if pointers.leaf(node_id, scores.key_place(node_id)) and node_id in scores:
            pointers.on_grid(scores[node_id], scores.place(node_id))
