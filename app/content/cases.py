"""Case files <-> `Case`: reading with every check, parsing of uploaded text, lossless writing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.content.benchmarks import unique_ids
from app.content.case_writing import write_case
from app.content.faults import Document, Faults
from app.content.folders import Folder, Reads
from app.content.frameworks import source_of
from app.content.kinds.case import CASE, UNITS
from app.content.located import Node, Place, Scalar, Sequence, found, listed, shown, walked
from app.content.outline import Outline, Pointers
from app.content.reading import read_bytes
from app.content.rings import circles
from app.content.shapes import Record
from app.content.values import NOT_IDS
from app.content.versions import Reference
from app.core.case import AgreedScore, Answer, Case, Interview, Round, State, Unit, UnitTree
from app.core.errors import Fault, FaultsFound
from app.core.framework import Framework
from app.core.questionnaire import Item, Option, Question, Questionnaire, QuestionType

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.content.library import Library

__all__ = ["parse_case", "read_case", "units_beside", "write_case"]

UNITS_FILE = "units.yaml"


def read_case(path: Path, *, library: Library) -> Case:
    """Return the case of a file, checked against its framework in the library; raises FaultsFound."""
    reads = Reads()
    folder = Folder.named(path.parent)
    record = reads.record(folder, path.name, CASE, named=True)
    case = None
    if record is not None:
        outline = _outline_of(record, library)
        case = build_case(record, outline, _units_beside(folder), library.find_questionnaire)
    reads.faults.raise_errors()
    assert case is not None  # what cannot be read or built has an error
    return case


def parse_case(
    text: str,
    *,
    name: str,
    framework: Framework,
    find_questionnaire: Callable[[str], Questionnaire | None] | None = None,
) -> tuple[Case, tuple[Fault, ...]]:
    """Return the case that a text holds (an uploaded file called `name`) and its warnings; raises FaultsFound.

    The case must be of exactly this framework version. Without `find_questionnaire` answers are not checked against
    their questionnaire.
    """
    faults = Faults()
    document = Document(name, faults)
    node = read_bytes(text.encode("utf-8", "surrogatepass"), document)
    record = CASE.read(node, "", document) if node is not None else None
    case = None
    if isinstance(record, Record):
        outline = _matching(record, Outline.of(framework))
        case = build_case(record, outline, None, find_questionnaire)
    faults.raise_errors()
    assert case is not None  # what cannot be read or built has an error
    return case, faults.sorted()


def _outline_of(record: Record, library: Library) -> Outline | None:
    reference = record.get("framework")
    if reference is None:
        return None
    wanted = Reference.parse(reference)
    assert wanted is not None  # the shape has checked the form
    try:
        return Outline.of(library.framework(reference))
    except FaultsFound as found_there:
        record.document.faults.include(found_there.faults)
        return None
    except KeyError:
        unknown_framework(record, wanted, versions=library.versions(wanted.id), known=library.framework_ids())
        return None


def _matching(record: Record, outline: Outline) -> Outline | None:
    reference = Reference.parse(record.get("framework", ""))
    if reference is None:
        return None
    if reference.id == outline.id and reference.newest([outline.version]):
        return outline
    record.value_fault("E409", "framework", expected=outline.reference, value=record["framework"])
    return None


def unknown_framework(record: Record, wanted: Reference, *, versions: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Report a framework, or a version of it, that is not there."""
    if versions:
        text = record["framework"].partition("@")[2]
        record.value_fault("E402", "framework", id=wanted.id, wanted=text, known=listed(versions))
    else:
        record.value_fault("E401", "framework", id=wanted.id, known=listed(known))


def units_beside(case: Path) -> UnitTree | None:
    """Return the unit tree in the folder of a case file, None where there is none that can be used."""
    return _units_beside(Folder.named(case.parent))


def _units_beside(folder: Folder) -> UnitTree | None:
    """Return the unit tree in the folder of a case; its own faults are not the case's."""
    if not (folder.path / UNITS_FILE).is_file():
        return None
    record = Reads().record(folder, UNITS_FILE, UNITS)
    return build_units(record) if record is not None else None


def build_units(record: Record) -> UnitTree | None:
    """Check a unit tree and build it; None where it has errors."""
    faults = record.document.faults
    units: list[Record] = record.get("units") or []
    unique_ids(units)
    by_id: dict[str, Record] = {}
    for unit in units:
        if "id" in unit:
            by_id.setdefault(unit["id"], unit)
    whole = "units" in record and len(units) == len(record["units"].node.items) == sum("id" in unit for unit in units)
    for unit in units:
        if "parent" in unit and whole and unit["parent"] not in by_id:
            unit.value_fault("E507", "parent", id=unit["parent"])
    for circle in circles({unit_id: [unit["parent"]] if "parent" in unit else [] for unit_id, unit in by_id.items()}):
        by_id[circle[-2]].value_fault("E508", "parent", circle=walked(circle))
    if faults.errors_in([record.document.file]):
        return None
    return UnitTree(record["id"], record["name"], tuple(_unit(unit) for unit in units))


def _unit(record: Record) -> Unit:
    return Unit(record["id"], record["name"], record.get("kind"), record.get("parent"), record.get("size"))


def build_case(
    record: Record,
    outline: Outline | None,
    units: UnitTree | None,
    find_questionnaire: Callable[[str], Questionnaire | None] | None,
) -> Case | None:
    """Check a case against its framework, units and questionnaires and build it; None where it has errors."""
    _Check(record, outline, find_questionnaire).run()
    if units is not None and "unit" in record:
        _check_unit(record["unit"], units)
    return None if record.document.faults.errors_in([record.document.file]) else _case(record)


def _check_unit(unit: Record, units: UnitTree) -> None:
    known = {one.id: one for one in units.units}
    placed = known.get(unit.get("id", ""))
    if "id" in unit and placed is None:
        unit.value_fault("E506", "id", id=unit["id"])
    if "parent" not in unit:
        return
    if unit["parent"] not in known:
        unit.value_fault("E506", "parent", id=unit["parent"])
    elif placed is not None and placed.parent != unit["parent"]:
        expected = placed.parent or "no other unit"
        unit.value_fault("W522", "parent", id=unit["id"], expected=expected, value=unit["parent"])


class _Check:
    def __init__(
        self,
        record: Record,
        outline: Outline | None,
        find_questionnaire: Callable[[str], Questionnaire | None] | None,
    ) -> None:
        self.record = record
        self.pointers = Pointers(outline, record.document.faults)
        self.faults = record.document.faults
        self.find_questionnaire = find_questionnaire

    def run(self) -> None:
        self.pointers.figures(self.record.get("published"))
        scores: Record | None = self.record.get("scores")
        for element in scores.entries if scores is not None else ():
            assert scores is not None
            if self.pointers.leaf(element, scores.key_place(element)) and element in scores:
                self._judgement(scores[element], open_is_fine=bool(scores[element].get("findings")))
        whole = self._questionnaire(self.record)
        interviews: list[Record] = self.record.get("interviews") or []
        unique_ids(interviews)
        for interview in interviews:
            self._interview(interview, self._questionnaire(interview) if interview.has("questionnaire") else whole)

    def _judgement(self, judgement: Record, *, open_is_fine: bool) -> None:
        """Check that state, score, reason and note fit together.

        Findings alone, and an answer that is not finished, leave an element open.
        """
        state, scored = judgement.get("state"), judgement.has("score")
        if "score" in judgement:
            self.pointers.on_grid(judgement["score"], judgement.place("score"))
        if not scored and not judgement.has("state"):
            if not open_is_fine:
                judgement.fault("E505")
        elif state in ("not-applicable", "unknown", "illegible") and scored:
            judgement.fault("E501", "score", state=state)
        elif state in ("scored", "inferred") and not scored:
            judgement.fault("E502", "state", state=state)
        if state == "not-applicable" and not _said(judgement, "reason"):
            judgement.fault("E503", "reason" if judgement.has("reason") else "state")
        if state == "inferred" and not _said(judgement, "note"):
            judgement.fault("E504", "note" if judgement.has("note") else "state")

    def _questionnaire(self, record: Record) -> Questionnaire | None:
        reference = record.get("questionnaire")
        if reference is None or self.find_questionnaire is None:
            return None
        questionnaire = self.find_questionnaire(reference)
        if questionnaire is None:
            record.value_fault("W521", "questionnaire", reference=reference)
        return questionnaire

    def _interview(self, interview: Record, questionnaire: Questionnaire | None) -> None:
        roles = {role.id for role in questionnaire.roles} if questionnaire is not None else set()
        if questionnaire is not None and "role" in interview and interview["role"] not in roles:
            name = questionnaire.reference
            interview.value_fault("E509", "role", id=interview["role"], questionnaire=name)
        items = {item.element: item for item in questionnaire.items} if questionnaire is not None else {}
        answers: Record | None = interview.get("answers")
        for element in answers.entries if answers is not None else ():
            assert answers is not None
            if not self.pointers.leaf(element, answers.key_place(element)) or element not in answers:
                continue
            answer = answers[element]
            self._judgement(answer, open_is_fine=bool(answer.entries))
            if "suggested" in answer:
                self.pointers.on_grid(answer["suggested"], answer.place("suggested"))
            if questionnaire is not None:
                self._answers(answer, items.get(element) or Item(element))

    def _answers(self, answer: Record, item: Item) -> None:
        questions = {question.id: question for question in item.questions}
        given: Record | None = answer.get("questions")
        for question_id, node in (given or {}).items():
            assert given is not None
            if question_id in questions:
                self._answer(questions[question_id], node, given.place(question_id))
            else:
                self.faults.add("E510", given.key_place(question_id), id=question_id, element=item.element)
        ticks: Record | None = answer.get("ticks")
        evidence = {prompt.id for prompt in item.evidence}
        for evidence_id in ticks.entries if ticks is not None else ():
            assert ticks is not None
            if evidence_id not in evidence:
                self.faults.add("E511", ticks.key_place(evidence_id), id=evidence_id, element=item.element)

    def _answer(self, question: Question, node: Node, place: Place) -> None:
        """Check one answer to a question against what the question takes."""
        scale = self.pointers.outline.scale if self.pointers.outline else None
        number = node.value if isinstance(node, Scalar) and not isinstance(node.value, bool | str | None) else None
        options = listed(option.id for option in question.options)
        fits, expected = True, ""
        if question.type is QuestionType.CHOICE:
            if isinstance(node, Scalar) and node.plain and node.text.lower() in NOT_IDS:
                self.faults.add("E206", place, value=node.text)
                return
            fits, expected = _is_option(node, question.options), f"one of {options}"
        elif question.type is QuestionType.CHECKLIST:
            chosen = isinstance(node, Sequence) and all(_is_option(item, question.options) for item in node.items)
            fits, expected = chosen, f"a list of {options}"
        elif question.type is QuestionType.NUMBER:
            fits, expected = number is not None, "a number"
        elif question.type is QuestionType.SCALE:
            fits, expected = number is not None and (scale is None or scale.on_grid(number)), "a score on the scale"
        elif question.type is QuestionType.TEXT:
            fits, expected = isinstance(node, Scalar) and isinstance(node.value, str), "a text"
        if not fits:
            value = shown(node.text) if isinstance(node, Scalar) else found(node)
            self.faults.add("E512", place, value=value, question=question.id, expected=expected)


def _said(judgement: Record, key: str) -> bool:
    """Tell whether something stands under the key; what is there but faulty was reported already."""
    return judgement.has(key) and bool(judgement.get(key, "faulty").strip())


def _is_option(node: Node, options: tuple[Option, ...]) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str) and node.text in {option.id for option in options}


def _case(record: Record) -> Case:
    """Build a case from records without a fault."""
    the_round = record["round"]
    decimals = record.get("published_decimals")
    return Case(
        id=record["id"],
        framework=record["framework"],
        unit=_unit(record["unit"]),
        round=Round(the_round["id"], the_round["name"], the_round.get("date")),
        source=source_of(record.get("source")),
        questionnaire=record.get("questionnaire"),
        scores={element: _agreed(score) for element, score in (record.get("scores") or {}).items()},
        published=dict(record.get("published") or {}),
        published_decimals=None if decimals is None else int(decimals),
        interviews=tuple(_interview(interview) for interview in record.get("interviews") or ()),
    )


def _state(record: Record) -> State:
    if "state" in record:
        return State(record["state"])
    return State.SCORED if "score" in record else State.OPEN


def _agreed(record: Record) -> AgreedScore:
    return AgreedScore(
        state=_state(record),
        score=record.get("score"),
        reason=record.get("reason"),
        note=record.get("note"),
        method=record.get("method"),
        confidence=record.get("confidence"),
        findings=tuple(record.get("findings") or ()),
    )


def _interview(record: Record) -> Interview:
    return Interview(
        id=record["id"],
        role=record["role"],
        questionnaire=record.get("questionnaire"),
        respondent=record.get("respondent"),
        interviewer=record.get("interviewer"),
        date=record.get("date"),
        answers={element: _answer_of(answer) for element, answer in (record.get("answers") or {}).items()},
    )


def _answer_of(record: Record) -> Answer:
    strength = record.get("evidence_strength")
    questions: Mapping[str, Node] = record.get("questions") or {}
    return Answer(
        state=_state(record),
        score=record.get("score"),
        suggested=record.get("suggested"),
        reason=record.get("reason"),
        note=record.get("note"),
        confidence=record.get("confidence"),
        evidence_strength=None if strength is None else int(strength),
        questions={question_id: _given(node) for question_id, node in questions.items()},
        ticks=dict(record.get("ticks") or {}),
    )


def _given(node: Node) -> Any:
    """Return an answer to a question: option id or text, list of option ids, or number."""
    if isinstance(node, Scalar):
        return node.value
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()
