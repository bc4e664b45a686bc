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
    "suffix": "csv",
}
# answers only where HTTPS is served with an authority of the installation's own
NEEDS_TLS = {"trusting.authority"}
NEEDS_RELEASE = {"releasing.result"}
NEEDS_WORKER = {"health.readyz"}
NEEDS_PROVIDER = "single_sign_on"  # how the endpoints begin that answer only with single sign-on
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
        made_first = rule.arguments - VALUES.keys()  # a visitor has to make these; their own tests look at their pages
        assert all(name.endswith("_id") for name in made_first), f"a value for {rule} is needed in VALUES"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            address = adapter.build(rule.endpoint, values, method=method)
            needy = rule.endpoint in NEEDS_TLS | NEEDS_RELEASE | NEEDS_WORKER
            there = not made_first and not needy and not rule.endpoint.startswith(NEEDS_PROVIDER)
            found.append(Sample(rule.endpoint, method, address, there))
    return found
