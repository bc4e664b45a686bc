"""Frameworks to change: a small one full of comments and odd ways of writing, and the shipped ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).resolve().parents[3] / "frameworks"

ODD = {
    "framework.yaml": """\
# the head of the file
format: 1
kind: framework
id: odd   # short
version:   1.0.0
name:   {zh: 奇怪的, en: "Odd"}

# what it is for
summary: >-
  折叠
  文字
tiers:
- {id: group,   name: {zh: 组, en: Group}}   # first
- {id: element, name: {zh: 要素, en: Element}}
scale:
  min: 0
  max: 2   # up to two
  step: 1
  levels:
    # nothing at all
    - {value: 0, name: {zh: 无, en: None}}
    - value: 2
      name: '满'
rollup: {method: weighted-mean, coverage: {publish: 0.8, provisional: 0.6}}
capabilities:
  # the first group
  - id: alpha
    name: {zh: 甲, en: Alpha}
    weight: 2   # counts double
    children:
      # about one
      - id: one
        name: {zh: 一, en: One}
        # the levels of one
        levels:
          0: {zh: 没有, en: none}   # lowest
          2:
            zh: "有"
            en: there
        # the end of one

      - id: two
        name: 二
        prerequisites: [ one ]   # first this
        extensions: {note: "keep  this"}

      # between two and three

      - {id: three, name: {zh: 三, en: Three}, weight: 0.50}
    # after the group
  - id: beta
    name:
      zh: |-
        乙
        第二行
    children: beta.yaml
  - id: gamma
    name: {zh: 丙, en: Gamma}
    children: [{id: seven, name: {zh: 七, en: Seven}},
               {id: eight, name: {zh: 八}, critical: true}]
# the tail of the file
""",
    "beta.yaml": """\
# yaml-language-server: $schema=../schema/children.schema.json

# four is old
- id: four
  name: {zh: 四, en: Four}
  related: [telecom-crm/self-service]
-   id: five
    name: {zh: 五, en: Five}
    replaces:
      - old-five
      # and another
      - older-five
""",
}


def _load(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def shipped(framework_id: str) -> dict[str, str]:
    """Return the files of a shipped framework."""
    files = sorted((SHIPPED / framework_id).glob("*.yaml"))
    return {file.name: file.read_text("utf-8") for file in files if file.name != "versions.yaml"}


def model(files: dict[str, str] | Any) -> dict[str, Any]:
    """Return what the files say, children in their place: read by another reader than the one under test."""
    front: dict[str, Any] = _load(files["framework.yaml"])

    def whole(value: Any) -> Any:
        listed = _load(files[value]) if isinstance(value, str) else value
        return [
            {**node, **({"children": whole(node["children"])} if "children" in node else {})} for node in listed or []
        ]

    return {**front, "capabilities": whole(front["capabilities"])}


def walk(found: dict[str, Any] | Any) -> list[dict[str, Any]]:
    """Return every node of a model, parents before children."""
    nodes = []
    for node in found.get("capabilities", found.get("children", ())):
        nodes += [node, *walk(node)]
    return nodes


def node_of(found: dict[str, Any], node_id: str) -> dict[str, Any]:
    """Return one node of a model."""
    return next(node for node in walk(found) if node["id"] == node_id)


def siblings_of(found: dict[str, Any], node_id: str) -> list[dict[str, Any]]:
    """Return the list of a model that a node stands in."""
    families = [found["capabilities"], *(node["children"] for node in walk(found) if "children" in node)]
    return next(family for family in families if any(node["id"] == node_id for node in family))
