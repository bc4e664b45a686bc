"""What every command prints: one JSON document on standard output, or text; faults and the exit code that follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import click

from app.core.errors import Fault

F = TypeVar("F", bound=Callable[..., Any])

FAULTY = 1


def format_option(command: F) -> F:
    """Add `--format text|json` as the parameter `output`."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Output form.",
    )(command)


def emit_json(document: object) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def fault_document(fault: Fault) -> dict[str, object]:
    """Return a fault in the form of the command contract."""
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "path": fault.path,
        "message": fault.message,
    }


def faults_document(faults: Sequence[Fault]) -> dict[str, object]:
    """Return faults, split into errors and warnings, in the form of the command contract."""
    return {
        "errors": [fault_document(fault) for fault in faults if fault.severity == "error"],
        "warnings": [fault_document(fault) for fault in faults if fault.severity == "warning"],
    }


def fail(faults: Sequence[Fault], output: str) -> NoReturn:
    """Print every fault (JSON to standard output, text to standard error) and exit 1."""
    if output == "json":
        emit_json(faults_document(faults))
    else:
        for fault in faults:
            click.echo(str(fault), err=True)
    raise SystemExit(FAULTY)
