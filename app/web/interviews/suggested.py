"""Why a score is suggested: which answer is worth what, with which weight, and what the mean of them is; in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Blueprint
from werkzeug.wrappers import Response

from app.core.questionnaire import Question, QuestionType
from app.core.scale import Scale
from app.core.suggesting import Given, Part, suggestion
from app.services.answer_fields import OPEN
from app.services.interview_sheet import read_sheet
from app.services.permissions import Action
from app.storage.encoding import questions_of
from app.web.access import requires
from app.web.context import context, locale, translate, translate_plural
from app.web.interviews.envelope import told
from app.web.templating import exact, rounded

if TYPE_CHECKING:
    from app.core.questionnaire import Item

blueprint = Blueprint("interviewing_suggested", __name__)

MEAN_DECIMALS = 2


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"suggested_because": because}


@blueprint.get("/api/interviews/<int:interview_id>/answers/<element>/suggestion")
@requires(Action.ANSWER)
def suggested(interview_id: int, element: str) -> Response:
    """Return why the stored answers to an element's questions suggest their score: `{lines}`, none when they do not."""
    with context().database.read() as session:
        sheet = read_sheet(session, interview_id, everything=True)
    line = sheet.line(element)
    values = line.answer.values if line.answer else OPEN
    return told(200, lines=because(line.item, values.questions, sheet.framework.scale))


def because(item: Item | None, replies: Mapping[str, Any], scale: Scale) -> list[str]:
    """Return the reason of a suggested score, a line for each answer and one for their mean; `replies` as stored."""
    found = suggestion(item, questions_of(_as_stored(replies)), scale=scale) if item else None
    if found is None:
        return []
    lines = [_part(part, scale) for part in found.parts]
    if len(found.parts) > 1 or found.mean != found.score:
        figures = {"mean": rounded(found.mean, MEAN_DECIMALS), "score": rounded(found.score, scale.decimals)}
        lines.append(translate("加权平均 %(mean)s，取到最近的一档：%(score)s") % figures)
    if found.missing:
        n = len(found.missing)
        words = translate_plural(
            "还有 %(n)s 个计分的问题没有回答，没有算进去", "还有 %(n)s 个计分的问题没有回答，没有算进去", n
        )
        lines.append(words % {"n": n})
    return lines


def _as_stored(replies: Mapping[str, Any]) -> dict[str, Any]:
    """What a refused form still shows is plain text; it is no answer yet."""
    return {key: reply for key, reply in replies.items() if reply is not None}


def _part(part: Part, scale: Scale) -> str:
    return translate("%(question)s：%(answer)s，值 %(value)s 分（权重 %(weight)s）") % {
        "question": part.question.text.in_locale(locale()).rstrip("？?：:"),
        "answer": _answer(part.question, part.answer),
        "value": rounded(part.value, max(scale.decimals, 1)),
        "weight": exact(part.question.weight),
    }


def _answer(question: Question, answer: Given) -> str:
    if isinstance(answer, tuple):
        ticked = sum(option.id in answer for option in question.options)
        return translate("%(n)s/%(m)s 项") % {"n": ticked, "m": len(question.options)}
    if isinstance(answer, str):
        return next((option.text.in_locale(locale()) for option in question.options if option.id == answer), answer)
    return exact(answer) + (question.unit or "" if question.type is QuestionType.NUMBER else "")
