"""The assessments of a report as case files in one archive: what `crm-maturity export` writes, without names."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from app.content.case_writing import write_case

if TYPE_CHECKING:
    from app.core.case import Case
    from app.document.material import Material

_WRITTEN = (1980, 1, 1, 0, 0, 0)  # in every archive alike: the same report gives the same bytes
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def write_cases(material: Material) -> bytes:
    """Return an archive with a case file for every assessment of a report, in its order.

    Labels of respondents and interviewers stay out: a report's data leaves the house.
    """
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for subject in material.subjects:
            if subject.case is None:
                continue
            name = _NOT_IN_NAMES.sub("-", subject.id).strip(".-") or "case"
            entry = zipfile.ZipInfo(f"{name}.yaml", _WRITTEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, write_case(without_names(subject.case)))
    return made.getvalue()


def without_names(case: Case) -> Case:
    """Return a case without the labels of respondents and interviewers."""
    unnamed = tuple(replace(interview, respondent=None, interviewer=None) for interview in case.interviews)
    return replace(case, interviews=unnamed)
