"""Cases: written and read again they are equal; what is read says exactly what the file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.content.cases import parse_case, read_case, write_case
from app.content.library import Library, load_library, load_library_for
from app.core.case import AgreedScore, Answer, Case, Interview, Round, State, Unit
from app.core.errors import FaultsFound
from app.core.framework import Framework
from app.core.text import Text
from tests.content.writing import CASE, CHECKOUT, LIBRARY, content
from tests.services.cases import FRAMEWORK, cases
from tests.trying import examples


@pytest.fixture(scope="module")
def tiny() -> Library:
    return load_library(LIBRARY)


def again(case: Case, framework: Framework) -> Case:
    read, warnings = parse_case(write_case(case), name="again.yaml", framework=framework)
    assert warnings == ()
    return read


@given(cases())
@settings(max_examples=examples(100))
def test_any_case_that_is_written_and_read_again_is_the_same(case: Case) -> None:
    assert again(case, FRAMEWORK) == case


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r"), min_size=1).filter(
    str.strip
)
BARE = Case("alpha", FRAMEWORK.reference, Unit("branch", Text("甲")), Round("2026", Text("一")))


@given(TEXTS)
@settings(max_examples=examples(200))
@example("no")
@example("null")
@example("1.0")
@example("2003-09-28")
@example("1:30")
@example("'quoted' \"twice\"")
@example("# no comment")
@example("a: b, {c} [d] & *e !f %g @h `i`")
@example("first line\nsecond line\n\n  third ")
@example("Windows\r\nlines\r\n")
@example("\u2028 separators \u2029 and \x85 and \ufeff")
@example("表情😀与生僻字𠮷")
@example("- item\n- item")
@example("<<")
@example("---\n...")
@example(" leading and trailing ")
@example("\ttab")
@example("x" * 5000)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    agreed = AgreedScore(
        State.INFERRED, Fraction(2), note=text, findings=(Text(zh=text), Text(en=text), Text(text, text))
    )
    answer = Answer(State.UNKNOWN, note=text, questions={"remark": text})
    interview = Interview("i-1", "staff", respondent=text, interviewer=text, answers={"leaf-1": answer})
    case = replace(BARE, unit=Unit("branch", Text(text, text)), scores={"leaf-1": agreed}, interviews=(interview,))
    assert again(case, FRAMEWORK) == case


def test_ids_that_are_words_of_yaml_are_quoted() -> None:
    case = replace(BARE, id="no", unit=Unit("on", Text("甲"), "y", "null"), interviews=(Interview("yes", "off"),))
    assert again(case, FRAMEWORK) == case


def test_every_shipped_case_and_every_tiny_one_comes_back_as_it_was(library: Library, tiny: Library) -> None:
    for content_root in (library, tiny):
        for framework_id in content_root.framework_ids():
            for case in content_root.cases(framework_id):
                assert again(case, content_root.framework(case.framework)) == case


def test_a_case_that_holds_its_interviews_is_read_whole(tiny: Library) -> None:
    (case,) = tiny.cases("interviews")
    first, second, third = case.interviews
    assert (first.role, first.respondent, first.date) == ("billing", "受访者A", date(2026, 3, 2))
    assert first.answers["collecting"] == Answer(
        State.SCORED,
        Fraction(3, 2),
        suggested=Fraction(3, 2),
        confidence="medium",
        evidence_strength=1,
        questions={"plan-exists": "written", "parts": ("owner",)},
        ticks={"plan-document": "seen"},
        note="是",
    )
    assert first.answers["accuracy"].questions == {"share": Fraction("82.5"), "remark": "抽样"}
    assert second.answers["service"].state is State.NOT_APPLICABLE
    assert third.answers["service"] == Answer(State.OPEN, note="下次再问")


def test_numbers_are_written_with_the_decimals_of_their_kind() -> None:
    scores = {"leaf-1": AgreedScore(State.SCORED, Fraction(1)), "leaf-2": AgreedScore(State.SCORED, Fraction("2.25"))}
    text = write_case(replace(BARE, scores=scores, published={"group-a": Fraction(2)}, published_decimals=2))
    assert "leaf-1: {score: 1.00}" in text
    assert "leaf-2: {score: 2.25}" in text
    assert "group-a: 2.00" in text


def test_findings_of_an_element_that_is_not_agreed_upon_are_kept() -> None:
    scores = {"leaf-1": AgreedScore(State.OPEN, findings=(Text("所见"),)), "leaf-2": AgreedScore(State.OPEN)}
    assert again(replace(BARE, scores=scores), FRAMEWORK).scores == {"leaf-1": scores["leaf-1"]}


def test_an_uploaded_text_that_is_no_case_says_where_it_is_wrong() -> None:
    with pytest.raises(FaultsFound) as raised:
        parse_case("format: 1\nkind: case\nid: 5\nscores: [", name="upload.yaml", framework=FRAMEWORK)
    assert [(fault.file, fault.line, fault.code) for fault in raised.value.errors] == [("upload.yaml", 4, "E101")]


@pytest.mark.parametrize(
    ("reference", "code"), [("other@1.0.0", "E409"), ("small@2.0.0", "E409"), ("small", "E215"), ("small@>=1", "E215")]
)
def test_an_uploaded_case_must_be_of_the_expected_framework_version(reference: str, code: str) -> None:
    text = write_case(BARE).replace(FRAMEWORK.reference, reference)
    with pytest.raises(FaultsFound) as raised:
        parse_case(text, name="upload.yaml", framework=FRAMEWORK)
    assert [fault.code for fault in raised.value.errors] == [code]


def test_a_lone_surrogate_in_an_uploaded_text_is_a_fault_and_no_crash() -> None:
    with pytest.raises(FaultsFound) as raised:
        parse_case("format: \ud800", name="upload.yaml", framework=FRAMEWORK)
    assert [fault.code for fault in raised.value.errors] == ["E110"]


def test_a_case_file_is_checked_against_the_framework_in_the_library(tmp_path: Path) -> None:
    root = content(tmp_path, case=CASE.replace("1.5", "1.3").replace("keeping", "kept"))
    path = root / "frameworks/tiny/cases/alpha.yaml"
    with pytest.raises(FaultsFound) as raised:
        read_case(path, library=load_library_for(path, root=CHECKOUT))
    assert [fault.code for fault in raised.value.errors] == ["E405", "E403"]
    assert {fault.file for fault in raised.value.errors} == {str(path)}


@pytest.mark.parametrize(("reference", "code"), [("nothing@1.0.0", "E401"), ("telecom-crm@9.0.0", "E402")])
def test_a_case_of_an_unknown_framework_is_refused(tmp_path: Path, library: Library, reference: str, code: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE.replace("tiny@1.0.0", reference), "utf-8")
    with pytest.raises(FaultsFound) as raised:
        read_case(path, library=library)
    (fault,) = raised.value.errors
    assert (fault.code, fault.line, fault.path) == (code, 4, "framework")
    assert "telecom-crm" in fault.message or "1.0.0" in fault.message
