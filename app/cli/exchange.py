"""`crm-maturity import` and `export`: assessments out of case files, case files out of assessments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.cases import CASE_PATH, case_options, choice_of, scored_cases
from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import emit_json, fail, format_option
from app.content.cases import units_beside, write_case
from app.content.roots import Roots
from app.core.errors import Fault
from app.core.text import Text
from app.services.clock import system_clock
from app.services.engagements import AssessmentSummary, create_engagement, get_engagement, list_assessments
from app.services.exporting import export_case as export_assessment
from app.services.importing import AlreadyThere
from app.services.importing import import_case as import_assessment
from app.services.refusals import NotFound

if TYPE_CHECKING:
    from app.storage.database import Session


@click.command()
@click.argument("case", type=CASE_PATH)
@click.option("--engagement", required=True, metavar="KEY", help="Engagement to import into; made when there is none.")
@click.option("--as-revision", is_flag=True, help="Store the case beside what is there already, as its next revision.")
@click.option(
    "--reason", default="", metavar="TEXT", help="Why, where the assessment was released: a correction has one."
)
@case_options
@format_option
@pass_factories
def import_case(  # noqa: PLR0913 - one parameter per option
    factories: Factories,
    *,
    case: Path,
    engagement: str,
    as_revision: bool,
    reason: str,
    framework: Path | None,
    weights: str,
    method: str | None,
    root: Roots | None,
    output: str,
) -> None:
    """Import a case file; what is there already is not overwritten, its differences are printed.

    Weights and method are accepted as by every command that takes CASE; what is stored does not depend on them.
    """
    choice = choice_of(framework, weights, method, root)
    (read,) = scored_cases([case], choice, factories=factories, output=output)
    with refusals_told(output):
        try:
            with ready_database(factories) as database, database.begin() as session:
                _ensure_engagement(session, engagement)
                assessment_id = import_assessment(
                    session,
                    read.case,
                    framework=read.framework,
                    engagement_key=engagement,
                    library=read.library,
                    actor=None,
                    clock=system_clock,
                    as_revision=as_revision,
                    reason=reason,
                    units=units_beside(case),
                )
        except AlreadyThere as there:
            fail(_differences(there), output)
    if output == "json":
        emit_json({"assessment": assessment_id, "engagement": engagement, "case": read.case.id})
    else:
        click.echo(f"assessment: {assessment_id}")


def _ensure_engagement(session: Session, key: str) -> None:
    try:
        get_engagement(session, key)
    except NotFound:
        create_engagement(session, key=key, name=Text(zh=key), actor=None, clock=system_clock)
        click.echo(f"engagement: {key} (new)", err=True)


def _differences(there: AlreadyThere) -> list[Fault]:
    lines = [
        Fault(there.code, f"stored: {one.stored or '-'}; given: {one.given or '-'}", one.path) for one in there.diff
    ]
    what = there.values["what"]
    option = "--as-revision --reason TEXT" if there.released else "--as-revision"
    return [Fault(there.code, f"{what} is there already; {option} stores the case beside it"), *lines]


@click.command()
@click.option("--assessment", type=int, metavar="ID", help="Id of the assessment.")
@click.option("--engagement", metavar="KEY", help="Engagement; with --unit and --round in place of --assessment.")
@click.option("--unit", metavar="KEY", help="Unit.")
@click.option("--round", "round_key", metavar="KEY", help="Round.")
@click.option("--framework", metavar="ID", help="Framework, where the unit has assessments of several in the round.")
@click.option("--with-names", is_flag=True, help="Keep the labels of respondents and interviewers.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output.")
@pass_factories
def export_case(
    factories: Factories,
    *,
    assessment: int | None,
    engagement: str | None,
    unit: str | None,
    round_key: str | None,
    framework: str | None,
    with_names: bool,
    out: Path | None,
) -> None:
    """Export an assessment as a case file."""
    if assessment is None and (engagement is None or unit is None or round_key is None):
        raise click.UsageError("name --assessment, or --engagement, --unit and --round")
    with refusals_told(), ready_database(factories) as database, database.read() as session:
        if assessment is None:
            assessment = _find(session, str(engagement), str(unit), round_key=str(round_key), framework=framework)
        text = write_case(export_assessment(session, assessment, names=with_names))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror}") from error


def _find(session: Session, engagement: str, unit: str, *, round_key: str, framework: str | None) -> int:
    found: list[AssessmentSummary] = [
        one
        for one in list_assessments(session, get_engagement(session, engagement).id)
        if one.current and one.unit.key == unit and one.round.key == round_key
        if framework in (None, one.framework_id)
    ]
    if not found:
        raise NotFound("assessment", f"{unit}, {round_key}")
    if len(found) > 1:
        names = ", ".join(one.framework_id for one in found)
        raise click.UsageError(f"name --framework: there are assessments of {names}")
    return found[0].id
