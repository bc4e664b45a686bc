"""framework.yaml of a new framework."""

from __future__ import annotations

from collections.abc import Iterator

from app.content.beginning.plan import Plan, check_plan
from app.content.beginning.shape import Branch, Shape
from app.content.beginning.writing import pair, quoted, remark
from app.content.outline import written
from app.core.text import Text


def framework_text(plan: Plan) -> str:
    """Return framework.yaml of a new framework; PlanRefused."""
    check_plan(plan)
    return "\n".join(_Writer(plan).framework()) + "\n"


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.shape = Shape(plan)

    def _remark(self, zh: str, en: str, indent: int = 0) -> Iterator[str]:
        return remark(self.plan.comments, zh, en, indent)

    def framework(self) -> Iterator[str]:
        plan = self.plan
        zh, en = self.shape.names
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
        yield f"id: {quoted(plan.id)}"
        yield from self._remark(
            "版本：第三位改文字，第二位加内容或改权重，第一位删改要素或换尺度。",
            "Version: raise the third number for wording, the second for additions and weights, the first for removed "
            "or split\nelements or another scale.",
        )
        yield from ("version: 1.0.0", f"name: {pair(zh, en)}")
        summary = pair("用一两句话说明这个框架评什么、给谁用。", "Say in a sentence or two what this assesses.")
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
        for branch in self.shape.tree:
            yield from self._capability(branch, 2)

    def _tiers_text(self) -> Iterator[str]:
        yield from self._remark(
            "层级从上到下，一到六层；只有最下面一层由人打分。",
            "Tiers from the top down, one to six; only the last one is scored by people.",
        )
        yield "tiers:"
        for tier_id, zh, en in self.shape.tiers:
            yield f"  - {{id: {tier_id}, name: {pair(zh, en)}}}"

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
        for value, zh, en, meaning in self.shape.levels():
            yield f"    - value: {written(value)}"
            yield f"      name: {pair(zh, en)}"
            if meaning:
                yield f"      description: {pair(*meaning)}"

    def _capability(self, branch: Branch, indent: int) -> Iterator[str]:
        space, first = " " * indent, branch.number == 1
        yield f"{space}- id: {self.shape.id(branch)}"
        yield f"{space}  name: {_called(self.shape.name(branch))}"
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

    def _element(self, branch: Branch, indent: int) -> Iterator[str]:
        space = " " * indent
        yield f"{space}definition: {pair('这个要素评什么，一句话。', 'What this element is about, in a sentence.')}"
        if branch.number > 1:
            return
        yield from self._remark(
            "访谈时写在评分尺旁边：这个要素在这一级是什么样子。写看得见的事实，不写形容词。",
            "Shown beside the scale in interviews: what this element looks like at that level. Write facts, not "
            "adjectives.",
            indent,
        )
        yield f"{space}levels:"
        for value, *_ in self.shape.levels():
            zh, en = f"{written(value)}分时看得到什么", f"What can be seen at {written(value)}"
            yield f"{space}  {written(value)}: {pair(zh, en)}"
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


def _called(name: Text) -> str:
    return pair(name.zh or "", name.en or "")
