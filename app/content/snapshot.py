"""Frameworks and questionnaires <-> canonical documents: complete, exact, the same text for the same content.

What an assessment is pinned to, and what the hash of a published version is taken of. Decimals are text; keys are
sorted; comments, order of keys and the split into files leave no trace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.content.outline import written
from app.core.framework import AgreementRule, Capability, Framework, Method, Rollup, Source, Tier, WeightProfile
from app.core.questionnaire import (
    Band,
    Comparison,
    Condition,
    EvidencePrompt,
    Item,
    Mode,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Role,
    When,
)
from app.core.scale import Level, Scale
from app.core.text import Text

_FORMAT = 1
_NUMBER = "$number"  # marks an exact number among free values, where text and number must be told apart


def digest(document: str) -> str:
    """Return the SHA-256 of a document, in hexadecimal."""
    return hashlib.sha256(document.encode("utf-8")).hexdigest()


def canonical(value: Mapping[str, object]) -> str:
    """Return the one JSON text of a document, whatever the order of its keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def framework_document(framework: Framework) -> str:
    """Return the canonical JSON of a framework."""
    return canonical(
        {
            "format": _FORMAT,
            "kind": "framework",
            "id": framework.id,
            "version": framework.version,
            "name": _text(framework.name),
            "summary": _text(framework.summary),
            "source": _source(framework.source),
            "tiers": [{"id": tier.id, "name": _text(tier.name)} for tier in framework.tiers],
            "scale": {
                "min": written(framework.scale.minimum),
                "max": written(framework.scale.maximum),
                "step": written(framework.scale.step),
                "levels": [
                    {"value": written(one.value), "name": _text(one.name), "description": _text(one.description)}
                    for one in framework.scale.levels
                ],
            },
            "rollup": {
                "method": framework.rollup.method.value,
                "publish": written(framework.rollup.publish),
                "provisional": written(framework.rollup.provisional),
            },
            "agreement": {
                "range": written(framework.agreement.range),
                "r_wg": written(framework.agreement.r_wg),
                "role_gap": written(framework.agreement.role_gap),
                "minimum_roles": framework.agreement.minimum_roles,
            },
            "capabilities": [_capability(node) for node in framework.capabilities],
        }
    )


def read_framework_document(document: str) -> Framework:
    """Return the framework of a canonical document, equal to the one it was written from."""
    values = json.loads(document)
    scale, rollup, agreement = values["scale"], values["rollup"], values["agreement"]
    return Framework(
        id=values["id"],
        version=values["version"],
        name=_read_text(values["name"]),
        summary=_read_optional_text(values["summary"]),
        source=None if values["source"] is None else Source(**values["source"]),
        tiers=tuple(Tier(tier["id"], _read_text(tier["name"])) for tier in values["tiers"]),
        scale=Scale(
            Fraction(scale["min"]),
            Fraction(scale["max"]),
            Fraction(scale["step"]),
            tuple(
                Level(Fraction(one["value"]), _read_text(one["name"]), _read_optional_text(one["description"]))
                for one in scale["levels"]
            ),
        ),
        rollup=Rollup(Method(rollup["method"]), Fraction(rollup["publish"]), Fraction(rollup["provisional"])),
        agreement=AgreementRule(
            Fraction(agreement["range"]),
            Fraction(agreement["r_wg"]),
            Fraction(agreement["role_gap"]),
            agreement["minimum_roles"],
        ),
        capabilities=tuple(_read_capability(node) for node in values["capabilities"]),
    )


def _text(text: Text | None) -> dict[str, str | None] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}


def _read_text(value: Mapping[str, str | None]) -> Text:
    return Text(value["zh"], value["en"])


def _read_optional_text(value: Mapping[str, str | None] | None) -> Text | None:
    return None if value is None else _read_text(value)


def _source(source: Source | None) -> dict[str, object] | None:
    if source is None:
        return None
    return {
        "title": source.title,
        "year": source.year,
        "method": source.method,
        "confidence": source.confidence,
        "note": source.note,
    }


def _capability(node: Capability) -> dict[str, object]:
    return {
        "id": node.id,
        "code": node.code,
        "name": _text(node.name),
        "definition": _text(node.definition),
        "weight": written(node.weight),
        "children": [_capability(child) for child in node.children],
        "levels": {written(value): _text(text) for value, text in node.levels.items()},
        "critical": node.critical,
        "prerequisites": list(node.prerequisites),
        "replaces": list(node.replaces),
        "related": list(node.related),
        "extensions": {key: _free(value) for key, value in node.extensions.items()},
    }


def _read_capability(values: Mapping[str, Any]) -> Capability:
    return Capability(
        id=values["id"],
        code=values["code"],
        name=_read_text(values["name"]),
        definition=_read_optional_text(values["definition"]),
        weight=Fraction(values["weight"]),
        children=tuple(_read_capability(child) for child in values["children"]),
        levels={Fraction(value): _read_text(text) for value, text in values["levels"].items()},
        critical=values["critical"],
        prerequisites=tuple(values["prerequisites"]),
        replaces=tuple(values["replaces"]),
        related=tuple(values["related"]),
        extensions={key: _read_free(value) for key, value in values["extensions"].items()},
    )


def _free(value: object) -> object:
    if isinstance(value, Fraction):
        return {_NUMBER: written(value)}
    if isinstance(value, tuple):
        return [_free(item) for item in value]
    if isinstance(value, Mapping):
        return {"$map": {key: _free(item) for key, item in value.items()}}
    return value


def _read_free(value: Any) -> object:
    if isinstance(value, list):
        return tuple(_read_free(item) for item in value)
    if isinstance(value, dict):
        if _NUMBER in value:
            return Fraction(value[_NUMBER])
        return {key: _read_free(item) for key, item in value["$map"].items()}
    found: object = value
    return found


def questionnaire_document(questionnaire: Questionnaire) -> str:
    """Return the canonical JSON of a questionnaire."""
    return canonical(
        {
            "format": _FORMAT,
            "kind": "questionnaire",
            "id": questionnaire.id,
            "version": questionnaire.version,
            "framework": questionnaire.framework,
            "name": _text(questionnaire.name),
            "mode": questionnaire.mode.value,
            "roles": [
                {"id": role.id, "name": _text(role.name), "level": role.level, "weight": written(role.weight)}
                for role in questionnaire.roles
            ],
            "items": [_item(item) for item in questionnaire.items],
            "omit": list(questionnaire.omit),
        }
    )


def weights_document(profile: WeightProfile) -> str:
    """Return the canonical JSON of a weight profile."""
    return canonical(
        {
            "format": _FORMAT,
            "kind": "weights",
            "id": profile.id,
            "framework": profile.framework,
            "name": _text(profile.name),
            "note": profile.note,
            "weights": {node_id: written(weight) for node_id, weight in profile.weights.items()},
        }
    )


def read_questionnaire_document(document: str) -> Questionnaire:
    """Return the questionnaire of a canonical document, equal to the one it was written from."""
    values = json.loads(document)
    return Questionnaire(
        id=values["id"],
        version=values["version"],
        framework=values["framework"],
        name=_read_text(values["name"]),
        mode=Mode(values["mode"]),
        roles=tuple(
            Role(role["id"], _read_text(role["name"]), role["level"], Fraction(role["weight"]))
            for role in values["roles"]
        ),
        items=tuple(_read_item(item) for item in values["items"]),
        omit=tuple(values["omit"]),
    )


def _optional(number: Fraction | None) -> str | None:
    return None if number is None else written(number)


def _read_number(number: str | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _item(item: Item) -> dict[str, object]:
    return {
        "element": item.element,
        "roles": list(item.roles),
        "prompts": [_text(prompt) for prompt in item.prompts],
        "evidence": [{"id": prompt.id, "text": _text(prompt.text)} for prompt in item.evidence],
        "questions": [_question(question) for question in item.questions],
        "when": None if item.when is None else _when(item.when),
    }


def _read_item(values: Mapping[str, Any]) -> Item:
    return Item(
        element=values["element"],
        roles=tuple(values["roles"]),
        prompts=tuple(_read_text(prompt) for prompt in values["prompts"]),
        evidence=tuple(EvidencePrompt(_read_text(prompt["text"]), prompt["id"]) for prompt in values["evidence"]),
        questions=tuple(_read_question(question) for question in values["questions"]),
        when=None if values["when"] is None else _read_when(values["when"]),
    )


def _question(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "type": question.type.value,
        "text": _text(question.text),
        "weight": written(question.weight),
        "unit": question.unit,
        "options": [
            {"id": one.id, "text": _text(one.text), "value": _optional(one.value), "weight": written(one.weight)}
            for one in question.options
        ],
        "bands": [{"value": written(band.value), "upto": _optional(band.upto)} for band in question.bands],
    }


def _read_question(values: Mapping[str, Any]) -> Question:
    return Question(
        id=values["id"],
        type=QuestionType(values["type"]),
        text=_read_text(values["text"]),
        weight=Fraction(values["weight"]),
        unit=values["unit"],
        options=tuple(
            Option(one["id"], _read_text(one["text"]), _read_number(one["value"]), Fraction(one["weight"]))
            for one in values["options"]
        ),
        bands=tuple(Band(Fraction(band["value"]), _read_number(band["upto"])) for band in values["bands"]),
    )


def _when(when: When) -> dict[str, object]:
    if isinstance(when, Comparison):
        return {"answer": when.answer, "relation": when.relation, "number": _optional(when.number)}
    return {"operator": when.operator, "parts": [_when(part) for part in when.parts]}


def _read_when(values: Mapping[str, Any]) -> When:
    if "answer" in values:
        return Comparison(values["answer"], values["relation"], _read_number(values["number"]))
    return Condition(values["operator"], tuple(_read_when(part) for part in values["parts"]))
