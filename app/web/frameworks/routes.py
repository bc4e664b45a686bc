"""/frameworks: list, one version, one capability of it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from app.content.layering import ContentKind
from app.core.framework import Framework
from app.services.permissions import Action
from app.services.translation_progress import progress_of_version
from app.web.access import requires
from app.web.context import context
from app.web.frameworks.pages import (
    METHOD_MEANINGS,
    METHOD_WORDS,
    content_hash,
    tier_counts,
    tree_rows,
    worded_levels,
)
from app.web.shell import Shell
from app.web.templating import in_locale

blueprint = Blueprint("frameworks", __name__)
SHELL = Shell(section="frameworks")


@blueprint.get("/frameworks")
@requires(Action.READ)
def listing() -> str:
    """Show the newest version of every framework."""
    library = context().library
    found = [library.framework(framework_id) for framework_id in library.framework_ids()]
    with context().database.read() as session:
        english = [progress_of_version(session, library, ContentKind.FRAMEWORK, one.id, one.version) for one in found]
    return render_template(
        "frameworks/listing.html",
        frameworks=[(one, tier_counts(one), so_far) for one, so_far in zip(found, english, strict=True)],
        shell=SHELL,
        help_page="frameworks",
    )


@blueprint.get("/frameworks/<framework_id>/<version>")
@requires(Action.READ)
def show(framework_id: str, version: str) -> str:
    """Show a version: tree with weights, scale, rollup, source, versions, hash."""
    framework = _framework(f"{framework_id}@{version}")
    library = context().library
    profiles = library.weight_profiles(framework)
    chosen = request.args.get("weights", "default")
    if chosen not in profiles:
        abort(404)
    return render_template(
        "frameworks/show.html",
        framework=framework,
        counts=tier_counts(framework),
        rows=tree_rows(framework, profiles[chosen]),
        levels_of=lambda leaf: worded_levels(framework, leaf),
        profiles=profiles,
        chosen=chosen,
        versions=library.versions(framework_id),
        questionnaires=library.questionnaires(framework_id),
        benchmarks=library.benchmarks(framework_id),
        hash=content_hash(framework),
        method_words=METHOD_WORDS,
        method_meanings=METHOD_MEANINGS,
        shell=SHELL,
        help_page="frameworks",
    )


@blueprint.get("/frameworks/<framework_id>/<version>/capabilities/<node_id>")
@requires(Action.READ)
def node(framework_id: str, version: str, node_id: str) -> str:
    """Show one capability: definition, level texts, what stands above, below and beside it."""
    framework = _framework(f"{framework_id}@{version}")
    if node_id not in framework:
        abort(404)
    found = framework.node(node_id)
    rows = {row.node.id: row for row in tree_rows(framework)}
    return render_template(
        "frameworks/node.html",
        framework=framework,
        row=rows[node_id],
        node=found,
        children=[rows[child.id] for child in found.children],
        levels=worded_levels(framework, found) if found.is_leaf else [],
        prerequisites=[framework.node(one) for one in found.prerequisites],
        needed_by=[leaf for leaf in framework.leaves if node_id in leaf.prerequisites],
        related=[_related(reference) for reference in found.related],
        shell=SHELL,
        help_page="frameworks",
    )


def _framework(reference: str) -> Framework:
    try:
        return context().library.framework(reference)
    except KeyError:
        abort(404)


def _related(reference: str) -> tuple[str, str | None]:
    """Return the words and the address of a leaf of another framework; without address where it is unknown."""
    framework_id, _, leaf_id = reference.partition("/")
    try:
        framework = context().library.framework(framework_id)
        leaf = framework.node(leaf_id)
    except KeyError:
        return reference, None
    address = url_for("frameworks.node", framework_id=framework.id, version=framework.version, node_id=leaf.id)
    return f"{in_locale(framework.name)} · {in_locale(leaf.name)}", address
