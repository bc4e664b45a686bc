"""`crm-maturity lint`: check content and print every fault with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from app.cli.cases import root_option
from app.cli.main import Factories
from app.cli.output import FAULTY, emit_json, fail, faults_document, format_option
from app.content.fault_words import hint, line, sentence
from app.content.lint import LintReport
from app.content.lint import lint as check
from app.content.roots import Roots
from app.core.errors import Fault
from app.core.text import LOCALES, Locale
from app.settings import SettingsFault


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@root_option
@click.option("--locale", type=click.Choice(LOCALES), default="en", show_default=True, help="Language of the faults.")
@format_option
@click.pass_obj
def lint(factories: Factories, paths: tuple[Path, ...], root: Roots | None, locale: Locale, output: str) -> None:
    """Check the content root, or the named files and folders. Exit code 1 when there is an error."""
    report = check(paths, root=root or _content_root(factories, output))
    if output == "json":
        emit_json({"files": report.files, **faults_document([_in_words(fault, locale) for fault in report.faults])})
    else:
        _print(report, locale)
    if report.errors:
        raise SystemExit(FAULTY)


def _content_root(factories: Factories, output: str) -> Roots:
    try:
        return factories.settings().content_roots
    except SettingsFault as fault:
        fail([Fault("settings", str(fault))], output)


def _in_words(fault: Fault, locale: Locale) -> Fault:
    return replace(fault, message=sentence(fault, locale))


def _print(report: LintReport, locale: Locale) -> None:
    for fault in report.faults:
        click.echo(line(fault, locale))
        if locale == "zh" and hint(fault.code, locale):
            click.echo(f"    怎样改：{hint(fault.code, locale)}")
    errors, warnings = len(report.errors), len(report.warnings)
    counted = f"{report.files} files: {errors} errors, {warnings} warnings"
    if locale == "zh":
        counted = f"{report.files} 个文件：{errors} 处错误，{warnings} 处提醒"
    click.echo(counted, err=True)
