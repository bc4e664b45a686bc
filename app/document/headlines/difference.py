"""Above the difference of two units: how much it is, what contributes most, how much of it is mere coverage."""

from __future__ import annotations

from fractions import Fraction

from app.core.compare import Contributions
from app.document.draft import Draft
from app.document.material import Subject
from app.document.message.phrases import listed, scored_unit
from app.document.values import Amount, Part, Sentence


def difference_headline(draft: Draft, parts: Contributions, one: Subject, other: Subject) -> Sentence:
    """Say how far `one` lies above `other`; below half a step only that they cannot be told apart."""
    material, voice = draft.material, draft.voice
    names = {"one": scored_unit(voice, one, None), "other": scored_unit(voice, other, None)}
    if parts.difference < material.half_step:
        half = voice.exact(material.half_step)
        level = voice.fill(voice._("{one}与{other}总体相差不到{half}分，分不出先后"), half=half, **names)
        return voice.sentence("difference.level", level, _sides(draft, parts, one, other), *_coverage(draft, parts))
    amount = voice.score(None, parts.difference)
    ahead = voice.fill(voice._("{one}的总体比{other}高{difference}分"), difference=amount, **names)
    return voice.sentence("difference.ahead", ahead, _most(draft, parts), *_coverage(draft, parts))


def _sides(draft: Draft, parts: Contributions, one: Subject, other: Subject) -> tuple[Part, ...]:
    """Count the elements that speak for either unit."""
    voice = draft.voice
    return voice.fill(
        voice._("有{up}个要素使{one}高，{down}个使{other}高"),
        one=voice.name(one.name),
        other=voice.name(other.name),
        up=sum(1 for item in parts.items if item.total > 0),
        down=sum(1 for item in parts.items if item.total < 0),
    )


def _most(draft: Draft, parts: Contributions) -> tuple[Part, ...]:
    """Name the element that contributes most, and others that contribute exactly as much."""
    voice = draft.voice
    most = max(item.total for item in parts.items)
    named = [(voice.node(item.node),) for item in parts.items if item.total == most]
    template = (
        voice._("{n}个要素有差别，贡献最大的是{nodes}（{amount}分）")
        if len(named) == 1
        else voice._("{n}个要素有差别，贡献最大的是{nodes}（各{amount}分）")
    )
    return voice.fill(
        template,
        n=sum(1 for item in parts.items if item.total),
        nodes=listed(named, voice, voice._("{listed}等{n}项")),
        amount=Amount(draft.difference(most).text),
    )


def _coverage(draft: Draft, parts: Contributions) -> list[tuple[Part, ...]]:
    """Say how much of the difference comes from unlike coverage, where it is enough to be printed."""
    voice = draft.voice
    share = sum((item.coverage for item in parts.items), Fraction())
    printed = draft.difference(share).text
    if not any(digit in printed for digit in "123456789"):
        return []
    return [voice.fill(voice._("其中{amount}分来自双方覆盖不同"), amount=Amount(printed))]
