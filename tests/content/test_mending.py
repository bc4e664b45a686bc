"""One-click mends: applied to the text they are offered for, they take the fault away and leave all else as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.layering import ContentKind
from app.content.library import Library, load_library
from app.content.mending import Change, Mend, Source, ends, mends
from app.content.proofing import lint_draft
from app.core.errors import Fault
from tests.content.writing import CHECKOUT

SOUND = """\
# a comment that stays
format: 1
kind: framework
id: tiny
version: 1.0.0
name: {zh: 小, en: Tiny} # beside
tiers:
  - {id: dimension, name: {zh: 领域, en: Dimension}}
  - {id: element, name: {zh: 要素, en: Element}}
scale:
  min: 0
  max: 5
  step: 0.5
  levels:
    - {value: 0, name: {zh: 无, en: Absent}}
    - {value: 5, name: {zh: 好, en: Good}}
rollup: {method: weighted-mean, coverage: {publish: 0.8, provisional: 0.5}}
capabilities:
  - id: data
    name: {zh: 数据, en: Data}
    children:
      - id: collect
        name: {zh: 收集, en: Collect}
        critical: false
        prerequisites: [store]
      - id: store
        name: {zh: 存放, en: Store}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(CHECKOUT)


def judged(text: str, library: Library) -> tuple[tuple[Fault, ...], dict[Fault, tuple[Mend, ...]]]:
    faults = lint_draft(ContentKind.FRAMEWORK, "tiny", {"framework.yaml": text}, library).faults
    return faults, mends(faults, {"framework.yaml": Source(text)})


def applied(text: str, changes: tuple[Change, ...]) -> str:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for one in sorted(changes, key=lambda change: (change.line, change.column), reverse=True):
        start, end = starts[one.line - 1] + one.column - 1, starts[one.end_line - 1] + one.end_column - 1
        text = text[:start] + one.text + text[end:]
    return text


def test_the_sound_text_has_no_fault(library: Library) -> None:
    assert judged(SOUND, library)[0] == ()


@pytest.mark.parametrize(
    ("code", "right", "wrong"),
    [
        ("E217", "kind: framework", "kind: framewrk"),
        ("E218", "format: 1", "format: 2"),
        ("E320", "id: tiny", "id: teeny"),
        ("E207", "version: 1.0.0", "version: 1.0"),
        ("E203", "min: 0", 'min: "0"'),
        ("E203", "max: 5", "max: '5'"),
        ("E204", "method: weighted-mean", "method: weighted-means"),
        ("E205", "- id: data", "- id: Data"),
        ("E201", "critical: false", "critcal: false"),
        ("E311", "[store]", "[stor]"),
        ("E214", "[store]", "[store, store]"),
        ("E214", "prerequisites: [store]", "prerequisites:\n          - store\n          - store"),
        ("E105", "min: 0", "min: &least 0"),
        ("E107", "max: 5", "max: !!int 5"),
        ("E113", "step: 0.5", "step: 0.5\n  step: 0.5"),
        ("E112", "zh: 小", "zh: \x07小"),
        ("E101", "        critical: false", "\t\t\t\tcritical: false"),
    ],
)
def test_a_mend_takes_its_fault_away_and_leaves_the_rest(code: str, right: str, wrong: str, library: Library) -> None:
    text = SOUND.replace(right, wrong, 1)
    assert text != SOUND
    faults, offered = judged(text, library)
    fault = next(one for one in faults if one.code == code)
    mended = applied(text, offered[fault][0].changes)
    after, _ = judged(mended, library)
    assert [one for one in after if one.code == code] == []
    line = (fault.line or 1) - 1
    assert mended.split("\n")[:line] == text.split("\n")[:line]
    assert "# a comment that stays" in mended
    assert "# beside" in mended


@pytest.mark.parametrize(
    ("right", "wrong", "mended"),
    [
        ("{zh: 存放, en: Store}", "存放", '{zh: 存放, en: ""}'),
        ("{zh: 存放, en: Store}", "存, 放", '{zh: "存, 放", en: ""}'),
        ("{zh: 存放, en: Store}", '"存放"', '{zh: "存放", en: ""}'),
        ("{zh: 存放, en: Store}", "{zh: 存放}", '{zh: 存放, en: ""}'),
        ("{zh: 存放, en: Store}", "\n          zh: 存放", '\n          zh: 存放\n          en: ""'),
    ],
)
def test_english_is_added_where_it_belongs_and_waits_for_its_words(
    right: str, wrong: str, mended: str, library: Library
) -> None:
    text = SOUND.replace(right, wrong, 1)
    _, offered = judged(text, library)
    (mend,) = next(found for fault, found in offered.items() if fault.code == "W221")
    assert applied(text, mend.changes) == SOUND.replace(right, mended, 1)
    assert mend.cursor is not None
    assert mend.changes[0].text[mend.cursor - 1 : mend.cursor + 1] == '""'


def test_a_missing_key_is_added_beside_its_siblings(library: Library) -> None:
    text = SOUND.replace("        name: {zh: 存放, en: Store}\n", "")
    _, offered = judged(text, library)
    (mend,) = next(found for fault, found in offered.items() if fault.code == "E202")
    assert applied(text, mend.changes) == SOUND.replace("{zh: 存放, en: Store}", '""')


def test_a_text_with_a_colon_is_quoted(library: Library) -> None:
    text = SOUND.replace("name: {zh: 存放, en: Store}", "name: 存放: 地点")
    _, offered = judged(text, library)
    (mend,) = next(found for fault, found in offered.items() if fault.code == "E101")
    assert applied(text, mend.changes) == text.replace("存放: 地点", '"存放: 地点"')


def test_a_file_that_is_not_there_can_be_made(library: Library) -> None:
    text = SOUND[: SOUND.index("    children:")] + "    children: more.yaml\n"
    _, offered = judged(text, library)
    assert [mend.file for found in offered.values() for mend in found] == ["more.yaml"]


def test_an_element_without_an_item_gets_one(library: Library) -> None:
    files = {"q.yaml": (CHECKOUT / "questionnaires" / "credit-risk-interview.yaml").read_text("utf-8")}
    cut = files["q.yaml"].index("  - element:", files["q.yaml"].index("items:") + 100)
    end = files["q.yaml"].find("\n  - element:", cut)
    text = files["q.yaml"][:cut] + files["q.yaml"][end + 1 :]
    faults = lint_draft(ContentKind.QUESTIONNAIRE, "credit-risk-interview", {"q.yaml": text}, library).faults
    (fault,) = (one for one in faults if one.code == "E602")
    (mend,) = mends(faults, {"q.yaml": Source(text)})[fault]
    mended = applied(text, mend.changes)
    after = lint_draft(ContentKind.QUESTIONNAIRE, "credit-risk-interview", {"q.yaml": mended}, library).faults
    assert "E602" not in {one.code for one in after}
    assert "E101" not in {one.code for one in after}


def test_nothing_is_offered_where_nothing_is_sure(library: Library) -> None:
    faults, offered = judged(SOUND.replace("max: 5", "max: -1"), library)
    assert [fault.code for fault in faults if fault not in offered] != []
    assert judged("\ufeff", library)[0] != ()


def test_a_fault_is_marked_up_to_the_end_of_its_value(library: Library) -> None:
    text = SOUND.replace("kind: framework", "kind: framewrk # so")
    (fault,) = judged(text, library)[0]
    assert ends(fault, Source(text)) == (3, 15)


@given(st.text(alphabet=st.sampled_from(list(" \n\t-:{}[],#&*!'\"abzh客0123.\r\x00")), max_size=120), st.integers(1, 9))
def test_any_text_can_be_asked_anything(text: str, number: int) -> None:
    source = Source(text)
    for code in ("E101", "E201", "E202", "E203", "E214", "E602", "W221", "E113", "E107"):
        fault = Fault(code, "", "", "f", number, number, values=(("allowed", "a, b"), ("key", "a"), ("id", "b")))
        for offered in mends([fault], {"f": source}).values():
            for mend in offered:
                applied(text, mend.changes)
        line, column = ends(fault, source)
        assert (line, column) > (number, number)
