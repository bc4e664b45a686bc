"""Which texts of content lack their English, and whose English is behind its Chinese. Pure values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.framework import Capability, Framework, WeightProfile
from app.core.questionnaire import Item, Questionnaire
from app.core.report import ReportDefinition
from app.core.scale import decimals_of, display
from app.core.text import Text


class Part(StrEnum):
    """What a text is of the thing that it belongs to."""

    NAME = "name"
    SUMMARY = "summary"
    DEFINITION = "definition"
    LEVEL = "level"
    PROMPT = "prompt"
    EVIDENCE = "evidence"
    QUESTION = "question"
    OPTION = "option"
    TITLE = "title"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and where it stands in its content.

    `place` is made of ids, so that it is the same in every version (`capability/self-service/levels/3`). In a list
    without ids its last part counts from 0: `listed`. `about` names what the text belongs to, `formerly` the place
    that it had before an element was given another id.
    """

    place: str
    text: Text
    part: Part
    about: Text | None = None
    detail: str = ""
    listed: bool = False
    formerly: str | None = None

    @property
    def shelf(self) -> str:
        """The place; of a text in a list without ids that of the list."""
        return self.place.rpartition("/")[0] if self.listed else self.place


class Standing(StrEnum):
    """How an English text stands to its Chinese one."""

    FRESH = "fresh"
    STALE = "stale"  # the Chinese was changed in a later version than the English
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Translation:
    """A passage and how its English stands; `before` is the Chinese that a stale English text was written for."""

    passage: Passage
    standing: Standing
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a translation is: texts, and those among them whose English is missing or stale."""

    texts: int
    missing: int
    stale: int

    @property
    def fresh(self) -> int:
        """The texts that need nothing."""
        return self.texts - self.missing - self.stale


Checked = Callable[[Passage, Text], bool]


def nobody_checked(_passage: Passage, _text: Text) -> bool:
    """Say of every pair of texts that nobody has checked it."""
    return False


def translations(
    now: Sequence[Passage], earlier: Sequence[Sequence[Passage]] = (), *, checked: Checked = nobody_checked
) -> list[Translation]:
    """Return how the English of every passage stands, in order.

    `earlier` are the passages of the versions before, oldest first. English is stale where the Chinese differs from
    the one that stood beside it when it was written, or when somebody `checked` the two last.
    """
    past = _Past(earlier)
    return [_translation(passage, past.of(passage), checked) for passage in now]


def progress(found: Iterable[Translation]) -> Progress:
    """Count translations by how they stand."""
    standings = [one.standing for one in found]
    return Progress(len(standings), standings.count(Standing.MISSING), standings.count(Standing.STALE))


def missing(passages: Iterable[Passage]) -> list[Passage]:
    """Return the passages that have no English."""
    return [passage for passage in passages if passage.text.zh and not passage.text.en]


def _translation(passage: Passage, past: Iterable[Text], checked: Checked) -> Translation:
    text = passage.text
    if not text.zh:
        return Translation(passage, Standing.FRESH)
    if not text.en:
        return Translation(passage, Standing.MISSING)
    written_for = text
    for former in () if checked(passage, text) else past:
        if not _same(former.en, text.en):
            break
        written_for = former
        if checked(passage, former):
            break
    if _same(written_for.zh, text.zh):
        return Translation(passage, Standing.FRESH)
    return Translation(passage, Standing.STALE, written_for.zh)


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two texts say the same; how they are broken into lines says nothing."""
    return "".join((one or "").split()) == "".join((other or "").split())


class _Past:
    """The passages of earlier versions by place."""

    def __init__(self, earlier: Sequence[Sequence[Passage]]) -> None:
        self._versions: list[Mapping[str, list[Passage]]] = [_by_shelf(version) for version in reversed(earlier)]

    def of(self, passage: Passage) -> Iterator[Text]:
        """Yield what a passage said in the versions before, newest first, up to where it is not found."""
        for version in self._versions:
            stood = version.get(passage.shelf) or (version.get(passage.formerly) if passage.formerly else None)
            found = _like(passage, stood or ())
            if found is None:
                return
            yield found.text
            passage = found


def _by_shelf(passages: Iterable[Passage]) -> Mapping[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.shelf, []).append(passage)
    return found


def _like(passage: Passage, stood: Sequence[Passage]) -> Passage | None:
    """Return the same passage of an earlier version: in a list the one with the same words, else the same place."""
    if not passage.listed:
        return stood[0] if stood else None
    for one in stood:
        if _same(one.text.zh, passage.text.zh) and _same(one.text.en, passage.text.en):
            return one
    same_en = (one for one in stood if passage.text.en and _same(one.text.en, passage.text.en))
    same_zh = (one for one in stood if _same(one.text.zh, passage.text.zh))
    return next(same_en, None) or next(same_zh, None)


# --- the texts of content --------------------------------------------------------------------------------------------


def passages_of(content: Framework | Questionnaire | WeightProfile | ReportDefinition) -> list[Passage]:
    """Return every text of content that has two languages, in document order."""
    if isinstance(content, Framework):
        return list(_of_framework(content))
    if isinstance(content, Questionnaire):
        return list(_of_questionnaire(content))
    if isinstance(content, ReportDefinition):
        return list(_of_report(content))
    return [Passage("profile/name", content.name, Part.NAME)]


def _of_framework(framework: Framework) -> Iterator[Passage]:
    yield Passage("framework/name", framework.name, Part.NAME, framework.name)
    if framework.summary:
        yield Passage("framework/summary", framework.summary, Part.SUMMARY, framework.name)
    for tier in framework.tiers:
        yield Passage(f"tier/{tier.id}/name", tier.name, Part.NAME, framework.name)
    for level in framework.scale.levels:
        value = display(level.value, decimals_of(level.value))
        yield Passage(f"level/{value}/name", level.name, Part.NAME, framework.name, value)
        if level.description:
            yield Passage(f"level/{value}/description", level.description, Part.LEVEL, framework.name, value)
    for node in framework.walk():
        yield from _of_capability(node)


def _of_capability(node: Capability) -> Iterator[Passage]:
    former = f"capability/{node.replaces[0]}" if len(node.replaces) == 1 else None

    def passage(place: str, text: Text, part: Part, detail: str = "") -> Passage:
        formerly = f"{former}/{place}" if former else None
        return Passage(f"capability/{node.id}/{place}", text, part, node.name, detail, formerly=formerly)

    yield passage("name", node.name, Part.NAME)
    if node.definition:
        yield passage("definition", node.definition, Part.DEFINITION)
    for value, text in sorted(node.levels.items()):
        written = display(value, decimals_of(value))
        yield passage(f"levels/{written}", text, Part.LEVEL, written)


def _of_questionnaire(questionnaire: Questionnaire) -> Iterator[Passage]:
    yield Passage("questionnaire/name", questionnaire.name, Part.NAME, questionnaire.name)
    for role in questionnaire.roles:
        yield Passage(f"role/{role.id}/name", role.name, Part.NAME, role.name)
    for item in questionnaire.items:
        yield from _of_item(item)


def _of_item(item: Item) -> Iterator[Passage]:
    place = f"item/{item.element}"
    for number, prompt in enumerate(item.prompts):
        yield Passage(f"{place}/prompts/{number}", prompt, Part.PROMPT, listed=True)
    for number, evidence in enumerate(item.evidence):
        name = evidence.id or str(number)
        yield Passage(f"{place}/evidence/{name}", evidence.text, Part.EVIDENCE, listed=evidence.id is None)
    for question in item.questions:
        asked = f"{place}/questions/{question.id}"
        yield Passage(f"{asked}/text", question.text, Part.QUESTION, detail=question.id)
        for option in question.options:
            yield Passage(f"{asked}/options/{option.id}", option.text, Part.OPTION, detail=option.id)


def _of_report(report: ReportDefinition) -> Iterator[Passage]:
    yield Passage("report/name", report.name, Part.NAME, report.name)
    if report.title:
        yield Passage("report/title", report.title, Part.TITLE, report.name)
    if report.summary:
        yield Passage("report/summary", report.summary, Part.SUMMARY, report.name)
    for number, section in enumerate(report.sections):
        if section.title:
            yield Passage(f"section/{number}/title", section.title, Part.TITLE, report.name, listed=True)
        if section.text:
            yield Passage(f"section/{number}/text", section.text, Part.WORDS, report.name, listed=True)
