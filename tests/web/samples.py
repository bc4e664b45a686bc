"""One real value for every part of an address, so that tests can walk the whole URL map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

VALUES: dict[str, object] = {
    "key": "china-telecom-2003",
    "unit": "shenzhen",
    "round_key": "2003-09",
    "assessment_id": 1,
    "framework_id": "telecom-crm",
    "version": "1.0.0",
    "node_id": "collect-data",
    "set_id": "foreign-carriers-2003",
    "page": "scores",
    "name": "reader",
    "filename": "css/base.css",
    "element": "customer-data-strategy",
    "group": "collect-data",
}
MADE_FIRST = {"interview_id", "job_id"}  # a visitor has to make these; their own tests look at their pages
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A method and an address that one rule answers; `exists` tells whether its thing is in the demo engagement."""

    endpoint: str
    method: str
    address: str
    exists: bool

    @property
    def is_unsafe(self) -> bool:
        """Tell whether it changes something."""
        return self.method in UNSAFE


def samples(application: Flask) -> list[Sample]:
    """Return one sample for every rule and method of the application."""
    adapter = application.url_map.bind("localhost")
    found = []
    for rule in application.url_map.iter_rules():
        values = {name: VALUES.get(name, 1) for name in rule.arguments}
        assert rule.arguments <= VALUES.keys() | MADE_FIRST, f"a value for {rule} is needed in VALUES"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            address = adapter.build(rule.endpoint, values, method=method)
            found.append(Sample(rule.endpoint, method, address, not rule.arguments & MADE_FIRST))
    return found
