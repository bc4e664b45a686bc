"""What a new framework consists of: its tiers, its tree, its levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.content.beginning.plan import Plan
from app.content.outline import written
from app.core.scale import Scale
from app.core.text import Text

_NAMED_WHOLE = 10  # a scale of so many whole points has a level at each
_TIERS = (
    ("area", "大类", "Area"),
    ("domain", "能力域", "Domain"),
    ("dimension", "能力领域", "Dimension"),
    ("group", "能力组", "Capability group"),
    ("subgroup", "能力子组", "Capability subgroup"),
    ("element", "能力要素", "Capability element"),
)
_TIERS_OF = {1: (5,), 2: (2, 5), 3: (2, 3, 5), 4: (2, 3, 4, 5), 5: (1, 2, 3, 4, 5), 6: (0, 1, 2, 3, 4, 5)}
_FIVE = (
    ("空白", "Absent", "没有这项能力，也没有意识到需要", "Neither the capability nor the awareness of the need exists"),
    ("零星", "Ad hoc", "靠个人、靠临时，做过但无法重复", "Depends on individuals and occasions; not repeatable"),
    ("初具", "Basic", "有基本做法，只覆盖一部分，标准不一", "A basic practice covers a part, unevenly"),
    ("规范", "Defined", "有成文制度、责任人和系统支撑，普遍执行", "Written, owned, supported by systems, followed"),
    ("精细", "Managed", "用数据管理并与考核挂钩，持续纠偏", "Run on data, tied to appraisal, steadily corrected"),
    ("领先", "Leading", "持续创新、自动优化，成为标杆", "Innovating and self-improving: a benchmark to others"),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A capability to be written: its tier, its number on that tier, what stands below it."""

    tier: int
    number: int
    below: tuple[Branch, ...]


class Shape:
    """The tiers and the tree of a plan: two capabilities at the top, three elements in all."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tiers = [_TIERS[place] for place in _TIERS_OF[plan.tiers]]
        self._counts = [0] * plan.tiers
        self.tree = self._tree()

    def _tree(self) -> tuple[Branch, ...]:
        """Two capabilities at the top with one below each, down to three elements in all."""
        if self.plan.tiers == 1:
            return tuple(Branch(0, number, ()) for number in (1, 2, 3))
        return (self._branch(0, 2), self._branch(0, 1))

    def _branch(self, tier: int, elements: int) -> Branch:
        self._counts[tier] += 1
        number = self._counts[tier]
        if tier == self.plan.tiers - 1:
            return Branch(tier, number, ())
        children = elements if tier == self.plan.tiers - 2 else 1
        return Branch(tier, number, tuple(self._branch(tier + 1, elements) for _ in range(children)))

    @property
    def names(self) -> tuple[str, str]:
        """What the framework is called in both languages."""
        zh = self.plan.name.zh or self.plan.name.en or self.plan.id
        return zh, self.plan.name.en or zh

    @property
    def elements(self) -> tuple[Branch, ...]:
        """What is scored, in order."""
        return tuple(_elements(self.tree))

    def id(self, branch: Branch) -> str:
        """Return the id of a capability."""
        return f"{self.tiers[branch.tier][0]}-{branch.number}"

    def name(self, branch: Branch) -> Text:
        """Return the name of a capability."""
        _, zh, en = self.tiers[branch.tier]
        return Text(f"{zh}{branch.number}", f"{en} {branch.number}")

    def levels(self) -> Iterator[tuple[Fraction, str, str, tuple[str, str] | None]]:
        """Yield the named levels: value, name and, where there is one, description in both languages."""
        plan = self.plan
        if plan.minimum == 0 and plan.maximum == 5 and (1 / plan.step).denominator == 1:
            for point, (zh, en, long_zh, long_en) in enumerate(_FIVE):
                yield Fraction(point), zh, en, (long_zh, long_en)
            return
        points = self._points()
        for place, value in enumerate(points):
            if place == 0:
                yield value, "最低", "Lowest", ("没有这项能力", "The capability is absent")
            elif place == len(points) - 1:
                yield value, "最高", "Highest", ("同行标杆", "A benchmark to others")
            else:
                yield value, f"{written(value)}分", f"Level {written(value)}", None

    def _points(self) -> list[Fraction]:
        """Return the points that get a name: every whole one where they are few, else the ends and the middle."""
        plan = self.plan
        grid = Scale(plan.minimum, plan.maximum, plan.step, ())
        whole = [point for point in grid.grid if point.denominator == 1 or point in (plan.minimum, plan.maximum)]
        if len(whole) <= _NAMED_WHOLE + 1:
            return whole
        return sorted({plan.minimum, grid.snap((plan.minimum + plan.maximum) / 2), plan.maximum})


def _elements(branches: tuple[Branch, ...]) -> Iterator[Branch]:
    for branch in branches:
        if branch.below:
            yield from _elements(branch.below)
        else:
            yield branch
