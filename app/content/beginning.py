"""The first text of a new framework and of its questionnaire: commented, complete, without a fault.

Knows how a file is written for people; what may stand in it, the readers decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.content.outline import written
from app.content.values import ID_PATTERN
from app.core.scale import Scale
from app.core.text import Locale, Text

FEWEST_TIERS, MOST_TIERS = 1, 6
LONGEST_ID = 64
MOST_STEPS = 1000
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
class Plan:
    """What a new framework begins as. `comments` is the language in which the files explain themselves."""

    id: str
    name: Text
    tiers: int = 3
    minimum: Fraction = Fraction(0)
    maximum: Fraction = Fraction(5)
    step: Fraction = Fraction(1, 2)
    comments: Locale = "zh"


class PlanRefused(ValueError):  # noqa: N818 - named like the other refusals
    """A framework cannot begin like this; `field` names what to change, `why` is a word for it."""

    def __init__(self, field: str, why: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.why = why


def check_plan(plan: Plan) -> None:
    """Raise PlanRefused where a plan would not make a valid framework."""
    if not is_id(plan.id):
        raise PlanRefused("id", "bad-id", f"{plan.id!r} is not an id: lower-case letters, digits and single hyphens")
    if not FEWEST_TIERS <= plan.tiers <= MOST_TIERS:
        raise PlanRefused("tiers", "bad-tiers", f"a framework has {FEWEST_TIERS} to {MOST_TIERS} tiers")
    if plan.step <= 0 or plan.maximum <= plan.minimum:
        raise PlanRefused("scale", "bad-scale", "a scale runs from a lower to a higher end in steps above 0")
    steps = (plan.maximum - plan.minimum) / plan.step
    if steps.denominator != 1 or steps > MOST_STEPS:
        raise PlanRefused("scale", "bad-steps", f"a scale is a whole number of steps, at most {MOST_STEPS}")


def is_id(text: str) -> bool:
    """Tell whether a text may be the id of a framework."""
    return len(text) <= LONGEST_ID and re.fullmatch(ID_PATTERN[1:-1], text) is not None


def framework_text(plan: Plan) -> str:
    """Return framework.yaml of a new framework; PlanRefused."""
    check_plan(plan)
    return "\n".join(_Writer(plan).framework()) + "\n"


def questionnaire_id(framework_id: str) -> str:
    """Return the id of a framework's first questionnaire."""
    return f"{framework_id[: LONGEST_ID - len('-interview')].rstrip('-')}-interview"


def questionnaire_text(plan: Plan) -> str:
    """Return the questionnaire that asks every element of a new framework; PlanRefused."""
    check_plan(plan)
    return "\n".join(_Writer(plan).questionnaire()) + "\n"


@dataclass(frozen=True, slots=True)
class _Branch:
    """A capability to be written: its tier, its number on that tier, what stands below it."""

    tier: int
    number: int
    below: tuple[_Branch, ...]


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tiers = [_TIERS[place] for place in _TIERS_OF[plan.tiers]]
        self.counts = [0] * plan.tiers
        self.tree = self._tree()

    def _tree(self) -> tuple[_Branch, ...]:
        """Two capabilities at the top with one below each, down to three elements in all."""
        if self.plan.tiers == 1:
            return tuple(_Branch(0, number, ()) for number in (1, 2, 3))
        return (self._branch(0, 2), self._branch(0, 1))

    def _branch(self, tier: int, elements: int) -> _Branch:
        self.counts[tier] += 1
        number = self.counts[tier]
        if tier == self.plan.tiers - 1:
            return _Branch(tier, number, ())
        children = elements if tier == self.plan.tiers - 2 else 1
        return _Branch(tier, number, tuple(self._branch(tier + 1, elements) for _ in range(children)))

    def _remark(self, zh: str, en: str, indent: int = 0) -> Iterator[str]:
        for line in (zh if self.plan.comments == "zh" else en).split("\n"):
            yield f"{' ' * indent}# {line}"

    def _names(self) -> tuple[str, str]:
        zh = self.plan.name.zh or self.plan.name.en or self.plan.id
        return zh, self.plan.name.en or zh

    def _id(self, branch: _Branch) -> str:
        return f"{self.tiers[branch.tier][0]}-{branch.number}"

    def _name(self, branch: _Branch) -> str:
        _, zh, en = self.tiers[branch.tier]
        return _pair(f"{zh}{branch.number}", f"{en} {branch.number}")

    # framework.yaml

    def framework(self) -> Iterator[str]:
        plan = self.plan
        zh, en = self._names()
        yield "# yaml-language-server: $schema=../schema/framework.schema.json"
        yield from self._remark(
            "一个能力框架：评什么、分几层、按什么尺度。改完保存，再检查一遍：crm-maturity lint\n"
            "以 # 开头的是说明，可以删。每段文字写中文和英文：{zh: …, en: …}。",
            "A capability framework: what is assessed, in which tiers, on which scale. Save, then check it: "
            "crm-maturity lint\n"
            "Lines that open with # explain; they may go. Every text is written in both languages: {zh: …, en: …}.",
        )
        yield from ("format: 1", "kind: framework")
        yield from self._remark(
            "编号一旦用于评估就不再改：得分、历史、报告都靠它。名称随时可以改。",
            "An id never changes once it was used in an assessment: scores, history and reports hang on it. "
            "Names may change.",
        )
        yield f"id: {_quoted(plan.id)}"
        yield from self._remark(
            "版本：第三位改文字，第二位加内容或改权重，第一位删改要素或换尺度。",
            "Version: raise the third number for wording, the second for additions and weights, the first for removed "
            "or split\nelements or another scale.",
        )
        yield from ("version: 1.0.0", f"name: {_pair(zh, en)}")
        summary = _pair("用一两句话说明这个框架评什么、给谁用。", "Say in a sentence or two what this assesses.")
        yield f"summary: {summary}"
        yield from self._tiers_text()
        yield from self._scale_text()
        yield from self._remark(
            "汇总：weighted-mean 加权平均；weighted-geometric 加权几何平均，短板影响更大；flat-mean 要素的简单平均。\n"
            "覆盖率达 publish 才出分，达 provisional 标“暂定”，再低只给上下限。没评的从不当 0 分。",
            "Rollup: weighted-mean; weighted-geometric, where weak spots pull harder; flat-mean, the plain mean of "
            "elements.\n"
            "Coverage from publish on prints a score, from provisional on a provisional one, below that only bounds. "
            "Open is not 0.",
        )
        yield from ("rollup:", "  method: weighted-mean", "  coverage: {publish: 0.8, provisional: 0.6}")
        yield from self._remark(
            "能力树。内容多了，把一个 children 的列表移到旁边的文件里，这里只写文件名：children: sales.yaml",
            "The tree. When it grows, move a list of children to a file beside this one and name it here: "
            "children: sales.yaml",
        )
        yield "capabilities:"
        for branch in self.tree:
            yield from self._capability(branch, 2)

    def _tiers_text(self) -> Iterator[str]:
        yield from self._remark(
            "层级从上到下，一到六层；只有最下面一层由人打分。",
            "Tiers from the top down, one to six; only the last one is scored by people.",
        )
        yield "tiers:"
        for tier_id, zh, en in self.tiers:
            yield f"  - {{id: {tier_id}, name: {_pair(zh, en)}}}"

    def _scale_text(self) -> Iterator[str]:
        plan = self.plan
        yield from self._remark(
            "尺度：从 min 到 max，每步 step。levels 给刻度起名，两端必须有。",
            "Scale: from min to max in steps of step. levels name points of it; both ends must be among them.",
        )
        yield "scale:"
        yield f"  min: {written(plan.minimum)}"
        yield f"  max: {written(plan.maximum)}"
        yield f"  step: {written(plan.step)}"
        yield "  levels:"
        for value, zh, en, meaning in self._levels():
            yield f"    - value: {written(value)}"
            yield f"      name: {_pair(zh, en)}"
            if meaning:
                yield f"      description: {_pair(*meaning)}"

    def _levels(self) -> Iterator[tuple[Fraction, str, str, tuple[str, str] | None]]:
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

    def _capability(self, branch: _Branch, indent: int) -> Iterator[str]:
        space, first = " " * indent, branch.number == 1
        yield f"{space}- id: {self._id(branch)}"
        yield f"{space}  name: {self._name(branch)}"
        if branch.tier == 0 and first:
            yield from self._remark(
                "权重只在同级之间比；不写就是 1，写 0 就只展示、不计分。",
                "A weight counts among siblings only; 1 where nothing is said, 0 = shown, not counted.",
                indent + 2,
            )
            yield f"{space}  weight: 1"
        if branch.tier == self.plan.tiers - 1:
            yield from self._element(branch, indent + 2)
        else:
            yield f"{space}  children:"
            for child in branch.below:
                yield from self._capability(child, indent + 4)

    def _element(self, branch: _Branch, indent: int) -> Iterator[str]:
        space = " " * indent
        yield f"{space}definition: {_pair('这个要素评什么，一句话。', 'What this element is about, in a sentence.')}"
        if branch.number > 1:
            return
        yield from self._remark(
            "访谈时写在评分尺旁边：这个要素在这一级是什么样子。写看得见的事实，不写形容词。",
            "Shown beside the scale in interviews: what this element looks like at that level. Write facts, not "
            "adjectives.",
            indent,
        )
        yield f"{space}levels:"
        for value, *_ in self._levels():
            zh, en = f"{written(value)}分时看得到什么", f"What can be seen at {written(value)}"
            yield f"{space}  {written(value)}: {_pair(zh, en)}"
        yield from self._remark(
            "还可以写：critical: true（关键要素）；prerequisites: [element-2]（要先做到的）；related: "
            "[telecom-crm/customer-segmentation]\n"
            "（别的框架里相关的要素，得分相差大时提示）；replaces: [old-id]（从旧版本的哪个要素改来）。",
            "May be said besides: critical: true; prerequisites: [element-2] (what must come first); related: "
            "[telecom-crm/customer-segmentation]\n"
            "(elements of other frameworks; a hint appears where scores are far apart); replaces: [old-id] (what it "
            "was in an earlier version).",
            indent,
        )

    # the questionnaire

    def questionnaire(self) -> Iterator[str]:
        plan = self.plan
        zh, en = self._names()
        yield "# yaml-language-server: $schema=../frameworks/schema/questionnaire.schema.json"
        yield from self._remark(
            "访谈提纲：问谁、问什么、要看什么。框架的每个要素在 items 里正好一次，不问的写进 omit。",
            "An interview guide: whom to ask what, and what to ask to see. Every element of the framework stands in "
            "items once,\nor under omit.",
        )
        yield from ("format: 1", "kind: questionnaire", f"id: {questionnaire_id(plan.id)}")
        yield f"framework: {plan.id}@>=1,<2"
        yield "version: 1.0.0"
        yield f"name: {_pair(f'{zh}访谈提纲', f'{en}: interview guide')}"
        yield from self._remark(
            "interview：顾问打分；self-assessment：受访者自己打分。",
            "interview: the consultant scores; self-assessment: the respondent does.",
        )
        yield from ("mode: interview", "roles:")
        yield f"  - {{id: manager, name: {_pair('部门负责人', 'Head of department')}}}"
        yield f"  - {{id: front-line, name: {_pair('一线人员', 'Front line')}}}"
        yield "items:"
        for number, element in enumerate(_elements(self.tree)):
            yield from self._item(self._id(element), explained=number == 0)
        yield "omit: []"

    def _item(self, element: str, *, explained: bool) -> Iterator[str]:
        yield f"  - element: {element}"
        if explained:
            yield from self._remark("问哪些角色；不写就是都问。", "Which roles to ask; none = everybody.", 4)
            yield "    roles: [manager, front-line]"
        yield "    prompts:"
        yield f"      - {_pair('请举一个最近的例子。', 'Please give a recent example.')}"
        if explained:
            yield from self._remark(
                "要看的证据；编号在第一次访谈后不要改。",
                "Evidence to ask to see; its id must not change after the first interview.",
                4,
            )
            yield "    evidence:"
            yield f"      - {_flow('written-rule', '成文的规定', 'The written rule')}"


def _elements(branches: tuple[_Branch, ...]) -> Iterator[_Branch]:
    for branch in branches:
        if branch.below:
            yield from _elements(branch.below)
        else:
            yield branch


def _pair(zh: str, en: str) -> str:
    return f"{{zh: {_quoted(zh)}, en: {_quoted(en)}}}"


def _flow(evidence_id: str, zh: str, en: str) -> str:
    return f"{{id: {evidence_id}, zh: {_quoted(zh)}, en: {_quoted(en)}}}"


_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9 .;'()\u3001\u3002\uff0c\uff1b\uff1a\u201c\u201d\u4e00-\u9fff-]*")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def _quoted(text: str) -> str:
    """Return a text as a value inside braces, quoted where YAML could take it for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
