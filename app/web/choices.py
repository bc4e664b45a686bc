"""What a reader chose to look at, read from the address: carriers, a weight profile, a method. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import abort
from werkzeug.datastructures import MultiDict

from app.charts.palette import Style, carrier_styles
from app.core.benchmark import BenchmarkEntry, BenchmarkSet
from app.core.compare import Column, benchmark_column
from app.core.framework import Framework, Method, WeightProfile
from app.core.scoring import Scorecard, score
from app.core.weights import DEFAULT

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.assessing import AssessmentView


@dataclass(frozen=True, slots=True)
class Carrier:
    """One benchmark entry; `reference` is `<set>/<entry>`, as the address names it."""

    reference: str
    set: BenchmarkSet
    entry: BenchmarkEntry


@dataclass(frozen=True)
class Choices:
    """Carriers, weights and method chosen, and what there is to choose from."""

    framework: Framework
    offered: tuple[Carrier, ...]
    carriers: tuple[Carrier, ...]
    profiles: tuple[WeightProfile, ...]
    weights: WeightProfile
    method: Method

    @property
    def as_published(self) -> bool:
        """Tell whether scores stand as the framework defines them."""
        return self.weights.id == DEFAULT and self.method is self.framework.rollup.method

    @property
    def parameters(self) -> dict[str, list[str] | str]:
        """Return the choice as parameters of an address, without what goes without saying."""
        found: dict[str, list[str] | str] = {}
        if self.carriers:
            found["b"] = [carrier.reference for carrier in self.carriers]
        if self.weights.id != DEFAULT:
            found["weights"] = self.weights.id
        if self.method is not self.framework.rollup.method:
            found["method"] = self.method.value
        return found

    def scored(self, view: AssessmentView) -> Scorecard:
        """Return an assessment's scorecard under the chosen weights and method."""
        if self.as_published:
            return view.scorecard
        card = view.scorecard
        return score(
            self.framework, card.judgements, weights=self.weights, method=self.method, published=view.published
        )

    def columns(self, carriers: Sequence[Carrier]) -> list[Column]:
        """Return carriers as columns of a comparison, their ids as the address names them."""
        return [
            replace(
                benchmark_column(self.framework, carrier.entry, weights=self.weights, method=self.method),
                id=carrier.reference,
            )
            for carrier in carriers
        ]

    def styles(self) -> dict[str, Style]:
        """Return the style of every carrier offered, the same on every page."""
        return carrier_styles([carrier.reference for carrier in self.offered])


def read_choices(framework: Framework, library: Library, arguments: MultiDict[str, str]) -> Choices:
    """Read the choice; what the address names and the library does not know is answered with 400."""
    offered = carriers_of(framework, library)
    by_reference = {carrier.reference: carrier for carrier in offered}
    asked = dict.fromkeys(arguments.getlist("b"))
    profiles = library.weight_profiles(framework)
    weights = arguments.get("weights") or DEFAULT
    method = arguments.get("method") or framework.rollup.method.value
    if any(reference not in by_reference for reference in asked) or weights not in profiles:
        abort(400)
    if method not in list(Method):
        abort(400)
    return Choices(
        framework=framework,
        offered=offered,
        carriers=tuple(by_reference[reference] for reference in asked),
        profiles=tuple(profiles.values()),
        weights=profiles[weights],
        method=Method(method),
    )


def carriers_of(framework: Framework, library: Library) -> tuple[Carrier, ...]:
    """Return every benchmark entry there is for a framework."""
    return tuple(
        Carrier(f"{one.id}/{entry.id}", one, entry) for one in library.benchmarks(framework.id) for entry in one.entries
    )
