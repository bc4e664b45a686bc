"""What the questionnaire pages show: items by area, rules in words, rules tried out with every operand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.content.library import Library
from app.core.case import AgreedScore, Answer, State
from app.core.framework import Capability, Framework
from app.core.questionnaire import Comparison, Item, Mode, Questionnaire, QuestionType, When
from app.core.relevance_tracing import Origin, Trace, TracedItem, all_operands, only_way, trace
from app.core.scale import decimals_of, display
from app.core.text import Text
from app.i18n import msgid
from app.web.context import locale, translate
from app.web.templating import in_locale

MODE_WORDS = {Mode.INTERVIEW: msgid("访谈"), Mode.SELF_ASSESSMENT: msgid("自评")}
TYPE_WORDS = {
    QuestionType.CHOICE: msgid("单选"),
    QuestionType.CHECKLIST: msgid("清单"),
    QuestionType.NUMBER: msgid("数字"),
    QuestionType.SCALE: msgid("量表"),
    QuestionType.TEXT: msgid("文字"),
}
RELATION_WORDS = {
    "gte": msgid("至少 %(number)s 分"),
    "lte": msgid("最多 %(number)s 分"),
    "eq": msgid("正好 %(number)s 分"),
    "scored": msgid("有得分"),
}
RELATION_NAMES = {"gte": msgid("至少"), "lte": msgid("最多"), "eq": msgid("正好"), "scored": msgid("有得分")}
OPERATOR_WORDS = {
    "all": msgid("以下全部成立"),
    "any": msgid("以下至少一条成立"),
    "not": msgid("要求下面这条不成立"),
}
ORIGIN_WORDS = {
    Origin.ANSWER: msgid("这次访谈答了 %(number)s 分"),
    Origin.AGREED: msgid("共识分是 %(number)s 分"),
    Origin.OPEN: msgid("还没有得分"),
    Origin.UNASKED: msgid("答过，但它自己不用问，不算"),
    Origin.UNSCORED: msgid("答了，没有得分"),
}
UNKNOWN, NOT_APPLICABLE = "unknown", "na"


@dataclass(frozen=True, slots=True)
class Area:
    """The items of one capability of the first tier, in the questionnaire's order."""

    name: Text
    items: tuple[tuple[Capability, Item], ...]


@dataclass(frozen=True, slots=True)
class TriedOperand:
    """An element that rules look at, with what was chosen for it."""

    element: str
    name: Text
    answer: str
    agreed: str


@dataclass(frozen=True, slots=True)
class TriedItem:
    """An item with a rule. `verdict`: what the rule comes to whatever is answered, None where answers decide it."""

    name: Text
    found: TracedItem
    verdict: bool | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Rules tried out: `asked` of `items` are asked; of those for `role` only, where one is chosen."""

    operands: tuple[TriedOperand, ...]
    conditional: tuple[TriedItem, ...]
    asked: int
    items: int
    role: str
    unasked: tuple[Text, ...]
    choices: tuple[tuple[str, str], ...]


def areas(questionnaire: Questionnaire, framework: Framework) -> list[Area]:
    """Return the items by capability of the first tier; items of elements that the framework lacks are left out."""
    found: dict[str, list[tuple[Capability, Item]]] = {root.id: [] for root in framework.capabilities}
    for item in questionnaire.items:
        if item.element in framework:
            above = framework.ancestors(item.element)
            root = above[0].id if above else item.element
            found[root].append((framework.node(item.element), item))
    return [Area(framework.node(root).name, tuple(items)) for root, items in found.items() if items]


def number_words(number: Fraction | None) -> str:
    """Return a number as short as it is exact."""
    return "" if number is None else display(number, decimals_of(number))


def comparison_words(comparison: Comparison) -> str:
    """Return what a comparison asks of its operand."""
    return translate(RELATION_WORDS[comparison.relation]) % {"number": number_words(comparison.number)}


def name_of(element: str, framework: Framework) -> Text:
    """Return the name of an element, its id where the framework lacks it."""
    return framework.node(element).name if element in framework else Text(zh=element)


def condition_words(when: When, framework: Framework) -> str:
    """Return a condition as one line."""
    if isinstance(when, Comparison):
        named = in_locale(name_of(when.answer, framework))
        return translate("“%(name)s”%(relation)s") % {"name": named, "relation": comparison_words(when)}
    if when.operator == "not":
        return translate("并非（%(part)s）") % {"part": condition_words(when.parts[0], framework)}
    joint = translate("，并且") if when.operator == "all" else translate("，或者")
    return joint.join(_nested(part, framework) for part in when.parts)


def _nested(part: When, framework: Framework) -> str:
    words = condition_words(part, framework)
    deeper = not isinstance(part, Comparison) and part.operator != "not"
    return translate("（%(part)s）") % {"part": words} if deeper else words


def operand_words(found: Trace) -> str:
    """Return what the operand of a comparison stands at."""
    operand = found.operand
    if operand is None:
        return ""
    return translate(ORIGIN_WORDS[operand.origin]) % {"number": number_words(operand.score)}


def try_out(questionnaire: Questionnaire, framework: Framework, chosen: Mapping[str, str]) -> Trial:
    """Return which items are asked for the answers that an address names: `a-<element>`, `g-<element>`, `role`."""
    looked_at = all_operands(questionnaire)
    answers = {one: answer for one in looked_at if (answer := _answer(chosen.get(f"a-{one}", ""), framework))}
    agreed = {
        one: AgreedScore(answer.state, answer.score)
        for one in looked_at
        if (answer := _answer(chosen.get(f"g-{one}", ""), framework))
    }
    role = chosen.get("role", "")
    roles = {one.id for one in questionnaire.roles}
    kept = {item.element for item in (questionnaire.items_for(role) if role in roles else questionnaire.items)}
    traced = [one for one in trace(questionnaire, answers, agreed=agreed) if one.element in kept]
    return Trial(
        operands=tuple(
            TriedOperand(
                one, name_of(one, framework), _kept(chosen, f"a-{one}", answers), _kept(chosen, f"g-{one}", agreed)
            )
            for one in looked_at
        ),
        conditional=tuple(_tried(one, framework) for one in traced if one.why is not None),
        asked=sum(one.asked for one in traced),
        items=len(traced),
        role=role if role in roles else "",
        unasked=tuple(name_of(one.element, framework) for one in traced if not one.asked),
        choices=_choices(framework),
    )


def _tried(found: TracedItem, framework: Framework) -> TriedItem:
    assert found.why is not None
    return TriedItem(name_of(found.element, framework), found, only_way(found.why.when, framework.scale))


def _choices(framework: Framework) -> tuple[tuple[str, str], ...]:
    grid = ((number_words(value), number_words(value)) for value in framework.scale.grid)
    return ("", translate("未答")), *grid, (UNKNOWN, translate("不清楚")), (NOT_APPLICABLE, translate("不适用"))


def _answer(written: str, framework: Framework) -> Answer | None:
    if written == UNKNOWN:
        return Answer(State.UNKNOWN)
    if written == NOT_APPLICABLE:
        return Answer(State.NOT_APPLICABLE)
    scores = {number_words(value): value for value in framework.scale.grid}
    return Answer(State.SCORED, scores[written]) if written in scores else None


def _kept(chosen: Mapping[str, str], name: str, known: Mapping[str, object]) -> str:
    return chosen.get(name, "") if name[2:] in known else ""


def rule_count(questionnaire: Questionnaire) -> int:
    """Return how many items have a rule."""
    return sum(item.when is not None for item in questionnaire.items)


def roles_of(item: Item, questionnaire: Questionnaire) -> list[Text]:
    """Return the names of the roles that an item asks."""
    names = {role.id: role.name for role in questionnaire.roles}
    return [names[role] for role in item.roles if role in names]


def element_choices(framework: Framework, elements: Iterable[str]) -> list[tuple[str, str]]:
    """Return elements with their names in the reader's language."""
    return [(one, name_of(one, framework).in_locale(locale())) for one in elements]


def newest_of_each(library: Library) -> list[Questionnaire]:
    """Return the newest version of every questionnaire, by framework and id."""
    ids = dict.fromkeys(sorted((one.framework.partition("@")[0], one.id) for one in library.questionnaires()))
    return [library.questionnaire(questionnaire_id) for _, questionnaire_id in ids]
