"""Faults: collected, located, with stable codes. Whoever finds one goes on looking for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input.

    `file`, `line` and `column` (1-based) are None where the input is no file. `path` is the place inside the
    document (`capabilities[0].children[2].weight`). `message` says in one English sentence what is wrong and what
    is allowed; `values` are the parts of that sentence that vary, so that a translation by `code` can be worded.
    """

    code: str
    message: str
    path: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    severity: Severity = "error"
    values: tuple[tuple[str, str], ...] = field(default=())

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        inside = f" [{self.path}]" if self.path else ""
        return f"{place + ': ' if place else ''}{self.severity} {self.code}: {self.message}{inside}"


class FaultsFound(Exception):  # noqa: N818 - it carries faults, it is not one
    """Raised where an input cannot be used; carries every fault that was found, warnings included."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that make the input unusable."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that leave the input usable."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")
