"""The ways between versions of a framework; and which version assessments of several are compared in.

Knows no database: the command line compares case files with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.content.versions import Version
from app.core.bridging import comparable
from app.core.crosswalk import Crosswalk

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Framework


def crosswalk_to(library: Library, old: Framework, new: Framework, *, draft: bool = False) -> Crosswalk:
    """Return the way from one version to another, through those that were published between them.

    A `draft` comes after all of them, whatever number it has yet.
    """
    low, high = Version.lenient(old.version), Version.lenient(new.version)
    later = [one for one in library.versions(new.id) if Version.lenient(one) > low]
    between = [one for one in later if draft or Version.lenient(one) < high]
    return Crosswalk(old, new, tuple(library.framework(f"{new.id}@{one}") for one in between))


def ground_of(frameworks: Sequence[Framework]) -> Framework:
    """Return the version to compare in: the newest of the framework that most assessments are of (the first, if even).

    ValueError without any.
    """
    counts = Counter(one.id for one in frameworks)
    chosen = max(counts, key=lambda framework_id: counts[framework_id])
    return max((one for one in frameworks if one.id == chosen), key=lambda one: Version.lenient(one.version))


def way_to(ground: Framework, old: Framework, library: Library) -> Crosswalk | None:
    """Return the way on which an assessment is brought over; None where it cannot stand beside the others."""
    if old.id != ground.id:
        return None
    walk = crosswalk_to(library, old, ground)
    return walk if comparable(walk) else None
