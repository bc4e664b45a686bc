"""Why a use case says no. Web and command line put these into words; the English text is for logs and the terminal."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """The request cannot be done. `code` is stable; `values` are what a translated sentence needs."""

    def __init__(self, code: str, message: str, **values: str) -> None:
        self.code = code
        self.values = values
        super().__init__(message)


class NotFound(Refused):
    """There is no such thing (or none that the asker may know of)."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__("not-found", f"there is no {what} {key!r}", what=what, key=str(key))


class Hidden(NotFound):
    """There is such a thing, but not for whoever asks: told as if there were none, and kept in the trail."""


class Invalid(Refused):
    """A value cannot be stored; `field` names it."""

    def __init__(self, field: str, code: str, message: str, **values: str) -> None:
        self.field = field
        super().__init__(code, message, **values)


class Taken(Invalid):
    """A key is already in use."""

    def __init__(self, field: str, key: str) -> None:
        super().__init__(field, "taken", f"{key!r} is already in use", key=key)
