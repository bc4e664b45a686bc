"""What the pages of an assessment show, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.charts.build import Charts, element_bars
from app.charts.palette import Style, unit_styles
from app.charts.spec import RADAR_LINES
from app.charts.wording import Wording
from app.core.case import AgreedScore, Answer, State
from app.core.compare import Column, case_column, compare
from app.core.framework import Capability, Framework
from app.core.scale import Level, decimals_of
from app.core.scoring import Judgement, NodeScore, Scorecard, Status
from app.core.text import Text
from app.services.assessing import AssessmentView, InterviewSummary
from app.services.findings import FindingView
from app.web.choices import Carrier, Choices
from app.web.context import locale, translate
from app.web.drawing import Drawing, drawing

OWN = "own"
DOT_ROWS = 40  # more rows are a table, not a picture


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One capability of the tree. `printed` is the source's figure, `difference` printed less computed."""

    node: Capability
    score: NodeScore
    depth: int
    decimals: int
    state: str
    printed: str | None = None
    difference: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class AssessmentPage:
    """An assessment: the answer in a sentence, two figures, the tree."""

    answer: str
    empty: bool
    profile: Drawing
    comparison: Drawing | None
    rows: tuple[TreeRow, ...]
    has_printed: bool
    scored: int
    elements: int
    crowded: bool


@dataclass(frozen=True, slots=True)
class Respondent:
    """What one interview says of an element."""

    interview: InterviewSummary
    answer: Answer


@dataclass(frozen=True)
class CapabilityPage:
    """One capability: an element with its levels and voices, or a branch with its children."""

    node: Capability
    tier: Text
    score: NodeScore
    decimals: int
    state: str
    printed: str | None
    difference: str | None
    ancestors: tuple[Capability, ...]
    before: Capability | None
    after: Capability | None
    agreed: AgreedScore | None = None
    judgement: Judgement | None = None
    current: tuple[Fraction, ...] = ()
    levels: tuple[tuple[Level, Text], ...] = ()
    respondents: tuple[Respondent, ...] = ()
    findings: tuple[FindingView, ...] = ()
    prerequisites: tuple[Capability, ...] = ()
    bars: Drawing | None = None
    rows: tuple[TreeRow, ...] = ()


def assessment_page(
    view: AssessmentView, choices: Choices, units: Sequence[str], elsewhere: Sequence[Carrier]
) -> AssessmentPage:
    """Return what the page shows; `units` are all units of the engagement, `elsewhere` the carriers behind the dots."""
    framework, card = view.framework, choices.scored(view)
    own = case_column(OWN, view.unit.name, card)
    styles = choices.styles() | own_style(view.unit.key, units)
    source = source_line(view)
    drawn = [own, *choices.columns(choices.carriers)]
    profile = Charts(compare(framework, drawn), locale(), own=OWN, styles=styles, source=source)
    nodes = [node.id for node in framework.capabilities]
    leaves = framework.leaves
    scored = sum(card.node(leaf.id).score is not None for leaf in leaves)
    return AssessmentPage(
        answer=answer(view.unit.name, card),
        empty=scored == 0,
        profile=drawing(profile.profile(nodes), "profile"),
        comparison=_dots(own, choices.columns(elsewhere), styles, framework=framework, source=source),
        rows=tuple(tree_rows(view, card)),
        has_printed=bool(view.published),
        scored=scored,
        elements=len(leaves),
        crowded=len(drawn) > RADAR_LINES,
    )


def own_style(unit: str, units: Sequence[str]) -> dict[str, Style]:
    """Return the style of the unit in question, by its place in the engagement."""
    return {OWN: unit_styles(units)[unit]} if unit in units else {}


def _dots(
    own: Column, carriers: list[Column], styles: dict[str, Style], *, framework: Framework, source: str
) -> Drawing | None:
    """Return the tier below the radar's against all carriers; None where there is no such tier, or it is too long."""
    if len(framework.tiers) < 2:
        return None
    nodes = [node.id for node in framework.on_tier(framework.tiers[1].id)]
    if len(nodes) > DOT_ROWS:
        return None
    charts = Charts(compare(framework, [own, *carriers]), locale(), own=OWN, styles=styles, source=source)
    return drawing(charts.dot_plot(nodes), "comparison")


def source_line(view: AssessmentView) -> str:
    """Return where the scores come from: the source's title, or our own interviews."""
    if view.source and view.source.title:
        return "，".join(filter(None, (view.source.title, view.source.method)))
    interviews = len(view.interviews)
    return translate("%(count)s 次访谈") % {"count": interviews} if interviews else ""


def answer(unit: Text, card: Scorecard) -> str:
    """Say how the unit stands, or why that cannot be said."""
    words = Wording(card.framework, locale())
    name, overall = unit.in_locale(locale()), card.overall
    scored = sum(card.node(leaf.id).score is not None for leaf in card.framework.leaves)
    facts = {"unit": name, "scored": scored, "elements": len(card.framework.leaves)}
    if overall.status is Status.NOT_APPLICABLE:
        return translate("%(unit)s：框架中没有适用的要素。") % facts
    if scored == 0:
        return translate("%(unit)s尚未评估：%(elements)s 个要素都还没有得分。") % facts
    if overall.withheld and overall.bounds:
        facts["range"] = words.between(*overall.bounds, None)
        text = translate("%(unit)s覆盖不足，不出总分：%(elements)s 个要素已评 %(scored)s 个，总体介于 %(range)s 分")
        return translate("；").join(filter(None, (text % facts, _unknown(card)))) + translate("。")
    facts["score"] = words.number(overall.score or Fraction(), None)
    first = translate("%(unit)s总体 %(score)s 分，%(elements)s 个要素已评 %(scored)s 个") % facts
    if overall.status is Status.PROVISIONAL:
        first = translate("%(text)s，暂定") % {"text": first}
    ends = _ends(card, words)
    return f"{first}{translate('；')}{ends}{translate('。')}" if ends else f"{first}{translate('。')}"


def _unknown(card: Scorecard) -> str:
    """Name the uppermost capabilities of which nothing is known."""
    names = [
        node.name.in_locale(locale())
        for node in card.framework.capabilities
        if card.node(node.id).status is Status.OPEN
    ]
    return translate("%(names)s未评") % {"names": translate("、").join(names)} if names else ""


def _ends(card: Scorecard, words: Wording) -> str:
    marked = [(node, words.score_mark(card.node(node.id))) for node in card.framework.capabilities]
    shown = [(node, mark, mark.value) for node, mark in marked if mark.value is not None]
    if len(shown) < 2:
        return ""
    high, low = max(shown, key=lambda part: part[2]), min(shown, key=lambda part: part[2])
    if high[2] == low[2]:
        return ""
    return translate("%(high)s最强（%(high_score)s），%(low)s最弱（%(low_score)s）") % {
        "high": high[0].name.in_locale(words.locale),
        "high_score": high[1].short,
        "low": low[0].name.in_locale(words.locale),
        "low_score": low[1].short,
    }


def tree_rows(view: AssessmentView, card: Scorecard, root: str | None = None) -> list[TreeRow]:
    """Return the capabilities below `root` (None: all) in document order."""
    framework = card.framework
    start = 0 if root is None else len(framework.ancestors(root)) + 1
    below = framework.capabilities if root is None else framework.node(root).children
    rows: list[TreeRow] = []
    stack = list(reversed(below))
    while stack:
        node = stack.pop()
        rows.append(_row(view, card, node, depth=len(framework.ancestors(node.id)) - start))
        stack.extend(reversed(node.children))
    return rows


def _row(view: AssessmentView, card: Scorecard, node: Capability, *, depth: int) -> TreeRow:
    score = card.node(node.id)
    printed, difference = printed_figure(view, score)
    return TreeRow(
        node=node,
        score=score,
        depth=depth,
        decimals=Wording(card.framework, locale()).decimals(node.id),
        state=shown_state(score),
        printed=printed,
        difference=difference,
        parent=score.parent,
    )


def shown_state(score: NodeScore) -> str:
    """Return the word a score is shown under: its status, for elements the state where that says more."""
    if score.state in (State.INFERRED, State.UNKNOWN, State.ILLEGIBLE):
        return score.state.value
    return score.status.value


def printed_figure(view: AssessmentView, score: NodeScore) -> tuple[str | None, str | None]:
    """Return the source's figure, and how far it stands from ours where that is more than its own rounding.

    Nothing is compared with a withheld score.
    """
    if score.published is None:
        return None, None
    words = Wording(view.framework, locale())
    printed = words.printed(score.published, view.published_decimals)
    if score.score is None or score.withheld:
        return printed, None
    places = max(decimals_of(score.published), view.published_decimals or 0)
    gap = score.published - score.score
    if abs(gap) * 2 * 10**places <= 1:
        return printed, None
    return printed, words.signed(gap)


def capability_page(
    view: AssessmentView,
    choices: Choices,
    node_id: str,
    *,
    findings: Mapping[str, tuple[FindingView, ...]],
) -> CapabilityPage:
    """Return what one capability's page shows; KeyError if the framework has none of that id."""
    framework, card = view.framework, choices.scored(view)
    node = framework.node(node_id)
    score = card.node(node_id)
    printed, difference = printed_figure(view, score)
    before, after = _neighbours(framework, node)
    page = CapabilityPage(
        node=node,
        tier=framework.tier_of(node_id).name,
        score=score,
        decimals=Wording(framework, locale()).decimals(node_id),
        state=shown_state(score),
        printed=printed,
        difference=difference,
        ancestors=framework.ancestors(node_id),
        before=before,
        after=after,
    )
    if not node.is_leaf:
        return _branch(page, view, card)
    return replace(_element(page, view, card), findings=findings.get(node_id, ()))


def _element(page: CapabilityPage, view: AssessmentView, card: Scorecard) -> CapabilityPage:
    node, scale = page.node, view.framework.scale
    score = page.score.score
    worded = ((level, node.levels.get(level.value) or level.description) for level in scale.levels)
    levels = tuple((level, wording) for level, wording in worded if wording)
    return replace(
        page,
        agreed=view.agreed.get(node.id),
        judgement=card.judgements.get(node.id),
        levels=levels,
        current=() if score is None else tuple({level.value for level in scale.neighbours(score)}),
        respondents=tuple(
            Respondent(interview, interview.answers[node.id])
            for interview in view.interviews
            if node.id in interview.answers and interview.answers[node.id].state is not State.OPEN
        ),
        prerequisites=tuple(view.framework.node(one) for one in node.prerequisites if one in view.framework),
    )


def _branch(page: CapabilityPage, view: AssessmentView, card: Scorecard) -> CapabilityPage:
    bars = element_bars(
        card, page.node.id, locale(), source=source_line(view), published_decimals=view.published_decimals
    )
    return replace(page, bars=drawing(bars, "bars"), rows=tuple(tree_rows(view, card, page.node.id)))


def _neighbours(framework: Framework, node: Capability) -> tuple[Capability | None, Capability | None]:
    """Return the capabilities before and after on the same tier."""
    tier = framework.on_tier(framework.tier_of(node.id).id)
    place = tier.index(node)
    return (tier[place - 1] if place else None), (tier[place + 1] if place + 1 < len(tier) else None)
