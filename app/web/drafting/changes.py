"""What changed between two versions of content, in the reader's words: groups of changes, each with old and new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.diff import Change, FrameworkDiff
from app.core.framework import Framework, Source
from app.core.questionnaire import Comparison, Condition
from app.core.text import Text
from app.i18n import msgid
from app.web.context import translate
from app.web.drafting.words import FIELDS, MARKS, WHEN_PARTS
from app.web.templating import exact, in_locale

if TYPE_CHECKING:
    from app.services.publishing import ContentDiff

HEADINGS = {
    "added": msgid("新增"),
    "removed": msgid("删除"),
    "moved": msgid("换了位置"),
    "renamed": msgid("改名"),
    "reweighted": msgid("改权重"),
    "answered_otherwise": msgid("换了题型"),
    "reckoned_otherwise": msgid("改计分"),
    "asked_otherwise": msgid("改提问对象、条件或顺序"),
    "reworded": msgid("改文字"),
    "rescaled": msgid("改评分尺度"),
    "rerolled": msgid("改汇总规则"),
    "related": msgid("改标记"),
    "whole": msgid("适用范围"),
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that differs: what it is, and old and new in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change: whose, told in a sentence or as details."""

    name: str
    id: str
    sentence: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one sort under their heading."""

    heading: str
    lines: tuple[Line, ...]


def worded_changes(changes: ContentDiff, old: object, new: object) -> tuple[Group, ...]:
    """Return changes in the order of HEADINGS; `old` and `new` are the versions, which know names.

    Of a questionnaire or weight profile the names are those of the framework that is given as old and new.
    """
    tell = _Teller(changes, tuple(one for one in (new, old) if isinstance(one, Framework)))
    found = ((heading, getattr(changes, name, ())) for name, heading in HEADINGS.items())
    named = zip(HEADINGS, found, strict=True)
    return tuple(
        Group(translate(heading), tuple(tell.line(name, one) for one in listed))
        for name, (heading, listed) in named
        if listed
    )


class _Teller:
    def __init__(self, changes: ContentDiff, frameworks: Sequence[Framework]) -> None:
        self.frameworks = frameworks
        self.carried: Mapping[str, tuple[str, ...]] = changes.carried if isinstance(changes, FrameworkDiff) else {}
        self.of_framework = isinstance(changes, FrameworkDiff)

    def line(self, kind: str, change: Change) -> Line:
        """Return one change in words."""
        name, shown = self._named(change.id)
        if self.of_framework and kind in ("added", "removed", "moved"):
            return Line(name, shown, self._place(kind, change))
        if isinstance(change.old, Mapping) and isinstance(change.new, Mapping):
            return Line(name, shown, details=tuple(_details(change.old, change.new)))
        if change.old is None or change.new is None:
            said = _said(change.new if change.old is None else change.old)
            return Line(name, shown, said if said != NOTHING else "")
        return Line(name, shown, f"{_said(change.old)} → {_said(change.new)}")

    def _named(self, place: str | None) -> tuple[str, str]:
        """Return the name of a node, the words of a field, or the place itself."""
        if place is None:
            return translate(msgid("整体")), ""
        if place in FIELDS:
            return translate(FIELDS[place]), ""
        first, _, rest = place.partition("/")
        for framework in self.frameworks:
            if first in framework:
                return in_locale(framework.node(first).name), place
        if first == "roles":
            return translate(msgid("角色")), rest
        return place, ""

    def _place(self, kind: str, change: Change) -> str:
        old, new = (one if isinstance(one, Mapping) else {} for one in (change.old, change.new))
        if kind == "moved":
            return self._move(old, new)
        stands = new if kind == "added" else old
        pattern = msgid("在%(parent)s之下") if kind == "added" else msgid("原在%(parent)s之下")
        told = translate(pattern) % {"parent": self._parent(stands)}
        replaced = self.carried.get(change.id or "", ())
        if replaced:
            names = translate(msgid("、")).join(self._named(one)[0] for one in replaced)
            told += translate(msgid("；")) + translate(msgid("接替%(names)s")) % {"names": names}
        heirs = [heir for heir, former in self.carried.items() if kind == "removed" and change.id in former]
        if heirs:
            named = (" ".join(dict.fromkeys(self._named(one))) for one in heirs)
            told += translate(msgid("；")) + translate(msgid("由%(names)s接替")) % {
                "names": translate("、").join(named)
            }
        return told

    def _move(self, old: Mapping[str, object], new: Mapping[str, object]) -> str:
        told = []
        if old.get("parent") != new.get("parent"):
            parents = {"old": self._parent(old), "new": self._parent(new)}
            told.append(translate(msgid("从%(old)s移到%(new)s")) % parents)
        elif old.get("position") != new.get("position"):
            positions = {"old": old.get("position"), "new": new.get("position")}
            told.append(translate(msgid("同级中从第 %(old)s 位到第 %(new)s 位")) % positions)
        if old.get("leaf") != new.get("leaf"):
            leaf = bool(new.get("leaf"))
            told.append(translate(msgid("从上级能力变成要素")) if leaf else translate(msgid("从要素变成上级能力")))
        return translate(msgid("；")).join(told) or translate(msgid("换了位置"))

    def _parent(self, stands: Mapping[str, object]) -> str:
        parent = stands.get("parent")
        if not isinstance(parent, str):
            return translate(msgid("最上层"))
        return translate(msgid("“%(name)s”")) % {"name": self._named(parent)[0]}


def _details(old: Mapping[object, object], new: Mapping[object, object], above: str = "") -> Iterator[Detail]:
    """Yield what differs between two mappings, deeper ones by their path in words."""
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        word = translate(FIELDS[str(key)]) if str(key) in FIELDS else str(key)
        label = f"{above} · {word}" if above else word
        one, other = _plain(before), _plain(after)
        if isinstance(one, Mapping) and isinstance(other, Mapping) and (one or other):
            yield from _details(one, other, label)
        else:
            yield Detail(label, _said(before), _said(after))


def _plain(value: object) -> object:
    """Return what can be looked into as a mapping, None as an empty one."""
    if value is None:
        return {}
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Source):
        return {name: getattr(value, name) for name in ("title", "year", "method", "confidence", "note")}
    return value


def _said(value: object) -> str:
    """Return a value as the page says it."""
    if value is None or value in ((), [], {}):
        return NOTHING
    for kind, say in _SAYING.items():
        if isinstance(value, kind):
            return say(value)
    return str(value)


def _said_mapping(value: Mapping[object, object]) -> str:
    if {"zh", "en"} >= set(value):
        zh, en = value.get("zh"), value.get("en")
        return in_locale(Text(zh if isinstance(zh, str) else None, en if isinstance(en, str) else None))
    return translate(msgid("、")).join(f"{key} {_said(one)}" for key, one in value.items())


def _said_list(value: Sequence[object]) -> str:
    return translate(msgid("、")).join(_said(one) for one in value)


def _when(when: Condition | Comparison) -> str:
    """Return a condition as a formula that an editor knows from the file."""
    if isinstance(when, Comparison):
        sign = {"gte": "≥", "lte": "≤", "eq": "="}.get(when.relation)
        return (
            f"{when.answer} {sign} {_said(when.number)}" if sign else f"{when.answer} {translate(WHEN_PARTS['scored'])}"
        )
    parts = [_when(part) for part in when.parts]
    if when.operator == "not":
        return f"{translate(WHEN_PARTS['not'])}({parts[0]})"
    return "(" + f" {translate(WHEN_PARTS[when.operator])} ".join(parts) + ")"


_SAYING: dict[type, Callable[..., str]] = {
    bool: lambda value: translate(MARKS[value]),
    Fraction: exact,
    Text: in_locale,
    Condition: _when,
    Comparison: _when,
    Mapping: _said_mapping,
    str: str,
    Sequence: _said_list,
}
