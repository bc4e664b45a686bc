"""Sentences about what the scores rest on: how many respondents, how many alone, how many differ."""

from __future__ import annotations

from app.document.values import Part
from app.document.voice import Voice


def none_recorded(voice: Voice, scored: int) -> list[tuple[Part, ...]]:
    """Say that no respondent is recorded, and so what cannot be known."""
    template = voice.ngettext(
        "{n}个要素得分都没有记录受访者，只依据来源", "{n}个要素得分都没有记录受访者，只依据来源", scored
    )
    return [voice.fill(template, n=scored), (voice._("受访者之间的一致性与离散度不知道"),)]


def backing(voice: Voice, *, scored: int, backed: int, single: int) -> tuple[Part, ...]:
    """Count the scores that respondents stand behind, and those with one respondent only."""
    template = voice._("{scored}个要素得分中，{backed}个有受访者打分，其中{single}个只有一位受访者")
    return voice.fill(template, scored=scored, backed=backed, single=single)


def differing(voice: Voice, *, compared: int, discuss: int) -> tuple[Part, ...]:
    """Count where respondents differ enough to be discussed."""
    if not compared:
        return (voice._("没有一个要素有两位受访者，看不出说法是否一致"),)
    template = voice._("有两位以上受访者的{n}个要素中，{discuss}个说法相差达到须讨论的程度")
    return voice.fill(template, n=compared, discuss=discuss)
