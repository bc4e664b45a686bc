"""`crm-maturity new-framework`: begin a framework and its questionnaire with commented files that have no fault."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import click

from app.cli.main import Factories
from app.cli.output import emit_json, fail, format_option
from app.content.beginning.framework import framework_text
from app.content.beginning.plan import FEWEST_TIERS, MOST_TIERS, Plan, PlanRefused, questionnaire_id
from app.content.beginning.questionnaire import questionnaire_text
from app.content.json_schema import FOLDER as SCHEMAS
from app.content.lint import lint
from app.core.errors import Fault
from app.core.text import Locale, Text
from app.settings import SettingsFault

_SCALE = re.compile(r"(-?\d{1,9}(?:\.\d{1,6})?):(-?\d{1,9}(?:\.\d{1,6})?):(\d{1,9}(?:\.\d{1,6})?)")


@click.command("new-framework")
@click.argument("framework_id", metavar="ID")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that has, or gets, frameworks/ and questionnaires/; default: the content root.",
)
@click.option("--tiers", type=click.IntRange(FEWEST_TIERS, MOST_TIERS), default=3, show_default=True, help="Tiers.")
@click.option("--scale", default="0:5:0.5", show_default=True, metavar="MIN:MAX:STEP", help="Scale of scores.")
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of the comments; texts are in both.",
)
@click.option("--name-zh", help="Chinese name; default: the id.")
@click.option("--name-en", help="English name; default: the id.")
@click.option("--questionnaire/--no-questionnaire", default=True, show_default=True, help="Write a guide as well.")
@format_option
@click.pass_obj
def new_framework(  # noqa: PLR0913 - one parameter for each option
    factories: Factories,
    framework_id: str,
    *,
    folder: Path | None,
    tiers: int,
    scale: str,
    language: Locale,
    name_zh: str | None,
    name_en: str | None,
    questionnaire: bool,
    output: str,
) -> None:
    """Write a commented framework that has no fault, to be filled in; nothing that exists is overwritten."""
    name = Text(name_zh or framework_id, name_en or framework_id)
    roots = _content_roots(factories, output)
    root = folder or roots[0]
    files = _files(Plan(framework_id, name, tiers, *_ends(scale), language), root, questionnaire=questionnaire)
    begun = root / "frameworks" / framework_id
    for path in (*(one / "frameworks" / framework_id for one in (root, *roots)), *files):
        if path.exists():
            fail([Fault("exists", f"{path} is there already; nothing was written", file=str(path))], output)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = lint([begun, *(path for path in files if not path.is_relative_to(begun))], root=root)
    if report.errors:
        fail(report.errors, output)
    _tell(list(files), output, framework_id, language)


def _content_roots(factories: Factories, output: str) -> tuple[Path, ...]:
    try:
        return factories.settings().content_roots
    except SettingsFault as fault:
        fail([Fault("settings", str(fault))], output)


def _ends(scale: str) -> tuple[Fraction, Fraction, Fraction]:
    match = _SCALE.fullmatch(scale)
    if match is None:
        raise click.BadParameter("write lowest:highest:step, such as 0:5:0.5", param_hint="--scale")
    return Fraction(match[1]), Fraction(match[2]), Fraction(match[3])


def _files(plan: Plan, root: Path, *, questionnaire: bool) -> dict[Path, str]:
    try:
        files = {root / "frameworks" / plan.id / "framework.yaml": framework_text(plan)}
        if questionnaire:
            files[root / "questionnaires" / f"{questionnaire_id(plan.id)}.yaml"] = questionnaire_text(plan)
    except PlanRefused as refused:
        hint = "ID" if refused.field == "id" else f"--{refused.field}"
        raise click.BadParameter(str(refused), param_hint=hint) from None
    if not (root / SCHEMAS).is_dir():  # the first line leads nowhere then
        return {path: text.partition("\n")[2] for path, text in files.items()}
    return files


_NEXT = {
    "zh": (
        "接下来：打开 {file}，改名称、能力树和各级描述；\n"
        "每改一步就检查：crm-maturity lint {folder}\n"
        "写法见 docs/content-guide.zh.md。"
    ),
    "en": (
        "Next: open {file} and change names, tree and level texts;\n"
        "check after every step: crm-maturity lint {folder}\n"
        "docs/content-guide.md teaches it in 30 minutes."
    ),
}


def _tell(files: list[Path], output: str, framework_id: str, language: Locale) -> None:
    if output == "json":
        emit_json({"framework": f"{framework_id}@1.0.0", "files": [str(path) for path in files]})
        return
    for path in files:
        click.echo(path)
    click.echo(_NEXT[language].format(file=files[0], folder=files[0].parent), err=True)
