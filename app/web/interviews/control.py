"""How a scale becomes something to press: radios, keys, and the wording of every point between two named levels.

Knows scales and level texts; knows no interview and no request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict

from app.core.framework import Capability, Framework
from app.core.scale import Level, Scale, display
from app.core.text import Locale, Text
from app.i18n import msgid, translator
from app.services.answer_changes import number_of

MOST_RADIOS = 15  # above this: radios of whole levels and a row of fractions
MOST_COARSE = 11
DIGITS = 9
CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Point:
    """One radio of the score: what it sends, what stands on it. `name` is the level's, None between named levels."""

    value: str
    label: str
    number: Fraction
    name: Text | None
    whole: bool


@dataclass(frozen=True, slots=True)
class ScoreControl:
    """The radios of a scale: every point, or coarse points and offsets that are added (`fine`, else empty)."""

    points: tuple[Point, ...]
    fine: tuple[str, ...]

    def chosen(self, judgement: str) -> tuple[str, str]:
        """Return the values of the two radios (point, offset) that make up a score; empty ones for anything else."""
        score = number_of(judgement)
        at_or_below = [point for point in self.points if score is not None and point.number <= score]
        if score is None or not at_or_below:
            return "", ""
        below = at_or_below[-1]
        offsets = {Fraction(offset): offset for offset in self.fine}
        return below.value, offsets.get(score - below.number, "")


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One named level as it reads for an element."""

    value: Fraction
    name: Text
    wording: Text


def score_control(scale: Scale) -> ScoreControl:
    """Return the radios of a scale."""
    if len(scale.grid) <= MOST_RADIOS:
        return ScoreControl(tuple(_point(scale, value) for value in scale.grid), ())
    stride = _stride(scale)
    coarse = tuple(_point(scale, value) for value in scale.grid[::stride])
    return ScoreControl(coarse, tuple(display(scale.step * n, scale.decimals) for n in range(stride)))


def _stride(scale: Scale) -> int:
    per_whole = 1 / scale.step
    if per_whole.denominator == 1 and per_whole > 1 and scale.steps / per_whole <= MOST_RADIOS:
        return int(per_whole)
    stride = 1
    while scale.steps / stride > MOST_COARSE - 1:
        stride += 1
    return stride


def _point(scale: Scale, value: Fraction) -> Point:
    level = scale.level_at(value)
    return Point(
        value=written(scale, value),
        label=short(value, scale),
        number=value,
        name=level.name if level else None,
        whole=value.denominator == 1,
    )


def written(scale: Scale, value: Fraction) -> str:
    """Return a point of the grid as it is shown and sent: `3` stays `3` on a scale of whole points, else `3.0`."""
    return display(value, scale.decimals)


def short(value: Fraction, scale: Scale) -> str:
    """Return a point as short as it can be read on a button: `3`, `3.5`."""
    return display(value, 0) if value.denominator == 1 else display(value, scale.decimals)


class KeyPlan(TypedDict):
    """What the keys do. `digits`: digit to score; `confidence`: key to value; keys are `6` or `Alt+1`."""

    digits: dict[str, str]
    confidence: dict[str, str]
    note: str


def key_plan(scale: Scale) -> KeyPlan:
    """Return what the keys do: digits choose whole levels where they fit, the free ones confidence and the note."""
    wholes = [value for value in scale.grid if value.denominator == 1 and 0 <= value <= DIGITS]
    fits = scale.maximum <= DIGITS and scale.minimum >= 0
    digits = {display(value, 0): written(scale, value) for value in wholes} if fits else {}
    free = [str(digit) for digit in (6, 7, 8, 9)]
    if not digits.keys() & set(free):
        confidence, note = dict(zip(free, CONFIDENCES, strict=False)), "9"
    else:
        confidence, note = {f"Alt+{n}": value for n, value in enumerate(CONFIDENCES, 1)}, "Alt+4"
    return {"digits": digits, "confidence": confidence, "note": note}


class KeyBadges(TypedDict):
    """The same the other way round, for those who look at a control: value to key."""

    digits: dict[str, str]
    confidence: dict[str, str]
    note: str


def key_badges(scale: Scale) -> KeyBadges:
    """Return the key of every score and confidence that has one."""
    plan = key_plan(scale)
    return {
        "digits": {value: key for key, value in plan["digits"].items()},
        "confidence": {value: key for key, value in plan["confidence"].items()},
        "note": plan["note"],
    }


def key_list(scale: Scale) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return what the help says: keys, and what they do (a msgid)."""
    plan = key_plan(scale)
    lines = [(tuple(plan["digits"]), msgid("选整级得分"))] if plan["digits"] else []
    if scale.step < 1:
        lines.append(((".",), msgid("在本级内加一档，加满回到整级")))
    lines += [
        (("-", "="), msgid("减一档、加一档")),
        (("N", "D"), msgid("不适用、不清楚")),
        (tuple(plan["confidence"]), msgid("把握低、中、高")),
        ((plan["note"],), msgid("跳到发现与记录")),
        (("E",), msgid("跳到证据")),
        (("Esc",), msgid("从记录、原因或证据回到得分")),
        (("Enter",), msgid("保存并到下一个")),
        (("Shift+Enter",), msgid("保存并到上一个")),
        (("Ctrl+Enter",), msgid("写记录时：保存并到下一个")),
        (("Backspace",), msgid("清除得分")),
        (("?",), msgid("打开这个说明")),
    ]
    return tuple(lines)


def level_lines(framework: Framework, element: Capability) -> tuple[LevelLine, ...]:
    """Return the wording of every level of an element, ascending: its own text, else the scale's."""
    named = {level.value: level for level in framework.scale.levels}
    return tuple(
        LevelLine(value, _name(named.get(value)), element.levels.get(value) or _description(named.get(value)))
        for value in sorted(named.keys() | element.levels.keys())
    )


def _name(level: Level | None) -> Text:
    return level.name if level else Text()


def _description(level: Level | None) -> Text:
    return (level.description if level else None) or Text()


ALL_AND_PART = msgid("%(low)s 级“%(low_name)s”全部做到；%(high)s 级“%(high_name)s”做到了一部分：哪些部分？")
BETWEEN = msgid("介于 %(low)s 级“%(low_name)s”与 %(high)s 级“%(high_name)s”之间：差在哪里？请写进发现。")
LEFT_OUT = {
    "not-applicable": msgid("不适用：不计入得分，也不计入覆盖率。"),
    "unknown": msgid("不清楚：不计入得分，覆盖率因此降低。"),
}


def sentences(framework: Framework, element: Capability, locale: Locale) -> Mapping[str, str]:
    """Return what every judgement means: the level's text, a sentence made of its neighbours, or what is left out."""
    lines = {line.value: line for line in level_lines(framework, element)}
    points = {
        written(framework.scale, value): _sentence(framework.scale, value, lines, locale)
        for value in framework.scale.grid
    }
    return points | {state: translator(locale).gettext(words) for state, words in LEFT_OUT.items()}


def _sentence(scale: Scale, value: Fraction, lines: Mapping[Fraction, LevelLine], locale: Locale) -> str:
    if value in lines:
        line = lines[value]
        name, wording = line.name.in_locale(locale), line.wording.in_locale(locale)
        return _joined(name, wording, locale)
    low = lines[max(known for known in lines if known < value)]
    high = lines[min(known for known in lines if known > value)]
    pattern = ALL_AND_PART if high.value - low.value == 1 else BETWEEN
    return translator(locale).gettext(pattern) % {
        "low": short(low.value, scale),
        "low_name": low.name.in_locale(locale),
        "high": short(high.value, scale),
        "high_name": high.name.in_locale(locale),
    }


def _joined(name: str, wording: str, locale: Locale) -> str:
    return ("：" if locale == "zh" else ": ").join(part for part in (name, wording) if part)
