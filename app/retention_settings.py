"""The section `retention:` of config.yaml -> frozen settings: for how many days what is kept. Knows no table."""

from __future__ import annotations

from dataclasses import dataclass, fields

LONGEST = 36_500


class RetentionFault(Exception):  # noqa: N818 - named like the other faults
    """The section holds something that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Days for which something is kept after its end; afterwards the worker deletes it.

    `names`: those of respondents, after their engagement was archived; 0: until somebody erases them.
    """

    failed_sign_ins: int = 1
    ended_sign_ins: int = 30
    used_links: int = 30  # invitations and reset links
    named_guides: int = 7  # files of printed interviews, with whoever stands on them
    brought_workbooks: int = 7
    names: int = 0


def read_retention(section: object) -> RetentionSettings:
    """Return the settings; what is missing has its default. Raises RetentionFault."""
    if section is None:
        return RetentionSettings()
    if not isinstance(section, dict):
        raise RetentionFault("retention must hold `name: days` lines")
    known = {field.name for field in fields(RetentionSettings)}
    unknown = sorted(map(str, section.keys() - known))
    if unknown:
        raise RetentionFault(f"unknown settings retention.{', retention.'.join(unknown)}")
    for name, days in section.items():
        least = 0 if name == "names" else 1
        if not isinstance(days, int) or isinstance(days, bool) or not least <= days <= LONGEST:
            raise RetentionFault(f"retention.{name} must be a whole number of days from {least} to {LONGEST}")
    return RetentionSettings(**section)
