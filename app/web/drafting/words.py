"""Words of drafts and versions: kinds of content, steps, what happened, fields of files."""

from __future__ import annotations

from app.content.layering import ContentKind
from app.i18n import msgid
from app.web.context import translate, translate_in

STEPS = {
    "none": msgid("不用升"),
    "patch": msgid("修订号"),
    "minor": msgid("次版本号"),
    "major": msgid("主版本号"),
    "first": msgid("第一版"),
}
REASONS = {
    "patch": msgid("只改了文字，升修订号就够了。"),
    "minor": msgid("有新增、权重、顺序或标记的改动，至少升次版本号。"),
    "major": msgid("有要素或题目被删除、拆分、合并，或换了尺度、题型，必须升主版本号：旧的得分或回答不能直接照搬。"),
}
REVISIONS = {
    "begun": msgid("开始"),
    "typed": msgid("编辑"),
    "form": msgid("表单"),
    "import": msgid("导入"),
    "restored": msgid("恢复"),
    "rebased": msgid("并入新版本"),
    "conflict-lost": msgid("冲突中没有存下的"),
}
OUTCOMES = {"published": msgid("已发布"), "discarded": msgid("已丢弃")}
FIELDS = {
    "name": msgid("名称"),
    "definition": msgid("定义"),
    "summary": msgid("概述"),
    "levels": msgid("等级描述"),
    "tiers": msgid("层级"),
    "source": msgid("来源"),
    "extensions": msgid("扩展内容"),
    "zh": msgid("中文"),
    "en": msgid("英文"),
    "code": msgid("编号"),
    "critical": msgid("关键"),
    "prerequisites": msgid("前提"),
    "related": msgid("相关要素"),
    "min": msgid("最低分"),
    "max": msgid("最高分"),
    "step": msgid("每档"),
    "scale": msgid("量表"),
    "method": msgid("汇总方法"),
    "coverage": msgid("覆盖率门槛"),
    "publish": msgid("可发布"),
    "provisional": msgid("暂定"),
    "agreement": msgid("需要讨论"),
    "range": msgid("极差"),
    "r_wg": msgid("一致度 r_wg"),
    "role_gap": msgid("角色中位数之差"),
    "minimum_roles": msgid("最少角色数"),
    "weight": msgid("权重"),
    "unit": msgid("单位"),
    "options": msgid("选项"),
    "bands": msgid("分段"),
    "prompts": msgid("提问"),
    "evidence": msgid("证据"),
    "roles": msgid("角色"),
    "when": msgid("提问条件"),
    "mode": msgid("方式"),
    "framework": msgid("适用的框架版本"),
    "omit": msgid("不问的要素"),
    "note": msgid("说明"),
    "title": msgid("标题"),
    "year": msgid("年份"),
    "confidence": msgid("把握"),
}
MARKS = {True: msgid("是"), False: msgid("否")}
WHEN_PARTS = {"all": msgid("且"), "any": msgid("或"), "not": msgid("非"), "scored": msgid("已评分")}


def kind_words() -> dict[ContentKind, str]:
    """Return what one content of each kind is called, in the reader's language."""
    return {
        ContentKind.FRAMEWORK: translate("框架"),
        ContentKind.QUESTIONNAIRE: translate_in("singular", "问卷"),
        ContentKind.WEIGHTS: translate("权重方案"),
    }
