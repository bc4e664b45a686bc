"""What is compared, read from the address: assessments of one framework, carriers, tier, pair, capability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort
from werkzeug.datastructures import MultiDict

from app.charts.palette import Style, unit_styles
from app.core.bridging import basis_of, brought_over
from app.core.compare import Column, case_column, deepest_common_tier
from app.core.framework import Framework, Tier
from app.core.text import Text
from app.services.assessing import AssessmentView, load_assessment
from app.services.bridging import ground_of, way_to
from app.services.refusals import NotFound
from app.web.choices import Choices, read_choices

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.crosswalk import Crosswalk
    from app.storage.database import Session

RADAR_TIER_NODES = 16  # a tier of more capabilities is offered, but not the first to be drawn


@dataclass(frozen=True)
class Selection:
    """What is compared. `left_out`: chosen assessments of another framework or scale, which cannot stand beside."""

    views: tuple[AssessmentView, ...]
    left_out: tuple[AssessmentView, ...]
    choices: Choices
    columns: tuple[Column, ...]
    styles: dict[str, Style]
    tier: Tier
    common: Tier | None
    pair: tuple[str, str] | None
    at: str | None

    @property
    def framework(self) -> Framework:
        """The framework of every column."""
        return self.choices.framework

    @property
    def cases(self) -> tuple[Column, ...]:
        """The columns that are assessments."""
        return tuple(column for column in self.columns if column.kind == "case")


def chosen_views(
    session: Session, engagement_id: int, current: Sequence[AssessmentView], arguments: MultiDict[str, str]
) -> tuple[AssessmentView, ...]:
    """Return the assessments that the address names, in its order; without any, all current ones.

    400 for what is no number, NotFound for an assessment that is not in this engagement.
    """
    asked = list(dict.fromkeys(arguments.getlist("a")))
    if not asked and "chosen" not in arguments:
        return tuple(current)
    known = {view.id: view for view in current}
    views = []
    for written in asked:
        if not (written.isascii() and written.isdigit()) or len(written) > 18:
            abort(400)
        view = known.get(int(written)) or load_assessment(session, int(written))
        if view.engagement.id != engagement_id:
            raise NotFound("assessment", written)
        views.append(view)
    return tuple(views)


def read_selection(
    views: Sequence[AssessmentView], units: Sequence[str], library: Library, arguments: MultiDict[str, str]
) -> Selection | None:
    """Return what is compared; None without any assessment. 400 for ids that are not there to choose."""
    if not views:
        return None
    framework = ground_of([view.framework for view in views])
    ways = {view.id: way_to(framework, view.framework, library) for view in views}
    kept = tuple(view for view in views if ways[view.id])
    choices = read_choices(framework, library, arguments)
    cases = [_column(view, name_of(view, kept), choices, ways[view.id]) for view in kept]
    columns = (*cases, *choices.columns(choices.carriers))
    common = deepest_common_tier(framework, columns)
    return Selection(
        views=kept,
        left_out=tuple(view for view in views if not ways[view.id]),
        choices=choices,
        columns=columns,
        styles=choices.styles() | _styles(kept, units),
        tier=_tier(framework, common, arguments),
        common=common,
        pair=_pair([column.id for column in cases], arguments),
        at=_node(framework, arguments),
    )


def _column(view: AssessmentView, name: Text, choices: Choices, walk: Crosswalk | None) -> Column:
    """Make the column of an assessment, brought over where it was made in another version."""
    if walk is None or walk.old == walk.new:
        return case_column(str(view.id), name, choices.scored(view))
    card = brought_over(view.scorecard, walk, weights=choices.weights, method=choices.method, published=view.published)
    return case_column(str(view.id), name, card, basis=basis_of(walk))


def name_of(view: AssessmentView, among: Sequence[AssessmentView]) -> Text:
    """Return a column's name: the unit, with its round where the unit stands there more than once."""
    if sum(other.unit.key == view.unit.key for other in among) < 2:
        return view.unit.name
    remarks = [view.round.name]
    if sum(other.unit.key == view.unit.key and other.round.key == view.round.key for other in among) > 1:
        remarks.append(Text(f"第{view.revision}版", f"revision {view.revision}"))
    zh = "，".join(remark.in_locale("zh") for remark in remarks)
    en = ", ".join(remark.in_locale("en") for remark in remarks)
    return Text(f"{view.unit.name.in_locale('zh')}（{zh}）", f"{view.unit.name.in_locale('en')} ({en})")


def _styles(views: Sequence[AssessmentView], units: Sequence[str]) -> dict[str, Style]:
    by_unit = unit_styles(list(dict.fromkeys([*units, *(view.unit.key for view in views)])))
    seen: Counter[str] = Counter()
    styles = {}
    for view in views:
        styles[str(view.id)] = by_unit[view.unit.key].variant(seen[view.unit.key])
        seen[view.unit.key] += 1
    return styles


def _tier(framework: Framework, common: Tier | None, arguments: MultiDict[str, str]) -> Tier:
    """Return the tier to draw: the one asked for, else the deepest that all columns share and a radar can hold."""
    asked = arguments.get("tier")
    if asked:
        found = next((tier for tier in framework.tiers if tier.id == asked), None)
        return found or abort(400)
    deepest = framework.tiers.index(common) if common else 0
    fitting = [tier for tier in framework.tiers[: deepest + 1] if len(framework.on_tier(tier.id)) <= RADAR_TIER_NODES]
    return fitting[-1] if fitting else framework.tiers[0]


def _pair(cases: Sequence[str], arguments: MultiDict[str, str]) -> tuple[str, str] | None:
    asked = arguments.getlist("pair")
    if any(not (one.isascii() and one.isdigit()) for one in asked) or len(asked) > 2:
        abort(400)
    known = [one for one in asked if one in cases]
    rest = [one for one in cases if one not in known]
    both = [*known, *rest][:2]
    return (both[0], both[1]) if len(both) == 2 else None


def _node(framework: Framework, arguments: MultiDict[str, str]) -> str | None:
    asked = arguments.get("at") or None
    if asked is not None and (asked not in framework or framework.node(asked).is_leaf):
        abort(400)
    return asked
