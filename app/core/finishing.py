"""What is to be looked at before an interview or assessment is handed over: errors and warnings, from values alone.

A concern carries a code, what it is about and its figures; screens put it into words. Errors have to be mended.
Warnings may be accepted with a reason: a warning that blocks would only be answered with "ok". Knows no database, no
wording and nobody's permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from app.core.case import Answer, State
from app.core.scale import Scale
from app.core.scoring import Judgement, NodeScore, Status

MANY_UNKNOWN = Fraction(1, 5)  # of what was asked in an interview: more than this
UNLIKE_SUGGESTED = Fraction(1, 5)  # of the scale: a full level of 0 to 5
ALIKE_FROM = 5  # scores of one dimension that are all the same
SEEN_FROM = 2  # strength of evidence (0 to 3) from which something was shown, not only told
UNKNOWN_AT = Fraction(1, 2)  # of the respondents asked about an element: this share or more

Figure = Fraction | int | str


class Code(StrEnum):
    """What a concern says; in the order in which screens list them."""

    NOTHING_SAID = "nothing-said"
    REASON_MISSING = "reason-missing"
    UNFINISHED_INTERVIEW = "unfinished-interview"
    LEFT_OPEN = "left-open"
    NOT_ASSESSED = "not-assessed"
    TO_DISCUSS = "to-discuss"
    NOT_AGREED = "not-agreed"
    SINGLE_SOURCE = "single-source"
    HIGH_WITHOUT_EVIDENCE = "high-without-evidence"
    MANY_UNKNOWN = "many-unknown"
    LOW_COVERAGE = "low-coverage"
    NO_CONFIDENCE = "no-confidence"
    UNLIKE_SUGGESTED = "unlike-suggested"
    ALL_ALIKE = "all-alike"
    NO_FINDING = "no-finding"


ERRORS = frozenset({Code.NOTHING_SAID, Code.REASON_MISSING})


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at. `about`: an element, a capability or the key of an interview; empty for the whole."""

    code: Code
    about: str = ""
    values: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Tell whether no reason can excuse it."""
        return self.code in ERRORS


def high_from(scale: Scale) -> Fraction:
    """Return the score from which evidence is expected: the second-highest named level, 4 of 0 to 5.

    The levels are what the framework describes; where it names only the two ends, it is four fifths of the scale.
    """
    if len(scale.levels) > 2:
        return scale.levels[-2].value
    return scale.minimum + Fraction(4, 5) * (scale.maximum - scale.minimum)


# --- an interview ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedElement:
    """One element in the scope of an interview: what was answered, and the capability of the first tier above it."""

    element: str
    dimension: str
    answer: Answer | None

    @property
    def state(self) -> State:
        """What is known of it; open where nobody answered."""
        return self.answer.state if self.answer else State.OPEN


def interview_concerns(asked: Sequence[AskedElement], scale: Scale, *, alone: bool = False) -> tuple[Concern, ...]:
    """Return what is to be looked at before an interview is handed over, in the order of the codes.

    `alone`: the respondent filled it in without a consultant, and was asked neither for evidence nor for confidence.
    """
    if all(one.state is State.OPEN for one in asked):
        return (Concern(Code.NOTHING_SAID),)
    concerns = [*_reasons_missing(asked), *_left_open(asked), *_unknowns(asked), *_alike(asked)]
    for element, answer, score in _scored(asked):
        concerns += _of_score(element, answer, score, scale, alone=alone)
    return _in_order(concerns)


def _scored(asked: Sequence[AskedElement]) -> Iterator[tuple[str, Answer, Fraction]]:
    for one in asked:
        if one.answer is not None and one.answer.score is not None:
            yield one.element, one.answer, one.answer.score


def _of_score(element: str, answer: Answer, score: Fraction, scale: Scale, *, alone: bool) -> Iterator[Concern]:
    note = bool(answer.note and answer.note.strip())
    if not alone and score >= high_from(scale) and not note and not shows_evidence(answer):
        yield Concern(Code.HIGH_WITHOUT_EVIDENCE, element, {"score": score})
    if not alone and answer.confidence is None:
        yield Concern(Code.NO_CONFIDENCE, element, {"score": score})
    if answer.suggested is not None and not note:
        apart = abs(score - answer.suggested)
        if apart >= UNLIKE_SUGGESTED * (scale.maximum - scale.minimum):
            yield Concern(Code.UNLIKE_SUGGESTED, element, {"score": score, "suggested": answer.suggested})


def shows_evidence(answer: Answer) -> bool:
    """Tell whether something was seen: a piece of evidence ticked as seen, or evidence of strength 2 or 3."""
    return "seen" in answer.ticks.values() or (answer.evidence_strength or 0) >= SEEN_FROM


def _reasons_missing(asked: Sequence[AskedElement]) -> Iterator[Concern]:
    for one in asked:
        if one.answer and one.state is State.NOT_APPLICABLE and not (one.answer.reason or "").strip():
            yield Concern(Code.REASON_MISSING, one.element)


def _left_open(asked: Sequence[AskedElement]) -> Iterator[Concern]:
    return (Concern(Code.LEFT_OPEN, one.element) for one in asked if one.state is State.OPEN)


def _unknowns(asked: Sequence[AskedElement]) -> list[Concern]:
    """One concern an element, so that an element that becomes unknown later is not covered by an earlier reason."""
    answered = [one for one in asked if one.state is not State.OPEN]
    unknown = [one.element for one in answered if one.state is State.UNKNOWN]
    if not unknown or Fraction(len(unknown), len(answered)) <= MANY_UNKNOWN:
        return []
    share = Fraction(len(unknown), len(answered))
    values: dict[str, Figure] = {"unknown": len(unknown), "asked": len(answered), "share": share}
    return [Concern(Code.MANY_UNKNOWN, element, values) for element in unknown]


def _alike(asked: Sequence[AskedElement]) -> Iterator[Concern]:
    """Straight-lining: neighbours differ in every branch we know; five equal scores were seldom weighed one by one."""
    scores: dict[str, list[Fraction]] = {}
    for one in asked:
        if one.answer is not None and one.answer.score is not None:
            scores.setdefault(one.dimension, []).append(one.answer.score)
    for dimension, given in scores.items():
        if len(given) >= ALIKE_FROM and len(set(given)) == 1:
            yield Concern(Code.ALL_ALIKE, dimension, {"score": given[0], "elements": len(given)})


# --- an assessment --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssessedElement:
    """One element of an assessment as it stands.

    `reason` is that of the agreed score. `roles`: how many independent roles scored it. `answers`: those of the
    respondents, as far as they count. `strongest`: the strongest evidence of its findings (0 to 3). `discuss`: the
    respondents are too far apart.
    """

    element: str
    judgement: Judgement
    reason: str | None = None
    roles: int = 0
    answers: Sequence[Answer] = ()
    findings: int = 0
    strongest: int | None = None
    attachments: int = 0
    discuss: bool = False


def assessment_concerns(
    elements: Sequence[AssessedElement],
    *,
    scale: Scale,
    minimum_roles: int,
    above: Sequence[NodeScore],
    publish: Fraction,
    unfinished: Sequence[str] = (),
) -> tuple[Concern, ...]:
    """Return what is to be looked at before an assessment goes to review, in the order of the codes.

    `above`: the capabilities whose coverage has to reach `publish` (a share); `unfinished`: keys of the interviews
    that were not handed over.
    """
    if all(one.judgement.state is State.OPEN for one in elements):
        return (Concern(Code.NOTHING_SAID),)
    concerns = [Concern(Code.UNFINISHED_INTERVIEW, key) for key in unfinished]
    for one in elements:
        concerns += [*_settled(one), *_supported(one, scale, minimum_roles)]
    return _in_order([*concerns, *_covered(above, publish)])


def _settled(one: AssessedElement) -> Iterator[Concern]:
    judgement = one.judgement
    if judgement.state is State.OPEN:
        yield Concern(Code.NOT_ASSESSED, one.element)
    elif not judgement.agreed:
        yield Concern(Code.TO_DISCUSS if one.discuss else Code.NOT_AGREED, one.element, _score_of(judgement))
    elif judgement.state is State.NOT_APPLICABLE and not (one.reason or "").strip():
        yield Concern(Code.REASON_MISSING, one.element)


def _supported(one: AssessedElement, scale: Scale, minimum_roles: int) -> Iterator[Concern]:
    judgement = one.judgement
    if judgement.score is not None and one.roles < minimum_roles:
        yield Concern(Code.SINGLE_SOURCE, one.element, {"roles": one.roles, "minimum": minimum_roles})
    answered = [answer for answer in one.answers if answer.state is not State.OPEN]
    unknown = sum(answer.state is State.UNKNOWN for answer in answered)
    if len(answered) > 1 and unknown >= UNKNOWN_AT * len(answered):
        yield Concern(Code.MANY_UNKNOWN, one.element, {"unknown": unknown, "asked": len(answered)})
    if not judgement.agreed or judgement.score is None:
        return
    if judgement.score >= high_from(scale) and not _is_shown(one):
        yield Concern(Code.HIGH_WITHOUT_EVIDENCE, one.element, _score_of(judgement))
    if not one.findings:
        yield Concern(Code.NO_FINDING, one.element, _score_of(judgement))


def _is_shown(one: AssessedElement) -> bool:
    shown = any(shows_evidence(answer) for answer in one.answers)
    return shown or one.attachments > 0 or (one.strongest or 0) >= SEEN_FROM


def _covered(above: Sequence[NodeScore], publish: Fraction) -> Iterator[Concern]:
    for node in above:
        if node.coverage is not None and node.coverage < publish and node.status is not Status.NOT_APPLICABLE:
            yield Concern(Code.LOW_COVERAGE, node.id or "", {"coverage": node.coverage, "publish": publish})


def _score_of(judgement: Judgement) -> dict[str, Figure]:
    return {} if judgement.score is None else {"score": judgement.score}


def _in_order(concerns: Iterable[Concern]) -> tuple[Concern, ...]:
    rank = {code: place for place, code in enumerate(Code)}
    return tuple(sorted(concerns, key=lambda concern: rank[concern.code]))
