"""/benchmarks: all sets, one set with its carriers."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.services.permissions import Action
from app.web.access import requires
from app.web.benchmarks.pages import CONFIDENCE_WORDS, REGION_WORDS, carrier
from app.web.context import context
from app.web.shell import Shell

blueprint = Blueprint("benchmarks", __name__)
SHELL = Shell(section="benchmarks")


@blueprint.get("/benchmarks")
@requires(Action.READ)
def listing() -> str:
    """Show every benchmark set with its source."""
    library = context().library
    sets = [
        (library.framework(framework_id), one)
        for framework_id in library.framework_ids()
        for one in library.benchmarks(framework_id)
    ]
    return render_template(
        "benchmarks/listing.html",
        sets=sets,
        confidence_words=CONFIDENCE_WORDS,
        shell=SHELL,
        help_page="benchmarks",
    )


@blueprint.get("/benchmarks/<framework_id>/<set_id>")
@requires(Action.READ)
def show(framework_id: str, set_id: str) -> str:
    """Show one set: where it comes from, and everything that it says of each carrier."""
    library = context().library
    if framework_id not in library.framework_ids():
        abort(404)
    found = next((one for one in library.benchmarks(framework_id) if one.id == set_id), None)
    if found is None:
        abort(404)
    framework = library.framework(framework_id)
    return render_template(
        "benchmarks/show.html",
        framework=framework,
        set=found,
        carriers=[carrier(framework, entry) for entry in found.entries],
        confidence_words=CONFIDENCE_WORDS,
        region_words=REGION_WORDS,
        shell=SHELL,
        help_page="benchmarks",
    )
