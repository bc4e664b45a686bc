"""/drafts/<id>/questionnaire: a draft of a questionnaire by forms; the same file that the editor shows as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.content.editing.questionnaires import (
    ask,
    omit,
    remove_question,
    remove_role,
    set_condition,
    set_lines,
    set_question,
    set_role,
    set_roles,
)
from app.content.layering import ContentKind
from app.core.questionnaire import Item, Questionnaire
from app.core.relevance_tracing import flat
from app.services.drafting import Conflict, Saved, begin_draft
from app.services.permissions import Action
from app.services.questionnaire_editing import QuestionnaireDraft, change_questionnaire, read_questionnaire_draft
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.drafting.pages import fault_lines
from app.web.forms import whole
from app.web.questionnaires.forms import (
    NEEDS_CHINESE,
    RowForm,
    item_form,
    lines_of,
    question_form,
    question_of,
    read,
    when_of,
)
from app.web.questionnaires.pages import (
    RELATION_NAMES,
    TYPE_WORDS,
    areas,
    condition_words,
    element_choices,
    name_of,
    number_words,
)
from app.web.questionnaires.routes import SHELL, rules_page
from app.web.wording import sentence

blueprint = Blueprint("questionnaire_drafts", __name__)
Change = Callable[[str], str]


@blueprint.post("/drafts/questionnaire")
@requires(Action.REVISE)
def begin() -> ResponseReturnValue:
    """Open the actor's draft of a questionnaire, or begin one, and show its forms."""
    with context().database.begin() as session:
        draft = begin_draft(
            session,
            ContentKind.QUESTIONNAIRE,
            request.form.get("key", ""),
            library=context().library,
            actor=actor(),
            clock=context().clock,
        )
    return redirect(url_for("questionnaire_drafts.outline", draft_id=draft.id))


@blueprint.get("/drafts/<int:draft_id>/questionnaire")
@requires(Action.REVISE)
def outline(draft_id: int) -> str:
    """Show a draft's items, roles, what is missing and what is wrong."""
    found = _read(draft_id)
    said, framework = found.questionnaire, found.framework
    return render_template(
        "questionnaires/outline.html",
        found=found,
        questionnaire=said,
        framework=framework,
        areas=areas(said, framework) if said is not None and framework is not None else [],
        name_of=lambda element: name_of(element, framework) if framework is not None else None,
        number_words=number_words,
        listed=fault_lines(found.lint.faults, found.draft),
        crumbs=_crumbs(found, None),
        shell=SHELL,
        help_page="questionnaires",
    )


@blueprint.get("/drafts/<int:draft_id>/questionnaire/rules")
@requires(Action.REVISE)
def rules(draft_id: int) -> ResponseReturnValue:
    """Try the rules of a draft out."""
    found = _read(draft_id)
    if found.lint.questionnaire is None or found.framework is None:
        return _mend_first(draft_id)
    return rules_page(found.lint.questionnaire, found.framework, _crumbs(found, translate("试一试规则")))


@blueprint.get("/drafts/<int:draft_id>/questionnaire/items/<element>")
@requires(Action.REVISE)
def item(draft_id: int, element: str) -> ResponseReturnValue:
    """Show the form of one item."""
    found = _read(draft_id)
    if found.questionnaire is None or found.framework is None or element in found.faulty:
        return _mend_first(draft_id)
    return _item_page(found, element, item_form(_item(found.questionnaire, element)))


@blueprint.post("/drafts/<int:draft_id>/questionnaire/items/<element>")
@requires(Action.REVISE)
def save_item(draft_id: int, element: str) -> ResponseReturnValue:
    """Save the form of one item: prompts, evidence and, where the form can hold it, the rule."""
    form = read(request.form)
    prompts, evidence, when = lines_of(form, "prompts"), lines_of(form, "evidence"), when_of(form)

    def change(text: str) -> str:
        text = set_lines(text, element, "prompts", prompts)
        text = set_lines(text, element, "evidence", evidence)
        return set_condition(text, element, when) if form.get("operator") else text

    saved = None if form.faults else _save(draft_id, change, form)
    if isinstance(saved, Saved):
        flash(translate("已存进草稿。"))
        return redirect(url_for("questionnaire_drafts.item", draft_id=draft_id, element=element))
    found = _read(draft_id)
    if found.questionnaire is None or found.framework is None or element in found.faulty:
        return _mend_first(draft_id)
    return _item_page(found, element, form), 409 if isinstance(saved, Conflict) else 422


@blueprint.post("/drafts/<int:draft_id>/questionnaire/items/<element>/omit")
@requires(Action.REVISE)
def omit_item(draft_id: int, element: str) -> ResponseReturnValue:
    """Leave an element out on purpose."""
    return _do(draft_id, lambda text: omit(text, element))


@blueprint.post("/drafts/<int:draft_id>/questionnaire/items/<element>/ask")
@requires(Action.REVISE)
def ask_item(draft_id: int, element: str) -> ResponseReturnValue:
    """Ask an element that is missing or was left out: behind those that stand before it in the framework."""
    found = _read(draft_id)
    leaves = [leaf.id for leaf in found.framework.leaves] if found.framework is not None else []
    if element not in leaves:
        abort(404)
    before = leaves[: leaves.index(element)]
    return _do(draft_id, lambda text: ask(text, element, before[-1:] if before else ()))


@blueprint.get("/drafts/<int:draft_id>/questionnaire/items/<element>/questions/<question_id>")
@requires(Action.REVISE)
def question(draft_id: int, element: str, question_id: str) -> ResponseReturnValue:
    """Show the form of a scored question; `new` for a new one."""
    found = _read(draft_id)
    if found.questionnaire is None or found.framework is None or element in found.faulty:
        return _mend_first(draft_id)
    item = _item(found.questionnaire, element)
    stands = next((one for one in item.questions if one.id == question_id), None)
    if stands is None and question_id != "new":
        abort(404)
    return _question_page(found, element, question_id, question_form(stands))


@blueprint.post("/drafts/<int:draft_id>/questionnaire/items/<element>/questions/<question_id>")
@requires(Action.REVISE)
def save_question(draft_id: int, element: str, question_id: str) -> ResponseReturnValue:
    """Save the form of a scored question, or take the question out (`remove`)."""
    form = read(request.form)
    if form.get("remove"):
        saved: Saved | Conflict | None = _save(draft_id, lambda text: remove_question(text, element, question_id), form)
    else:
        if question_id != "new":
            form.values["id"] = question_id
        wanted = question_of(form)
        saved = None if form.faults else _save(draft_id, lambda text: set_question(text, element, wanted), form)
    if isinstance(saved, Saved):
        flash(translate("已存进草稿。"))
        return redirect(url_for("questionnaire_drafts.item", draft_id=draft_id, element=element))
    found = _read(draft_id)
    if found.framework is None:
        return _mend_first(draft_id)
    return _question_page(found, element, question_id, form), 409 if isinstance(saved, Conflict) else 422


@blueprint.get("/drafts/<int:draft_id>/questionnaire/roles")
@requires(Action.REVISE)
def roles(draft_id: int) -> ResponseReturnValue:
    """Show who is asked what: elements by roles."""
    found = _read(draft_id)
    if found.questionnaire is None or found.framework is None:
        return _mend_first(draft_id)
    said = found.questionnaire
    return _roles_page(found, {one.element: set(one.roles) for one in said.items}, RowForm())


@blueprint.post("/drafts/<int:draft_id>/questionnaire/roles")
@requires(Action.REVISE)
def save_roles(draft_id: int) -> ResponseReturnValue:
    """Save who is asked what."""
    found = _read(draft_id)
    said = found.questionnaire
    if said is None:
        return _mend_first(draft_id)
    chosen = {one.element: request.form.getlist(f"roles-{one.element}") for one in said.items}
    known = [role.id for role in said.roles]
    wanted = {
        element: _in_order(_item(said, element).roles, ids, known)
        for element, ids in chosen.items()
        if set(ids) != set(_item(said, element).roles)
    }
    form = read(request.form)
    saved = _save(draft_id, lambda text: set_roles(text, wanted), form)
    if isinstance(saved, Saved):
        flash(translate("已存进草稿。"))
        return redirect(url_for("questionnaire_drafts.roles", draft_id=draft_id))
    page = _roles_page(_read(draft_id), {element: set(ids) for element, ids in chosen.items()}, form)
    return page, 409 if isinstance(saved, Conflict) else 422


@blueprint.post("/drafts/<int:draft_id>/questionnaire/role")
@requires(Action.REVISE)
def save_role(draft_id: int) -> ResponseReturnValue:
    """Add or change a role (`id`, `name-zh`, `name-en`, `level`, `weight`), or take it out (`remove`)."""
    form = read(request.form)
    role_id, name = form.id("id") or "", form.text("name")
    level, weight = form.id("level", needed=False), form.number("weight")
    if form.get("remove"):
        return _do(draft_id, lambda text: remove_role(text, role_id), back="roles")
    if name is None:
        form.fault("name-zh", NEEDS_CHINESE)
    if form.faults:
        for _, message in form.faults:
            flash(message, "error")
        return redirect(url_for("questionnaire_drafts.roles", draft_id=draft_id))
    assert name is not None
    share = weight if weight is not None else Fraction(1)
    return _do(draft_id, lambda text: set_role(text, role_id, name, level=level, weight=share), back="roles")


# --- the parts -------------------------------------------------------------------------------------------------------


def _read(draft_id: int) -> QuestionnaireDraft:
    with context().database.read() as session:
        return read_questionnaire_draft(session, draft_id, library=context().library, actor=actor())


def _save(draft_id: int, change: Change, form: RowForm) -> Saved | Conflict | None:
    """Change the draft; None where the change is refused, which the form then tells."""
    base = form.get("base_version")
    try:
        with context().database.begin() as session:
            saved = change_questionnaire(
                session,
                draft_id,
                change,
                base_version=whole(base),
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        form.faults.append((None, sentence(refused)))
        return None
    if isinstance(saved, Conflict):
        form.values["base_version"] = str(saved.version)
        form.faults.append((None, translate("这份文件刚才在别处改过。看过现在的内容后再存一次；您写的还在下面。")))
    return saved


def _do(draft_id: int, change: Change, back: str = "outline") -> ResponseReturnValue:
    """Change the draft by one button; what is refused is said on the page that follows."""
    form = read(request.form)
    saved = _save(draft_id, change, form)
    for _, message in form.faults:
        flash(message, "error")
    if isinstance(saved, Saved):
        flash(translate("已存进草稿。"))
    return redirect(url_for(f"questionnaire_drafts.{back}", draft_id=draft_id))


def _in_order(stood: tuple[str, ...], ids: list[str], known: list[str]) -> list[str]:
    """Return roles as they stood, new ones behind them in the order of the questionnaire."""
    kept = [role for role in stood if role in ids]
    return [*kept, *(role for role in known if role in ids and role not in kept)]


def _item(questionnaire: Questionnaire, element: str) -> Item:
    try:
        return questionnaire.item(element)
    except KeyError:
        abort(404)


def _mend_first(draft_id: int) -> ResponseReturnValue:
    flash(translate("这里的文件有错误，先照下面改好才能用表单。"), "warning")
    return redirect(url_for("questionnaire_drafts.outline", draft_id=draft_id))


def _crumbs(found: QuestionnaireDraft, last: object) -> list[tuple[object, str | None]]:
    draft = found.draft
    here = url_for("questionnaire_drafts.outline", draft_id=draft.id)
    crumbs: list[tuple[object, str | None]] = [
        (translate("草稿"), url_for("drafting.listing")),
        (draft.key, url_for("drafting.show", draft_id=draft.id)),
        (translate("问卷表单"), here if last is not None else None),
    ]
    return crumbs if last is None else [*crumbs, (last, None)]


def _item_page(found: QuestionnaireDraft, element: str, form: RowForm) -> str:
    said, framework = found.questionnaire, found.framework
    assert said is not None
    assert framework is not None
    item = _item(said, element)
    order = [one.element for one in said.items if one.element in framework]
    place = order.index(element)
    return render_template(
        "questionnaires/item.html",
        found=found,
        item=item,
        node=framework.node(element),
        form=form,
        faults=form.faults,
        deep=None if flat(item.when) is not None else condition_words(item.when, framework) if item.when else None,
        elements=element_choices(framework, (leaf.id for leaf in framework.leaves if leaf.id != element)),
        relations=RELATION_NAMES,
        type_words=TYPE_WORDS,
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
        name_of=lambda one: name_of(one, framework),
        crumbs=_crumbs(found, framework.node(element).name),
        base_version=form.get("base_version") or found.draft.version,
        shell=SHELL,
        help_page="questionnaires",
    )


def _question_page(found: QuestionnaireDraft, element: str, question_id: str, form: RowForm) -> str:
    framework = found.framework
    assert framework is not None
    return render_template(
        "questionnaires/question.html",
        found=found,
        element=element,
        question_id=question_id,
        form=form,
        faults=form.faults,
        type_words=TYPE_WORDS,
        crumbs=[
            *_crumbs(found, "")[:-1],
            (
                name_of(element, framework),
                url_for("questionnaire_drafts.item", draft_id=found.draft.id, element=element),
            ),
            (translate("计分的问题"), None),
        ],
        base_version=form.get("base_version") or found.draft.version,
        shell=SHELL,
        help_page="questionnaires",
    )


def _roles_page(found: QuestionnaireDraft, chosen: Mapping[str, set[str]], form: RowForm) -> str:
    said, framework = found.questionnaire, found.framework
    assert said is not None
    assert framework is not None
    return render_template(
        "questionnaires/roles.html",
        found=found,
        questionnaire=said,
        areas=areas(said, framework),
        chosen=chosen,
        number_words=number_words,
        faults=form.faults,
        crumbs=_crumbs(found, translate("角色")),
        base_version=form.get("base_version") or found.draft.version,
        shell=SHELL,
        help_page="questionnaires",
    )
