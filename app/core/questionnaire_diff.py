"""What changed between two versions of a questionnaire, and by how much its version has to rise. Pure values.

An answer names its element, the questions, the options and the evidence that it ticked: what answers may name is not
taken away without a major step. Another way to reckon a suggestion is a minor one: suggestions are never scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.core.diff import Change, Step
from app.core.questionnaire import Item, Question, Questionnaire
from app.core.text import Text


@dataclass(frozen=True)
class QuestionnaireDiff:
    """What differs between an `old` and a `new` version. `id` of a change is a place: element, element/question, role.

    `added` and `removed`: items, questions, options, evidence with an id, roles; `answered_otherwise`: a question of
    another type; `reckoned_otherwise`: values, weights, bands; `asked_otherwise`: roles and conditions of an item,
    order; `reworded`: names, prompts, texts, evidence; `whole`: mode, framework, omitted elements.
    """

    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    answered_otherwise: tuple[Change, ...] = ()
    reckoned_otherwise: tuple[Change, ...] = ()
    asked_otherwise: tuple[Change, ...] = ()
    reworded: tuple[Change, ...] = ()
    whole: tuple[Change, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether nothing differs."""
        return self.step is Step.NONE

    @cached_property
    def step(self) -> Step:
        """The least step of the version that this change needs."""
        if self.removed or self.answered_otherwise or any(change.id == "mode" for change in self.whole):
            return Step.MAJOR
        if self.added or self.reckoned_otherwise or self.asked_otherwise or self.whole:
            return Step.MINOR
        return Step.PATCH if self.reworded else Step.NONE


def questionnaire_diff(old: Questionnaire, new: Questionnaire) -> QuestionnaireDiff:
    """Compare two versions of a questionnaire by the elements of their items and the ids within them."""
    before, after = _parts(old), _parts(new)
    old_items = {item.element: item for item in old.items}
    both = [(old_items[item.element], item) for item in new.items if item.element in old_items]
    questions = [pair for items in both for pair in _questions(*items)]
    return QuestionnaireDiff(
        added=tuple(Change(place, None, text) for place, text in after.items() if place not in before),
        removed=tuple(Change(place, text, None) for place, text in before.items() if place not in after),
        answered_otherwise=tuple(
            Change(place, one.type.value, other.type.value) for place, one, other in questions if one.type != other.type
        ),
        reckoned_otherwise=tuple(
            Change(place, _reckoning(one), _reckoning(other))
            for place, one, other in questions
            if one.type == other.type and _reckoning(one) != _reckoning(other)
        ),
        asked_otherwise=(*_asked(old, new, both), *_order(old, new)),
        reworded=(*_of_whole({"name": old.name}, {"name": new.name}), *_worded(before, after), *_prompts(both)),
        whole=tuple(_of_whole(_front(old), _front(new))),
    )


def _parts(questionnaire: Questionnaire) -> Mapping[str, Text | None]:
    """Return everything that answers may name, by place, with its text."""
    found: dict[str, Text | None] = {f"roles/{role.id}": role.name for role in questionnaire.roles}
    for item in questionnaire.items:
        found[item.element] = None
        for evidence in item.evidence:
            if evidence.id is not None:
                found[f"{item.element}/{evidence.id}"] = evidence.text
        for question in item.questions:
            place = f"{item.element}/{question.id}"
            found[place] = question.text
            found |= {f"{place}/{option.id}": option.text for option in question.options}
    return found


def _questions(old: Item, new: Item) -> Iterator[tuple[str, Question, Question]]:
    known = {question.id: question for question in old.questions}
    for question in new.questions:
        if question.id in known:
            yield f"{new.element}/{question.id}", known[question.id], question


def _reckoning(question: Question) -> dict[str, object]:
    return {
        "weight": question.weight,
        "unit": question.unit,
        "options": {option.id: (option.value, option.weight) for option in question.options},
        "bands": [(band.upto, band.value) for band in question.bands],
    }


def _asked(old: Questionnaire, new: Questionnaire, both: Iterable[tuple[Item, Item]]) -> Iterator[Change]:
    for one, other in both:
        before, after = {"roles": one.roles, "when": one.when}, {"roles": other.roles, "when": other.when}
        if before != after:
            yield Change(other.element, before, after)
    roles = {role.id: (role.level, role.weight) for role in old.roles}
    for role in new.roles:
        if role.id in roles and roles[role.id] != (role.level, role.weight):
            yield Change(f"roles/{role.id}", roles[role.id], (role.level, role.weight))


def _order(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    before, after = [item.element for item in old.items], [item.element for item in new.items]
    shared = set(before) & set(after)
    if [one for one in before if one in shared] != [one for one in after if one in shared]:
        yield Change(None, before, after)


def _worded(before: Mapping[str, Text | None], after: Mapping[str, Text | None]) -> Iterator[Change]:
    for place, text in after.items():
        if place in before and before[place] != text:
            yield Change(place, before[place], text)


def _prompts(both: Iterable[tuple[Item, Item]]) -> Iterator[Change]:
    for one, other in both:
        before, after = (
            {"prompts": item.prompts, "evidence": [prompt.text for prompt in item.evidence if prompt.id is None]}
            for item in (one, other)
        )
        if before != after:
            yield Change(other.element, before, after)


def _front(questionnaire: Questionnaire) -> dict[str, object]:
    return {
        "mode": questionnaire.mode.value,
        "framework": questionnaire.framework,
        "omit": sorted(questionnaire.omit),
    }


def _of_whole(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    for name, value in after.items():
        if before[name] != value:
            yield Change(name, before[name], value)
