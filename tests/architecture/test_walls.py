"""Ids become things of an engagement only in accessors that ask who asks (services/walls.py)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.settings import CHECKOUT

APP = CHECKOUT / "app"
# query of storage that turns an id (or all there are) into a thing -> the services that may call it, because they ask
GUARDED = {
    ("assessments", "assessment"): {"engagements"},
    ("assessments", "assessments"): {"engagements", "assessing", "demo"},  # those of a list that was asked; nobody asks
    ("engagements", "engagement"): {"engagements"},
    ("engagements", "engagement_by_id"): {"engagements", "archiving"},
    ("engagements", "engagements"): {"engagements", "retaining"},  # the worker: nobody asks
    ("job_lists", "newest_reports"): {"jobs"},
    ("jobs", "job"): {"jobs"},
    ("jobs", "jobs"): {"jobs"},
    ("memberships", "home_of"): {"walls"},
    ("reports", "report"): {"jobs", "kept_reports"},
}


def calls(file: Path) -> Iterator[tuple[str, str]]:
    """Return the queries of storage that a module names: (module of storage, function)."""
    tree = ast.parse(file.read_text("utf-8"))
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "app.storage":
            modules |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.storage."):
            yield from (((node.module or "").rpartition(".")[2], name.name) for name in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr


def test_things_of_engagements_are_fetched_only_where_it_is_asked_who_asks() -> None:
    past = [
        f"{file.relative_to(APP)}: {'.'.join(call)}"
        for folder in ("services", "web")
        for file in sorted((APP / folder).rglob("*.py"))
        for call in calls(file)
        if call in GUARDED and file.stem not in GUARDED[call]
    ]
    assert past == []


def test_the_web_queries_nothing_itself() -> None:
    """Every query of a page is in a service, which can ask."""
    harmless = {"attachment_files", "database", "encoding"}
    past = [
        f"{file.relative_to(APP)}: {'.'.join(call)}"
        for file in sorted((APP / "web").rglob("*.py"))
        for call in calls(file)
        if call[0] not in harmless and call[1].islower()  # records are looked at, functions ask the database
    ]
    assert past == []
