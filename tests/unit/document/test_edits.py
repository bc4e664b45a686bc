"""Sentences have places of their own, and people's words can stand in them."""

from __future__ import annotations

from dataclasses import replace

from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.text import Text
from app.document.edits import LONGEST_SLOT, edited, sentences_of, slotted, with_edits
from app.document.values import Amount, Document, Section, Sentence, Statement, Table
from tests.unit.core.trees import framework
from tests.unit.document.papers import FIVE, carriers, document, papers, unit

TREE = framework(FIVE)
FULL = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 3.0, "e": 2.0}
LOWER = {**FULL, "c": 1.0}


def paper(scores: dict[str, float] = FULL, definition: ReportDefinition | None = None) -> Document:
    benchmark = carriers(TREE, {"a": 4, "b": 2}, {"a": 3})
    found = papers(TREE, unit(TREE, "深圳", scores), unit(TREE, "广州", {"a": 1}), benchmark=benchmark)
    return document(found) if definition is None else document(found, "zh", definition)


def slots(one: Document) -> list[str]:
    return [sentence.slot for section in one.walk() for sentence in sentences_of(section)]


def text(one: Document, slot: str) -> str:
    return next(s.text for section in one.walk() for s in sentences_of(section) if s.slot == slot)


def notes(one: Document) -> list[str]:
    return [note for s in one.walk() for block in s.blocks if isinstance(block, Table) for note in block.notes]


def test_every_sentence_of_a_report_has_a_place_of_its_own() -> None:
    found = slots(paper())
    assert all(found)
    assert len(found) == len(set(found))
    assert {"message.leader", "message.gap", "overview.headline", "dimension-a.headline"} <= set(found)


def test_a_place_stays_the_same_when_its_rule_says_something_else() -> None:
    before, after = paper(FULL), paper(LOWER)
    assert text(before, "message.strengths") != text(after, "message.strengths")
    assert {slot for slot in slots(before) if slot.startswith("message.")} == {
        slot for slot in slots(after) if slot.startswith("message.")
    }


def test_people_s_words_stand_in_their_place_alone() -> None:
    before = paper()
    after = with_edits(before, {"message.leader": "深圳2.20分，广州还看不清。"})
    changed = [slot for slot in slots(before) if text(before, slot) != text(after, slot)]
    assert changed == ["message.leader"]
    assert text(after, "message.leader") == "深圳2.20分，广州还看不清。"


def test_numbers_of_the_machine_keep_their_look_and_label_and_evidence_stay() -> None:
    machine = Sentence("leader.single", ("深圳", Amount("2.20"), "分，覆盖率", Amount("20%")), "谁在前", ("coverage",))
    found = edited(machine, "12.20、2.205、2.20%都不是它；2.20分和20%才是。")
    assert found.parts == ("12.20、2.205、2.20%都不是它；", Amount("2.20"), "分和", Amount("20%"), "才是。")
    assert (found.label, found.evidence, found.by_hand) == ("谁在前", ("coverage",), True)


def test_the_sources_say_how_many_sentences_people_wrote() -> None:
    before = paper()
    after = with_edits(before, {"message.leader": "甲。", "overview.headline": "乙。"})
    (note,) = [note for note in notes(after) if note not in notes(before)]
    assert note == f"本报告的{len(slots(before))}个句子中有2个由人工改写。"
    (section,) = [section for section in after.sections if section.kind is SectionKind.SOURCES]
    assert any(isinstance(block, Table) and note in block.notes for block in section.blocks)


def test_without_sources_another_page_says_it() -> None:
    definition = ReportDefinition(
        "short", Text("短", "Short"), tuple(SectionDefinition(k) for k in (SectionKind.MESSAGE, SectionKind.COVERAGE))
    )
    after = with_edits(paper(definition=definition), {"message.leader": "甲。"})
    assert [note for note in notes(after) if "人工改写" in note]


def test_a_report_of_sentences_alone_takes_edits_too() -> None:
    definition = ReportDefinition("message", Text("话", "Words"), (SectionDefinition(SectionKind.MESSAGE),))
    after = with_edits(paper(definition=definition), {"message.leader": "甲。"})
    assert text(after, "message.leader") == "甲。"


def test_edits_of_places_that_are_gone_change_nothing() -> None:
    before = paper()
    assert with_edits(before, {"message.nothing": "甲。"}) is before
    assert with_edits(before, {}) is before


def test_sentences_of_one_rule_are_told_apart() -> None:
    sentences = (Sentence("one.a", ("1",)), Sentence("one.b", ("2",)), Sentence("one", ("3",), slot="mine"))
    section = Section("words", SectionKind.STRENGTHS, "", blocks=(Statement("s", "", sentences),))
    assert slots(slotted(replace(paper(), sections=(section,)))) == ["words.one", "words.one.2", "words.mine"]


def test_a_place_is_never_longer_than_its_column() -> None:
    sentences = (Sentence("r", ("1",)), Sentence("r", ("2",)))
    section = Section("x" * 300, SectionKind.STRENGTHS, "", blocks=(Statement("s", "", sentences),))
    found = slots(slotted(replace(paper(), sections=(section,))))
    assert len(set(found)) == 2
    assert max(map(len, found)) <= LONGEST_SLOT
