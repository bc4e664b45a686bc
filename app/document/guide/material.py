"""What a guide is made from: framework, questionnaire, whom it is for, and what was answered. Knows no wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.core.case import Answer
from app.core.framework import Capability, Framework
from app.core.questionnaire import Item, Questionnaire, Role
from app.core.report import Theme
from app.core.text import Text


@dataclass(frozen=True, slots=True)
class Answered:
    """A stored answer, who saved it last and when."""

    answer: Answer
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of the talk; None leaves a line to write on."""

    unit: Text | None = None
    round: Text | None = None
    key: str | None = None
    respondent: str | None = None
    interviewer: str | None = None
    date: date | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    """A guide before it is worded: `asked` in order, `role` None for everybody, `answers` None for a blank form.

    `theme` is the look of the report about interviews, its footer and note of confidentiality.
    """

    framework: Framework
    questionnaire: Questionnaire | None
    role: Role | None
    asked: Sequence[tuple[Capability, Item | None]]
    occasion: Occasion = field(default_factory=Occasion)
    address: str = ""
    answers: Mapping[str, Answered] | None = None
    theme: Theme = field(default_factory=Theme)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Elements below one capability of the tree (None: the root), in the order of asking."""

    node: Capability | None
    members: tuple[tuple[Capability, Item | None], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A capability of the first tier with what is asked below it."""

    node: Capability | None
    groups: tuple[Gathered, ...]


def asked_of(
    framework: Framework, questionnaire: Questionnaire | None, role_id: str | None
) -> list[tuple[Capability, Item | None]]:
    """Return what a role is asked (None: everybody's items), in the questionnaire's order; every leaf without one.

    Items about elements that this version of the framework does not have are left out; conditions are not judged:
    paper cannot.
    """
    if questionnaire is None:
        return [(leaf, None) for leaf in framework.leaves]
    items = questionnaire.items if role_id is None else questionnaire.items_for(role_id)
    return [(framework.node(item.element), item) for item in items if item.element in framework]


def parts_of(framework: Framework, asked: Sequence[tuple[Capability, Item | None]]) -> tuple[Part, ...]:
    """Return elements by first tier and by parent, both in the order in which they are first met."""
    tree: dict[str | None, dict[str | None, list[tuple[Capability, Item | None]]]] = {}
    for element, item in asked:
        above = framework.ancestors(element.id)
        root, parent = (above[0].id, above[-1].id) if above else (None, None)
        tree.setdefault(root, {}).setdefault(parent, []).append((element, item))

    def node(node_id: str | None) -> Capability | None:
        return framework.node(node_id) if node_id else None

    return tuple(
        Part(node(root), tuple(Gathered(node(parent), tuple(members)) for parent, members in groups.items()))
        for root, groups in tree.items()
    )
