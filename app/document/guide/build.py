"""Material -> the worded guide, blank or filled, in one language or two side by side. Nothing is made up: what was not
answered says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from app.core.case import Answer
from app.core.framework import Capability
from app.core.questionnaire import EvidencePrompt, Item, Question, QuestionType
from app.core.scale import Scale, display
from app.core.text import Locale, Text
from app.document.guide.material import Answered, GuideMaterial, Part, parts_of
from app.document.guide.values import (
    Chapter,
    EvidenceLine,
    Fact,
    Guide,
    GuideElement,
    GuideGroup,
    LevelLine,
    OptionLine,
    Point,
    QuestionLine,
    Said,
    ScoreBoxes,
    Wording,
)
from app.document.guide.wording import (
    CONDITION,
    LABELS,
    SAVED,
    SAVED_BY,
    condition_words,
    label,
    plain_number,
    short,
    state_words,
)
from app.document.values import Words
from app.i18n import translator, written_date, written_time

MOST_BOXES = 25  # a line of an A4 page holds no more


def build_guide(material: GuideMaterial, locales: tuple[Locale, ...]) -> Guide:
    """Return the guide of some material in these languages (the first one is the guide's own)."""
    return _Builder(material, locales).guide()


def score_boxes(scale: Scale, chosen: Fraction | None = None) -> ScoreBoxes:
    """Return the boxes of a scale: the grid where a line can hold it, else its whole points or its named levels."""
    grid = scale.grid
    if len(grid) > MOST_BOXES:
        whole = tuple(value for value in grid if value.denominator == 1)
        grid = whole if 1 < len(whole) <= MOST_BOXES else tuple(level.value for level in scale.levels)
    points = tuple(Point(short(value, scale), value.denominator == 1, value == chosen) for value in grid)
    written = "" if chosen is None else display(chosen, scale.decimals)
    return ScoreBoxes(points, exact=len(grid) < len(scale.grid), written=written)


@dataclass(frozen=True)
class _Builder:
    material: GuideMaterial
    locales: tuple[Locale, ...]

    def guide(self) -> Guide:
        material = self.material
        own = self.locales[0]
        title = self._own("filled-title" if material.answers is not None else "blank-title")
        about = [part.in_locale(own) for part in (material.occasion.unit, material.occasion.round) if part]
        role = material.role.name.in_locale(own) if material.role else label("everybody", own)
        name = material.questionnaire.name if material.questionnaire else material.framework.name
        theme = material.theme
        return Guide(
            locales=self.locales,
            filled=material.answers is not None,
            title=self._text(name),
            subtitle=title,
            running=" · ".join([*about, role, *([material.occasion.key] if material.occasion.key else [])]),
            facts=self._facts(),
            address=material.address,
            levels=tuple(
                LevelLine(
                    short(level.value, self._scale),
                    self._text(level.name),
                    self._text(level.description) if level.description else None,
                )
                for level in self._scale.levels
            ),
            chapters=tuple(
                self._chapter(number, part)
                for number, part in enumerate(parts_of(material.framework, material.asked), start=1)
            ),
            labels={name: self._own(name) for name in LABELS},
            footer=theme.footer.in_locale(own) if theme.footer else "",
            confidentiality=theme.confidentiality.in_locale(own) if theme.confidentiality else "",
            theme=theme,
        )

    @property
    def _scale(self) -> Scale:
        return self.material.framework.scale

    @cached_property
    def _names(self) -> dict[Locale, Mapping[str, str]]:
        leaves = self.material.framework.leaves
        return {locale: {leaf.id: leaf.name.in_locale(locale) for leaf in leaves} for locale in self.locales}

    # words

    def _text(self, text: Text) -> Wording:
        return tuple(Words(text.in_locale(locale), text.language_of(locale)) for locale in self.locales)

    def _own(self, name: str) -> Wording:
        return tuple(Words(label(name, locale), locale) for locale in self.locales)

    def _same(self, written: str) -> Wording:
        """Return what somebody wrote: it reads the same in every language and stands there once."""
        return (Words(written, self.locales[0]),)

    # the title page

    def _facts(self) -> tuple[Fact, ...]:
        material, occasion = self.material, self.material.occasion
        guide, role = material.questionnaire, material.role
        day = occasion.date
        filled = material.answers is not None

        def known(name: str, written: str | None) -> Fact:
            blank = self._same("–") if filled else None
            return Fact(self._own(name), self._same(written) if written else blank)

        facts = [
            Fact(self._own("unit"), self._text(occasion.unit) if occasion.unit else None),
            Fact(self._own("round"), self._text(occasion.round) if occasion.round else None),
            Fact(self._own("role"), self._text(role.name) if role else self._own("everybody")),
            known("respondent", occasion.respondent),
            known("interviewer", occasion.interviewer),
            Fact(self._own("date"), tuple(Words(written_date(day, one), one) for one in self.locales))
            if day
            else known("date", None),
            known("place", occasion.place),
        ]
        if occasion.key:
            facts.append(Fact(self._own("key"), self._same(occasion.key)))
        if guide is not None:
            facts.append(Fact(self._own("questionnaire"), self._same(guide.reference)))
        return (*facts, Fact(self._own("framework"), self._same(material.framework.reference)))

    # the elements

    def _chapter(self, number: int, part: Part) -> Chapter:
        return Chapter(
            id=f"chapter-{number}",
            name=self._text(part.node.name) if part.node else self._own("all-elements"),
            groups=tuple(
                GuideGroup(
                    self._text(group.node.name) if group.node and group.node != part.node else None,
                    tuple(self._element(element, item) for element, item in group.members),
                )
                for group in part.groups
            ),
        )

    def _element(self, element: Capability, item: Item | None) -> GuideElement:
        answered = (self.material.answers or {}).get(element.id)
        answer = answered.answer if answered else None
        return GuideElement(
            id=element.id,
            code=element.code or "",
            name=self._text(element.name),
            definition=self._text(element.definition) if element.definition else None,
            condition=self._condition(item),
            prompts=tuple(self._text(prompt) for prompt in item.prompts) if item else (),
            evidence=tuple(self._evidence(one, answer) for one in item.evidence) if item else (),
            questions=tuple(self._question(one, answer) for one in item.questions) if item else (),
            levels=self._levels(element),
            boxes=score_boxes(self._scale, answer.score if answer else None),
            said=self._said(answered) if answered else None,
        )

    def _condition(self, item: Item | None) -> Wording | None:
        if item is None or item.when is None:
            return None
        return tuple(
            Words(
                translator(locale)
                .gettext(CONDITION)
                .format(condition=condition_words(item.when, self._names[locale], locale)),
                locale,
            )
            for locale in self.locales
        )

    def _levels(self, element: Capability) -> tuple[LevelLine, ...]:
        values = sorted({level.value for level in self._scale.levels} | set(element.levels))
        lines = []
        for value in values:
            named, text = self._scale.level_at(value), element.levels.get(value)
            lines.append(
                LevelLine(
                    short(value, self._scale),
                    self._text(named.name) if named else None,
                    self._text(text) if text else None,
                )
            )
        return tuple(lines) if element.levels else ()

    def _evidence(self, prompt: EvidencePrompt, answer: Answer | None) -> EvidenceLine:
        tick = answer.ticks.get(prompt.id) if answer and prompt.id else None
        return EvidenceLine(self._text(prompt.text), prompt.id is not None, tick)

    def _question(self, question: Question, answer: Answer | None) -> QuestionLine:
        reply = answer.questions.get(question.id) if answer else None
        chosen = (reply,) if isinstance(reply, str) else reply if isinstance(reply, tuple) else ()
        number = reply if isinstance(reply, Fraction) else None
        written = plain_number(number) if number is not None else ""
        if question.type is QuestionType.TEXT and isinstance(reply, str):
            written = reply
        boxes = score_boxes(self._scale, number) if question.type is QuestionType.SCALE else None
        return QuestionLine(
            id=question.id,
            kind=question.type.value,
            wording=self._text(question.text),
            unit=question.unit or "",
            options=tuple(OptionLine(self._text(one.text), one.id in chosen) for one in question.options),
            points=boxes.points if boxes else (),
            reply=written,
            answered=reply is not None,
        )

    def _said(self, answered: Answered) -> Said:
        answer, scale = answered.answer, self._scale
        return Said(
            state=answer.state.value,
            mark=tuple(Words(state_words(answer.state, locale), locale) for locale in self.locales),
            score=display(answer.score, scale.decimals) if answer.score is not None else "",
            suggested=display(answer.suggested, scale.decimals) if answer.suggested is not None else "",
            reason=answer.reason or "",
            confidence=answer.confidence or "",
            evidence_strength="" if answer.evidence_strength is None else str(answer.evidence_strength),
            note=answer.note or "",
            saved=tuple(Words(_saved(answered, locale), locale) for locale in self.locales),
        )


def _saved(answered: Answered, locale: Locale) -> str:
    at = written_time(answered.at, locale)
    if answered.by is None:
        return translator(locale).gettext(SAVED).format(at=at)
    return translator(locale).gettext(SAVED_BY).format(by=answered.by, at=at)
