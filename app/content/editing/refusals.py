"""Why a change cannot be made: a code, the field of the form that it concerns, and what a sentence needs."""

from __future__ import annotations


class EditRefused(ValueError):  # noqa: N818 - the contract's name
    """A change that would not make sense. `field` is what was asked for wrongly ('' = the whole)."""

    def __init__(self, code: str, field: str = "", **values: object) -> None:
        super().__init__(f"{code} {field} {values}")
        self.code = code
        self.field = field
        self.values = {name: str(value) for name, value in values.items()}
