"""Small content written to disk by tests, and where the faults in it are."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.content.lint import LintReport, lint
from app.core.errors import Fault

CHECKOUT = Path(__file__).resolve().parents[2]
LIBRARY = CHECKOUT / "tests" / "library"
HERE = "¦"  # stands in a text where the fault is to be

FRAMEWORK = """\
format: 1
kind: framework
id: tiny
version: 1.0.0
name: {zh: 小框架, en: Tiny}
tiers:
  - {id: dimension, name: {zh: 领域, en: Dimension}}
  - {id: element, name: {zh: 要素, en: Element}}
scale:
  min: 0
  max: 5
  step: 0.5
  levels:
    - {value: 0, name: {zh: 空白, en: Absent}}
    - {value: 5, name: {zh: 领先, en: Leading}}
rollup:
  method: weighted-mean
  coverage: {publish: 0.8, provisional: 0.6}
capabilities:
  - id: data
    name: {zh: 数据, en: Data}
    weight: 1
    children:
      - id: collecting
        name: {zh: 收集, en: Collecting}
      - {id: keeping, name: {zh: 保存, en: Keeping}}
  - id: use
    name: {zh: 应用, en: Use}
    children:
      - {id: selling, name: {zh: 销售, en: Selling}}
"""
CASE = """\
format: 1
kind: case
id: alpha
framework: tiny@1.0.0
unit: {id: alpha, name: {zh: 甲, en: Alpha}, kind: branch}
round: {id: 2026-03, name: {zh: 2026年3月}, date: 2026-03-31}
source: {title: 测试数据}
scores:
  collecting: {score: 1.5, findings: [{zh: 零散}]}
  keeping: {state: unknown}
published: {data: 1.43}
"""
BENCHMARK = """\
format: 1
kind: benchmark
id: others
framework: tiny@>=1,<2
name: {zh: 同行}
source: {title: 测试数据, year: 2026, confidence: low}
entries:
  - id: gamma
    name: {en: Gamma}
    scores: {data: 2.33, selling: 4}
    ranges:
      use: {low: 2, high: 3.1}
    findings: {use: [{zh: 较早}]}
    unmapped: [{name: 其他, parent: use, score: 2}]
  - id: delta
    name: 德尔塔
"""
QUESTIONNAIRE = """\
format: 1
kind: questionnaire
id: tiny-guide
framework: tiny@>=1,<2
version: 1.0.0
name: {zh: 提纲, en: Guide}
mode: interview
roles:
  - {id: marketing, name: {zh: 市场部, en: Marketing}}
  - {id: billing, name: {zh: 计费, en: Billing}, weight: 2}
items:
  - element: collecting
    roles: [marketing, billing]
    evidence:
      - {id: plan, zh: 规划, en: Plan}
      - {id: sample, zh: 抽样, en: Sample}
    questions:
      - id: exists
        type: choice
        text: {zh: 有吗, en: Is there one}
        options: [{id: none, value: 0, text: {zh: 无, en: None}}, {id: written, value: 3, text: {zh: 有, en: Yes}}]
      - id: parts
        type: checklist
        text: {zh: 有什么, en: What is in it}
        options: [{id: owner, text: {zh: 人, en: Owner}}, {id: fields, text: {zh: 字段, en: Fields}}]
      - id: share
        type: number
        text: {zh: 比例, en: Share}
        bands: [{upto: 60, value: 1}, {upto: 90, value: 3}, {value: 5}]
      - {id: rating, type: scale, text: {zh: 打分, en: Score}}
      - {id: remark, type: text, text: {zh: 说明, en: Remark}}
  - element: keeping
    when: {all: [{answer: collecting, gte: 2}]}
  - element: selling
omit: []
"""
UNITS = """\
format: 1
kind: units
id: engagement
name: {zh: 项目}
units:
  - {id: whole, name: {zh: 总体}, kind: group}
  - {id: alpha, name: {zh: 甲}, kind: branch, parent: whole, size: 2.5}
"""
WEIGHTS = """\
format: 1
kind: weights
id: turned
framework: tiny
name: {zh: 反过来}
note: Why not.
weights: {data: 0, use: 2, collecting: 0.5}
"""
TARGET = """\
format: 1
kind: target
id: next-year
framework: tiny@>=1
horizon_months: 12
targets: {data: 3.2, selling: 4}
"""
IMPORTANCE = """\
format: 1
kind: importance
id: vote
framework: tiny
importance: {data: 5, use: 1.5}
effort: {data: 2}
"""
SCENARIO = """\
format: 1
kind: scenario
id: what-if
framework: tiny
weights: {data: 0}
scores: {selling: 4.5}
targets: {use: 4.2}
"""
REPORT = """\
format: 1
kind: report
id: brief
name: {zh: 简报, en: Brief}
sections:
  - {section: cover}
  - {section: appendix, options: {findings: 3}}
theme: {footer: {zh: 页脚}}
"""
FILES = {
    "frameworks/tiny/framework.yaml": FRAMEWORK,
    "frameworks/tiny/cases/alpha.yaml": CASE,
    "frameworks/tiny/cases/units.yaml": UNITS,
    "frameworks/tiny/benchmarks/others.yaml": BENCHMARK,
    "frameworks/tiny/weights/turned.yaml": WEIGHTS,
    "frameworks/tiny/targets/next-year.yaml": TARGET,
    "frameworks/tiny/votes/vote.yaml": IMPORTANCE,
    "frameworks/tiny/what-if.yaml": SCENARIO,
    "questionnaires/tiny-guide.yaml": QUESTIONNAIRE,
    "reports/brief/report.yaml": REPORT,
}
PATHS = {
    "framework": "frameworks/tiny/framework.yaml",
    "case": "frameworks/tiny/cases/alpha.yaml",
    "units": "frameworks/tiny/cases/units.yaml",
    "benchmark": "frameworks/tiny/benchmarks/others.yaml",
    "weights": "frameworks/tiny/weights/turned.yaml",
    "target": "frameworks/tiny/targets/next-year.yaml",
    "importance": "frameworks/tiny/votes/vote.yaml",
    "scenario": "frameworks/tiny/what-if.yaml",
    "questionnaire": "questionnaires/tiny-guide.yaml",
    "report": "reports/brief/report.yaml",
}


class Seen(NamedTuple):
    """A fault as a test expects it."""

    code: str
    line: int
    column: int
    path: str


def seen(fault: Fault) -> Seen:
    """Return what a test looks at in a fault."""
    return Seen(fault.code, fault.line or 0, fault.column or 0, fault.path)


def marked(text: str) -> tuple[str, int, int]:
    """Return a text without its mark, and line and column of the mark."""
    before, _, after = text.partition(HERE)
    line = before.count("\n") + 1
    return before + after, line, len(before) - (before.rfind("\n") + 1) + 1


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below `root` and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def content(root: Path, **changed: str) -> Path:
    """Write the small content root, some of its files (by kind) with another text."""
    return write(root, FILES | {PATHS[kind]: text for kind, text in changed.items()})


def lint_root(root: Path) -> LintReport:
    """Check a content root on its own."""
    return lint([], root=root)


def found_in(report: LintReport, root: Path, path: str) -> list[Seen]:
    """Return the faults of one file of a content root."""
    return [seen(fault) for fault in report.faults if fault.file == str(root / path)]
