"""The score that the answers to an item's questions suggest. The consultant confirms or changes it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.core.questionnaire import Item, Question, QuestionType
from app.core.rollup import weighted_mean
from app.core.scale import Scale

Given = str | tuple[str, ...] | Fraction


def suggested_score(item: Item, answers: Mapping[str, Given], *, scale: Scale) -> Fraction | None:
    """Return the weighted mean of the answered scored questions, rounded half up to the grid.

    `answers` maps question id to option id (choice), tuple of ticked option ids (checklist), number (number, scale)
    or text. An absent answer is not a 0; an empty tuple is: nothing of the list is there. None where no question of
    weight > 0 has an answer that scores.
    """
    values, weights = [], []
    for question in item.questions:
        value = question_score(question, answers.get(question.id), scale=scale)
        if value is not None and question.weight > 0:
            values.append(value)
            weights.append(question.weight)
    return scale.snap(weighted_mean(values, weights)) if values else None


def question_score(question: Question, answer: Given | None, *, scale: Scale) -> Fraction | None:
    """Return what one answer is worth, in points of the scale; None for text, no answer or one that does not fit."""
    if isinstance(answer, str):
        return _chosen(question, answer) if question.type is QuestionType.CHOICE else None
    if isinstance(answer, tuple):
        return _ticked(question, answer, scale) if question.type is QuestionType.CHECKLIST else None
    if answer is None:
        return None
    if question.type is QuestionType.SCALE:
        return answer if scale.on_grid(answer) else None
    return _banded(question, answer) if question.type is QuestionType.NUMBER else None


def _chosen(question: Question, option_id: str) -> Fraction | None:
    return next((option.value for option in question.options if option.id == option_id), None)


def _ticked(question: Question, option_ids: tuple[str, ...], scale: Scale) -> Fraction | None:
    whole = sum((option.weight for option in question.options), Fraction(0))
    if whole == 0:
        return None
    ticked = sum((option.weight for option in question.options if option.id in option_ids), Fraction(0))
    return scale.minimum + ticked / whole * (scale.maximum - scale.minimum)


def _banded(question: Question, number: Fraction) -> Fraction | None:
    return next((band.value for band in question.bands if band.upto is None or number <= band.upto), None)
