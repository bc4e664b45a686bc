"""Above the pages of coverage: how many units may be relied on how far, and how many elements have a score."""

from __future__ import annotations

from app.core.scoring import Status
from app.document.draft import Draft
from app.document.rounds import in_rounds
from app.document.values import Part, Sentence


def coverage_headline(draft: Draft) -> Sentence:
    """Count the units by the status of their overall score, and the elements with a score of those that apply.

    Where a unit is in rounds, assessments are counted; a unit alone is named.
    """
    material, voice = draft.material, draft.voice
    scored, applicable = sum(s.scored for s in material.subjects), sum(s.applicable for s in material.subjects)
    elements = voice.fill(voice._("适用的{all}个要素中{n}个有得分"), all=applicable, n=scored)
    rule = "coverage.complete" if scored == applicable else "coverage.gaps"
    first = _counted(draft) if len(material.subjects) > 1 else _alone(draft)
    return voice.sentence(rule, first, elements)


def _alone(draft: Draft) -> tuple[Part, ...]:
    """Say how far the only unit may be relied on."""
    focus, voice = draft.material.focus, draft.voice
    template = {
        Status.PUBLISHED: voice._("{unit}的总体得分可以发布"),
        Status.PROVISIONAL: voice._("{unit}的总体得分只是暂定"),
        Status.INSUFFICIENT: voice._("{unit}覆盖不足，总体不出分"),
        Status.OPEN: voice._("{unit}尚未评估"),
        Status.NOT_APPLICABLE: voice._("{unit}没有适用的要素"),
    }[focus.scorecard.overall.status]
    return voice.fill(template, unit=voice.name(focus.name))


def _counted(draft: Draft) -> tuple[Part, ...]:
    """Count several units, or assessments, by the status of their overall score."""
    material, voice = draft.material, draft.voice
    statuses = [subject.scorecard.overall.status for subject in material.subjects]
    words = (
        (Status.PUBLISHED, voice._("{n}个可以发布总体得分")),
        (Status.PROVISIONAL, voice._("{n}个的总体得分只是暂定")),
        (Status.INSUFFICIENT, voice._("{n}个覆盖不足、总体不出分")),
        (Status.OPEN, voice._("{n}个尚未评估")),
        (Status.NOT_APPLICABLE, voice._("{n}个不适用")),
    )
    counted = [voice.fill(word, n=statuses.count(status)) for status, word in words if status in statuses]
    listed: list[Part] = []
    for index, clause in enumerate(counted):
        listed.extend(((voice._("，"),) if index else ()) + clause)
    if in_rounds(material.subjects):
        total = voice.ngettext("{n}份评估中，{listed}", "{n}份评估中，{listed}", len(statuses))
    else:
        total = voice.ngettext("{n}个评估单位中，{listed}", "{n}个评估单位中，{listed}", len(statuses))
    return voice.fill(total, n=len(statuses), listed=tuple(listed))
