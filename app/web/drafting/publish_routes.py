"""/drafts/<id>/publish: what publishing a draft would do; then it is done, for ever."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from app.core.errors import FaultsFound
from app.core.framework import Framework
from app.i18n import msgid
from app.services import drafting
from app.services.permissions import Action
from app.services.publishing import (
    LONGEST_NOTE,
    Preview,
    Published,
    prepare_publication,
    preview_publication,
    publish_prepared,
)
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.drafting.base import SHELL, blueprint, name_of, versions_url
from app.web.drafting.changes import worded_changes
from app.web.drafting.pages import fault_lines, naming_framework, published_name
from app.web.drafting.words import REASONS, STEPS, kind_words
from app.web.forms import Form, stripped


class PublishForm(Form):
    """Under which version, and why; judged by the service."""

    version = StringField(msgid("版本"), filters=[stripped])
    note = TextAreaField(msgid("变更说明"), filters=[stripped])


@blueprint.get("/drafts/<int:draft_id>/publish")
@requires(Action.REVISE)
def publish(draft_id: int) -> str | Response:
    """Show what would be published, and what stands in its way."""
    return _page(draft_id, None)


@blueprint.post("/drafts/<int:draft_id>/publish")
@requires(Action.REVISE)
def publish_now(draft_id: int) -> str | Response | tuple[str | Response, int]:
    """Publish a draft under the version and note of the form."""
    form = PublishForm()
    try:
        published = _publish(draft_id, form)
    except Invalid as refused:
        form.add_refusal(refused)
        return _page(draft_id, form), 422
    except FaultsFound:
        form.add_loose(translate("有错误，没有发布；错误列在下面。"))
        return _page(draft_id, form), 422
    context().shelf.renew()
    flash(
        translate("版本 %(version)s 已发布。进行中的评估仍用各自的版本，直到有人升级它。")
        % {"version": published.version}
    )
    return redirect(versions_url(published.kind, published.key), 303)


def _publish(draft_id: int, form: PublishForm) -> Published:
    """Check with a reading session, which takes its time; write in a short one."""
    with context().database.read() as session:
        prepared = prepare_publication(
            session,
            draft_id,
            version=form.version.data or "",
            note=form.note.data or "",
            shelf=context().shelf,
            actor=actor(),
        )
    with context().database.begin() as session:
        return publish_prepared(session, prepared, actor=actor(), clock=context().clock)


def _page(draft_id: int, form: PublishForm | None) -> str | Response:
    with context().database.read() as session:
        draft = drafting.get_draft(session, draft_id, actor())
        if draft.outcome is not None:
            flash(translate("这份草稿已经结束，不再修改。"), "warning")
            return redirect(url_for(".show", draft_id=draft_id))
        preview = preview_publication(session, draft_id, shelf=context().shelf, actor=actor())
        name = name_of(preview.lint.content, draft.key)
        if preview.lint.content is None:
            name = published_name(session, context().library, draft.kind, draft.key)
    form = form or PublishForm(None, version=preview.proposed)
    return render_template(
        "drafting/publish.html",
        preview=preview,
        draft=draft,
        name=name,
        form=form,
        faults=form.faults() if request.method == "POST" else [],
        groups=_groups(preview),
        own_faults=fault_lines(preview.lint.faults, draft),
        elsewhere=fault_lines(preview.elsewhere),
        kinds=kind_words(),
        steps=STEPS,
        reasons=REASONS,
        longest=LONGEST_NOTE,
        shell=SHELL,
        help_page="drafts",
    )


def _groups(preview: Preview) -> object:
    if preview.changes is None:
        return ()
    library, draft = context().library, preview.draft
    old, new = (
        naming_framework(library, content, draft.kind, draft.key) for content in (preview.old, preview.lint.content)
    )
    if isinstance(preview.old, Framework):
        old = preview.old
    return worded_changes(preview.changes, old, new)
