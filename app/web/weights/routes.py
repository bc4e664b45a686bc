"""/weights: every framework's weight profiles, one of them, a new one, and the form of a draft."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from app.charts.build import Charts
from app.content.layering import ContentKind
from app.core.compare import case_column, compare
from app.core.framework import Framework, WeightProfile
from app.core.text import Text
from app.core.weights import DEFAULT, EQUAL
from app.i18n import msgid
from app.services.drafting import Conflict, begin_draft
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.weight_editing import (
    Weighed,
    WeighedRound,
    WeightDraft,
    begin_profile,
    change_weights,
    read_weight_draft,
    weigh,
)
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.drafting.pages import fault_lines
from app.web.drawing import Drawing, drawing
from app.web.forms import PLAIN_NUMBER, NameForm, exact_text, required, stripped, whole
from app.web.frameworks.pages import tree_rows
from app.web.shell import Shell
from app.web.templating import in_locale
from app.web.wording import sentence

blueprint = Blueprint("weights", __name__)
SHELL = Shell(section="frameworks")
NEEDS_NUMBER = msgid("请填写不小于 0 的数字。")


class NewProfileForm(NameForm):
    """A new weight profile: its id, name, framework, and the one that it begins from."""

    key = StringField(msgid("标识"), required(msgid("请填写标识。")), filters=[stripped])
    framework = SelectField(msgid("框架"))
    start = SelectField(msgid("从哪个方案开始"))


@dataclass
class WeightForm:
    """What the fields of the form hold, and what is wrong."""

    values: dict[str, str]
    faults: list[tuple[str | None, str]]


@blueprint.get("/weights")
@requires(Action.READ)
def listing() -> str:
    """Show the weight profiles of every framework."""
    library = context().library
    frameworks = [library.framework(one) for one in library.framework_ids()]
    return render_template(
        "weights/listing.html",
        frameworks=[(one, library.weight_profiles(one)) for one in frameworks],
        fixed=(DEFAULT, EQUAL),
        shell=SHELL,
        help_page="weights",
    )


@blueprint.get("/weights/<framework_id>/<profile_id>")
@requires(Action.READ)
def show(framework_id: str, profile_id: str) -> str:
    """Show a profile: weights and shares, beside those of the framework."""
    library = context().library
    if framework_id not in library.framework_ids():
        abort(404)
    framework = library.framework(framework_id)
    profiles = library.weight_profiles(framework)
    if profile_id not in profiles:
        abort(404)
    return render_template(
        "weights/show.html",
        framework=framework,
        profile=profiles[profile_id],
        fixed=profile_id in (DEFAULT, EQUAL),
        rows=list(zip(tree_rows(framework), tree_rows(framework, profiles[profile_id]), strict=True)),
        shell=SHELL,
        help_page="weights",
    )


@blueprint.get("/weights/new")
@requires(Action.REVISE)
def new() -> ResponseReturnValue:
    """Ask for what a new profile needs."""
    return _new_page(_new_form())


@blueprint.post("/weights/new")
@requires(Action.REVISE)
def begin_new() -> ResponseReturnValue:
    """Begin a draft of a new profile."""
    form = _new_form()
    if not form.validate():
        return _new_page(form), 422
    try:
        with context().database.begin() as session:
            draft = begin_profile(
                session,
                context().library.framework(form.framework.data),
                form.key.data or "",
                form.name(),
                start=form.start.data,
                library=context().library,
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        form.add_refusal(refused)
        return _new_page(form), 422
    return redirect(url_for("weights.form", draft_id=draft.id))


@blueprint.post("/drafts/weights")
@requires(Action.REVISE)
def begin() -> ResponseReturnValue:
    """Open the actor's draft of a profile, or begin one, and show its form."""
    with context().database.begin() as session:
        draft = begin_draft(
            session,
            ContentKind.WEIGHTS,
            request.form.get("key", ""),
            library=context().library,
            actor=actor(),
            clock=context().clock,
        )
    return redirect(url_for("weights.form", draft_id=draft.id))


@blueprint.get("/drafts/<int:draft_id>/weights")
@requires(Action.REVISE)
def form(draft_id: int) -> str:
    """Show the form of a draft, and what its weights make of assessments."""
    found = _read(draft_id)
    return _form_page(found, _filled(found))


@blueprint.post("/drafts/<int:draft_id>/weights")
@requires(Action.REVISE)
def save(draft_id: int) -> ResponseReturnValue:
    """Save the form."""
    found = _read(draft_id)
    form = WeightForm(dict(request.form), [])
    weights = _weights(found.framework, form)
    if not form.faults and _saved(found, weights, form):
        flash(translate("已存进草稿。"))
        return redirect(url_for("weights.form", draft_id=draft_id))
    return _form_page(_read(draft_id), form), 422


def _saved(found: WeightDraft, weights: Mapping[str, Fraction], form: WeightForm) -> bool:
    base = form.values.get("base_version", "")
    name = Text(form.values.get("name-zh", "").strip() or None, form.values.get("name-en", "").strip() or None)
    try:
        with context().database.begin() as session:
            saved = change_weights(
                session,
                found,
                weights,
                name,
                form.values.get("note", "").strip() or None,
                base_version=whole(base),
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        field = f"w-{refused.field}" if refused.field in found.framework else None
        form.faults.append((field, sentence(refused)))
        return False
    if isinstance(saved, Conflict):
        form.values["base_version"] = str(saved.version)
        form.faults.append((None, translate("这份文件刚才在别处改过。看过现在的内容后再存一次；您写的还在下面。")))
        return False
    return True


def _weights(framework: Framework, form: WeightForm) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for node in framework.walk():
        written = unicodedata.normalize("NFKC", form.values.get(f"w-{node.id}", "")).strip()
        if not PLAIN_NUMBER.fullmatch(written):
            form.faults.append((f"w-{node.id}", f"{in_locale(node.name)}{translate('：')}{translate(NEEDS_NUMBER)}"))
            continue
        found[node.id] = Fraction(written)
    return found


def _read(draft_id: int) -> WeightDraft:
    with context().database.read() as session:
        return read_weight_draft(session, draft_id, library=context().library, actor=actor())


def _filled(found: WeightDraft) -> WeightForm:
    profile = found.profile
    values = {f"w-{node}": exact_text(weight) for node, weight in found.weights.items()}
    values |= {f"w-{node}": written for node, written in found.faulty.items() if node in found.framework}
    if profile is not None:
        values |= {"name-zh": profile.name.zh or "", "name-en": profile.name.en or "", "note": profile.note or ""}
    return WeightForm(values, [])


def _form_page(found: WeightDraft, form: WeightForm) -> str:
    rounds = _rounds(found.framework, found.profile)
    rows = [row for one in rounds for row in one.rows]
    wanted = request.args.get("assessment", "")
    shown = next((row for row in rows if str(row.before.id) == wanted), rows[0] if rows else None)
    return render_template(
        "weights/form.html",
        found=found,
        form=form,
        faults=form.faults,
        rows=tree_rows(found.framework, found.profile),
        own={row.node.id: row for row in tree_rows(found.framework)},
        rounds=rounds,
        shown=shown,
        radar=_radar(shown) if shown is not None else None,
        listed=fault_lines(found.lint.faults, found.draft),
        marked=[f"w-{node}" for node in found.faulty],
        base_version=form.values.get("base_version") or found.draft.version,
        shell=SHELL,
        help_page="weights",
    )


def _rounds(framework: Framework, profile: WeightProfile | None) -> list[WeighedRound]:
    if profile is None:
        return []
    with context().database.read() as session:
        return weigh(session, framework, profile)


def _radar(shown: Weighed) -> Drawing:
    columns = [
        case_column("before", Text(translate("框架权重"), translate("框架权重")), shown.before.scorecard),
        case_column("after", Text(translate("草稿的权重"), translate("草稿的权重")), shown.after.scorecard),
    ]
    framework = shown.before.framework
    charts = Charts(compare(framework, columns), locale(), own="after")
    nodes = [node.id for node in framework.capabilities]
    return drawing(charts.profile(nodes, title=in_locale(shown.before.unit.name)), "weighed")


def _new_form() -> NewProfileForm:
    library = context().library
    form = NewProfileForm()
    frameworks = [library.framework(one) for one in library.framework_ids()]
    form.framework.choices = [(one.id, in_locale(one.name)) for one in frameworks]
    starts: dict[str, str] = {}
    for framework in frameworks:
        starts |= {key: in_locale(one.name) for key, one in library.weight_profiles(framework).items()}
    form.start.choices = list(starts.items())
    if request.method == "GET" and request.args.get("framework") in library.framework_ids():
        form.framework.data = request.args["framework"]
    return form


def _new_page(form: NewProfileForm) -> str:
    return render_template("weights/new.html", form=form, faults=form.faults(), shell=SHELL, help_page="weights")
