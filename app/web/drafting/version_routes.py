"""/content/<kind>/<key>/versions: every version with its note and changes, and its files to take along."""

from __future__ import annotations

from flask import abort, render_template
from werkzeug.wrappers import Response

from app.content.layering import ContentKind
from app.services import drafting
from app.services.changelog import VersionEntry, changelog
from app.services.content_archives import archive, folder_files, version_files
from app.services.permissions import Action, permitted
from app.web.access import requires
from app.web.context import actor, context
from app.web.drafting.base import blueprint, download, kind_of, name_of
from app.web.drafting.changes import Group, worded_changes
from app.web.drafting.pages import naming_framework
from app.web.drafting.words import STEPS, kind_words
from app.web.shell import Shell


@blueprint.get("/content/<kind>/<path:content_key>/versions")
@requires(Action.READ)
def versions(kind: str, content_key: str) -> str:
    """Show every version of one content, the newest first, each with what changed in it."""
    known, library = kind_of(kind), context().library
    with context().database.read() as session:
        entries = changelog(library, session, known, content_key)
        mine = None
        if permitted(actor(), Action.REVISE):
            own = (one for one in drafting.list_drafts(session, actor()) if one.owner_id == actor().user_id)
            mine = next((one.id for one in own if (one.kind, one.key) == (kind, content_key)), None)
    return render_template(
        "drafting/versions.html",
        kind=known,
        key=content_key,
        name=name_of(entries[0].content, content_key),
        entries=[(entry, _groups(entry, known, content_key)) for entry in entries],
        draft_id=mine,
        kinds=kind_words(),
        steps=STEPS,
        framework_id=content_key.partition("/")[0] if known is not ContentKind.QUESTIONNAIRE else None,
        shell=Shell(section="questionnaires" if known is ContentKind.QUESTIONNAIRE else "frameworks"),
        help_page="drafts",
    )


@blueprint.get("/content/<kind>/<path:content_key>/versions/<version>.zip")
@requires(Action.READ)
def version_archive(kind: str, content_key: str, version: str) -> Response:
    """Send the files of one version."""
    known = kind_of(kind)
    with context().database.read() as session:
        files = version_files(context().library, session, known, content_key, version)
    return download(archive(files), f"{content_key.replace('/', '-')}-{version}")


@blueprint.get("/content/<kind>/<path:content_key>/all.zip")
@requires(Action.READ)
def folder_archive(kind: str, content_key: str) -> Response:
    """Send everything that was published of one content as it lies in a content root."""
    known = kind_of(kind)
    with context().database.read() as session:
        files = folder_files(context().library, session, known, content_key)
    if not files:
        abort(404)
    return download(archive(files), content_key.replace("/", "-"))


def _groups(entry: VersionEntry, kind: ContentKind, key: str) -> tuple[Group, ...]:
    if entry.changes is None:
        return ()
    library = context().library
    old, new = (naming_framework(library, one, kind, key) for one in (entry.before, entry.content))
    return worded_changes(entry.changes, old, new)
