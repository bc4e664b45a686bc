"""`crm-maturity guide`: a questionnaire in, a blank interview guide as PDF out. Needs no database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from app.cli.cases import root_option
from app.cli.main import Factories
from app.cli.output import emit_json, fail, format_option
from app.content.roots import Roots
from app.core.errors import Fault, FaultsFound
from app.settings import SettingsFault

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.questionnaire import Questionnaire, Role
    from app.services.guides import Language

LANGUAGES = ("zh", "en", "both")


@click.command()
@click.argument("questionnaire", metavar="QUESTIONNAIRE")
@click.option("--role", metavar="R", help="Role of the questionnaire; all elements without one.")
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write."
)
@click.option(
    "--locale",
    "language",
    type=click.Choice(LANGUAGES),
    default="zh",
    show_default=True,
    help="Language; both: two columns side by side.",
)
@root_option
@format_option
@click.pass_obj
def guide(
    factories: Factories,
    questionnaire: str,
    *,
    role: str | None,
    out: Path,
    language: str,
    root: Roots | None,
    output: str,
) -> None:
    """Write a blank interview guide as PDF. QUESTIONNAIRE is an id, with `@` and a version where there are several."""
    if out.suffix.lower() != ".pdf":
        raise click.BadParameter(f"{out.name} must end in .pdf.", param_hint="--out")
    if not out.parent.is_dir():
        raise click.BadParameter(f"the folder {out.parent} does not exist.", param_hint="--out")
    library = _library(factories, root, output)
    chosen = _questionnaire(library, questionnaire)
    _write(library, chosen, _role(chosen, role), language=cast("Language", language), out=out, output=output)


def _library(factories: Factories, root: Roots | None, output: str) -> Library:
    try:
        return factories.library(root)
    except FaultsFound as found:
        fail(found.faults, output)
    except SettingsFault as refused:
        fail([Fault("settings", str(refused))], output)


def _questionnaire(library: Library, wanted: str) -> Questionnaire:
    found = library.find_questionnaire(wanted)
    if found is None:
        known = ", ".join(one.reference for one in library.questionnaires()) or "none"
        raise click.BadParameter(f"{wanted!r} is not there; known are {known}.", param_hint="QUESTIONNAIRE")
    return found


def _role(questionnaire: Questionnaire, wanted: str | None) -> Role | None:
    known = {role.id: role for role in questionnaire.roles}
    if wanted is not None and wanted not in known:
        raise click.BadParameter(f"{wanted!r} is none of {', '.join(known)}.", param_hint="--role")
    return known[wanted] if wanted is not None else None


def _write(
    library: Library, chosen: Questionnaire, role: Role | None, *, language: Language, out: Path, output: str
) -> None:
    from app.services.guides import (  # noqa: PLC0415 - --help stays quick
        GuideRefused,
        blank_material,
        print_guide,
        templates_of,
    )

    templates = templates_of(library.roots)
    try:
        material = replace(
            blank_material(chosen, library.framework(chosen.framework), role), theme=library.interview_theme()
        )
        written = print_guide(material, language, templates)
        out.write_bytes(written)
    except GuideRefused as refused:
        fail([Fault("E804", str(refused), file=str(templates))], output)
    except OSError as error:
        raise click.BadParameter(f"{out} cannot be written: {error.strerror}.", param_hint="--out") from error
    if output == "json":
        emit_json({"file": str(out), "bytes": len(written), "elements": len(material.asked)})
    else:
        click.echo(str(out))
