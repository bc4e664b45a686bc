# ruff: noqa: E501 - a table is read by its lines
"""Every rule of formats.md for one file at a time: which fault, at which line and column, under which path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.writing import FILES, PATHS, Seen, content, found_in, lint_root, marked

# kind of file, what is replaced, by what (with a mark where the fault is), code, path
Change = tuple[str, str, str, str, str]

EVERY_FILE: list[Change] = [
    ("framework", "format: 1", "format: ¦2", "E218", "format"),
    ("framework", "format: 1", 'format: ¦"1"', "E218", "format"),
    ("framework", "format: 1", "format: ¦true", "E218", "format"),
    ("framework", "kind: framework", "kind: ¦frame", "E217", "kind"),
    ("case", "kind: case", "kind: ¦benchmark", "E217", "kind"),
    ("units", "id: engagement", "id: ¦Engagement", "E205", "id"),
    ("framework", "id: tiny\n", "id: ¦no\n", "E206", "id"),
    ("framework", "id: tiny\n", "id: ¦12\n", "E205", "id"),
    ("framework", "id: collecting", "id: ¦on", "E206", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦true", "E206", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦null", "E206", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦Y", "E206", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦a--b", "E205", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦1st", "E205", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦收集", "E205", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦../../x", "E205", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦" + "a" * 65, "E205", "capabilities[0].children[0].id"),
    ("framework", "id: collecting", "id: ¦[a]", "E203", "capabilities[0].children[0].id"),
    ("framework", "id: collecting\n", "id:¦\n", "E203", "capabilities[0].children[0].id"),
    ("case", "id: 2026-03,", "id: ¦2026,", "E206", "round.id"),
    ("case", "id: 2026-03,", "id: ¦2026_03,", "E205", "round.id"),
    ("framework", "    weight: 1\n", "    ¦wieght: 1\n", "E201", "capabilities[0].wieght"),
    ("framework", "    weight: 1\n", '    weight: ¦"1"\n', "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦true\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦1e5\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦.nan\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦.inf\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦1_0\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦012\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦null\n", "E203", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: ¦-0.5\n", "E208", "capabilities[0].weight"),
    ("framework", "    weight: 1\n", "    weight: 1\n    ¦weight: 2\n", "E113", "capabilities[0].weight"),
    ("framework", "version: 1.0.0", "version: ¦1.10", "E207", "version"),
    ("framework", "version: 1.0.0", "version: ¦1", "E207", "version"),
    ("framework", "version: 1.0.0", "version: ¦v1.0.0", "E207", "version"),
    ("framework", "version: 1.0.0", "version: ¦1.0.0.0", "E207", "version"),
    ("framework", "version: 1.0.0", "version: ¦01.0.0", "E207", "version"),
    ("framework", "version: 1.0.0", "version: ¦../1.0", "E207", "version"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: ¦{en: Tiny}", "E212", "name"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: ¦{zh: 小框架}", "W221", "name"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: ¦小框架", "W221", "name"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: {zh: 小框架, ¦fr: Petit}", "E201", "name.fr"),
    ("framework", "name: {zh: 小框架, en: Tiny}", 'name: {zh: ¦"  ", en: Tiny}', "E211", "name.zh"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: {zh: ¦2003, en: Tiny}", "E203", "name.zh"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: ¦2003", "E203", "name"),
    ("framework", "name: {zh: 小框架, en: Tiny}", "name: ¦[小框架]", "E203", "name"),
    ("case", "source: {title: 测试数据}", "source: {title: ¦2003}", "E203", "source.title"),
    ("case", "source: {title: 测试数据}", "source: {title: x, ¦author: y}", "E201", "source.author"),
    ("case", "date: 2026-03-31", "date: ¦2026-02-30", "E210", "round.date"),
    ("case", "date: 2026-03-31", "date: ¦31.3.2026", "E210", "round.date"),
    ("case", "date: 2026-03-31", "date: ¦2026", "E203", "round.date"),
    ("benchmark", "year: 2026", "year: ¦2026.5", "E209", "source.year"),
    ("benchmark", "confidence: low", "confidence: ¦none", "E204", "source.confidence"),
]

FRAMEWORKS: list[Change] = [
    ("framework", "rollup:\n  method: weighted-mean\n", "rollup:\n  method: ¦mean\n", "E204", "rollup.method"),
    ("framework", "  method: weighted-mean\n  coverage", "  ¦coverage", "E202", "rollup.method"),
    ("framework", "  step: 0.5", "  ¦step: 0.7", "E306", "scale.step"),
    ("framework", "  step: 0.5", "  step: ¦0", "E208", "scale.step"),
    ("framework", "  step: 0.5", "  ¦step: 0.0001", "E317", "scale.step"),
    ("framework", "  max: 5", "  ¦max: -1", "E307", "scale.max"),
    ("framework", "    - {value: 5,", "    - {value: ¦5.3,", "E309", "scale.levels[1].value"),
    ("framework", "    - {value: 5,", "    - {value: ¦0,", "E325", "scale.levels[1].value"),
    (
        "framework",
        "  levels:\n    - {value: 0, name: {zh: 空白, en: Absent}}\n",
        "  ¦levels:\n",
        "E308",
        "scale.levels",
    ),
    ("framework", "provisional: 0.6", "¦provisional: 0.9", "E310", "rollup.coverage.provisional"),
    ("framework", "publish: 0.8", "publish: ¦1.1", "E208", "rollup.coverage.publish"),
    ("framework", "provisional: 0.6", "provisional: ¦-0.1", "E208", "rollup.coverage.provisional"),
    ("framework", "  - {id: element, ", "  - {id: ¦dimension, ", "E606", "tiers[1].id"),
    ("framework", "id: keeping", "id: ¦collecting", "E301", "capabilities[0].children[1].id"),
    ("framework", "id: selling", "id: ¦data", "E301", "capabilities[1].children[0].id"),
    (
        "framework",
        "    children:\n      - {id: selling, name: {zh: 销售, en: Selling}}\n",
        "",
        "E302",
        "capabilities[1].id",
    ),
    (
        "framework",
        "{id: keeping, name: {zh: 保存, en: Keeping}}",
        "{id: keeping, name: {zh: 保存, en: Keeping}, ¦children: [{id: deep, name: {zh: 深, en: Deep}}]}",
        "E303",
        "capabilities[0].children[1].children",
    ),
    (
        "framework",
        "      - {id: selling, name: {zh: 销售, en: Selling}}\n",
        "      ¦[]\n",
        "E213",
        "capabilities[1].children",
    ),
    (
        "framework",
        "{id: selling, name: {zh: 销售, en: Selling}}",
        "{id: selling, name: {zh: 销售, en: Selling}, ¦weight: 0}",
        "E304",
        "capabilities[1].children[0].weight",
    ),
    ("framework", "    weight: 1\n", "    ¦critical: true\n", "E305", "capabilities[0].critical"),
    ("framework", "    weight: 1\n", "    ¦levels: {0: {zh: 无, en: None}}\n", "E305", "capabilities[0].levels"),
    ("framework", "    weight: 1\n", "    code: ¦1.1\n", "E203", "capabilities[0].code"),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        critical: ¦yes\n",
        "E203",
        "capabilities[0].children[0].critical",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        levels: {¦0.3: {zh: 无, en: None}}\n",
        "E309",
        "capabilities[0].children[0].levels.0.3",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        'name: {zh: 收集, en: Collecting}\n        levels: {¦"1": {zh: 无, en: None}}\n',
        "E203",
        "capabilities[0].children[0].levels.1",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        prerequisites: [keeping, ¦nowhere]\n",
        "E311",
        "capabilities[0].children[0].prerequisites[1]",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        prerequisites: [¦data]\n",
        "E312",
        "capabilities[0].children[0].prerequisites[0]",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        prerequisites: [¦collecting]\n",
        "E313",
        "capabilities[0].children[0].prerequisites[0]",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        related: [¦collecting]\n",
        "E215",
        "capabilities[0].children[0].related[0]",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        related: [¦nowhere/else]\n",
        "W331",
        "capabilities[0].children[0].related[0]",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        replaces: [¦gone]\n",
        "W334",
        "capabilities[0].children[0].replaces[0]",
    ),
    (
        "framework",
        "name: {zh: 收集, en: Collecting}\n",
        "name: {zh: 收集, en: Collecting}\n        prerequisites: [keeping, ¦keeping]\n",
        "E214",
        "capabilities[0].children[0].prerequisites[1]",
    ),
    ("weights", "id: turned", "id: ¦default", "E324", "id"),
    ("weights", "{data: 0,", "{¦date: 0,", "E403", "weights.date"),
    ("weights", "{data: 0,", "{data: ¦-1,", "E208", "weights.data"),
    ("weights", "{data: 0, use: 2,", "{¦data: 0, use: 0,", "E304", "weights.data"),
    ("weights", "framework: tiny", "framework: ¦other", "E409", "framework"),
    ("weights", "framework: tiny", "framework: ¦tiny@>=2", "E402", "framework"),
]

BENCHMARKS: list[Change] = [
    ("benchmark", "framework: tiny@>=1,<2", "framework: ¦tiny@>=2", "E402", "framework"),
    ("benchmark", "framework: tiny@>=1,<2", "framework: ¦tiny@~1", "E215", "framework"),
    ("benchmark", "framework: tiny@>=1,<2", "framework: ¦tiny@", "E215", "framework"),
    ("benchmark", "framework: tiny@>=1,<2", "framework: ¦other@>=1", "E409", "framework"),
    ("benchmark", "{data: 2.33,", "{¦date: 2.33,", "E403", "entries[0].scores.date"),
    ("benchmark", "{data: 2.33,", "{data: ¦5.01,", "E406", "entries[0].scores.data"),
    ("benchmark", "{data: 2.33,", "{data: ¦high,", "E203", "entries[0].scores.data"),
    ("benchmark", "high: 3.1", "¦high: 1.9", "E407", "entries[0].ranges.use.high"),
    ("benchmark", "high: 3.1", "high: ¦9", "E406", "entries[0].ranges.use.high"),
    ("benchmark", "      use: {low", "      ¦used: {low", "E403", "entries[0].ranges.used"),
    ("benchmark", "      use: {low", "      ¦data: {low", "E408", "entries[0].ranges.data"),
    ("benchmark", "use: {low: 2, high: 3.1}", "use: ¦{low: 2}", "E202", "entries[0].ranges.use.high"),
    ("benchmark", "findings: {use:", "findings: {¦user:", "E403", "entries[0].findings.user"),
    ("benchmark", "findings: {use: [{zh: 较早}]}", "findings: {use: ¦{zh: 较早}}", "E203", "entries[0].findings.use"),
    ("benchmark", "parent: use", "parent: ¦nowhere", "E403", "entries[0].unmapped[0].parent"),
    ("benchmark", "id: delta", "id: ¦gamma", "E606", "entries[1].id"),
    ("target", "{data: 3.2,", "{data: ¦6,", "E406", "targets.data"),
    ("target", "{data: 3.2,", "{¦dat: 3.2,", "E403", "targets.dat"),
    ("target", "horizon_months: 12", "horizon_months: ¦0", "E208", "horizon_months"),
    ("target", "horizon_months: 12", "¦name: x", "E201", "name"),
    ("importance", "{data: 5,", "{data: ¦5.5,", "E208", "importance.data"),
    ("importance", "effort: {data", "effort: {¦dat", "E403", "effort.dat"),
    ("scenario", "scores: {selling: 4.5}", "scores: {selling: ¦4.4}", "E405", "scores.selling"),
    ("scenario", "scores: {selling: 4.5}", "scores: {¦use: 4.5}", "E404", "scores.use"),
    ("scenario", "weights: {data: 0}", "weights: {¦dat: 0}", "E403", "weights.dat"),
    ("report", "{section: cover}", "{section: ¦covers}", "E204", "sections[0].section"),
    ("report", "theme: {footer", "theme: {¦header", "E201", "theme.header"),
    ("report", "{findings: 3}", "{findings: ¦-1}", "E208", "sections[1].options.findings"),
    ("report", "{findings: 3}", "{¦elements: 3}", "E201", "sections[1].options.elements"),
    ("report", "{section: cover}", "{section: cover, options: {¦items: 3}}", "E201", "sections[0].options.items"),
    ("report", "{section: cover}", "{section: cover, options: ¦[]}", "E203", "sections[0].options"),
]

CASES: list[Change] = [
    ("case", "framework: tiny@1.0.0", "framework: ¦tiny@2.0.0", "E402", "framework"),
    ("case", "framework: tiny@1.0.0", "framework: ¦other@1.0.0", "E409", "framework"),
    ("case", "framework: tiny@1.0.0", "framework: ¦tiny", "E215", "framework"),
    ("case", "framework: tiny@1.0.0", "framework: ¦tiny@>=1", "E215", "framework"),
    ("case", "  collecting: {score: 1.5,", "  ¦collection: {score: 1.5,", "E403", "scores.collection"),
    ("case", "  collecting: {score: 1.5,", "  ¦data: {score: 1.5,", "E404", "scores.data"),
    ("case", "{score: 1.5,", "{score: ¦1.3,", "E405", "scores.collecting.score"),
    ("case", "{score: 1.5,", "{score: ¦5.5,", "E405", "scores.collecting.score"),
    ("case", "{score: 1.5,", "{score: ¦-0.5,", "E405", "scores.collecting.score"),
    ("case", "{score: 1.5,", '{score: ¦"1.5",', "E203", "scores.collecting.score"),
    ("case", "{score: 1.5,", "{score: ¦true,", "E203", "scores.collecting.score"),
    ("case", "{score: 1.5,", "{¦score: 1.5, state: unknown,", "E501", "scores.collecting.score"),
    ("case", "{state: unknown}", "{¦state: scored}", "E502", "scores.keeping.state"),
    ("case", "{state: unknown}", "{¦state: inferred, note: x}", "E502", "scores.keeping.state"),
    ("case", "{state: unknown}", "{¦state: inferred, score: 1}", "E504", "scores.keeping.state"),
    ("case", "{state: unknown}", "{¦state: not-applicable}", "E503", "scores.keeping.state"),
    ("case", "{state: unknown}", '{state: not-applicable, ¦reason: ""}', "E503", "scores.keeping.reason"),
    ("case", "{state: unknown}", "{state: ¦open}", "E204", "scores.keeping.state"),
    ("case", "{state: unknown}", "¦{note: x}", "E505", "scores.keeping"),
    ("case", "{state: unknown}", "¦{}", "E505", "scores.keeping"),
    ("case", "{state: unknown}", "¦1.5", "E203", "scores.keeping"),
    ("case", "{state: unknown}", "{state: unknown, confidence: ¦3}", "E203", "scores.keeping.confidence"),
    ("case", "findings: [{zh: 零散}]", "findings: [¦{}]", "E212", "scores.collecting.findings[0]"),
    ("case", "{data: 1.43}", "{¦date: 1.43}", "E403", "published.date"),
    ("case", "{data: 1.43}", "{data: ¦7.1}", "E406", "published.data"),
    ("case", "unit: {id: alpha,", "unit: {id: ¦beta,", "E506", "unit.id"),
    ("case", "kind: branch}", "kind: branch, parent: ¦nobody}", "E506", "unit.parent"),
    ("case", "kind: branch}", "kind: branch, parent: ¦alpha}", "W522", "unit.parent"),
    ("case", "kind: branch}", "kind: branch, ¦size: 3}", "E201", "unit.size"),
    ("case", "published: {", "published_decimals: ¦two\npublished: {", "E203", "published_decimals"),
    ("case", "published: {", "questionnaire: ¦gone@1.0.0\npublished: {", "W521", "questionnaire"),
    ("units", "id: alpha", "id: ¦whole", "E606", "units[1].id"),
    ("units", "parent: whole", "parent: ¦nobody", "E507", "units[1].parent"),
    ("units", "kind: group}", "kind: group, parent: alpha}", "E508", "units[1].parent"),
    ("units", "size: 2.5", "size: ¦-1", "E208", "units[1].size"),
]
INTERVIEW = """\
published: {data: 1.43}
questionnaire: tiny-guide@1.0.0
interviews:
  - id: i-01
    role: ROLE
    answers:
      collecting: ANSWER
"""
ANSWERS: list[tuple[str, str, str]] = [
    ("{score: ¦1.3}", "E405", "score"),
    ("{score: 1, suggested: ¦1.3}", "E405", "suggested"),
    ("{score: 1, evidence_strength: ¦4}", "E208", "evidence_strength"),
    ("{score: 1, ticks: {plan: ¦read}}", "E204", "ticks.plan"),
    ("{score: 1, ticks: {¦plans: seen}}", "E511", "ticks.plans"),
    ("{score: 1, questions: {¦exist: none}}", "E510", "questions.exist"),
    ("{score: 1, questions: {exists: ¦drafted}}", "E512", "questions.exists"),
    ("{score: 1, questions: {exists: ¦yes}}", "E206", "questions.exists"),
    ("{score: 1, questions: {exists: ¦true}}", "E206", "questions.exists"),
    ("{score: 1, questions: {exists: ¦3}}", "E512", "questions.exists"),
    ("{score: 1, questions: {parts: ¦owner}}", "E512", "questions.parts"),
    ("{score: 1, questions: {parts: ¦[owner, nobody]}}", "E512", "questions.parts"),
    ("{score: 1, questions: {share: ¦most}}", "E512", "questions.share"),
    ("{score: 1, questions: {rating: ¦1.3}}", "E512", "questions.rating"),
    ("{score: 1, questions: {remark: ¦3}}", "E512", "questions.remark"),
    ("{score: 1, questions: {remark: ¦{}}}", "E203", "questions.remark"),
    ("{¦state: not-applicable}", "E503", "state"),
    ("{score: 1, ¦findings: []}", "E201", "findings"),
    ("¦{}", "E505", ""),
]

QUESTIONNAIRES: list[Change] = [
    ("questionnaire", "framework: tiny@>=1,<2", "framework: ¦other@>=1", "E401", "framework"),
    ("questionnaire", "framework: tiny@>=1,<2", "framework: ¦tiny@>=2", "E402", "framework"),
    ("questionnaire", "  - element: selling\n", "", "E602", "items"),
    ("questionnaire", "  - element: selling\n", "  - element: ¦sold\n", "E403", "items[2].element"),
    ("questionnaire", "  - element: selling\n", "  - element: ¦use\n", "E404", "items[2].element"),
    ("questionnaire", "  - element: selling\n", "  - element: ¦keeping\n", "E601", "items[2].element"),
    ("questionnaire", "omit: []", "omit: [¦selling]", "E603", "omit[0]"),
    ("questionnaire", "omit: []", "omit: [¦nothing]", "E403", "omit[0]"),
    ("questionnaire", "roles: [marketing, billing]", "roles: [marketing, ¦sales]", "E604", "items[0].roles[1]"),
    ("questionnaire", "{id: billing,", "{id: ¦marketing,", "E606", "roles[1].id"),
    ("questionnaire", "{id: sample,", "{id: ¦plan,", "E606", "items[0].evidence[1].id"),
    ("questionnaire", "zh: 抽样, en: Sample}", "en: Sample}", "E202", "items[0].evidence[1].zh"),
    ("questionnaire", "      - {id: sample, zh: 抽样, en: Sample}", "      - ¦{id: sample, zh: 抽样}", "W221", "items[0].evidence[1]"),
    ("questionnaire", "- id: parts", "- id: ¦exists", "E606", "items[0].questions[1].id"),
    ("questionnaire", "type: checklist", "type: ¦list", "E204", "items[0].questions[1].type"),
    ("questionnaire", "{id: none, value: 0,", "¦{id: none,", "E202", "items[0].questions[0].options[0].value"),
    ("questionnaire", "{id: none, value: 0,", "{id: none, value: ¦6,", "E406", "items[0].questions[0].options[0].value"),
    ("questionnaire", "{id: none, value: 0,", "{id: written, value: 0,", "E606", "items[0].questions[0].options[1].id"),
    ("questionnaire", "{id: owner,", "{id: owner, ¦value: 1,", "E201", "items[0].questions[1].options[0].value"),
    ("questionnaire", "{upto: 90,", "{¦upto: 60,", "E607", "items[0].questions[2].bands[1].upto"),
    ("questionnaire", "{value: 5}]", "{¦upto: 99, value: 5}]", "E608", "items[0].questions[2].bands[2].upto"),
    ("questionnaire", "{upto: 90, value: 3}", "¦{value: 3}", "E608", "items[0].questions[2].bands[1]"),
    ("questionnaire", "type: scale,", "type: scale, ¦options: [],", "E201", "items[0].questions[3].options"),
    ("questionnaire", "{answer: collecting, gte: 2}", "{answer: ¦collected, gte: 2}", "E403", "items[1].when.all[0].answer"),
    ("questionnaire", "{answer: collecting, gte: 2}", "{answer: ¦data, gte: 2}", "E404", "items[1].when.all[0].answer"),
    ("questionnaire", "{answer: collecting, gte: 2}", "{answer: ¦keeping, gte: 2}", "E605", "items[1].when.all[0].answer"),
    ("questionnaire", "{answer: collecting, gte: 2}", "¦{answer: collecting}", "E610", "items[1].when.all[0]"),
    ("questionnaire", "{answer: collecting, gte: 2}", "{answer: collecting, gte: 2, ¦lte: 3}", "E610", "items[1].when.all[0].lte"),
    ("questionnaire", "{answer: collecting, gte: 2}", '{answer: collecting, gte: ¦"2"}', "E203", "items[1].when.all[0].gte"),
    ("questionnaire", "{answer: collecting, gte: 2}", "{answer: collecting, scored: ¦false}", "E203", "items[1].when.all[0].scored"),
    ("questionnaire", "{all: [{answer: collecting, gte: 2}]}", "{all: ¦[]}", "E213", "items[1].when.all"),
    ("questionnaire", "{all: [{answer: collecting, gte: 2}]}", "¦{none: []}", "E610", "items[1].when"),
    ("questionnaire", "{all: [{answer: collecting, gte: 2}]}", "¦{all: [], any: []}", "E610", "items[1].when"),
    ("questionnaire", "mode: interview", "mode: ¦exam", "E204", "mode"),
    ("questionnaire", "version: 1.0.0", "version: ¦[1]", "E203", "version"),
    ("questionnaire", "version: 1.0.0", "version: ¦&v !!str 1.0.0", "E107", "version"),
    ("questionnaire", "{id: owner, text: {zh: 人, en: Owner}}, {id: fields,", "{id: owner, ¦weight: 0, text: {zh: 人, en: Owner}}, {id: fields, weight: 0,", "E609", "items[0].questions[1].options[0].weight"),
    ("questionnaire", "{id: rating, type: scale, text: {zh: 打分, en: Score}}", "¦rating", "E203", "items[0].questions[3]"),
    ("questionnaire", "{id: rating, type: scale, text", "¦{id: rating, text", "E202", "items[0].questions[3].type"),
    ("questionnaire", "{all: [{answer: collecting, gte: 2}]}", "¦sometimes", "E203", "items[1].when"),
    ("questionnaire", "{all: [{answer: collecting, gte: 2}]}", "{not: ¦[]}", "E203", "items[1].when.not"),
    ("questionnaire", "{answer: collecting, gte: 2}", "{answer: ¦Collecting, gte: 2}", "E205", "items[1].when.all[0].answer"),
    ("questionnaire", "      - {id: sample, zh: 抽样, en: Sample}", "      - ¦抽样", "W221", "items[0].evidence[1]"),
    ("questionnaire", "roles: [marketing, billing]", "roles: ¦marketing", "E203", "items[0].roles"),
    ("questionnaire", "weight: 2}", "weight: ¦two}", "E203", "roles[1].weight"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "old", "new", "code", "path"), [*EVERY_FILE, *FRAMEWORKS, *BENCHMARKS, *CASES, *QUESTIONNAIRES]
)
def test_a_fault_is_found_where_it_stands(  # noqa: PLR0917 - one line of the table
    tmp_path: Path, kind: str, old: str, new: str, code: str, path: str
) -> None:
    whole = FILES[PATHS[kind]]
    assert whole.count(old) == 1, "the change must be unambiguous"
    text, line, column = marked(whole.replace(old, new))
    report = lint_root(content(tmp_path, **{kind: text}))
    faults = found_in(report, tmp_path, PATHS[kind])
    if "¦" in new:
        assert Seen(code, line, column, path) in faults
    else:
        assert (code, path) in {(fault.code, fault.path) for fault in faults}
    assert {fault.severity for fault in report.faults if fault.code == code} == {
        "warning" if code.startswith("W") else "error"
    }


@pytest.mark.parametrize(("answer", "code", "path"), ANSWERS)
def test_a_fault_in_an_interview_is_found_where_it_stands(tmp_path: Path, answer: str, code: str, path: str) -> None:
    interview = INTERVIEW.replace("ROLE", "billing").replace("ANSWER", answer)
    whole = FILES[PATHS["case"]].replace("published: {data: 1.43}\n", interview)
    text, line, column = marked(whole)
    report = lint_root(content(tmp_path, case=text))
    inside = f"interviews[0].answers.collecting.{path}".rstrip(".")
    assert found_in(report, tmp_path, PATHS["case"]) == [Seen(code, line, column, inside)]


def test_questions_that_all_weigh_nothing_are_found(tmp_path: Path) -> None:
    text = FILES[PATHS["questionnaire"]]
    for question in ("choice", "checklist", "number"):
        text = text.replace(f"type: {question}\n", f"type: {question}\n        weight: 0\n")
    text = text.replace("type: scale,", "type: scale, weight: 0,")
    faults = found_in(lint_root(content(tmp_path, questionnaire=text)), tmp_path, PATHS["questionnaire"])
    assert [(fault.code, fault.path) for fault in faults] == [("E609", "items[0].questions[0].weight")]


def test_seven_tiers_are_one_too_many(tmp_path: Path) -> None:
    tiers = "".join(f"  - {{id: tier-{n}, name: {{zh: 层, en: Tier}}}}\n" for n in range(7))
    whole = FILES[PATHS["framework"]]
    start, end = whole.index("tiers:\n") + len("tiers:\n"), whole.index("scale:\n")
    report = lint_root(content(tmp_path, framework=whole[:start] + tiers + whole[end:]))
    assert Seen("E213", 7, 3, "tiers") in found_in(report, tmp_path, PATHS["framework"])
    (fault,) = [fault for fault in report.errors if fault.code == "E213"]
    assert fault.message == "the list has 7 items; it must have 1 to 6"


def test_a_framework_without_tiers_or_capabilities_is_refused(tmp_path: Path) -> None:
    whole = FILES[PATHS["framework"]]
    start, end = whole.index("tiers:\n"), whole.index("scale:\n")
    without = whole[:start] + "tiers: []\n" + whole[end : whole.index("capabilities:")] + "capabilities: []\n"
    faults = found_in(lint_root(content(tmp_path, framework=without)), tmp_path, PATHS["framework"])
    assert [(fault.code, fault.path) for fault in faults] == [("E213", "tiers"), ("E213", "capabilities")]


@pytest.mark.parametrize("reference", ["tiny@2.0.0", "tinny@1.0.0", "tiny", "[]"])
def test_a_wrong_reference_does_not_hide_what_else_is_wrong(tmp_path: Path, reference: str) -> None:
    text = FILES[PATHS["case"]].replace("tiny@1.0.0", reference).replace("keeping", "kept")
    faults = found_in(lint_root(content(tmp_path, case=text)), tmp_path, PATHS["case"])
    assert [(fault.path) for fault in faults] == ["framework", "scores.kept"]


def test_long_lists_of_what_is_allowed_are_cut_short(tmp_path: Path) -> None:
    roles = "".join(f"  - {{id: role-{n}, name: {{zh: 角, en: Role}}}}\n" for n in range(5000))
    text = FILES[PATHS["questionnaire"]].replace("roles:\n", "roles:\n" + roles, 1)
    text = text.replace("roles: [marketing, billing]", "roles: [" + ", ".join(f"no-{n}" for n in range(5000)) + "]")
    report = lint_root(content(tmp_path, questionnaire=text))
    assert len(report.errors) == 1001
    assert max(len(fault.message) for fault in report.errors) < 500


def test_very_many_warnings_are_cut_off_and_are_still_no_error(tmp_path: Path) -> None:
    elements = "".join(f"      - {{id: element-{n}, name: 名}}\n" for n in range(1200))
    text = FILES[PATHS["framework"]] + elements
    questionnaire = FILES[PATHS["questionnaire"]].replace(
        "omit: []", "omit: [" + ", ".join(f"element-{n}" for n in range(1200)) + "]"
    )
    report = lint_root(content(tmp_path, framework=text, questionnaire=questionnaire))
    assert report.errors == ()
    assert len(report.warnings) == 1001
    assert report.warnings[0].code == "W118"


def test_an_answer_to_an_element_that_is_none_is_found(tmp_path: Path) -> None:
    interview = INTERVIEW.replace("ROLE", "billing").replace("collecting: ANSWER", "nowhere: {score: 9}")
    text = FILES[PATHS["case"]].replace("published: {data: 1.43}\n", interview)
    faults = found_in(lint_root(content(tmp_path, case=text)), tmp_path, PATHS["case"])
    assert [(fault.code, fault.path) for fault in faults] == [("E403", "interviews[0].answers.nowhere")]


def test_what_was_refused_while_reading_is_not_reported_a_second_time(tmp_path: Path) -> None:
    text = (
        FILES[PATHS["framework"]]
        .replace("    weight: 1\n", "    weight: *w\n")
        .replace("name: {zh: 收集, en: Collecting}", "name: !x {zh: 收集}")
    )
    faults = found_in(lint_root(content(tmp_path, framework=text)), tmp_path, PATHS["framework"])
    assert [fault.code for fault in faults] == ["E106", "E107"]


def test_an_unknown_role_of_a_respondent_is_found(tmp_path: Path) -> None:
    interview = INTERVIEW.replace("ROLE", "¦sales").replace("ANSWER", "{score: 1}")
    text, line, column = marked(FILES[PATHS["case"]].replace("published: {data: 1.43}\n", interview))
    report = lint_root(content(tmp_path, case=text))
    assert found_in(report, tmp_path, PATHS["case"]) == [Seen("E509", line, column, "interviews[0].role")]


@pytest.mark.parametrize("key", ["format", "kind", "id", "version", "name", "tiers", "scale", "rollup", "capabilities"])
def test_every_required_key_of_a_framework_is_missed(tmp_path: Path, key: str) -> None:
    lines = FILES[PATHS["framework"]].splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    report = lint_root(content(tmp_path, framework="".join(lines[:start] + lines[end:])))
    assert ("E202", key) in {(f.code, f.path) for f in found_in(report, tmp_path, PATHS["framework"])}


def test_the_small_content_itself_has_no_fault(tmp_path: Path) -> None:
    report = lint_root(content(tmp_path))
    assert report.faults == ()
    assert report.files == len(FILES)


def test_one_fault_does_not_hide_another_in_any_file(tmp_path: Path) -> None:
    root = content(
        tmp_path,
        framework=FILES[PATHS["framework"]]
        .replace("    weight: 1\n", '    weight: "1"\n')
        .replace("step: 0.5", "steps: 1"),
        case=FILES[PATHS["case"]].replace("collecting", "nowhere").replace("1.43", "x"),
        benchmark=FILES[PATHS["benchmark"]].replace("data:", "nothing:"),
        questionnaire=FILES[PATHS["questionnaire"]].replace("- element: selling", "- element: sold"),
        units=FILES[PATHS["units"]].replace("parent: whole", "parent: nobody"),
        weights="[unclosed",
    )
    report = lint_root(root)
    codes = [(Path(fault.file or "").name, fault.code) for fault in report.errors]
    assert codes == [
        ("others.yaml", "E403"),
        ("alpha.yaml", "E403"),
        ("alpha.yaml", "E203"),
        ("units.yaml", "E507"),
        ("framework.yaml", "E202"),
        ("framework.yaml", "E201"),
        ("framework.yaml", "E203"),
        ("turned.yaml", "E101"),
        ("tiny-guide.yaml", "E602"),
        ("tiny-guide.yaml", "E403"),
    ]


def test_a_step_that_does_not_fit_hides_no_missing_end_of_the_scale(tmp_path: Path) -> None:
    text = FILES[PATHS["framework"]].replace("step: 0.5", "step: 0.7").replace("max: 5\n", "max: 6\n")
    assert [fault.code for fault in lint_root(content(tmp_path, framework=text)).errors] == ["E306", "E308"]


def test_every_message_is_one_sentence_with_its_parts_filled_in(tmp_path: Path) -> None:
    report = lint_root(content(tmp_path, framework=FILES[PATHS["framework"]].replace("step: 0.5", "step: 0.7")))
    (fault,) = report.errors
    assert fault.message == "the range from 0 to 5 is not a whole number of steps of 0.7"
    assert dict(fault.values) == {"low": "0", "high": "5", "step": "0.7"}
    assert str(fault).startswith(f"{tmp_path}/frameworks/tiny/framework.yaml:12:3: error E306: ")
