"""/questionnaires: list, one version, its rules tried out; a new one is begun here."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from app.content.layering import ContentKind
from app.core.framework import Framework
from app.core.questionnaire import Mode, Questionnaire
from app.i18n import msgid
from app.services.permissions import Action
from app.services.questionnaire_editing import begin_questionnaire
from app.services.refusals import Invalid
from app.services.translation_progress import progress_of_version
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.forms import NameForm, required, stripped
from app.web.questionnaires.pages import (
    MODE_WORDS,
    OPERATOR_WORDS,
    TYPE_WORDS,
    areas,
    comparison_words,
    condition_words,
    name_of,
    newest_of_each,
    number_words,
    operand_words,
    roles_of,
    rule_count,
    try_out,
)
from app.web.shell import Shell
from app.web.templating import in_locale

blueprint = Blueprint("questionnaires", __name__)
SHELL = Shell(section="questionnaires")


class NewQuestionnaireForm(NameForm):
    """A new questionnaire: its id, name, framework and who scores."""

    key = StringField(msgid("标识"), required(msgid("请填写标识。")), filters=[stripped])
    framework = SelectField(msgid("框架"))
    mode = SelectField(msgid("方式"))


@blueprint.get("/questionnaires")
@requires(Action.READ)
def listing() -> str:
    """Show the newest version of every questionnaire."""
    library = context().library
    found = newest_of_each(library)
    with context().database.read() as session:
        english = [
            progress_of_version(session, library, ContentKind.QUESTIONNAIRE, one.id, one.version) for one in found
        ]
    return render_template(
        "questionnaires/listing.html",
        questionnaires=[
            (one, library.framework(one.framework), rule_count(one), so_far)
            for one, so_far in zip(found, english, strict=True)
        ],
        mode_words=MODE_WORDS,
        shell=SHELL,
        help_page="questionnaires",
    )


@blueprint.get("/questionnaires/new")
@requires(Action.REVISE)
def new() -> ResponseReturnValue:
    """Ask for what a new questionnaire needs."""
    return _new_page(_new_form())


@blueprint.post("/questionnaires/new")
@requires(Action.REVISE)
def begin() -> ResponseReturnValue:
    """Begin a draft of a new questionnaire that asks every element of a framework."""
    form = _new_form()
    if not form.validate():
        return _new_page(form), 422
    try:
        with context().database.begin() as session:
            draft = begin_questionnaire(
                session,
                form.key.data or "",
                context().library.framework(form.framework.data),
                form.name(),
                Mode(form.mode.data),
                library=context().library,
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        form.add_refusal(refused)
        return _new_page(form), 422
    return redirect(url_for("questionnaire_drafts.outline", draft_id=draft.id))


@blueprint.get("/questionnaires/<questionnaire_id>/<version>")
@requires(Action.READ)
def show(questionnaire_id: str, version: str) -> str:
    """Show a version: whom it asks, what, what it asks to see, and under which rules."""
    questionnaire, framework = _found(questionnaire_id, version)
    return render_template(
        "questionnaires/show.html",
        questionnaire=questionnaire,
        framework=framework,
        areas=areas(questionnaire, framework),
        roles_of=lambda item: roles_of(item, questionnaire),
        rules=rule_count(questionnaire),
        condition_words=lambda when: condition_words(when, framework),
        number_words=number_words,
        mode_words=MODE_WORDS,
        type_words=TYPE_WORDS,
        name_of=lambda element: name_of(element, framework),
        shell=SHELL,
        help_page="questionnaires",
    )


@blueprint.get("/questionnaires/<questionnaire_id>/<version>/rules")
@requires(Action.READ)
def rules(questionnaire_id: str, version: str) -> str:
    """Try the rules out: give answers, see which items are asked, and why."""
    questionnaire, framework = _found(questionnaire_id, version)
    crumbs = [
        (translate("问卷"), url_for("questionnaires.listing")),
        (
            questionnaire.name,
            url_for("questionnaires.show", questionnaire_id=questionnaire_id, version=version),
        ),
        (translate("试一试规则"), None),
    ]
    return rules_page(questionnaire, framework, crumbs)


def rules_page(questionnaire: Questionnaire, framework: Framework, crumbs: list[tuple[object, str | None]]) -> str:
    """Return the page on which rules of a version or of a draft are tried out."""
    return render_template(
        "questionnaires/rules.html",
        questionnaire=questionnaire,
        trial=try_out(questionnaire, framework, request.args),
        crumbs=crumbs,
        name_of=lambda element: name_of(element, framework),
        comparison_words=comparison_words,
        operand_words=operand_words,
        operator_words=OPERATOR_WORDS,
        shell=SHELL,
        help_page="questionnaires",
    )


def _found(questionnaire_id: str, version: str) -> tuple[Questionnaire, Framework]:
    library = context().library
    found = next(
        (one for one in library.questionnaires() if (one.id, one.version) == (questionnaire_id, version)), None
    )
    if found is None:
        abort(404)
    return found, library.framework(found.framework)


def _new_form() -> NewQuestionnaireForm:
    library = context().library
    form = NewQuestionnaireForm()
    form.framework.choices = [(one, in_locale(library.framework(one).name)) for one in library.framework_ids()]
    form.mode.choices = [(mode.value, translate(words)) for mode, words in MODE_WORDS.items()]
    return form


def _new_page(form: NewQuestionnaireForm) -> str:
    return render_template(
        "questionnaires/new.html", form=form, faults=form.faults(), shell=SHELL, help_page="questionnaires"
    )
