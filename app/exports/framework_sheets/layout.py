"""What stands where in the workbook of a framework. The first row of every sheet, hidden, holds the keys of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.scale import decimals_of, display
from app.core.text import Locale
from app.i18n import msgid, translator

FORMAT, FORMAT_VERSION = "crm-maturity-framework-sheet", "1"
KNOWN, TIER, ID, CODE, WEIGHT, CRITICAL = "known", "tier", "id", "code", "weight", "critical"
PREREQUISITES, RELATED, REPLACES = "prerequisites", "related", "replaces"
NAME, DEFINITION, LEVEL, DESCRIPTION, VALUE, KEY = "name", "definition", "level", "description", "value", "key"
YES = {"zh": msgid("是"), "en": msgid("是")}

Cell = str | Fraction | None


class SheetName(StrEnum):
    """The sheets, in their order."""

    FRONT = "front"
    TIERS = "tiers"
    SCALE = "scale"
    TREE = "tree"


TITLES: Mapping[SheetName, str] = {
    SheetName.FRONT: msgid("框架"),
    SheetName.TIERS: msgid("层级"),
    SheetName.SCALE: msgid("量表"),
    SheetName.TREE: msgid("能力"),
}
_HEADS = {
    KNOWN: msgid("原标识（请勿改）"),
    TIER: msgid("层级"),
    ID: msgid("标识"),
    CODE: msgid("编号"),
    WEIGHT: msgid("权重"),
    CRITICAL: msgid("关键要素"),
    PREREQUISITES: msgid("先决要素"),
    RELATED: msgid("相关要素"),
    REPLACES: msgid("代替"),
    NAME: msgid("名称"),
    DEFINITION: msgid("定义"),
    DESCRIPTION: msgid("说明"),
    VALUE: msgid("分值"),
    KEY: msgid("项目"),
}
_WIDTHS = {KNOWN: 14, TIER: 12, ID: 28, CODE: 9, WEIGHT: 8, CRITICAL: 9, VALUE: 8, KEY: 26}
_WIDE = {NAME: 24, DEFINITION: 48, DESCRIPTION: 44, LEVEL: 40}
HIDDEN = frozenset({KNOWN, KEY})
FRONT_ROWS: Mapping[str, str] = {
    "name": msgid("名称"),
    "summary": msgid("简介"),
    "source.title": msgid("来源"),
    "source.year": msgid("年份"),
    "source.note": msgid("来源说明"),
    "scale.min": msgid("最低分"),
    "scale.max": msgid("最高分"),
    "scale.step": msgid("每档"),
    "rollup.method": msgid("汇总方法"),
    "rollup.publish": msgid("可发布的覆盖率"),
    "rollup.provisional": msgid("暂定的覆盖率"),
    "agreement.range": msgid("极差"),
    "agreement.r_wg": msgid("一致度 r_wg"),
    "agreement.role_gap": msgid("角色差"),
    "agreement.minimum_roles": msgid("至少几个角色"),
}
TEXT_ROWS = frozenset({"name", "summary"})
LABEL, ZH, EN = "label", "zh", "en"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its name, the keys of its columns, what its rows say by column."""

    name: SheetName
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class FrameworkBook:
    """A framework as sheets. `meta` says what it belongs to."""

    pages: tuple[Page, ...]
    meta: Mapping[str, str]
    locale: Locale


def in_language(key: str, language: str) -> str:
    """Return the key of the column that holds a text in one language."""
    return f"{key}.{language}"


def _written(number: Fraction) -> str:
    return display(number, decimals_of(number))


def level_column(value: Fraction, language: str) -> str:
    """Return the key of the column that holds the texts of a level in one language."""
    return f"{LEVEL}.{_written(value)}:{language}"


def level_of(column: str) -> tuple[Fraction, str] | None:
    """Return which level and language a column is for; None where it is for none."""
    kind, _, rest = column.partition(".")
    value, _, language = rest.rpartition(":")
    if kind != LEVEL or language not in (ZH, EN):
        return None
    try:
        return Fraction(value), language
    except ValueError:
        return None


def front_columns() -> tuple[str, ...]:
    """Return the columns of the framework itself."""
    return KEY, LABEL, ZH, EN


def tier_columns() -> tuple[str, ...]:
    """Return the columns of the tiers."""
    return KNOWN, in_language(NAME, ZH), in_language(NAME, EN)


def scale_columns() -> tuple[str, ...]:
    """Return the columns of the named levels."""
    return VALUE, *(in_language(key, language) for key in (NAME, DESCRIPTION) for language in (ZH, EN))


def tree_columns(levels: Sequence[Fraction]) -> tuple[str, ...]:
    """Return the columns of the capabilities."""
    texts = [level_column(value, language) for value in levels for language in (ZH, EN)]
    names = [in_language(key, language) for key in (NAME, DEFINITION) for language in (ZH, EN)]
    return (
        KNOWN,
        TIER,
        CODE,
        names[0],
        names[1],
        ID,
        WEIGHT,
        *names[2:],
        CRITICAL,
        PREREQUISITES,
        RELATED,
        REPLACES,
        *texts,
    )


def head(column: str, locale: Locale) -> str:
    """Return what the head of a column says."""
    tell = translator(locale).gettext
    level = level_of(column)
    languages = {ZH: tell(msgid("中文")), EN: tell(msgid("英文"))}
    if level is not None:
        return f"{_written(level[0])} {languages[level[1]]}"
    kind, _, language = column.partition(".")
    if column in languages:
        return languages[column]
    if column == LABEL:
        return ""
    words = tell(_HEADS[kind])
    return f"{words} {languages[language]}" if language else words


def width(column: str, page: SheetName) -> int:
    """Return how wide a column is, in characters."""
    if page is SheetName.FRONT:
        return {LABEL: 22}.get(column, 60)
    return _WIDTHS.get(column) or _WIDE.get(column.partition(".")[0], 26)
