"""The questionnaire that asks every element of a new framework."""

from __future__ import annotations

from collections.abc import Iterator

from app.content.beginning.plan import Plan, check_plan, questionnaire_id
from app.content.beginning.shape import Shape
from app.content.beginning.writing import named, pair, remark


def questionnaire_text(plan: Plan) -> str:
    """Return the questionnaire that asks every element of a new framework; PlanRefused."""
    check_plan(plan)
    return "\n".join(_Writer(plan).questionnaire()) + "\n"


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.shape = Shape(plan)

    def _remark(self, zh: str, en: str, indent: int = 0) -> Iterator[str]:
        return remark(self.plan.comments, zh, en, indent)

    def questionnaire(self) -> Iterator[str]:
        plan = self.plan
        zh, en = self.shape.names
        yield "# yaml-language-server: $schema=../frameworks/schema/questionnaire.schema.json"
        yield from self._remark(
            "访谈提纲：问谁、问什么、要看什么。框架的每个要素在 items 里正好一次，不问的写进 omit。",
            "An interview guide: whom to ask what, and what to ask to see. Every element of the framework stands in "
            "items once,\nor under omit.",
        )
        yield from ("format: 1", "kind: questionnaire", f"id: {questionnaire_id(plan.id)}")
        yield f"framework: {plan.id}@>=1,<2"
        yield "version: 1.0.0"
        yield f"name: {pair(f'{zh}访谈提纲', f'{en}: interview guide')}"
        yield from self._remark(
            "interview：顾问打分；self-assessment：受访者自己打分。",
            "interview: the consultant scores; self-assessment: the respondent does.",
        )
        yield from ("mode: interview", "roles:")
        yield f"  - {{id: manager, name: {pair('部门负责人', 'Head of department')}}}"
        yield f"  - {{id: front-line, name: {pair('一线人员', 'Front line')}}}"
        yield "items:"
        for number, element in enumerate(self.shape.elements):
            yield from self._item(self.shape.id(element), explained=number == 0)
        yield "omit: []"

    def _item(self, element: str, *, explained: bool) -> Iterator[str]:
        yield f"  - element: {element}"
        if explained:
            yield from self._remark("问哪些角色；不写就是都问。", "Which roles to ask; none = everybody.", 4)
            yield "    roles: [manager, front-line]"
        yield "    prompts:"
        yield f"      - {pair('请举一个最近的例子。', 'Please give a recent example.')}"
        if explained:
            yield from self._remark(
                "要看的证据；编号在第一次访谈后不要改。",
                "Evidence to ask to see; its id must not change after the first interview.",
                4,
            )
            yield "    evidence:"
            yield f"      - {named('written-rule', '成文的规定', 'The written rule')}"
