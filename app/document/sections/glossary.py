"""The glossary: what the words of the report mean, with their counterparts in the other language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.core.report import SectionKind
from app.core.text import LOCALES, Locale, Text
from app.document.draft import Draft
from app.document.values import Cell, Section, Table, TableColumn, TableRow
from app.i18n import msgid

# the words of docs/glossary.md that a reader of the report meets; every term stands there in both languages
_ASSESSED = (
    (Text("框架", "Framework"), msgid("评估所依据的能力树，连同量表、权重和汇总规则；有版本")),
    (Text("能力", "Capability"), msgid("能力树上的任何一项，不论在哪一层")),
)
_SAID = (
    (Text("评估单位", "Unit"), msgid("受评的集团、省公司或本地网")),
    (Text("评估轮次", "Round"), msgid("评估的时间；同一单位可以有几轮")),
    (Text("评估", "Assessment"), msgid("一个单位在一个轮次、按一个版本的框架所作的评估")),
    (Text("受访者", "Respondent"), msgid("接受访谈的人；每人以一个角色回答，各自的回答分开保存")),
    (Text("共识分", "Agreed score"), msgid("评估组听取各受访者之后为一个要素定下的得分")),
    (Text("发现", "Finding"), msgid("关于一个要素的一句话，管理层可以据以行动")),
    (Text("证据", "Evidence"), msgid("访谈中说到的和出示的")),
    (
        Text("证据强度", "Strength of evidence"),
        msgid("0 仅一人所说；1 两个独立来源一致；2 看到文件或系统；3 核对过数据"),
    ),
    (Text("对标", "Benchmark"), msgid("其他运营商的得分，注明来源和年份；往往只在上层能力上有")),
    (Text("原文得分", "Printed score"), msgid("来源自己印出的得分；照录，与计算得分分开")),
    (Text("对标中位数", "Benchmark median"), msgid("有数字的各家运营商的中位数；n 是家数")),
    (Text("可信度", "Confidence"), msgid("对一个得分或一个来源有多大把握：高、中、低")),
)
_READ = (
    (Text("量表", "Scale"), msgid("打分的起点、终点和间隔")),
    (Text("等级", "Level"), msgid("量表上有名称的一点；要素可以说明在该级是什么样子")),
    (Text("得分", "Score"), msgid("要素：量表上的一点；其上各层：由下级算出，从不另存")),
    (Text("达到等级", "Attained level"), msgid("下级能力合起来大体达到的最高等级，与得分并列的另一种读法")),
    (Text("权重", "Weight"), msgid("一项能力在同级中占多少；0 = 列出而不计入")),
    (Text("汇总", "Rollup"), msgid("由下级得分算出上级得分的规则")),
    (Text("覆盖率", "Coverage"), msgid("适用的要素中，有得分的按权重占多少")),
    (Text("可发布", "Published"), msgid("覆盖率足够，得分照印")),
    (Text("暂定", "Provisional"), msgid("覆盖率稍欠，得分带 ‡ 号")),
    (Text("覆盖不足", "Insufficient"), msgid("覆盖率太低，不出分，只印上下限")),
    (Text("上下限", "Bounds"), msgid("没有得分的要素全取最低分与全取最高分时的得分")),
    (Text("未评", "Open"), msgid("还没有任何结论；从不当作零分")),
    (Text("不适用", "Not applicable"), msgid("与该单位无关，附有理由；不计入覆盖率")),
    (Text("不清楚", "Unknown"), msgid("问过，但没有人知道")),
    (Text("无法辨认", "Illegible"), msgid("来源在此处看不清")),
    (Text("推断", "Inferred"), msgid("由别处推出的得分；计入，处处标明")),
    (Text("贡献", "Contribution"), msgid("两个单位的差异中由一个要素解释的部分；各要素之和正好等于差异")),
)


def glossary(draft: Draft, title: str) -> Section:
    """Explain the words that the other sections use, in two tables: what is assessed, and how figures are read."""
    voice = draft.voice
    assessed = [*_translated(draft, _ASSESSED), *_tiers(draft), *_translated(draft, _SAID)]
    tables = (
        _table(draft, "glossary-assessed", voice._("评估什么，凭什么"), assessed),
        _table(draft, "glossary-figures", voice._("数字怎样读"), list(_translated(draft, _READ))),
    )
    return Section("glossary", SectionKind.GLOSSARY, title, blocks=tables)


def _table(draft: Draft, table_id: str, title: str, terms: Sequence[tuple[str, str, str]]) -> Table:
    """Return a row per term, its counterpart and its meaning."""
    voice, other = draft.voice, _other(draft)
    heads = (
        TableColumn(voice._("用语"), "text", 1.9),
        TableColumn(voice._("英文") if other == "en" else voice._("中文"), "text", 1.6),
        TableColumn(voice._("意思"), "text", 7),
    )
    rows = tuple(
        TableRow((Cell(term), Cell(counterpart, language=other), Cell(meaning))) for term, counterpart, meaning in terms
    )
    return Table(table_id, title, heads, rows)


def _other(draft: Draft) -> Locale:
    return next(locale for locale in LOCALES if locale != draft.voice.locale)


def _translated(draft: Draft, terms: Sequence[tuple[Text, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield each term, its counterpart in the other language and its meaning."""
    for term, meaning in terms:
        yield draft.voice.name(term), term.in_locale(_other(draft)), draft.voice._(meaning)


def _tiers(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Yield the framework's own names of its tiers; only the last one is scored by people."""
    voice, tiers = draft.voice, draft.material.framework.tiers
    for place, tier in enumerate(tiers, 1):
        template = (
            voice._("框架的第{n}层，由人打分；本框架有{count}项")
            if place == len(tiers)
            else voice._("框架的第{n}层，得分由下级算出；本框架有{count}项")
        )
        count = len(draft.material.framework.on_tier(tier.id))
        meaning = voice.text(template, n=place, count=count)
        yield voice.name(tier.name), tier.name.in_locale(_other(draft)), meaning
