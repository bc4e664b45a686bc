"""How the report speaks in one language: numbers, names, lists, sentences with numbers in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from gettext import NullTranslations

from app.charts.wording import Wording
from app.core.framework import Framework, Tier
from app.core.scale import decimals_of, display
from app.core.text import Locale, Text
from app.document.values import Amount, Part, Sentence, Words
from app.i18n import translator

LONGEST_NAME = 200
LONGEST_TEXT = 2000
_PLACE = re.compile(r"\{(\w+)\}")

_BETWEEN: dict[Locale, tuple[str, str]] = {"zh": ("、", "、"), "en": (", ", " and ")}  # items of a list; the last two

Value = str | int | Amount | Words | Sequence[Part]


@dataclass(frozen=True)
class Voice:
    """Words a report in `locale` about one framework. Rounds once, half up, as formats.md says."""

    locale: Locale
    framework: Framework

    @cached_property
    def _translations(self) -> NullTranslations:
        return translator(self.locale)

    def _(self, msgid: str) -> str:
        """Translate a Chinese message."""
        return self._translations.gettext(msgid)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a Chinese message that counts; both forms are the same in Chinese."""
        return self._translations.ngettext(singular, plural, n)

    # numbers

    @cached_property
    def figures(self) -> Wording:
        """The wording of figures that charts use too: the same digits and signs everywhere."""
        return Wording(self.framework, self.locale)

    def score(self, node_id: str | None, value: Fraction) -> Amount:
        """Print a score of a node."""
        return Amount(self.figures.number(value, node_id))

    def bounds(self, node_id: str | None, bounds: tuple[Fraction, Fraction]) -> Amount:
        """Print the two ends between which a withheld score lies."""
        return Amount(self.figures.between(*bounds, node_id))

    def exact(self, number: Fraction) -> Amount:
        """Print a number that has a plain decimal form with the digits it needs, else with three decimals."""
        try:
            return Amount(display(number, decimals_of(number)))
        except ValueError:
            return Amount(display(number, 3))

    def percent(self, share: Fraction) -> Amount:
        """Print a share in whole percent."""
        return Amount(f"{display(share * 100, 0)}%")

    def level(self, attained: Fraction | int | None) -> str:
        """Write an attained level with its name, where the scale names it; empty for none."""
        if attained is None:
            return ""
        named = self.framework.scale.level_at(Fraction(attained))
        number = self.exact(Fraction(attained)).text
        return f"{number} {self.name(named.name)}" if named else number

    def year(self, year: int) -> Amount:
        """Write a year."""
        return Amount(self.text(self._("{year}年"), year=str(year)))

    # names and lists

    def tier(self, tier: Tier) -> str:
        """Return the name of a tier as it stands inside a sentence."""
        name = self.name(tier.name)
        return name[:1].lower() + name[1:] if self.locale == "en" else name

    def name(self, text: Text, longest: int = LONGEST_NAME) -> str:
        """Return a text in the document's language, else in the other one; cut where it is beyond all measure."""
        return shortened(text.in_locale(self.locale), longest)

    def cut(self, text: str | None) -> str:
        """Return what somebody wrote as a plain string; cut where it is beyond all measure."""
        return shortened(text or "", LONGEST_TEXT)

    def words(self, text: Text, longest: int = LONGEST_TEXT) -> Words:
        """Return a text with the language that it really is in."""
        return Words(shortened(text.in_locale(self.locale), longest), text.language_of(self.locale))

    def node(self, node_id: str | None) -> str:
        """Return the name of a capability; of the whole for None."""
        return self._("总体") if node_id is None else self.name(self.framework.node(node_id).name)

    def join(self, items: Iterable[Sequence[Part] | str]) -> tuple[Part, ...]:
        """Write a list as the language does: 甲、乙、丙; a, b and c."""
        listed = [(item,) if isinstance(item, str) else tuple(item) for item in items]
        parts: list[Part] = []
        for index, item in enumerate(listed):
            if index:
                parts.append(_BETWEEN[self.locale][index == len(listed) - 1])
            parts.extend(item)
        return tuple(parts)

    # sentences

    def fill(self, template: str, **values: Value) -> tuple[Part, ...]:
        """Put values into the `{places}` of a translated template; whole numbers become amounts."""
        parts: list[Part] = []
        for index, piece in enumerate(_PLACE.split(template)):
            if index % 2 == 0:
                if piece:
                    parts.append(piece)
            else:
                parts.extend(_parts(values[piece]))
        return tuple(parts)

    def text(self, template: str, **values: Value) -> str:
        """Put values into a template, as one string."""
        return "".join(part if isinstance(part, str) else part.text for part in self.fill(template, **values))

    def sentence(
        self, rule: str, *clauses: Sequence[Part], label: str = "", evidence: Sequence[str] = (), slot: str = ""
    ) -> Sentence:
        """Join clauses to one sentence and close it; `slot` tells several sentences of one rule in a section apart."""
        parts: list[Part] = []
        for index, clause in enumerate(clauses):
            if index:
                parts.append(self._("；"))
            parts.extend(clause)
        parts.append(self._("。"))
        return Sentence(rule, merged(parts), label, tuple(evidence), slot)


def _parts(value: Value) -> Sequence[Part]:
    if isinstance(value, int):
        return (Amount(str(value)),)
    if isinstance(value, (str, Amount, Words)):
        return (value,)
    return value


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Join neighbouring strings."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        else:
            result.append(part)
    return tuple(result)


def shortened(text: str, longest: int) -> str:
    """Return `text`, without control characters, at most `longest` characters long; a cut shows as an ellipsis."""
    printable = "".join(c for c in text if c >= " " or c in "\n\t")
    return printable if len(printable) <= longest else printable[: longest - 1].rstrip() + "…"
