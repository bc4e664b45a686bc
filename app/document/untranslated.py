"""Which texts a report in English has to print in Chinese, because nobody has written their English yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.case import AgreedScore
from app.core.report import ReportDefinition
from app.core.text import Text
from app.core.translations import Part, Passage, missing, passages_of
from app.document.material import Material


def untranslated(material: Material, definition: ReportDefinition) -> list[Passage]:
    """Return the texts without English of everything that a report can print, each once, content before findings."""
    found: dict[tuple[str, str], Passage] = {}
    for passage in missing(_passages(material, definition)):
        found.setdefault((passage.place, passage.text.zh or ""), passage)
    return list(found.values())


def _passages(material: Material, definition: ReportDefinition) -> Iterator[Passage]:
    yield from passages_of(definition)
    yield from passages_of(material.framework)
    yield from passages_of(material.weights)
    if material.benchmark is not None:
        yield Passage(f"benchmark/{material.benchmark.id}/name", material.benchmark.name, Part.NAME)
    for entry in material.entries:
        yield Passage(f"carrier/{entry.id}/name", entry.name, Part.NAME)
        if entry.overview:
            yield Passage(f"carrier/{entry.id}/overview", entry.overview, Part.WORDS)
        for node, findings in entry.findings.items():
            yield from _findings(f"carrier/{entry.id}/{node}", findings)
    if material.engagement is not None:
        yield Passage("engagement/name", material.engagement, Part.NAME)
    for subject in material.subjects:
        yield Passage(f"unit/{subject.unit.id}/name", subject.unit.name, Part.NAME)
        yield Passage(f"round/{subject.round.id}/name", subject.round.name, Part.NAME)
        yield from _of_scores(subject.unit.id, subject.agreed.items())


def _of_scores(unit: str, scores: Iterable[tuple[str, AgreedScore]]) -> Iterator[Passage]:
    for element, agreed in scores:
        yield from _findings(f"unit/{unit}/{element}", agreed.findings)


def _findings(place: str, findings: Iterable[Text]) -> Iterator[Passage]:
    for number, finding in enumerate(findings):
        yield Passage(f"{place}/findings/{number}", finding, Part.WORDS, listed=True)
