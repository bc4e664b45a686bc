"""/engagements/<key>/units: the tree, add, edit, move, archive, restore."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.services import engagements
from app.services.engagements import EngagementView, UnitView
from app.services.permissions import Action
from app.storage.database import Session
from app.web.access import requires
from app.web.acting import act, stored
from app.web.context import context, translate
from app.web.shell import engagement_shell
from app.web.units.forms import KIND_WORDS, MoveForm, NewUnitForm, UnitForm

blueprint = Blueprint("units", __name__)


@blueprint.get("/engagements/<key>/units")
@requires(Action.READ)
def listing(key: str) -> str:
    """Show the tree, archived units too."""
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        units = engagements.list_units(session, engagement.id, archived=True)
        return _page(session, "units/listing.html", engagement, units=units)


@blueprint.get("/engagements/<key>/units/new")
@requires(Action.EDIT)
def new(key: str) -> str:
    """Show the form for a new unit."""
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        form = NewUnitForm()
        form.offer(engagements.list_units(session, engagement.id))
        return _page(session, "units/new.html", engagement, form=form)


@blueprint.post("/engagements/<key>/units/new")
@requires(Action.EDIT)
def create(key: str) -> Response | tuple[str, int]:
    """Store a unit."""
    form = NewUnitForm()
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        form.offer(engagements.list_units(session, engagement.id))

    def create_it(session: Session) -> None:
        engagements.create_unit(
            session,
            engagement.id,
            key=form.key.data or "",
            name=form.name(),
            kind=form.kind.data or None,
            parent=form.parent.data or None,
            size=form.size.data,
        )

    if stored(form, create_it):
        flash(translate("评估单位已添加。"))
        return redirect(url_for("units.listing", key=key))
    with context().database.read() as session:
        return _page(session, "units/new.html", engagement, form=form, faults=form.faults()), 422


@blueprint.get("/engagements/<key>/units/<unit>/edit")
@requires(Action.EDIT)
def edit(key: str, unit: str) -> str:
    """Show the forms for name, kind, size and parent."""
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        found = engagements.get_unit(session, engagement.id, unit)
        form = UnitForm(name_zh=found.name.zh, name_en=found.name.en, kind=found.kind, size=found.size)
        move = _move_form(session, engagement, found)
        return _page(session, "units/edit.html", engagement, unit=found, form=form, move=move)


@blueprint.post("/engagements/<key>/units/<unit>/edit")
@requires(Action.EDIT)
def change(key: str, unit: str) -> Response | tuple[str, int]:
    """Give a unit another name, kind and size."""
    form = UnitForm()
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        found = engagements.get_unit(session, engagement.id, unit)

    def change_it(session: Session) -> None:
        engagements.edit_unit(
            session, engagement.id, unit, name=form.name(), kind=form.kind.data or None, size=form.size.data
        )

    if stored(form, change_it):
        flash(translate("评估单位已保存。"))
        return redirect(url_for("units.listing", key=key))
    with context().database.read() as session:
        move = _move_form(session, engagement, found)
        page = _page(session, "units/edit.html", engagement, unit=found, form=form, move=move, faults=form.faults())
        return page, 422


@blueprint.post("/engagements/<key>/units/<unit>/move")
@requires(Action.EDIT)
def move(key: str, unit: str) -> Response:
    """Put a unit, with all below it, under another one."""
    form = MoveForm()
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        form.offer(engagements.list_units(session, engagement.id))
    if not form.validate():
        flash(translate("没有这个上级单位。"), "error")
        return redirect(url_for("units.edit", key=key, unit=unit))
    parent = form.parent.data or None
    return act(
        lambda session: engagements.move_unit(session, engagement.id, unit, parent),
        done=translate("评估单位已移动。"),
        back=url_for("units.listing", key=key),
    )


@blueprint.post("/engagements/<key>/units/<unit>/archive")
@requires(Action.EDIT)
def archive(key: str, unit: str) -> Response:
    """Hide a unit and those below it."""
    engagement = _engagement(key)
    return act(
        lambda session: engagements.archive_unit(session, engagement.id, unit, context().clock),
        done=translate("评估单位及其下级已归档，可在本页恢复。"),
        back=url_for("units.listing", key=key),
    )


@blueprint.post("/engagements/<key>/units/<unit>/restore")
@requires(Action.EDIT)
def restore(key: str, unit: str) -> Response:
    """Bring a unit back."""
    engagement = _engagement(key)
    return act(
        lambda session: engagements.restore_unit(session, engagement.id, unit),
        done=translate("评估单位已恢复。"),
        back=url_for("units.listing", key=key),
    )


def _engagement(key: str) -> EngagementView:
    with context().database.read() as session:
        return engagements.get_engagement(session, key)


def _move_form(session: Session, engagement: EngagementView, unit: UnitView) -> MoveForm:
    form = MoveForm(formdata=None, parent=unit.parent or "")
    below = {one.key for one in engagements.units_below(session, engagement.id, unit.key)}
    form.offer(one for one in engagements.list_units(session, engagement.id) if one.key not in below)
    return form


def _page(session: Session, template: str, engagement: EngagementView, **values: object) -> str:
    return render_template(
        template,
        engagement=engagement,
        shell=engagement_shell(session, engagement.key, page="units"),
        kind_words=KIND_WORDS,
        help_page="units",
        **values,
    )
