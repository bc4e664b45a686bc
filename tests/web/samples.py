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
    "token": "no-such-token",
    "checksum": "0" * 64,
    "language": "zh",
    "question_id": "new",
    "profile_id": "equal",
    "questionnaire_id": "telecom-crm-interview",
    "kind": "framework",
    "content_key": "telecom-crm",
}
# a visitor has to make these; their own tests look at their pages
MADE_FIRST = {
    "draft_id",
    "revision_id",
    "proposal_id",
    "upgrade_id",
    "interview_id",
    "job_id",
    "report_id",
    "finding_id",
    "attachment_id",
}
# answers only where HTTPS is served with an authority of the installation's own
NEEDS_TLS = {"trusting.authority"}
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
            there = not rule.arguments & MADE_FIRST and rule.endpoint not in NEEDS_TLS
            found.append(Sample(rule.endpoint, method, address, there))
    return found
