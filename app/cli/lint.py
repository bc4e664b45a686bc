"""`crm-maturity lint`: check content and print every fault with its place."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.main import Factories
from app.cli.output import FAULTY, emit_json, fail, faults_document, format_option
from app.content.lint import LintReport
from app.content.lint import lint as check
from app.core.errors import Fault
from app.settings import SettingsFault


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Content root; default: CRM_MATURITY_ROOT, else the checkout.",
)
@format_option
@click.pass_obj
def lint(factories: Factories, paths: tuple[Path, ...], root: Path | None, output: str) -> None:
    """Check the content root, or the named files and folders. Exit code 1 when there is an error."""
    report = check(paths, root=root or _content_root(factories, output))
    if output == "json":
        emit_json({"files": report.files, **faults_document(report.faults)})
    else:
        _print(report)
    if report.errors:
        raise SystemExit(FAULTY)


def _content_root(factories: Factories, output: str) -> Path:
    try:
        return factories.settings().content
    except SettingsFault as fault:
        fail([Fault("settings", str(fault))], output)


def _print(report: LintReport) -> None:
    for fault in report.faults:
        click.echo(str(fault))
    errors, warnings = len(report.errors), len(report.warnings)
    click.echo(f"{report.files} files: {errors} errors, {warnings} warnings", err=True)
