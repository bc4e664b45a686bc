"""Every kind of content file: its keys, their forms and what they are for; one module for each group of kinds.

The one definition of the format: reading checks against it, and the JSON Schemas for editors are written from it.
What no single file can tell (unknown elements, weights that are all 0, circles) is checked where values are built.
"""

from __future__ import annotations

from app.content.kinds.benchmark import BENCHMARK
from app.content.kinds.case import CASE, UNITS
from app.content.kinds.framework import CHILDREN_FILE, FRAMEWORK, VERSIONS, WEIGHTS
from app.content.kinds.plan import IMPORTANCE, SCENARIO, TARGET
from app.content.kinds.questionnaire import QUESTIONNAIRE
from app.content.kinds.report import REPORT
from app.content.shapes import Shape

KINDS: dict[str, Shape] = {
    "framework": FRAMEWORK,
    "children": CHILDREN_FILE,
    "versions": VERSIONS,
    "weights": WEIGHTS,
    "benchmark": BENCHMARK,
    "units": UNITS,
    "case": CASE,
    "questionnaire": QUESTIONNAIRE,
    "target": TARGET,
    "importance": IMPORTANCE,
    "scenario": SCENARIO,
    "report": REPORT,
}
