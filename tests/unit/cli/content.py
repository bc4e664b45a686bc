"""Content written to a folder outside the checkout, for commands to read; and the commands, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from click.testing import CliRunner

from app.cli.main import Factories, group
from app.content.library import Library
from app.content.roots import Roots
from app.settings import CHECKOUT, read_settings

REFERENCE = CHECKOUT / "frameworks" / "telecom-crm"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what it wrote where."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def crm_maturity(
    *arguments: str | Path, root: Path | None = None, library: Callable[[Roots | None], Library] | None = None
) -> Outcome:
    """Run a command line; `root` stands in for CRM_MATURITY_ROOT, `library` reads all content where a command asks."""
    environ = {} if root is None else {"CRM_MATURITY_ROOT": str(root)}
    factories = Factories(
        settings=lambda: read_settings(environ=environ),
        library=library or _not_needed,
        database=_not_needed,
        application=_not_needed,
        worker=_not_needed,
        attempt=_not_needed,
        command=(),
    )
    result = CliRunner().invoke(group, list(map(str, arguments)), obj=factories)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def _not_needed(*_: object) -> NoReturn:
    raise AssertionError("score and compare need no database and no web")


def written(path: Path, document: object) -> Path:
    """Write a YAML file, in the part of YAML that is JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")
    return path


def text(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


def framework_document(
    *,
    depth: int = 2,
    scale: tuple[float, float, float] = (0, 5, 0.5),
    method: str = "weighted-mean",
    capabilities: list[dict[str, object]] | None = None,
    **overrides: object,
) -> dict[str, object]:
    """Return a framework: two capabilities on each of `depth` tiers, or the capabilities given."""
    low, high, step = scale
    return {
        "format": 1,
        "kind": "framework",
        "id": "sketch",
        "version": "1.0.0",
        "name": text("草图"),
        "tiers": [{"id": f"tier-{place}", "name": text(f"层{place}")} for place in range(1, depth + 1)],
        "scale": {
            "min": low,
            "max": high,
            "step": step,
            "levels": [{"value": low, "name": text("低")}, {"value": high, "name": text("高")}],
        },
        "rollup": {"method": method, "coverage": {"publish": 0.8, "provisional": 0.6}},
        "capabilities": capabilities or twins("n", depth),
        **overrides,
    }


def twins(prefix: str, depth: int) -> list[dict[str, object]]:
    """Return two capabilities, each with two below it, down to the last tier: n1, n2, n11, n12, …"""
    nodes: list[dict[str, object]] = []
    for place in (1, 2):
        node: dict[str, object] = {"id": f"{prefix}{place}", "name": text(f"{prefix}{place}")}
        if depth > 1:
            node["children"] = twins(f"{prefix}{place}", depth - 1)
        nodes.append(node)
    return nodes


def case_document(name: str = "case-a", *, scores: Mapping[str, object], **more: object) -> dict[str, object]:
    """Return a case: scores by element, a plain number or the whole mapping."""
    judged = {node: value if isinstance(value, dict) else {"score": value} for node, value in scores.items()}
    return {
        "format": 1,
        "kind": "case",
        "id": name,
        "framework": "sketch@1.0.0",
        "unit": {"id": f"unit-{name}", "name": {"zh": f"单位{name}"}},
        "round": {"id": "2026-01", "name": text("一月"), "date": "2026-01-02"},
        "scores": judged,
        **more,
    }
