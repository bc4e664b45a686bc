"""Above the pages of a capability of the first tier: the units' scores and order, the benchmark, what is withheld."""

from __future__ import annotations

from app.core.framework import Capability
from app.core.scoring import Status
from app.document.draft import Draft
from app.document.message.leader import against_median, order_clauses
from app.document.message.phrases import figure, units
from app.document.rules import order
from app.document.values import Part, Sentence


def dimension_headline(draft: Draft, node: Capability) -> Sentence:
    """Say how the units stand to each other and the one in focus to the benchmark, and who has no score to show."""
    material, voice = draft.material, draft.voice
    shown = {s.id: f.score for s in material.subjects if (f := s.shown(node.id)) and f.score is not None}
    clauses: list[tuple[Part, ...]] = []
    if len(shown) > 1:
        rule, clauses = order_clauses(material, voice, order(shown, material.half_step), node.id)
    elif shown:
        (only,) = (subject for subject in material.subjects if subject.id in shown)
        rule = "single"
        if only is not material.focus or material.comparison.row(node.id).median is None:
            written = figure(voice, only.scorecard.node(node.id))
            clauses = [voice.fill(voice._("{unit}得分{figure}"), unit=voice.name(only.name), figure=written)]
    else:
        rule = "none"
    clauses += [*_median(draft, node, scored=not clauses), *_silent(draft, node)]
    return voice.sentence(f"dimension.{rule}", *clauses)


def _median(draft: Draft, node: Capability, *, scored: bool) -> list[tuple[Part, ...]]:
    """Set the unit in focus against the benchmark's median; where it has no score, give the median alone."""
    material, voice = draft.material, draft.voice
    row = material.comparison.row(node.id)
    if row.median is None:
        return []
    clause = against_median(material, voice, material.focus, node.id, scored=scored)
    alone = voice._("对标中位数是{median}（n = {n}）")
    return [clause or voice.fill(alone, median=voice.score(node.id, row.median), n=row.n)]


def _silent(draft: Draft, node: Capability) -> list[tuple[Part, ...]]:
    """Name the units whose score is withheld for want of coverage; count those without any."""
    material, voice = draft.material, draft.voice
    thin = [s for s in material.subjects if s.scorecard.node(node.id).status is Status.INSUFFICIENT]
    blank = [s for s in material.subjects if s.scorecard.node(node.id).status is Status.OPEN]
    clauses: list[tuple[Part, ...]] = []
    publish = voice.percent(material.framework.rollup.provisional)
    if thin:
        template = voice._("{units}覆盖率不到{share}，不出分")
        clauses.append(voice.fill(template, units=units(thin, voice), share=publish))
    if blank:
        template = voice.ngettext("{units}的{n}个要素未评", "{units}的{n}个要素都未评", len(blank))
        n = len(material.framework.leaves_below(node.id))
        clauses.append(voice.fill(template, units=units(blank, voice), n=n))
    return clauses
