"""/engagements/<key>/rounds: list, add, edit, archive, restore."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.services import engagements
from app.services.permissions import Action
from app.storage.database import Session
from app.web.access import requires
from app.web.acting import act, stored
from app.web.context import context, translate
from app.web.rounds.forms import NewRoundForm, RoundForm
from app.web.shell import engagement_shell

blueprint = Blueprint("rounds", __name__)


@blueprint.get("/engagements/<key>/rounds")
@requires(Action.READ)
def listing(key: str) -> str:
    """Show the rounds, archived ones too."""
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        rounds = engagements.list_rounds(session, engagement.id, archived=True)
        return _page(session, "rounds/listing.html", key, rounds=rounds)


@blueprint.get("/engagements/<key>/rounds/new")
@requires(Action.EDIT)
def new(key: str) -> str:
    """Show the form for a new round."""
    with context().database.read() as session:
        return _page(session, "rounds/new.html", key, form=NewRoundForm())


@blueprint.post("/engagements/<key>/rounds/new")
@requires(Action.EDIT)
def create(key: str) -> Response | tuple[str, int]:
    """Store a round."""
    form = NewRoundForm()

    def create_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        engagements.create_round(session, engagement.id, key=form.key.data or "", name=form.name(), day=form.day.data)

    if stored(form, create_it):
        flash(translate("评估轮次已添加。"))
        return redirect(url_for("rounds.listing", key=key))
    with context().database.read() as session:
        return _page(session, "rounds/new.html", key, form=form, faults=form.faults()), 422


@blueprint.get("/engagements/<key>/rounds/<round_key>/edit")
@requires(Action.EDIT)
def edit(key: str, round_key: str) -> str:
    """Show the form for another name and date."""
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        found = engagements.get_round(session, engagement.id, round_key)
        form = RoundForm(name_zh=found.name.zh, name_en=found.name.en, day=found.date)
        return _page(session, "rounds/edit.html", key, round=found, form=form)


@blueprint.post("/engagements/<key>/rounds/<round_key>/edit")
@requires(Action.EDIT)
def change(key: str, round_key: str) -> Response | tuple[str, int]:
    """Give a round another name and date."""
    form = RoundForm()

    def change_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        engagements.edit_round(session, engagement.id, round_key, name=form.name(), day=form.day.data)

    if stored(form, change_it):
        flash(translate("评估轮次已保存。"))
        return redirect(url_for("rounds.listing", key=key))
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        found = engagements.get_round(session, engagement.id, round_key)
        return _page(session, "rounds/edit.html", key, round=found, form=form, faults=form.faults()), 422


@blueprint.post("/engagements/<key>/rounds/<round_key>/archive")
@requires(Action.EDIT)
def archive(key: str, round_key: str) -> Response:
    """Hide a round with its assessments."""

    def change_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        engagements.archive_round(session, engagement.id, round_key, context().clock)

    done = translate("评估轮次及其评估已归档，可在本页恢复。")
    return act(change_it, done=done, back=url_for("rounds.listing", key=key))


@blueprint.post("/engagements/<key>/rounds/<round_key>/restore")
@requires(Action.EDIT)
def restore(key: str, round_key: str) -> Response:
    """Bring a round back."""

    def change_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        engagements.restore_round(session, engagement.id, round_key)

    return act(change_it, done=translate("评估轮次已恢复。"), back=url_for("rounds.listing", key=key))


def _page(session: Session, template: str, key: str, **values: object) -> str:
    return render_template(
        template,
        engagement=engagements.get_engagement(session, key),
        shell=engagement_shell(session, key, page="rounds"),
        help_page="rounds",
        **values,
    )
