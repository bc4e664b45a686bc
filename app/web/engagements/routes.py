"""/engagements: list, new, portfolio, rename, archive, restore."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.services import engagements
from app.services.permissions import Action
from app.services.portfolio import portfolio as load_portfolio
from app.web.access import requires
from app.web.acting import act, stored
from app.web.context import actor, context, translate
from app.web.engagements.pages import portfolio_page
from app.web.forms import NamedForm, NameForm
from app.web.shell import Shell, engagement_shell

blueprint = Blueprint("engagements", __name__)
SHELL = Shell(section="engagements")


@blueprint.get("/engagements")
@requires(Action.RESULTS)
def listing() -> str:
    """Show the engagements in use, and the archived ones below."""
    with context().database.read() as session:
        current = engagements.list_engagements(session)
        archived = engagements.list_engagements(session, archived=True)
    return render_template(
        "engagements/listing.html", engagements=current, archived=archived, shell=SHELL, help_page="engagements"
    )


@blueprint.get("/engagements/new")
@requires(Action.CREATE)
def new() -> str:
    """Show the form for a new engagement."""
    return render_template("engagements/new.html", form=NamedForm(), shell=SHELL, help_page="engagements")


@blueprint.post("/engagements/new")
@requires(Action.CREATE)
def create() -> Response | tuple[str, int]:
    """Store an engagement and open it."""
    form = NamedForm()
    key = form.key.data or ""
    if stored(
        form,
        lambda session: engagements.create_engagement(
            session, key=key, name=form.name(), actor=actor(), clock=context().clock
        ),
    ):
        flash(translate("项目已建立。接下来添加评估单位和评估轮次。"))
        return redirect(url_for("engagements.portfolio", key=key))
    page = render_template(
        "engagements/new.html", form=form, faults=form.faults(), shell=SHELL, help_page="engagements"
    )
    return page, 422


@blueprint.get("/engagements/<key>")
@requires(Action.RESULTS)
def portfolio(key: str) -> str:
    """Show the units of an engagement with round, progress and overall score."""
    with context().database.read() as session:
        found = engagements.get_engagement(session, key)
        page = portfolio_page(load_portfolio(session, key))
        shell = engagement_shell(session, key, page="portfolio")
    return render_template(
        "engagements/portfolio.html", engagement=found, page=page, shell=shell, help_page="portfolio"
    )


@blueprint.get("/engagements/<key>/edit")
@requires(Action.EDIT)
def edit(key: str) -> str:
    """Show the form for another name."""
    return _edit_page(key, None)


@blueprint.post("/engagements/<key>/edit")
@requires(Action.EDIT)
def rename(key: str) -> Response | tuple[str, int]:
    """Give an engagement another name."""
    form = NameForm()
    if stored(form, lambda session: engagements.rename_engagement(session, key, form.name())):
        flash(translate("名称已更改。"))
        return redirect(url_for("engagements.portfolio", key=key))
    return _edit_page(key, form), 422


@blueprint.post("/engagements/<key>/archive")
@requires(Action.MANAGE)
def archive(key: str) -> Response:
    """Hide an engagement."""
    return act(
        lambda session: engagements.archive_engagement(session, key, context().clock),
        done=translate("项目已归档，可在列表下方恢复。"),
        back=url_for("engagements.listing"),
    )


@blueprint.post("/engagements/<key>/restore")
@requires(Action.MANAGE)
def restore(key: str) -> Response:
    """Bring an engagement back."""
    return act(
        lambda session: engagements.restore_engagement(session, key),
        done=translate("项目已恢复。"),
        back=url_for("engagements.portfolio", key=key),
    )


def _edit_page(key: str, form: NameForm | None) -> str:
    with context().database.read() as session:
        found = engagements.get_engagement(session, key)
        shell = engagement_shell(session, key)
    return render_template(
        "engagements/edit.html",
        engagement=found,
        form=form or NameForm(name_zh=found.name.zh, name_en=found.name.en),
        faults=form.faults() if form else [],
        shell=shell,
        help_page="engagements",
    )
