"""The front: cover, contents, and how to read the signs."""

from __future__ import annotations

from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.material import Material
from app.document.rounds import in_rounds
from app.document.values import Fact, Facts, Section
from app.document.voice import Voice
from app.i18n import written_date


def cover(draft: Draft, title: str) -> Section:
    """Say what the report covers: units, rounds, framework, benchmark, date."""
    material, voice = draft.material, draft.voice
    rounds = dict.fromkeys(voice.name(subject.round.name) for subject in material.subjects)
    once = in_rounds(material.subjects)  # the rounds stand in the line below
    units = dict.fromkeys(voice.name(subject.unit.name if once else subject.name) for subject in material.subjects)
    items = [
        Fact(voice._("受评单位"), _joined(voice, list(units))),
        Fact(voice._("轮次"), _joined(voice, list(rounds))),
        Fact(voice._("评估框架"), f"{voice.name(material.framework.name)} {material.framework.version}"),
    ]
    if material.benchmark is not None:
        count = voice.ngettext("{name}，{n}家", "{name}，{n}家", len(material.entries))
        named = voice.text(count, name=voice.name(material.benchmark.name), n=len(material.entries))
        items.append(Fact(voice._("对标对象"), named))
    items.append(Fact(voice._("制作日期"), written_date(material.made_on, voice.locale)))
    return Section("cover", SectionKind.COVER, title, blocks=(Facts("cover-facts", "", tuple(items)),))


def contents(draft: Draft, title: str) -> Section:
    """Stand for the contents; their lines are the document's."""
    facts = Facts("contents-legend", draft.voice._("怎样读"), legend(draft.material, draft.voice))
    return Section("contents", SectionKind.CONTENTS, title, blocks=(facts,))


def legend(material: Material, voice: Voice) -> tuple[Fact, ...]:
    """Explain the signs that figures carry in charts and tables."""
    half = voice.exact(material.half_step)
    rule = material.framework.rollup
    publish, provisional = voice.percent(rule.publish), voice.percent(rule.provisional)
    scale = material.framework.scale
    low, high = voice.exact(scale.minimum), voice.exact(scale.maximum)
    about = voice.text(
        voice._("暂定：覆盖率不到{publish}，达到{provisional}"), publish=publish, provisional=provisional
    )
    hatched = voice.text(voice._("斜线底：覆盖率不到{provisional}，不出分，只给上下限"), provisional=provisional)
    return (
        Fact("1.23", voice.text(voice._("得分，从{low}到{high}分"), low=low, high=high)),
        Fact("1.23‡", about),
        Fact("1.23†", voice._("推断：得分不是直接给出的")),
        Fact("1.23*", voice._("来源只给出区间，取中值")),
        Fact("1.23–3.45", hatched),
        Fact("○", voice._("未评，不当作零分")),
        Fact("–", voice._("不适用，不参加计算")),
        Fact(half.text, voice.text(voice._("分：打分间隔的一半；相差不到它的两个得分不排先后"))),
    )


def _joined(voice: Voice, names: list[str]) -> str:
    return "".join(str(part) for part in voice.join(names))
