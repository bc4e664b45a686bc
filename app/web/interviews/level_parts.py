"""Which part of the next level is met: its wording as parts to tick, and the line of the note that a tick stands for.

A score between two levels says that all of the lower one and a part of the upper one is met. Which part is worth a
sentence, so a tick is nothing but a line of the note, in the words of the framework: no further field to store, export
or merge. Nothing is made up: wording that cannot be divided is offered whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.core.framework import Capability, Framework
from app.core.text import LOCALES, Locale, Text
from app.i18n import msgid, translator
from app.web.interviews.control import LevelLine, level_lines, short, written

IN_PLACE = msgid("%(level)s 级已做到：%(part)s")
PARTLY_IN_PLACE = msgid("%(level)s 级做到一部分：%(part)s")

_BULLET = re.compile(r"^\s*(?:[-*•·–]|\d+[.、)])\s*")
_SENTENCE = {"zh": re.compile(r"[。；！？;]+"), "en": re.compile(r"(?<=[.;!?])\s+")}
_CLAUSE = re.compile("，")
# a clause that leans on the one before it cannot be ticked alone
_LEANING = tuple("并但而且也则就才却仍还又再")
_SHORTEST = 4
_LOOSE_ENDS = " .;,。；，！？!?"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a level's wording. `line` is what a tick writes into the note, `also` the same in the other language
    (equal to `line` where the two languages divide differently).
    """

    key: str
    words: str
    language: Locale
    line: str
    also: str

    def is_in(self, note: str | None) -> bool:
        """Tell whether the note says that this part is met."""
        return any(said.strip() in (self.line, self.also) for said in (note or "").split("\n"))


@dataclass(frozen=True, slots=True)
class LevelParts:
    """The parts of one level, asked for at these `scores` (as the page writes them)."""

    level: str
    scores: tuple[str, ...]
    parts: tuple[Part, ...]


def divided(wording: str, language: Locale) -> tuple[str, ...]:
    """Return the parts of a level's wording: its list items, else its sentences (in Chinese its main clauses too)."""
    lines = [line for line in wording.splitlines() if line.strip()]
    if len(lines) > 1:
        return tuple(_BULLET.sub("", line).strip(_LOOSE_ENDS) for line in lines)
    sentences = (part.strip(_LOOSE_ENDS) for part in _SENTENCE[language].split(wording))
    if language == "en":
        return tuple(part for part in sentences if part)
    return tuple(clause for sentence in sentences if sentence for clause in _clauses(sentence))


def _clauses(sentence: str) -> Iterator[str]:
    held = ""
    for clause in _CLAUSE.split(sentence):
        if held and not clause.startswith(_LEANING) and len(clause) >= _SHORTEST and len(held) >= _SHORTEST:
            yield held
            held = clause
        else:
            held = f"{held}，{clause}" if held else clause
    yield held


def level_parts(framework: Framework, element: Capability, locale: Locale) -> tuple[LevelParts, ...]:
    """Return the parts to ask about at every score between two neighbouring levels, lowest level first."""
    lines = level_lines(framework, element)
    scale = framework.scale
    found = []
    for low, high in pairwise(lines):
        scores = tuple(written(scale, value) for value in scale.grid if low.value < value < high.value)
        parts = _parts(high, short(high.value, scale), locale)
        if scores and parts and high.value - low.value <= 1:
            found.append(LevelParts(written(scale, high.value), scores, parts))
    return tuple(found)


def _parts(line: LevelLine, level: str, locale: Locale) -> tuple[Part, ...]:
    language = line.wording.language_of(locale)
    mine = _in_language(line.wording, language)
    other: Locale = "en" if language == "zh" else "zh"
    theirs = _in_language(line.wording, other)
    same = len(mine) == len(theirs)
    return tuple(
        Part(
            key=f"{line.value}/{index}",
            words=words,
            language=language,
            line=_line(level, words, language, whole=len(mine) == 1),
            also=_line(level, theirs[index] if same else words, other if same else language, whole=len(mine) == 1),
        )
        for index, words in enumerate(mine)
    )


def _in_language(wording: Text, language: Locale) -> tuple[str, ...]:
    words = wording.zh if language == LOCALES[0] else wording.en
    return divided(words, language) if words else ()


def _line(level: str, words: str, language: Locale, *, whole: bool) -> str:
    pattern = translator(language).gettext(PARTLY_IN_PLACE if whole else IN_PLACE)
    return pattern % {"level": level, "part": words}


def ticked(levels: Sequence[LevelParts], note: str | None) -> tuple[str, ...]:
    """Return the keys of the parts that the note says are met."""
    return tuple(part.key for level in levels for part in level.parts if part.is_in(note))


def noted(
    note: str | None, levels: Sequence[LevelParts], *, before: Collection[str], now: Collection[str]
) -> str | None:
    """Return the note after ticks changed from `before` to `now`: a new tick adds its line, one undone takes it."""
    lines = note.split("\n") if note else []
    for part in (part for level in levels for part in level.parts):
        if part.key in now and part.key not in before and not part.is_in("\n".join(lines)):
            lines.append(part.line)
        elif part.key in before and part.key not in now:
            lines = [line for line in lines if line.strip() not in (part.line, part.also)]
    return "\n".join(lines).strip() or None
