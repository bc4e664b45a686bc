"""The score that the answers to an item's questions suggest, and why. The consultant confirms or changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.questionnaire import Item, Question, QuestionType
from app.core.rollup import weighted_mean
from app.core.scale import Scale

Given = str | tuple[str, ...] | Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """What one answered question is worth, in points of the scale; `answer` is what was said."""

    question: Question
    answer: Given
    value: Fraction


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested score with its reason: the `mean` of the parts by weight, rounded half up to the grid as `score`.

    `missing` are the questions of weight > 0 that score and have no answer yet.
    """

    parts: tuple[Part, ...]
    missing: tuple[Question, ...]
    mean: Fraction
    score: Fraction


def suggestion(item: Item, answers: Mapping[str, Given], *, scale: Scale) -> Suggestion | None:
    """Return what the answered scored questions suggest and why; None where no question of weight > 0 scores.

    `answers` maps question id to option id (choice), tuple of ticked option ids (checklist), number (number, scale)
    or text. An absent answer is not a 0; an empty tuple is: nothing of the list is there.
    """
    parts, missing = [], []
    for question in scoring_questions(item):
        answer = answers.get(question.id)
        value = question_score(question, answer, scale=scale)
        if answer is None or value is None:
            missing.append(question)
        else:
            parts.append(Part(question, answer, value))
    if not parts:
        return None
    mean = weighted_mean([part.value for part in parts], [part.question.weight for part in parts])
    return Suggestion(tuple(parts), tuple(missing), mean, scale.snap(mean))


def suggested_score(item: Item, answers: Mapping[str, Given], *, scale: Scale) -> Fraction | None:
    """Return the score of `suggestion`, None where there is none."""
    suggested = suggestion(item, answers, scale=scale)
    return None if suggested is None else suggested.score


def scoring_questions(item: Item) -> tuple[Question, ...]:
    """Return the questions of an item that make up its suggested score: all but texts and those of weight 0."""
    return tuple(
        question for question in item.questions if question.type is not QuestionType.TEXT and question.weight > 0
    )


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
