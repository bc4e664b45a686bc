"""What stands in the way of a release, what a path in a result names, and why a step was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.scoring import OVERALL
from app.i18n import msgid
from app.web.context import translate
from app.web.finishing.wording import REFUSALS as HANDING_OVER
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.core.text import Text
    from app.services.refusals import Invalid

OBSTACLES = {
    "assessment-archived": msgid("这份评估已归档；恢复以后才能发布。"),
    "assessment-not-in-review": msgid("评估还没有提交复核；先在“完成”页提交。"),
    "assessment-not-current": msgid("这一版之后已有更新的版本。"),
    "not-ready": msgid("还有错误，或者没有理由的警告；见“完成”页。"),
    "proposals-open": msgid("框架升级转来的得分还在等人确认。"),
}
REFUSALS = {
    **OBSTACLES,
    "not-ready": HANDING_OVER["not-ready"],
    "assessment-published": msgid("这项评估已发布，不再接受修改。"),
    "assessment-not-published": msgid("还没有发布的评估不用更正，直接修改即可。"),
    "correction-begun": msgid("已经有更新的版本，请在那一版里改。"),
    "conflicts-open": msgid("有 %(n)s 个要素最近一次保存因冲突没有被采用。请先看过，再勾选确认。"),
    "result-changed": msgid("您查看以后，结果又变了。请重新看过下面的得分，再发布。"),
    "text-missing": HANDING_OVER["text-missing"],
    "text-too-long": HANDING_OVER["text-too-long"],
    "control-characters": HANDING_OVER["control-characters"],
}
FIGURES = {
    "state": msgid("结论"),
    "score": msgid("得分"),
    "agreed": msgid("是否共识"),
    "respondents": msgid("评分人数"),
    "partly_not_applicable": msgid("部分不适用"),
    "weight": msgid("权重"),
    "coverage": msgid("覆盖率"),
    "status": msgid("出分状态"),
    "bounds": msgid("上下限"),
    "attained": msgid("达到等级"),
    "published": msgid("原文得分"),
}


def refusal(refused: Invalid) -> str:
    """Return why a step was refused."""
    known = REFUSALS.get(refused.code)
    return translate(known) % refused.values if known else sentence(refused)


def place_of(path: str, framework: Framework) -> tuple[Text | None, str]:
    """Return what a path in a result names: the capability, if it has one, and which figure of it."""
    kind, _, rest = path.partition(".")
    node_id, _, figure = rest.partition(".")
    if kind not in ("nodes", "judgements"):
        return None, path
    name = OVERALL if not node_id else framework.node(node_id).name if node_id in framework else None
    word = FIGURES.get(figure.partition(".")[0])
    return name, translate(word) if word else path
