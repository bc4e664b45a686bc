"""The content roots of an installation: the shipped content, and folders that a firm keeps apart from it.

Every root has the same layout (frameworks/, questionnaires/, reports/); together they are one shelf of content.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Roots = Path | Sequence[Path]


def as_roots(roots: Roots) -> tuple[Path, ...]:
    """Return content roots as a tuple, the first first."""
    return (roots,) if isinstance(roots, Path) else tuple(roots)


def root_with(roots: Roots, *parts: str) -> Path:
    """Return the first root that has a folder or file `parts`, the first root where none has."""
    candidates = as_roots(roots)
    return next((root for root in candidates if root.joinpath(*parts).exists()), candidates[0])
