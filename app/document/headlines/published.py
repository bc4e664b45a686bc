"""Above the printed figures: how many agree with the computed ones, and how far the others lie off."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.scale import decimals_of
from app.document.draft import Draft
from app.document.material import Subject
from app.document.values import Sentence


def published_headline(draft: Draft, printing: Sequence[Subject]) -> Sentence:
    """Count agreement within half of the last printed digit, and name one figure that lies furthest off."""
    voice = draft.voice
    compared = [(subject, node, gap) for subject in printing for node, gap in _gaps(subject)]
    off = [(s, node, gap) for s, node, gap in compared if not _agrees(s, node, gap)]
    clauses = [
        voice.fill(
            voice._("可比的{n}个原文得分中，{agreeing}个与计算得分相符，{differing}个不符"),
            n=len(compared),
            agreeing=len(compared) - len(off),
            differing=len(off),
        )
    ]
    if off:
        subject, node, gap = max(off, key=lambda one: abs(one[2]))
        clauses.append(
            voice.fill(
                voice._("最多相差{gap}分（{unit}的{node}）"),
                gap=voice.score(node, abs(gap)),
                unit=voice.name(subject.name),
                node=voice.node(node),
            )
        )
    return voice.sentence("published.differing" if off else "published.agreeing", *clauses)


def _gaps(subject: Subject) -> list[tuple[str, Fraction]]:
    """Return printed less computed by capability, where both may be shown."""
    found: list[tuple[str, Fraction]] = []
    for node, score in subject.scorecard.nodes.items():
        shown = subject.shown(node)
        if score.published is not None and shown is not None and shown.score is not None:
            found.append((node, score.published - shown.score))
    return found


def _agrees(subject: Subject, node: str, gap: Fraction) -> bool:
    printed = subject.scorecard.node(node).published or Fraction(0)
    decimals = max(decimals_of(printed), subject.published_decimals or 0)
    return abs(gap) <= Fraction(1, 2 * 10**decimals)
