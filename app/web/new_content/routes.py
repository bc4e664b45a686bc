"""/frameworks/new: begin a framework from nothing; the drafts are opened in the editor."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.content.beginning.framework import framework_text
from app.content.beginning.plan import PlanRefused, questionnaire_id
from app.content.beginning.questionnaire import questionnaire_text
from app.content.layering import ContentKind
from app.services.drafting import begin_new_draft
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.storage.database import Session
from app.web.access import requires
from app.web.acting import stored
from app.web.context import actor, context, locale, translate
from app.web.new_content.forms import NewFrameworkForm
from app.web.shell import Shell

blueprint = Blueprint("new_content", __name__)
SHELL = Shell(section="frameworks")
FIELDS = {"bad-id": "key", "bad-scale": "maximum", "bad-steps": "step", "bad-tiers": "tiers"}


@blueprint.get("/frameworks/new")
@requires(Action.REVISE)
def new() -> str:
    """Ask what the framework begins as."""
    usual = {"tiers": "3", "minimum": "0", "maximum": "5", "step": "0.5", "questionnaire": True}
    return _page(NewFrameworkForm(formdata=None, comments=locale(), **usual))


@blueprint.post("/frameworks/new")
@requires(Action.REVISE)
def create() -> Response | tuple[str, int]:
    """Begin the draft, and that of its questionnaire, and open the first."""
    form = NewFrameworkForm()
    begun: list[int] = []
    if stored(form, lambda session: begun.append(_begin(session, form))):
        if form.questionnaire.data:
            flash(translate("框架和访谈问卷的草稿都建好了。先改框架，发布之后再改问卷：问卷要引用已发布的框架。"))
        else:
            flash(translate("草稿建好了。它没有错误，可以一步一步改成自己的。"))
        return redirect(url_for("editing.edit", draft_id=begun[0]), 303)
    return _page(form), 422


def _begin(session: Session, form: NewFrameworkForm) -> int:
    plan = form.plan()
    try:
        texts = framework_text(plan), questionnaire_text(plan)
    except PlanRefused as refused:
        raise Invalid(FIELDS[refused.why], refused.why, str(refused), key=plan.id) from None
    of_framework = _draft(session, ContentKind.FRAMEWORK, plan.id, {"framework.yaml": texts[0]})
    if form.questionnaire.data:
        key = questionnaire_id(plan.id)
        _draft(session, ContentKind.QUESTIONNAIRE, key, {f"{key}.yaml": texts[1]})
    return of_framework


def _draft(session: Session, kind: ContentKind, key: str, files: dict[str, str]) -> int:
    return begin_new_draft(
        session, kind, key, files, library=context().library, actor=actor(), clock=context().clock
    ).id


def _page(form: NewFrameworkForm) -> str:
    return render_template(
        "new_content/framework.html", form=form, faults=form.faults(), shell=SHELL, help_page="new-framework"
    )
