"""The forms of what a framework says of itself, and of the weights of its tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField, TextAreaField

from app.i18n import msgid
from app.web.forms import line, stripped
from app.web.tree.forms import (
    LONGEST_WORDS,
    ShareNumberField,
    SignedNumberField,
    TreeForm,
    field_name,
    name_fields,
    tidied,
    words_fields,
)

MOST_LEVELS = 12


def front_form(tiers: int) -> type[TreeForm]:
    """Return the form of what a framework says of itself."""
    found: dict[str, Any] = {
        **name_fields(),
        **words_fields("summary", msgid("简介（中文）"), msgid("简介（英文）")),
        "source_title": StringField(msgid("来源"), line(), filters=[stripped]),
        "source_year": ShareNumberField(msgid("年份")),
        "source_note": TextAreaField(msgid("来源说明"), line(LONGEST_WORDS), filters=[tidied]),
    }
    for number in range(tiers):
        found |= name_fields(f"tiers_{number}_")
    return type("FrontForm", (TreeForm,), found)


class RollupForm(TreeForm):
    """How scores are rolled up, and when respondents must talk."""

    method = SelectField(msgid("汇总方法"))
    publish = ShareNumberField(msgid("可发布的覆盖率"))
    provisional = ShareNumberField(msgid("暂定的覆盖率"))
    range = ShareNumberField(msgid("极差"))
    r_wg = ShareNumberField(msgid("一致度 r_wg"))
    role_gap = ShareNumberField(msgid("角色差"))
    minimum_roles = ShareNumberField(msgid("至少几个角色"))


def scale_form(rows: int) -> type[TreeForm]:
    """Return the form of the scale with so many rows for levels."""
    found: dict[str, Any] = {
        "minimum": SignedNumberField(msgid("最低分")),
        "maximum": SignedNumberField(msgid("最高分")),
        "step": SignedNumberField(msgid("每档")),
    }
    for number in range(rows):
        prefix = f"levels_{number}_"
        found[f"{prefix}value"] = SignedNumberField(msgid("分值"))
        found |= name_fields(prefix)
        found |= words_fields(f"{prefix}description", msgid("等级描述（中文）"), msgid("等级描述（英文）"))
    return type("ScaleForm", (TreeForm,), found)


def weights_form(node_ids: Iterable[str]) -> type[TreeForm]:
    """Return the form of the weights of the whole tree."""
    return type("WeightsForm", (TreeForm,), {weight_key(one): ShareNumberField(msgid("权重")) for one in node_ids})


def weight_key(node_id: str) -> str:
    """Return how the field of a weight is called."""
    return f"w_{field_name(node_id)}"
