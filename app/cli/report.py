"""`crm-maturity report`: case files in, a file out, its suffix says which; the same document as the web's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.cases import CASE_PATH, ScoredCase, case_options, choice_of, scored_cases
from app.cli.figures import locale_option
from app.cli.main import Factories
from app.cli.one_version import Brought, in_one_version
from app.cli.output import emit_json, fail, format_option
from app.content.roots import Roots
from app.core.errors import Fault, FaultsFound
from app.core.report import Paper
from app.core.text import Locale

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.benchmark import BenchmarkSet
    from app.core.case import UnitTree
    from app.core.report import ReportDefinition
    from app.core.translations import Passage
    from app.document.material import Material
    from app.services.report_formats import Rendering

MOST_TOLD = 60  # texts without English that are told in words


@click.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True, type=CASE_PATH)
@click.option("--template", required=True, metavar="T", help="Report: a folder name below reports/.")
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; its suffix says which: .pdf, .pptx, .docx, .xlsx, .csv.zip, .json, .yaml.zip.",
)
@click.option("--paper", type=click.Choice([paper.value for paper in Paper]), help="Paper, in place of the report's.")
@click.option("--with-data", "with_data", is_flag=True, help="Put the data into the PDF as a workbook (PDF/A-3).")
@click.option("--benchmark", metavar="SET", help="Benchmark set whose carriers stand beside the cases.")
@case_options
@locale_option
@format_option
@click.pass_obj
def report(  # noqa: PLR0913 - one parameter per option
    factories: Factories,
    cases: tuple[Path, ...],
    *,
    template: str,
    out: Path,
    paper: str | None,
    with_data: bool,
    benchmark: str | None,
    framework: Path | None,
    weights: str,
    method: str | None,
    root: Roots | None,
    locale: Locale,
    output: str,
) -> None:
    """Write a report as PDF, slides, document, workbook or data."""
    file_format = _file_format(out)
    if with_data and file_format != "pdf":
        raise click.BadParameter(f"{out.name} cannot hold the data; a .pdf can.", param_hint="--with-data")
    choice = choice_of(framework, weights, method, root)
    library = _library(factories, root, output)
    definition = _definition(library, template)
    scored = scored_cases(cases, choice, factories=factories, output=output)
    base, brought = in_one_version(scored, output)
    _unlike_ids(scored, output)
    from app.document.build import build_document  # noqa: PLC0415 - --help stays quick
    from app.document.untranslated import untranslated  # noqa: PLC0415
    from app.services.printing import templates_of  # noqa: PLC0415
    from app.services.rendering import on_paper  # noqa: PLC0415
    from app.services.report_formats import Rendering  # noqa: PLC0415

    material = _material(base, brought, benchmark, library)
    definition = on_paper(definition, Paper(paper) if paper else None)
    rendering = Rendering(
        material=material,
        definition=definition,
        document=build_document(material, definition, locale),
        templates=templates_of(library.roots, template),
        data_attached=with_data,
    )
    _write(rendering, file_format, out, output, untranslated(material, definition) if locale == "en" else [])


def _file_format(out: Path) -> str:
    """Return the format that the name of the file to write asks for."""
    from app.services.report_formats import FORMATS  # noqa: PLC0415 - --help stays quick

    found = next((name for name, form in FORMATS.items() if out.name.lower().endswith(f".{form.suffix}")), None)
    if found is None:
        *others, last = (f".{form.suffix}" for form in FORMATS.values())
        raise click.BadParameter(f"{out.name} must end in {', '.join(others)} or {last}.", param_hint="--out")
    if not out.parent.is_dir():
        raise click.BadParameter(f"the folder {out.parent} does not exist.", param_hint="--out")
    return found


def _library(factories: Factories, root: Roots | None, output: str) -> Library:
    """Return the content root, which holds the reports; ends the command where it has faults."""
    try:
        return factories.library(root)
    except FaultsFound as found:
        fail(found.faults, output)


def _definition(library: Library, template: str) -> ReportDefinition:
    known = {one.id: one for one in library.reports()}
    if template not in known:
        raise click.BadParameter(f"{template!r} is none of {', '.join(known) or 'none'}.", param_hint="--template")
    return known[template]


def _unlike_ids(scored: Sequence[ScoredCase], output: str) -> None:
    """End the command where two files are the same case."""
    seen: dict[str, ScoredCase] = {}
    faults: list[Fault] = []
    for one in scored:
        if one.case.id in seen:
            message = f"{seen[one.case.id].path} has the same id {one.case.id}; a case stands once in a report"
            faults.append(Fault("E803", message, "id", str(one.path)))
        seen.setdefault(one.case.id, one)
    if faults:
        fail(faults, output)


def _material(first: ScoredCase, brought: Sequence[Brought], benchmark: str | None, library: Library) -> Material:
    from app.document.material import material  # noqa: PLC0415
    from app.services.report_material import in_version, subject_of_case  # noqa: PLC0415

    cases = (its.one for its in brought)
    subjects = [subject_of_case(one.case, one.scorecard, one.respondents) for one in cases]
    tree = _units(first, library)
    return material(
        first.framework,
        [in_version(one, first.framework, first.library, weights=first.profile) for one in subjects],
        made_on=datetime.now().astimezone().date(),
        weights=first.profile,
        benchmark=_benchmark(first, benchmark),
        engagement=tree.name if tree else None,
        units=[unit.id for unit in tree.depth_first] if tree else [],
    )


def _units(scored: ScoredCase, library: Library) -> UnitTree | None:
    """Return the units beside the cases of the content root, for cases of a framework there."""
    shipped = scored.framework.id in library.framework_ids()
    tree = library.unit_tree(scored.framework.id) if shipped else None
    known = {unit.id for unit in tree.units} if tree else set()
    return tree if scored.case.unit.id in known else None


def _benchmark(scored: ScoredCase, benchmark: str | None) -> BenchmarkSet | None:
    if benchmark is None:
        return None
    sets = {one.id: one for one in scored.library.benchmarks(scored.framework.id)}
    if benchmark not in sets:
        known = ", ".join(sets) or "none"
        raise click.BadParameter(f"{benchmark!r} is not there; known are {known}.", param_hint="--benchmark")
    return sets[benchmark]


def _write(rendering: Rendering, file_format: str, out: Path, output: str, untranslated: Sequence[Passage]) -> None:
    from app.services.report_formats import FORMATS  # noqa: PLC0415
    from app.services.report_material import ReportRefused  # noqa: PLC0415

    form = FORMATS[file_format]
    try:
        written = form.write(rendering)
        out.write_bytes(written)
    except ReportRefused as refused:
        fail([Fault("E804", str(refused), file=str(rendering.templates[0]))], output)
    except OSError as error:
        raise click.BadParameter(f"{out} cannot be written: {error.strerror}.", param_hint="--out") from error
    _tell(untranslated)
    if output == "json":
        pages = form.pages(written) if form.pages else None
        places = [passage.place for passage in untranslated]
        document = {"file": str(out), "bytes": len(written), "format": file_format, "pages": pages}
        emit_json({**document, "untranslated": places})
    else:
        click.echo(str(out))


def _tell(untranslated: Sequence[Passage]) -> None:
    """Say on standard error which texts an English report had to print in Chinese."""
    if not untranslated:
        return
    click.echo(f"texts without English, which stand in Chinese: {len(untranslated)}", err=True)
    for passage in untranslated[:MOST_TOLD]:
        click.echo(f"  {passage.place}: {passage.text.zh}", err=True)
    if len(untranslated) > MOST_TOLD:
        click.echo(f"  … and {len(untranslated) - MOST_TOLD} more (--format json names all)", err=True)
