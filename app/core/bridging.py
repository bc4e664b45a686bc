"""Standing in one version what was assessed in another, to compare: nothing is proposed here, nothing confirmed.

What is kept or was renamed is taken as it is; a part stands with the score of the whole it was part of, a whole with
the mean of its parts; both are counted as mapped. What has no origin stays open. Across scales nothing is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.case import AgreedScore, State
from app.core.crosswalk import Crosswalk, Fate
from app.core.framework import Framework, Method, WeightProfile
from app.core.impact import rescaled
from app.core.judging import RespondentAnswers
from app.core.scoring import Judgement, Scorecard, score


@dataclass(frozen=True, slots=True)
class Basis:
    """What a column rests on that was assessed in `version`: elements of the version compared in.

    `kept` under their own name, `mapped` from others, `missing`: not asked then; `lost` of the former stand nowhere.
    """

    version: str
    kept: int
    mapped: int
    missing: int
    lost: int

    @property
    def not_comparable(self) -> int:
        """How many elements stand on one side alone."""
        return self.missing + self.lost


def comparable(walk: Crosswalk) -> bool:
    """Tell whether scores of the old version can stand in the new one: one scale, and an element in common at least."""
    return walk.old.id == walk.new.id and not rescaled(walk) and any(walk.origins.values())


def basis_of(walk: Crosswalk) -> Basis:
    """Return what a comparison over these two versions rests on."""
    kept = sum(olds == (new,) for new, olds in walk.origins.items())
    missing = sum(not olds for olds in walk.origins.values())
    return Basis(
        version=walk.old.version,
        kept=kept,
        mapped=len(walk.origins) - kept - missing,
        missing=missing,
        lost=sum(fate is Fate.LOST for fate in walk.fates.values()),
    )


def brought_over(
    card: Scorecard,
    walk: Crosswalk,
    *,
    weights: WeightProfile | None = None,
    method: Method | None = None,
    published: Mapping[str, Fraction] | None = None,
) -> Scorecard:
    """Return a scorecard of the old version as one of the new; ValueError where they cannot be compared."""
    if not comparable(walk):
        raise ValueError(f"{walk.old.reference} and {walk.new.reference} cannot be compared")
    judgements = {
        new: _judgement([(card.judgements[old], card.nodes[old].weight) for old in olds])
        for new, olds in walk.origins.items()
        if olds
    }
    figures = {node: figure for node, figure in (published or {}).items() if _same_below(walk, node)}
    return score(walk.new, judgements, weights=weights, method=method, published=figures)


def _same_below(walk: Crosswalk, node: str) -> bool:
    """Tell whether a capability means the same in both versions: what its source printed can stand beside ours."""
    both = node in walk.old and node in walk.new
    return both and _leaves(walk.old, node) == _leaves(walk.new, node)


def _leaves(framework: Framework, node: str) -> list[str]:
    return [leaf.id for leaf in framework.leaves_below(node)]


def _judgement(origins: Sequence[tuple[Judgement, Fraction]]) -> Judgement:
    if len(origins) == 1:
        return origins[0][0]
    scored = [(one.score, weight) for one, weight in origins if one.score is not None]
    if not scored:
        states = {one.state for one, _ in origins}
        return Judgement(states.pop() if len(states) == 1 else State.OPEN, agreed=all(one.agreed for one, _ in origins))
    total = sum((weight for _, weight in scored), Fraction(0))
    shares = [(value, weight if total else Fraction(1)) for value, weight in scored]
    mean = sum((value * share for value, share in shares), Fraction(0)) / sum(share for _, share in shares)
    inferred = any(one.state is State.INFERRED for one, _ in origins)
    return Judgement(
        State.INFERRED if inferred else State.SCORED,
        mean,
        agreed=all(one.agreed for one, _ in origins),
        respondents=max(one.respondents for one, _ in origins),
        partly_not_applicable=any(one.partly_not_applicable for one, _ in origins),
    )


def agreed_over(agreed: Mapping[str, AgreedScore], walk: Crosswalk) -> dict[str, AgreedScore]:
    """Return what was agreed as it can be told in the new version; findings of merged elements stand together."""
    found: dict[str, AgreedScore] = {}
    for new, olds in walk.origins.items():
        told = [agreed[old] for old in olds if old in agreed]
        if len(olds) == 1 and told:
            found[new] = told[0]
        elif any(one.findings for one in told):
            found[new] = AgreedScore(State.OPEN, findings=tuple(text for one in told for text in one.findings))
    return found


def respondents_over(respondents: Sequence[RespondentAnswers], walk: Crosswalk) -> tuple[RespondentAnswers, ...]:
    """Return respondents with their answers about elements that have one origin, under the new names."""
    single = {new: olds[0] for new, olds in walk.origins.items() if len(olds) == 1}
    return tuple(
        RespondentAnswers(
            one.role, one.weight, {new: one.answers[old] for new, old in single.items() if old in one.answers}
        )
        for one in respondents
    )
