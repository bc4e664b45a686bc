"""A report as one JSON document: nodes, columns, sentences, tables. Its schema is `docs/report-data.schema.json`."""

from __future__ import annotations

import json
from datetime import UTC
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.document.voice import Voice
from app.exports.node_figures import NodeFigure, figures_at, nodes_of
from app.exports.sequence import parts_of, sentences_of

if TYPE_CHECKING:
    from app.core.framework import Capability
    from app.core.text import Text
    from app.document.material import Material
    from app.document.values import Cell, Document, Section, Table
    from app.exports.sequence import Part, Said

FORMAT = 1


def write_json(document: Document, material: Material) -> bytes:
    """Return the report's data as UTF-8 JSON, keys in a fixed order; the same input gives the same bytes."""
    voice = Voice(document.locale, material.framework)
    data = {
        "format": FORMAT,
        "kind": "report-data",
        "report": _report(document, material),
        "framework": _framework(material),
        "columns": _columns(material),
        "nodes": [_node(material, node, voice) for node in nodes_of(material)],
        "sections": [_section(section) for section in document.walk()],
        "sentences": [_sentence(said) for said in sentences_of(document)],
        "tables": [_part(part) for part in parts_of(document)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _report(document: Document, material: Material) -> dict[str, Any]:
    return {
        "locale": document.locale,
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "footer": document.footer,
        "confidentiality": document.confidentiality,
        "made_on": material.made_on.isoformat(),
        "method": material.method.value,
        "weights": {"id": material.weights.id, "name": _text(material.weights.name)},
        "benchmark": material.benchmark.id if material.benchmark else None,
        "issue": _issue(document),
    }


def _issue(document: Document) -> dict[str, Any] | None:
    """Return what proves the report; None for one that is not handed out."""
    stamp = document.stamp
    if stamp is None:
        return None
    return {
        "code": stamp.code,
        "data_hash": stamp.data_hash,
        "issued_at": stamp.issued_at.astimezone(UTC).isoformat(timespec="seconds"),
        "program": stamp.program,
        "assessments": [
            {"name": one.name, "revision": one.revision, "state": one.state, "result_hash": one.result_hash}
            for one in stamp.told
        ],
    }


def _framework(material: Material) -> dict[str, Any]:
    framework, scale = material.framework, material.framework.scale
    return {
        "id": framework.id,
        "version": framework.version,
        "name": _text(framework.name),
        "tiers": [{"id": tier.id, "name": _text(tier.name)} for tier in framework.tiers],
        "scale": {
            "min": _number(scale.minimum),
            "max": _number(scale.maximum),
            "step": _number(scale.step),
            "levels": [{"value": _number(level.value), "name": _text(level.name)} for level in scale.levels],
        },
        "publish": _number(framework.rollup.publish),
        "provisional": _number(framework.rollup.provisional),
    }


def _columns(material: Material) -> list[dict[str, Any]]:
    rounds = {subject.id: subject.round for subject in material.subjects}
    units = {subject.id: subject.unit.id for subject in material.subjects}
    return [
        {
            "id": column.id,
            "kind": column.kind,
            "name": _text(column.name),
            "unit": units.get(column.id) if column.kind == "case" else None,
            "round": rounds[column.id].id if column.kind == "case" else None,
        }
        for column in material.comparison.columns
    ]


def _node(material: Material, node: Capability | None, voice: Voice) -> dict[str, Any]:
    framework = material.framework
    parent = framework.parent(node.id) if node else None
    card = material.subjects[0].scorecard
    return {
        "id": node.id if node else None,
        "tier": framework.tier_of(node.id).id if node else None,
        "parent": parent.id if parent else None,
        "name": _text(node.name if node else card.overall.name),
        "weight": _number(card.node(node.id).weight) if node else None,
        "figures": [_figure(figure) for figure in figures_at(material, node, voice)],
    }


def _figure(figure: NodeFigure) -> dict[str, Any]:
    told: dict[str, Any] = {
        "column": figure.column.id,
        "text": figure.text,
        "score": _number(figure.score),
        "exact": _exact(figure.score),
        "status": figure.status.value if figure.status else None,
        "withheld": figure.withheld,
        "bounds": None if figure.low is None or figure.high is None else [_number(figure.low), _number(figure.high)],
    }
    if figure.column.kind == "case":
        return told | {
            "state": figure.state,
            "coverage": _number(figure.coverage),
            "attained": _number(figure.attained),
            "published": _number(figure.published),
        }
    return told | {"origin": figure.origin}


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "kind": section.kind.value,
        "title": section.title,
        "text": section.text.text if section.text else None,
        "children": [child.id for child in section.children],
    }


def _sentence(said: Said) -> dict[str, Any]:
    sentence = said.sentence
    return {
        "section": said.section.id,
        "slot": sentence.slot,
        "rule": sentence.rule,
        "label": sentence.label or (said.statement.title if said.statement else ""),
        "text": sentence.text,
        "by_hand": sentence.by_hand,
        "evidence": list(sentence.evidence),
    }


def _part(part: Part) -> dict[str, Any]:
    table: Table = part.table
    picture = part.picture
    return {
        "id": table.id,
        "section": part.section.id,
        "title": table.title,
        "chart": type(picture.chart).__name__.lower() if picture else None,
        "description": picture.chart.caption.description if picture else None,
        "columns": [{"title": column.title, "align": column.align, "note": column.note} for column in table.columns],
        "rows": [{"kind": row.kind, "cells": [_cell(cell) for cell in row.cells]} for row in table.rows],
        "notes": list(table.notes),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    told: dict[str, Any] = {"text": cell.text + cell.sign}
    if cell.value is not None:
        told |= {"value": _number(cell.value), "exact": _exact(cell.value)}
    if cell.standing is not None:
        told["standing"] = cell.standing.value
    if cell.lines:
        told["lines"] = [line.text for line in cell.lines]
    return told


def _text(text: Text) -> dict[str, str | None]:
    return {"zh": text.zh, "en": text.en}


def _number(value: Fraction | int | None) -> int | float | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _exact(value: Fraction | None) -> str | None:
    """Return a value without loss: `3`, `11/7`."""
    return None if value is None else str(value)
