"""`crm-maturity verify`: every released result computed anew and compared with what was stored."""

from __future__ import annotations

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import FAULTY, emit_json, format_option
from app.services.verifying import Recomputed, verify_releases

MOST_SHOWN = 10  # differences of one result that text output lists; JSON has all


@click.command()
@format_option
@pass_factories
def verify(factories: Factories, output: str) -> None:
    """Compute every released result anew; exit code 1 when one differs from what was stored."""
    with refusals_told(output), ready_database(factories) as database, database.read() as session:
        found = list(verify_releases(session))
    wrong = [one for one in found if not one.stands]
    if output == "json":
        emit_json({"releases": [_document(one) for one in found], "different": len(wrong)})
    else:
        for one in found:
            _tell(one)
        click.echo(f"{len(found)} released results, {len(wrong)} different")
    if wrong:
        raise SystemExit(FAULTY)


def _document(one: Recomputed) -> dict[str, object]:
    release = one.release
    return {
        "assessment": release.assessment_id,
        "revision": release.revision,
        "published_at": release.published_at.isoformat(),
        "program": release.program,
        "stored_hash": release.hash,
        "computed_hash": one.computed_hash,
        "stored_document_intact": not one.altered,
        "stands": one.stands,
        "differences": [
            {"path": found.path, "stored": found.stored, "computed": found.computed} for found in one.differences
        ],
    }


def _tell(one: Recomputed) -> None:
    release = one.release
    word = "ok" if one.stands else "ALTERED" if one.altered else "DIFFERENT"
    name = f"assessment {release.assessment_id} revision {release.revision}"
    click.echo(f"{word:10}{name}  {release.hash[:12]}  {release.published_at:%Y-%m-%d}  {release.program}")
    for found in one.differences[:MOST_SHOWN]:
        click.echo(f"          {found.path}: stored {found.stored}, computed {found.computed}")
    if len(one.differences) > MOST_SHOWN:
        click.echo(f"          … {len(one.differences) - MOST_SHOWN} more")
