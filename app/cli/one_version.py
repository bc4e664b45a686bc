"""Cases of several versions of a framework in one: the newest among them. What a comparison rests on, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.cases import ScoredCase
from app.cli.figures import Wording
from app.cli.output import fail
from app.core.bridging import Basis, basis_of, brought_over
from app.core.crosswalk import Crosswalk
from app.core.errors import Fault
from app.core.impact import rescaled

if TYPE_CHECKING:
    from app.core.scoring import Scorecard


@dataclass(frozen=True)
class Brought:
    """A case as it stands in the version that is compared in; `walk` and `basis` None for one of that version."""

    one: ScoredCase
    scorecard: Scorecard
    walk: Crosswalk | None = None

    @property
    def basis(self) -> Basis | None:
        """What it rests on where it was brought over."""
        return None if self.walk is None else basis_of(self.walk)


def in_one_version(scored: Sequence[ScoredCase], output: str) -> tuple[ScoredCase, tuple[Brought, ...]]:
    """Return the case whose version is compared in, and all of them in it, in order.

    Ends the command where a case is of another framework or scale, or two folders hold different content of a version.
    """
    from app.services.bridging import ground_of, way_to  # noqa: PLC0415 - --help stays quick

    ground = ground_of([one.framework for one in scored])
    base = next(one for one in scored if one.framework == ground)
    faults = [
        Fault("E801", _unlike(scored[0], one), "framework", str(one.path))
        for one in scored[1:]
        if not _beside(scored[0], one)
    ]
    if faults:
        fail(faults, output)
    return base, tuple(_brought(one, way_to(ground, one.framework, base.library), base) for one in scored)


def _beside(first: ScoredCase, other: ScoredCase) -> bool:
    """Tell whether two cases can stand side by side, in the newer of their versions."""
    from app.services.bridging import ground_of, way_to  # noqa: PLC0415 - --help stays quick

    if first.framework.reference == other.framework.reference:
        return first.framework == other.framework
    newer = ground_of([first.framework, other.framework])
    older, library = (other, first.library) if newer == first.framework else (first, other.library)
    return way_to(newer, older.framework, library) is not None


def _brought(one: ScoredCase, walk: Crosswalk | None, base: ScoredCase) -> Brought:
    if walk is None or walk.old == walk.new:
        return Brought(one, one.scorecard)
    card = brought_over(
        one.scorecard, walk, weights=base.profile, method=base.scorecard.method, published=one.case.published
    )
    return Brought(one, card, walk)


def _unlike(base: ScoredCase, other: ScoredCase) -> str:
    one, two = base.framework.reference, other.framework.reference
    if base.framework.id != other.framework.id:
        return f"only cases of one framework can be compared; {base.path} is of {one}, this one of {two}"
    if rescaled(Crosswalk(other.framework, base.framework)):
        return f"{one} and {two} have different scales, so that {base.path} and this case cannot be compared"
    if one != two:
        return f"{one} and {two} have no element in common, so that {base.path} and this case cannot be compared"
    return f"this case and {base.path} are both of {one}, but the two folders hold different content under it"


def basis_sentence(words: Wording, name: str, basis: Basis, version: str) -> str:
    """Say what a column that was brought over rests on."""
    told = words._(
        "%(unit)s是按 %(old)s 版评的，放到 %(new)s 版里比较："
        "%(kept)s 个要素照旧，%(mapped)s 个按对应关系转来，%(apart)s 个不可比。"
    )
    return told % {
        "unit": name,
        "old": basis.version,
        "new": version,
        "kept": basis.kept,
        "mapped": basis.mapped,
        "apart": basis.not_comparable,
    }


def basis_document(basis: Basis | None) -> dict[str, object] | None:
    """Return what a column rests on in the form of the command contract; None where nothing was brought over."""
    if basis is None:
        return None
    return {
        "version": basis.version,
        "kept": basis.kept,
        "mapped": basis.mapped,
        "missing": basis.missing,
        "lost": basis.lost,
    }
