"""Versions and references to versions: `1.2.0`, `telecom-crm@1.0.0`, `telecom-crm@>=1,<2`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering

_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_PART = r"(?:0|[1-9][0-9]{0,8})"
_LABEL = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
VERSION = re.compile(rf"^{_PART}\.{_PART}(?:\.{_PART}(?:-{_LABEL})?(?:\+{_LABEL})?)?$")
_BOUND = rf"(?:>=|<=|==|=|>|<)? ?{_PART}(?:\.{_PART}){{0,2}}(?:-{_LABEL})?(?:\+{_LABEL})?"
REFERENCE = re.compile(rf"^{_ID}(?:@{_BOUND}(?:, ?{_BOUND})*)?$")
_COMPARATOR = re.compile(r"(>=|<=|==|=|>|<)? ?(.+)")


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version in the order of semantic versioning: a pre-release stands before its release."""

    numbers: tuple[int, int, int]
    prerelease: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """Return the version that `text` writes, None if it writes none."""
        return cls.lenient(text) if VERSION.fullmatch(text) else None

    @classmethod
    def lenient(cls, text: str) -> Version:
        """Return the version of a comparator, in which missing parts are 0."""
        numbers, _, labels = text.partition("+")[0].partition("-")
        parts = [int(part) for part in numbers.split(".")] + [0, 0]
        return cls((parts[0], parts[1], parts[2]), tuple(labels.split(".")) if labels else ())

    def _order(self) -> tuple[object, ...]:
        labels = tuple((0, int(label), "") if label.isdigit() else (1, 0, label) for label in self.prerelease)
        return (self.numbers, not self.prerelease, labels)

    def __lt__(self, other: Version) -> bool:
        return self._order() < other._order()


@dataclass(frozen=True, slots=True)
class Reference:
    """An id and the versions that will do: all of them when there is no comparator."""

    id: str
    comparators: tuple[tuple[str, Version], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Reference | None:
        """Return the reference that `text` writes, None if it writes none."""
        if not REFERENCE.fullmatch(text):
            return None
        name, _, bounds = text.partition("@")
        comparators = []
        for bound in bounds.split(",") if bounds else ():
            match = _COMPARATOR.fullmatch(bound.strip())
            if match:
                comparators.append((match[1] or "=", Version.lenient(match[2])))
        return cls(name, tuple(comparators))

    def admits(self, version: Version) -> bool:
        """Tell whether a version fulfils every comparator."""
        return all(_holds(version, sign, bound) for sign, bound in self.comparators)

    def newest(self, versions: Iterable[str]) -> str | None:
        """Return the newest of the versions that will do, None if none does."""
        fitting = [(Version.lenient(text), text) for text in versions if self.admits(Version.lenient(text))]
        return max(fitting)[1] if fitting else None

    def oldest(self, versions: Iterable[str]) -> str | None:
        """Return the oldest of the versions that will do, None if none does."""
        fitting = [(Version.lenient(text), text) for text in versions if self.admits(Version.lenient(text))]
        return min(fitting)[1] if fitting else None

    def starts_below(self, version: Version) -> bool:
        """Tell whether versions older than `version` would do too."""
        return not any(
            sign in ("=", "==") or (sign in (">=", ">") and bound >= version) for sign, bound in self.comparators
        )


def _holds(version: Version, sign: str, bound: Version) -> bool:
    if sign == ">=":
        return version >= bound
    if sign == ">":
        return version > bound
    if sign == "<=":
        return version <= bound
    if sign == "<":
        return version < bound
    return version == bound
