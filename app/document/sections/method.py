"""The method: formula, thresholds, scale, one figure worked out, weights and shares."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.framework import Method
from app.core.report import SectionKind
from app.core.text import Text
from app.document.draft import Draft
from app.document.material import Subject
from app.document.sections.shares import shares_table
from app.document.sections.worked_example import worked_example
from app.document.values import Block, Cell, Fact, Facts, Section, Table, TableColumn, TableRow
from app.document.voice import Voice


def method(draft: Draft, title: str) -> Section:
    """Say how the figures were made."""
    blocks: list[Block] = [_calculation(draft), _scale(draft), *worked_example(draft), shares_table(draft)]
    return Section("method", SectionKind.METHOD, title, blocks=tuple(blocks))


def _calculation(draft: Draft) -> Facts:
    material, voice = draft.material, draft.voice
    rule, half = material.framework.rollup, voice.exact(material.half_step)
    covered = voice.text(
        voice._(
            "有得分的要素按权重所占的份额。达到{publish}为可发布，达到{provisional}为暂定；更低为覆盖不足，不出分，"
            "只印上下限：未评要素全取最低分与全取最高分时的得分。"
        ),
        publish=voice.percent(rule.publish),
        provisional=voice.percent(rule.provisional),
    )
    untold = voice._("未评、不清楚、无法辨认和不适用都不按零分计。不适用的要素不计入覆盖率。")
    attained = voice._(
        "与得分并列的另一种读法：下级能力按权重计超过一半达到该级、其下各级都有85%以上达到，才算达到"
        "（参照ISO/IEC 33020）。"
    )
    ordered = voice.text(voice._("相差不到打分间隔一半（{half}分）的两个得分不排先后，也不说谁强谁弱。"), half=half)
    median = voice._("在对标各家有数字的能力上取中位数；只给出区间的取中值；不向下级能力摊分。")
    rounded = voice._("得分精确计算，印出时才四舍五入；差值由未取整的得分算出，末位可能与所印得分之差相差1。")
    items = [
        Fact(voice._("评估框架"), f"{voice.name(material.framework.name)} {material.framework.version}"),
        Fact(voice._("汇总公式"), _formula(voice, material.method)),
        Fact(voice._("权重方案"), voice.name(material.weights.name)),
        Fact(voice._("覆盖率"), covered),
        Fact(voice._("未评与不适用"), untold),
        Fact(voice._("达到等级"), attained),
        Fact(voice._("先后"), ordered),
        Fact(voice._("取整"), rounded),
    ]
    if material.benchmark is not None:
        items.insert(-1, Fact(voice._("对标中位数"), median))
    if told := brought_over_notes(draft, material.subjects):
        items.insert(1, Fact(voice._("各版本的对应"), " ".join(told)))
    return Facts("method-calculation", voice._("怎样计算"), tuple(items))


def brought_over_notes(draft: Draft, subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Say what the scores of those rest on that were assessed in another version of the framework."""
    voice = draft.voice
    return tuple(
        str(
            voice.text(
                voice._(
                    "{unit}是按{old}版评的，放到{new}版里比较：{kept}个要素照旧，{mapped}个按对应关系转来，{apart}个不可比。"
                ),
                unit=voice.name(subject.name),
                old=subject.basis.version,
                new=draft.material.framework.version,
                kept=subject.basis.kept,
                mapped=subject.basis.mapped,
                apart=subject.basis.not_comparable,
            )
        )
        for subject in subjects
        if subject.basis is not None
    )


def _formula(voice: Voice, method: Method) -> str:
    return {
        Method.WEIGHTED_MEAN: voice._("加权平均：上级得分 = Σ（权重 × 下级得分）÷ Σ 权重，自下而上，只计有得分的下级"),
        Method.WEIGHTED_GEOMETRIC: voice._(
            "加权几何平均：上级得分 = exp(Σ 权重 × ln(下级得分 + 1 − 最低分) ÷ Σ 权重) − 1 + 最低分，"
            "自下而上，只计有得分的下级"
        ),
        Method.FLAT_MEAN: voice._("要素平均：上级得分 = 其下有得分的要素的简单平均"),
    }[method]


def _scale(draft: Draft) -> Table:
    voice, scale = draft.voice, draft.material.framework.scale
    described = any(level.description for level in scale.levels)
    heads = [TableColumn(voice._("分"), "number", 1.2), TableColumn(voice._("等级"), "text", 1.4)]
    if described:
        heads.append(TableColumn(voice._("含义"), "text", 8))
    rows = []
    for level in scale.levels:
        cells = [Cell(voice.exact(level.value).text, level.value), _words(draft, level.name)]
        if described:
            cells.append(_words(draft, level.description) if level.description else Cell())
        rows.append(TableRow(tuple(cells)))
    note = voice.text(
        voice._("要素得分从{low}到{high}，间隔{step}。"),
        low=voice.exact(scale.minimum),
        high=voice.exact(scale.maximum),
        step=voice.exact(scale.step),
    )
    return Table("method-scale", voice._("量表"), tuple(heads), tuple(rows), (note,))


def _words(draft: Draft, text: Text) -> Cell:
    words = draft.voice.words(text)
    return Cell(words.text, language=draft.foreign(words))
