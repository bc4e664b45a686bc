"""What a report is asked for with: which assessments and carriers, how scored, in which language, file and paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.framework import Method
from app.core.report import Paper
from app.core.text import Locale
from app.core.weights import DEFAULT
from app.i18n import as_locale


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One file of a report. `assessments` in the order of the report; `entries` None: every carrier of the set.

    `format` is one of `report_formats.FORMATS`; `paper` None: as the report's theme says; `data_attached` asks for
    the data as a workbook inside the file, where the format can hold it.
    """

    template: str
    locale: Locale
    assessments: tuple[int, ...]
    made_on: date
    benchmark: str | None = None
    entries: tuple[str, ...] | None = None
    weights: str = DEFAULT
    method: Method | None = None
    format: str = "pdf"
    paper: Paper | None = None
    data_attached: bool = False

    def parameters(self) -> dict[str, Any]:
        """Return the request as a job keeps it."""
        return {
            **self.contents(),
            "locale": self.locale,
            "made_on": self.made_on.isoformat(),
            "format": self.format,
            "paper": self.paper.value if self.paper else None,
            "data_attached": self.data_attached,
        }

    def contents(self) -> dict[str, Any]:
        """Return what the report says whatever its language, file and day: the same for every file of a report."""
        return {
            "template": self.template,
            "assessments": list(self.assessments),
            "benchmark": self.benchmark,
            "entries": None if self.entries is None else list(self.entries),
            "weights": self.weights,
            "method": self.method.value if self.method else None,
        }


def request_of(parameters: Mapping[str, Any]) -> ReportRequest:
    """Return the request that a job keeps, also one from before formats could be chosen."""
    entries, method, paper = parameters["entries"], parameters["method"], parameters.get("paper")
    return ReportRequest(
        template=parameters["template"],
        locale=as_locale(parameters["locale"]) or "zh",
        assessments=tuple(parameters["assessments"]),
        made_on=date.fromisoformat(parameters["made_on"]),
        benchmark=parameters["benchmark"],
        entries=None if entries is None else tuple(entries),
        weights=parameters["weights"],
        method=Method(method) if method else None,
        format=parameters.get("format", "pdf"),
        paper=Paper(paper) if paper else None,
        data_attached=bool(parameters.get("data_attached")),
    )
