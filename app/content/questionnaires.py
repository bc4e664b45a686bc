"""Questionnaires -> `Questionnaire`, checked against their framework and within themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast

from app.content.benchmarks import unique_ids
from app.content.kinds.questionnaire import RELATIONS
from app.content.located import Place, listed, walked
from app.content.outline import Outline, Pointers, written
from app.content.rings import circles
from app.content.shapes import Items, Record
from app.core.questionnaire import (
    Band,
    Comparison,
    Condition,
    EvidencePrompt,
    Item,
    Mode,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Role,
    When,
)
from app.core.text import Text

_ONE = 1


def build_questionnaire(
    record: Record, outline: Outline | None, *, first_leaves: frozenset[str] | None = None
) -> Questionnaire | None:
    """Check a questionnaire against the newest framework version it admits and build it; None where it has errors.

    `first_leaves`: the elements of the oldest version it admits; elements that are not among them were added later and
    may be missing with a warning. None where that is the same version.
    """
    _Check(record, outline, first_leaves).run()
    document = record.document
    return None if document.faults.errors_in([document.file]) else _questionnaire(record)


class _Check:
    def __init__(self, record: Record, outline: Outline | None, first_leaves: frozenset[str] | None) -> None:
        self.record = record
        self.outline = outline
        self.first_leaves = first_leaves
        self.faults = record.document.faults
        self.pointers = Pointers(outline, self.faults)
        self.items: list[Record] = record.get("items") or []

    def run(self) -> None:
        unique_ids(self.record.get("roles") or ())
        self._elements()
        for item in self.items:
            self._roles(item)
            self._evidence(item)
            self._questions(item)
            for comparison in _comparisons(item.get("when")):
                self._comparison(comparison)
        self._circles()

    def _elements(self) -> None:
        asked: dict[str, int] = {}
        for item in self.items:
            element = item.get("element")
            if element is None or not self.pointers.leaf(element, item.place("element")):
                continue
            if element in asked:
                item.value_fault("E601", "element", id=element, first=asked[element])
            asked.setdefault(element, item.place("element").line)
        omit = self.record.get("omit")
        omitted = list(omit.placed()) if omit is not None else []
        for element, place in omitted:
            if self.pointers.leaf(element, place) and element in asked:
                self.faults.add("E603", place, id=element)
        self._missing({*asked, *(element for element, _ in omitted)})

    def _missing(self, covered: set[str]) -> None:
        whole = "items" in self.record and len(self.items) == len(self.record["items"].node.items)
        if self.outline is None or not whole or any("element" not in item for item in self.items):
            return
        for leaf in self.outline.leaves:
            if leaf in covered:
                continue
            later = self.first_leaves is not None and leaf not in self.first_leaves
            self.record.fault("W621" if later else "E602", "items", id=leaf)

    def _roles(self, item: Record) -> None:
        if "roles" not in item or not _whole(self.record.get("roles"), self.record.has("roles")):
            return
        known = {role.get("id"): None for role in self.record.get("roles") or ()}
        known_roles = listed(known)
        for role, place in item["roles"].placed():
            if role not in known:
                self.faults.add("E604", place, id=role, known=known_roles)

    def _evidence(self, item: Record) -> None:
        unique_ids([prompt for prompt in item.get("evidence") or () if isinstance(prompt, Record)])
        for prompt in item.get("evidence") or ():
            if isinstance(prompt, Record) and not prompt.has("en"):
                prompt.fault("W221")

    def _questions(self, item: Record) -> None:
        questions: list[Record] = item.get("questions") or []
        unique_ids(questions)
        scored = [question for question in questions if question.get("type") != QuestionType.TEXT]
        if scored and all(question.get("weight", _ONE) == 0 for question in scored):
            scored[0].fault("E609", "weight")
        for question in questions:
            options: list[Record] = question.get("options") or []
            unique_ids(options)
            if options and all(option.get("weight", _ONE) == 0 for option in options):
                options[0].fault("E609", "weight")
            for valued in (*options, *(question.get("bands") or ())):
                if "value" in valued:
                    self.pointers.within(valued["value"], valued.place("value"))
            self._bands(question.get("bands") or [])

    def _bands(self, bands: list[Record]) -> None:
        before = None
        for number, band in enumerate(bands):
            last = number == len(bands) - 1
            if last and band.has("upto"):
                band.fault("E608", "upto", problem="this last one has an upper end")
            elif not last and not band.has("upto"):
                band.fault("E608", None, problem="this one needs upto")
            upto = band.get("upto")
            if upto is not None and before is not None and upto <= before:
                band.fault("E607", "upto", value=written(upto), before=written(before))
            before = before if upto is None else upto

    def _comparison(self, comparison: Record) -> None:
        if "answer" in comparison:
            self.pointers.leaf(comparison["answer"], comparison.place("answer"))
        relations = [relation for relation in RELATIONS if comparison.has(relation)]
        if len(relations) != 1:
            key = relations[1] if relations else None
            comparison.fault("E610", key, allowed=", ".join(RELATIONS))

    def _circles(self) -> None:
        asks: dict[str, list[str]] = {}
        places: dict[tuple[str, str], Place] = {}
        for item in self.items:
            element = item.get("element")
            if element is None or element in asks:
                continue
            asks[element] = []
            for comparison in _comparisons(item.get("when")):
                if "answer" in comparison:
                    asks[element].append(comparison["answer"])
                    places.setdefault((element, comparison["answer"]), comparison.place("answer"))
        for circle in circles(asks):
            self.faults.add("E605", places[circle[-2], circle[-1]], circle=walked(circle))


def _whole(items: Items | None, present: bool) -> bool:
    """Tell whether every item of a list could be read, so that what is not in it is really missing."""
    if items is None:
        return not present
    return len(items) == len(items.node.items) and all("id" in item for item in items)


def _comparisons(condition: Record | None) -> Iterator[Record]:
    """Yield every comparison of a condition."""
    if condition is None:
        return
    if condition.has("answer"):
        yield condition
        return
    for key in ("all", "any"):
        for part in condition.get(key) or ():
            yield from _comparisons(part)
    yield from _comparisons(condition.get("not"))


def _questionnaire(record: Record) -> Questionnaire:
    return Questionnaire(
        id=record["id"],
        version=record["version"],
        framework=record["framework"],
        name=record["name"],
        mode=Mode(record.get("mode", Mode.INTERVIEW)),
        roles=tuple(
            Role(role["id"], role["name"], role.get("level"), **_given(role, "weight"))
            for role in record.get("roles") or ()
        ),
        items=tuple(_item(item) for item in record["items"]),
        omit=tuple(record.get("omit") or ()),
    )


def _item(record: Record) -> Item:
    when = record.get("when")
    return Item(
        element=record["element"],
        roles=tuple(record.get("roles") or ()),
        prompts=tuple(record.get("prompts") or ()),
        evidence=tuple(_evidence(prompt) for prompt in record.get("evidence") or ()),
        questions=tuple(_question(question) for question in record.get("questions") or ()),
        when=None if when is None else _when(when),
    )


def _evidence(prompt: Record | Text) -> EvidencePrompt:
    if isinstance(prompt, Text):
        return EvidencePrompt(prompt)
    return EvidencePrompt(Text(zh=prompt["zh"], en=prompt.get("en")), prompt.get("id"))


def _given(record: Record, *keys: str) -> dict[str, Any]:
    """Return the keys that are there, so that the value's own defaults hold for the others."""
    return {key: record[key] for key in keys if key in record}


def _question(record: Record) -> Question:
    return Question(
        id=record["id"],
        type=QuestionType(record["type"]),
        text=record["text"],
        options=tuple(_option(option) for option in record.get("options") or ()),
        bands=tuple(Band(band["value"], band.get("upto")) for band in record.get("bands") or ()),
        **_given(record, "weight", "unit"),
    )


def _option(record: Record) -> Option:
    return Option(record["id"], record["text"], **_given(record, "value", "weight"))


def _when(record: Record) -> When:
    if "all" in record:
        return Condition("all", tuple(_when(part) for part in record["all"]))
    if "any" in record:
        return Condition("any", tuple(_when(part) for part in record["any"]))
    if "not" in record:
        return Condition("not", (_when(record["not"]),))
    relation = next(relation for relation in RELATIONS if relation in record)
    number = None if relation == "scored" else record[relation]
    return Comparison(record["answer"], cast("Literal['gte', 'lte', 'eq', 'scored']", relation), number)
