"""The definitions of `kinds` as JSON Schema files (draft-07, which VS Code's YAML support knows best)."""

from __future__ import annotations

import json
from pathlib import Path

from app.content.kinds import KINDS
from app.content.shapes import Definitions, JsonSchema, Shape

FOLDER = Path("frameworks") / "schema"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TITLES = {
    "framework": "A capability framework",
    "children": "A list of capabilities, kept in a file of its own",
    "versions": "Published versions of a framework and the hashes of their content",
    "weights": "A weight profile",
    "benchmark": "Published figures of other carriers",
    "units": "The units of an engagement",
    "case": "One assessment: unit, round, scores, interviews",
    "questionnaire": "Whom to ask what",
    "target": "A target profile",
    "importance": "A vote on importance and effort",
    "scenario": "A what-if scenario",
    "report": "A report: its sections, texts and theme",
}


def schema_name(kind: str) -> str:
    """Return the file name of a kind's schema."""
    return f"{kind}.schema.json"


def json_schema(kind: str) -> JsonSchema:
    """Return the JSON Schema of one kind; KeyError if there is no such kind."""
    return _document(_TITLES[kind], KINDS[kind])


def _document(title: str, shape: Shape) -> JsonSchema:
    definitions = Definitions()
    body = shape.schema(definitions)
    document = {"$schema": _DRAFT, "title": title, **body}
    if definitions.parts:
        document["definitions"] = dict(sorted(definitions.parts.items()))
    return document


def schema_files() -> dict[str, str]:
    """Return every schema file by name, as it is to be written."""
    return {
        schema_name(kind): json.dumps(json_schema(kind), ensure_ascii=False, indent=2) + "\n" for kind in sorted(KINDS)
    }
