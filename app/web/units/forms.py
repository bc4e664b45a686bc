"""Forms about units."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField, StringField

from app.i18n import msgid
from app.services.engagements import UnitView
from app.web.forms import Form, NamedForm, NameForm, NumberField, choice, line, stripped

KIND_WORDS = {
    "group": msgid("集团"),
    "province": msgid("省公司"),
    "local-network": msgid("本地网"),
}


class UnitForm(NameForm):
    """Another name, kind and size."""

    kind = StringField(msgid("类别"), line(), filters=[stripped])
    size = NumberField(msgid("规模"))


class NewUnitForm(UnitForm, NamedForm):
    """A new unit."""

    parent = SelectField(msgid("上级单位"), default="")

    def offer(self, units: Iterable[UnitView]) -> None:
        """Offer these units as the parent."""
        self.parent.choices = parent_choices(units)


class MoveForm(Form):
    """Another parent."""

    parent = SelectField(msgid("上级单位"), default="")

    def offer(self, units: Iterable[UnitView]) -> None:
        """Offer these units as the parent."""
        self.parent.choices = parent_choices(units)


def parent_choices(units: Iterable[UnitView]) -> list[tuple[str, str, dict[str, str]]]:
    """Return the top (empty) and every unit, indented as in the tree."""
    return [("", "–", {}), *(choice(unit.key, unit.name, unit.depth) for unit in units)]
