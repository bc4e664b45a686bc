"""The forms of the tree. Fields are called as the editing room calls them, with _ for other characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from app.content.editing.contents import Contents
from app.content.editing.refusals import EditRefused
from app.content.editing.structure import NewCapability
from app.content.outline import written
from app.core.text import Text
from app.i18n import msgid
from app.web.forms import Form, NumberField, line, stripped
from app.web.tree.wording import refusal

LONGEST_WORDS = 2000
_ODD = re.compile(r"[^a-z0-9]+")
_SIGNED = re.compile(r"-?\d{1,15}(\.\d{1,12})?")


class SignedNumberField(NumberField):
    """An exact decimal number that may be negative."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; ValueError with our message for anything else."""
        typed = unicodedata.normalize("NFKC", valuelist[0]).strip().replace("−", "-") if valuelist else ""
        if typed and not _SIGNED.fullmatch(typed):
            raise ValueError(msgid("请填写数字，例如 0.5。"))
        self.data = Fraction(typed) if typed else None


class ShareNumberField(NumberField):
    """An exact decimal number of 0 or more."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; ValueError with our message for anything else."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(msgid("请填写数字，例如 0.5。")) from error


def tidied(value: str | None) -> str | None:
    """Return what was typed without blanks around it and with plain line breaks (a field's filter)."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def field_name(name: str) -> str:
    """Return how a form calls a field of the editing room."""
    return _ODD.sub("_", name)


class TreeForm(Form):
    """A form whose faults come from the editing room."""

    def refuse(self, refused: EditRefused) -> None:
        """Put why a change is refused at its field, else above the form."""
        words, name = refusal(refused), field_name(refused.field)
        found = self._fields.get(name)
        if found is None:
            self.add_loose(words)
        else:
            found.errors = [*found.errors, words]

    def value(self, name: str) -> Any:
        """Return what was typed into a field; None for nothing."""
        return self._fields[name].data or None

    def text(self, name: str) -> Text | None:
        """Return a text in its languages, None where both are empty."""
        said = Text(self.value(f"{name}_zh"), self.value(f"{name}_en"))
        return said if said.zh or said.en else None


def name_fields(prefix: str = "") -> dict[str, Field]:
    """Return fields for a name in both languages."""
    return {
        f"{prefix}name_zh": StringField(msgid("中文名称"), line(), filters=[stripped]),
        f"{prefix}name_en": StringField(msgid("英文名称"), line(), filters=[stripped]),
    }


def words_fields(prefix: str, zh: str, en: str) -> dict[str, Field]:
    """Return fields for a longer text in both languages; labels are msgids."""
    return {
        f"{prefix}_zh": TextAreaField(zh, line(LONGEST_WORDS), filters=[tidied]),
        f"{prefix}_en": TextAreaField(en, line(LONGEST_WORDS), filters=[tidied]),
    }


def level_key(value: Fraction) -> str:
    """Return how fields of a level are called."""
    return f"level_{field_name(written(value)).replace('-', 'm')}"


def contents_form(values: Sequence[Fraction], *, element: bool) -> type[TreeForm]:
    """Return the form of one capability; `values` are the levels that an element may have words for."""
    found: dict[str, Any] = {
        "seen": HiddenField(),
        **name_fields(),
        "code": StringField(msgid("编号"), line(40), filters=[stripped]),
        **words_fields("definition", msgid("定义（中文）"), msgid("定义（英文）")),
        "weight": ShareNumberField(msgid("权重")),
    }
    if element:
        for value in values:
            found |= words_fields(level_key(value), msgid("等级描述（中文）"), msgid("等级描述（英文）"))
        found["critical"] = BooleanField(msgid("关键要素"))
        found["prerequisites"] = SelectMultipleField(msgid("先决要素"))
        found["related"] = SelectMultipleField(msgid("相关要素"))
    return type("ContentsForm", (TreeForm,), found)


def filled_in(contents: Contents, values: Iterable[Fraction], *, element: bool) -> dict[str, Any]:
    """Return what the fields of `contents_form` hold for a capability."""
    definition = contents.definition or Text()
    data: dict[str, Any] = {
        "name_zh": contents.name.zh,
        "name_en": contents.name.en,
        "code": contents.code,
        "definition_zh": definition.zh,
        "definition_en": definition.en,
        "weight": contents.weight,
    }
    if element:
        for value in values:
            words = (contents.levels or {}).get(value, Text())
            data |= {f"{level_key(value)}_zh": words.zh, f"{level_key(value)}_en": words.en}
        data |= {
            "critical": contents.critical,
            "prerequisites": list(contents.prerequisites),
            "related": list(contents.related),
        }
    return data


def said_in(form: TreeForm, shown: Contents, values: Sequence[Fraction], *, element: bool) -> Contents:
    """Return what a form says of a capability; what it does not show stays as it is."""
    levels: Mapping[Fraction, Text] | None = None
    if element:
        typed = {value: form.text(level_key(value)) for value in values}
        levels = {value: words for value, words in typed.items() if words is not None}
    return Contents(
        name=form.text("name") or Text(),
        code=form.value("code"),
        definition=form.text("definition"),
        weight=form["weight"].data,
        levels=levels if element else shown.levels,
        critical=bool(form["critical"].data) if element else shown.critical,
        prerequisites=_kept_order(shown.prerequisites, form["prerequisites"].data) if element else shown.prerequisites,
        related=_kept_order(shown.related, form["related"].data) if element else shown.related,
        replaces=shown.replaces,
    )


def _kept_order(before: Sequence[str], chosen: Sequence[str] | None) -> tuple[str, ...]:
    """Return what is chosen in the order that stood before, what is new at the end."""
    picked = list(chosen or ())
    return (*(one for one in before if one in picked), *(one for one in picked if one not in before))


def adding_form(tiers: int) -> type[TreeForm]:
    """Return the form of a new capability and, above the last tier, of the first ones below it."""
    found: dict[str, Any] = {}
    for number in range(tiers):
        prefix = "child_" * number
        found[f"{prefix}id"] = StringField(msgid("标识"), line(64), filters=[stripped])
        found |= name_fields(prefix)
        found[f"{prefix}code"] = StringField(msgid("编号"), line(40), filters=[stripped])
    return type("AddingForm", (TreeForm,), found)


def new_capability(form: TreeForm, tiers: int, number: int = 0) -> NewCapability:
    """Return what a form of `adding_form` asks for."""
    prefix = "child_" * number
    below = (new_capability(form, tiers, number + 1),) if number + 1 < tiers else ()
    name = form.text(f"{prefix}name") or Text()
    return NewCapability(form.value(f"{prefix}id") or "", name, code=form.value(f"{prefix}code"), children=below)


class RenamingForm(TreeForm):
    """Another id."""

    new_id = StringField(msgid("新的标识"), line(64), filters=[stripped])


POSITIONS = {"last": msgid("最后"), "first": msgid("最前")}


class MovingForm(TreeForm):
    """Another parent."""

    parent = SelectField(msgid("新的上级"))
    position = SelectField(msgid("放在"))


class RemovingForm(TreeForm):
    """Who takes over the scores."""

    heir = SelectField(msgid("得分交给"))


MOST_PARTS = 5


def splitting_form() -> type[TreeForm]:
    """Return the form of the elements that one is split into."""
    found: dict[str, Any] = {}
    for number in range(MOST_PARTS):
        found[f"parts_{number}_id"] = StringField(msgid("标识"), line(64), filters=[stripped])
        found |= name_fields(f"parts_{number}_")
        found[f"parts_{number}_code"] = StringField(msgid("编号"), line(40), filters=[stripped])
        found[f"parts_{number}_weight"] = ShareNumberField(msgid("权重"))
    return type("SplittingForm", (TreeForm,), found)


class MergingForm(TreeForm):
    """Which elements are merged, and into what."""

    others = SelectMultipleField(msgid("和哪些要素合并"))
    id = StringField(msgid("合并后的标识"), line(64), filters=[stripped])
    name_zh = StringField(msgid("中文名称"), line(), filters=[stripped])
    name_en = StringField(msgid("英文名称"), line(), filters=[stripped])
    code = StringField(msgid("编号"), line(40), filters=[stripped])
    weight = ShareNumberField(msgid("权重"))
