"""What a version would make of assessments, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.crosswalk import Fate
from app.core.framework import Capability, Framework
from app.core.impact import Impact
from app.core.rank_changes import RankChange
from app.core.scale import display
from app.core.scoring import OVERALL
from app.i18n import msgid
from app.services.impact import Prospect, RoundOfUnits
from app.web.context import locale, translate, translate_plural

FATES = {
    Fate.KEPT: (msgid("保留"), msgid("得分、回答和发现都在原处。")),
    Fate.MOVED: (msgid("换位置"), msgid("换了上级能力；得分、回答和发现随它走。")),
    Fate.RENAMED: (msgid("改名"), msgid("新要素接下旧要素的得分、回答和发现。")),
    Fate.SPLIT: (msgid("拆分"), msgid("旧的得分提议给每个新要素，有人确认才计入。")),
    Fate.MERGED: (msgid("合并"), msgid("旧得分的加权平均提议给新要素，有人确认才计入。")),
    Fate.LOST: (msgid("不再问"), msgid("新版本不再问；得分和回答留在旧版本的记录里。")),
}
OPENED = (msgid("新加入"), msgid("新版本才问，未评。"))
RETURNING = (msgid("重新出现"), msgid("以前在新版本里评过，随它回来。"))


@dataclass(frozen=True, slots=True)
class Way:
    """One element, or several that go the same way: what they are in the old version, and in the new one."""

    old: tuple[Capability, ...]
    new: tuple[Capability, ...]


@dataclass(frozen=True, slots=True)
class Fortune:
    """The elements that share a fate; `name` and `hint` are msgids."""

    id: str
    name: str
    hint: str
    ways: tuple[Way, ...]

    @property
    def count(self) -> int:
        """How many elements it is about."""
        return sum(max(len(way.old), 1) for way in self.ways)


def fortunes(found: Impact) -> tuple[Fortune, ...]:
    """Return what becomes of the elements, the usual fate first; a fate that none has is left out."""
    walk = found.walk
    groups = [
        Fortune(fate.value, *FATES[fate], _ways(found, fate, elements)) for fate, elements in found.by_fate.items()
    ]
    groups += [
        Fortune(name, *words, tuple(Way((), (walk.new.node(one),)) for one in elements))
        for name, words, elements in (("opened", OPENED, found.opened), ("returning", RETURNING, found.returning))
    ]
    return tuple(group for group in groups if group.ways)


def _ways(found: Impact, fate: Fate, elements: Sequence[str]) -> tuple[Way, ...]:
    walk = found.walk
    if fate is not Fate.MERGED:
        return tuple(Way((walk.old.node(one),), _nodes(walk.new, walk.heirs[one])) for one in elements)
    heirs = dict.fromkeys(heir for one in elements for heir in walk.heirs[one])
    return tuple(Way(_nodes(walk.old, walk.origins[heir]), _nodes(walk.new, (heir,))) for heir in heirs)


def _nodes(framework: Framework, ids: Sequence[str]) -> tuple[Capability, ...]:
    return tuple(framework.node(one) for one in ids)


@dataclass(frozen=True)
class UnitLine:
    """One assessment of the list: its fates counted, its figures, the places that it would change."""

    prospect: Prospect
    fortunes: tuple[Fortune, ...]
    ranks: tuple[str, ...]


@dataclass(frozen=True)
class RoundPart:
    """The assessments of one round."""

    round: RoundOfUnits
    lines: tuple[UnitLine, ...]


def round_part(found: RoundOfUnits) -> RoundPart:
    """Return a round as the page lists it."""
    lines = [
        UnitLine(one, fortunes(one.impact) if one.impact else (), tuple(_ranks(found, one))) for one in found.prospects
    ]
    return RoundPart(found, tuple(lines))


def _ranks(found: RoundOfUnits, one: Prospect) -> list[str]:
    return [_rank(one, rank) for rank in found.ranks if rank.unit == str(one.summary.id)]


def _rank(one: Prospect, rank: RankChange) -> str:
    framework = one.impact.walk.new if one.impact else None
    name = framework.node(rank.node).name if framework and rank.node else OVERALL
    places = [
        translate("无位次") if place is None else "#" + display(place, 0 if place.denominator == 1 else 1)
        for place in (rank.before, rank.after)
    ]
    return translate("%(node)s %(before)s → %(after)s") % {
        "node": name.in_locale(locale()),
        "before": places[0],
        "after": places[1],
    }


def answer(rounds: Sequence[RoundOfUnits], *, hidden: int = 0) -> str:
    """Say how many assessments are concerned, and how many of their figures would change.

    `hidden` are those in engagements of others, which are only counted.
    """
    prospects = [one for found in rounds for one in found.prospects]
    if not prospects and hidden:
        return _hidden(hidden)
    if not prospects:
        return translate("还没有评估用这个框架；发布只影响以后的评估。")
    changed = sum(one.impact is not None and one.impact.changes_figures for one in prospects)
    waiting = sum(not its.empty for one in prospects if one.impact for its in one.impact.proposals)
    parts = [translate("%(n)s 份评估在用这个框架，其中 %(changed)s 份的数字会变")]
    if waiting:
        parts.append(translate("%(waiting)s 个得分要有人确认"))
    told = translate("；").join(parts) % {"n": len(prospects), "changed": changed, "waiting": waiting}
    return told + translate("。") + (_hidden(hidden) if hidden else "")


def _hidden(count: int) -> str:
    told = translate_plural(
        "您没有参加的项目里有 %(n)s 份评估在用这个框架。", "您没有参加的项目里有 %(n)s 份评估在用这个框架。", count
    )
    return told % {"n": count}
