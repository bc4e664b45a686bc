"""The library: what it finds by id and version, what belongs to a framework, and where it looks for a lone case."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.content.cases import read_case
from app.content.library import Library, UnknownReference, framework_folder_of, load_library, load_library_for
from app.content.snapshot import (
    digest,
    framework_document,
    questionnaire_document,
    read_framework_document,
    read_questionnaire_document,
)
from app.core.errors import FaultsFound
from app.core.framework import Method
from app.core.questionnaire import Comparison, Condition, QuestionType
from app.core.text import Text
from tests.content.writing import CHECKOUT, FRAMEWORK, LIBRARY, PATHS, QUESTIONNAIRE, content, write


@pytest.fixture(scope="module")
def tiny() -> Library:
    return load_library(LIBRARY)


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("two-versions", "1.1.0"),
        ("two-versions@1.0.0", "1.0.0"),
        ("two-versions@>=1,<2", "1.1.0"),
        ("two-versions@>=1,<1.1", "1.0.0"),
        ("two-versions@<=1.0", "1.0.0"),
        ("two-versions@>1.0.0", "1.1.0"),
        ("two-versions@=1.1.0", "1.1.0"),
    ],
)
def test_a_reference_finds_the_newest_version_that_it_admits(tiny: Library, reference: str, version: str) -> None:
    assert tiny.framework(reference).version == version


@pytest.mark.parametrize("reference", ["nothing", "two-versions@2.0.0", "two-versions@>=1.2", "../x", "", "one-tier@"])
def test_what_cannot_be_found_is_an_unknown_reference_that_says_what_there_is(tiny: Library, reference: str) -> None:
    with pytest.raises(UnknownReference) as raised:
        tiny.framework(reference)
    assert raised.value.known
    assert "known are" in str(raised.value)
    with pytest.raises(UnknownReference):
        tiny.questionnaire(reference)
    with pytest.raises(UnknownReference):
        tiny.report(reference)


def test_versions_are_listed_oldest_first(tiny: Library) -> None:
    assert tiny.versions("two-versions") == ("1.0.0", "1.1.0")
    assert tiny.versions("nothing") == ()
    assert "six-tier" in tiny.framework_ids()


def test_what_belongs_to_a_framework_is_found_with_it(tiny: Library) -> None:
    assert [one.id for one in tiny.benchmarks("quarter-points")] == ["others"]
    assert [case.id for case in tiny.cases("quarter-points")] == ["quarter-points-alpha", "quarter-points-beta"]
    units = tiny.unit_tree("quarter-points")
    assert units is not None
    assert [(unit.id, unit.size) for unit in units.units][2] == ("beta", Fraction("100.5"))
    assert tiny.unit_tree("one-tier") is None
    assert (tiny.benchmarks("nothing"), tiny.cases("nothing"), tiny.unit_tree("nothing")) == ((), (), None)
    assert [one.id for one in tiny.questionnaires("interviews")] == ["interviews-guide"]
    assert tiny.questionnaire("interviews-guide@>=1").version == "1.0.0"
    assert tiny.find_questionnaire("interviews-guide@2.0.0") is None


def test_the_profiles_default_and_equal_always_exist(tiny: Library) -> None:
    profiles = tiny.weight_profiles(tiny.framework("zero-weight"))
    assert list(profiles) == ["default", "equal", "turned"]
    assert profiles["turned"].weights == {"counted": 0, "shown": 1, "shown-one": Fraction(5, 2)}
    assert set(profiles["equal"].weights.values()) == {1}


def test_a_framework_is_read_exactly_as_it_is_written(tiny: Library) -> None:
    framework = tiny.framework("quarter-points")
    assert (framework.scale.minimum, framework.scale.maximum, framework.scale.step) == tuple(
        map(Fraction, ("1", "7", "0.25"))
    )
    assert (framework.rollup.method, framework.rollup.publish) == (Method.WEIGHTED_MEAN, Fraction(3, 4))
    assert framework.node("north").weight == 2
    assert framework.node("north-one").levels[Fraction("4.25")] == Text("一部分", "Some")
    assert framework.node("north-two").critical
    assert framework.node("north-two").prerequisites == ("north-one",)
    assert framework.node("south-one").extensions == {"owner": "市场部", "effort": Fraction(3)}
    assert framework.node("south-two").related == ("one-tier/first",)


def test_what_agreement_does_not_say_has_its_default_in_points_of_the_scale(tiny: Library) -> None:
    wide = tiny.framework("quarter-points").agreement
    assert (wide.range, wide.r_wg, wide.role_gap, wide.minimum_roles) == (*map(Fraction, ("2", "0.7", "1.2")), 3)
    usual = tiny.framework("flat").agreement
    assert (usual.range, usual.r_wg, usual.role_gap, usual.minimum_roles) == (*map(Fraction, ("1.5", "0.7", "1")), 2)


def test_children_in_files_make_the_same_tree_as_children_in_place(tiny: Library) -> None:
    framework = tiny.framework("split-children")
    assert [node.id for node in framework.walk()] == [
        "one",
        "one-group",
        "one-element",
        "two",
        "two-group",
        "two-element",
    ]


def test_a_questionnaire_is_read_with_its_questions_and_conditions(tiny: Library) -> None:
    questionnaire = tiny.questionnaire("interviews-guide")
    collecting = questionnaire.item("collecting")
    assert [(prompt.id, prompt.text.zh) for prompt in collecting.evidence] == [
        ("plan-document", "数据规划"),
        (None, "抽查记录"),
    ]
    choice, checklist = collecting.questions
    assert (choice.type, choice.weight, [one.value for one in choice.options]) == (
        QuestionType.CHOICE,
        Fraction(2),
        [Fraction(0), Fraction(2)],
    )
    assert (checklist.type, [one.weight for one in checklist.options]) == (
        QuestionType.CHECKLIST,
        [Fraction(2), Fraction(1)],
    )
    number, text = questionnaire.item("accuracy").questions
    assert [band.upto for band in number.bands] == [Fraction(60), Fraction(90), None]
    assert [band.value for band in number.bands] == [Fraction(1), Fraction(3), Fraction(5)]
    assert text.type is QuestionType.TEXT
    no_trouble = Condition(
        "any", (Comparison("collecting", "lte", Fraction(1, 2)), Comparison("accuracy", "eq", Fraction()))
    )
    assert questionnaire.item("campaigns").when == Condition(
        "all", (Comparison("warehouse", "gte", Fraction(2)), Condition("not", (no_trouble,)))
    )
    assert questionnaire.item("service").when == Comparison("campaigns", "scored")
    assert questionnaire.role("billing").weight == 2


def test_a_benchmark_is_read_with_ranges_findings_and_what_has_no_place(tiny: Library) -> None:
    (benchmark,) = tiny.benchmarks("quarter-points")
    delta = benchmark.entry("delta")
    assert delta.scores == {"north-one": Fraction("2.33"), "north-two": Fraction("4.5")}
    assert (delta.ranges["south"].midpoint, delta.ranges["south"].note) == (Fraction(3), "The source prints 2.5-3.5.")
    assert delta.findings == {"north": (Text("起步较晚"),)}
    assert (delta.unmapped[0].name, delta.unmapped[0].score) == ("西", Fraction(2))
    assert benchmark.entry("gamma").overview == Text(en="Known by its dimensions only")


def test_snapshots_are_complete_and_the_same_for_the_same_content(library: Library, tiny: Library) -> None:
    for content_root in (library, tiny):
        for framework_id in content_root.framework_ids():
            for version in content_root.versions(framework_id):
                framework = content_root.framework(f"{framework_id}@{version}")
                document = framework_document(framework)
                assert read_framework_document(document) == framework
                assert framework_document(read_framework_document(document)) == document
                assert len(digest(document)) == 64
        for questionnaire in content_root.questionnaires():
            document = questionnaire_document(questionnaire)
            assert read_questionnaire_document(document) == questionnaire


def test_free_values_of_extensions_keep_numbers_and_texts_apart(tmp_path: Path) -> None:
    text = FRAMEWORK.replace(
        "name: {zh: 收集, en: Collecting}",
        "name: {zh: 收集, en: Collecting}\n"
        '        extensions: {a: 1.50, b: "1.50", c: [true, null, {d: x}], $number: "1"}',
    )
    framework = load_library(content(tmp_path, framework=text)).framework("tiny")
    extensions = framework.node("collecting").extensions
    assert extensions == {"a": Fraction(3, 2), "b": "1.50", "c": (True, None, {"d": "x"}), "$number": "1"}
    assert read_framework_document(framework_document(framework)) == framework


def test_a_content_root_with_errors_is_not_loaded_and_all_are_told(tmp_path: Path) -> None:
    root = content(tmp_path, weights="[", questionnaire=QUESTIONNAIRE.replace("mode: interview", "mode: exam"))
    with pytest.raises(FaultsFound) as raised:
        load_library(root)
    assert [fault.code for fault in raised.value.errors] == ["E101", "E204"]


def test_the_framework_of_a_lone_case_is_that_of_its_folder_then_of_the_root(tmp_path: Path) -> None:
    root = content(tmp_path / "root", framework=FRAMEWORK.replace("小框架", "本地框架"))
    path = root / PATHS["case"]
    near = load_library_for(path, root=CHECKOUT)
    assert near.framework(read_case(path, library=near).framework).name.zh == "本地框架"
    assert framework_folder_of(path) == path.parent.parent
    lone = tmp_path / "case.yaml"
    lone.write_text(path.read_text("utf-8"), "utf-8")
    assert framework_folder_of(lone) is None
    far = load_library_for(lone, root=root)
    assert read_case(lone, library=far).id == "alpha"
    other = write(tmp_path / "other", {"framework.yaml": FRAMEWORK.replace("小框架", "指定框架")})
    named = load_library_for(path, root=CHECKOUT, framework=other)
    assert named.framework("tiny").name.zh == "指定框架"


def test_a_lone_case_in_the_current_folder_finds_its_framework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = content(tmp_path)
    monkeypatch.chdir((root / PATHS["case"]).parent)
    library = load_library_for(Path("alpha.yaml"), root=CHECKOUT)
    assert read_case(Path("alpha.yaml"), library=library).framework == "tiny@1.0.0"


def test_other_cases_do_not_matter_to_a_lone_case_but_its_framework_does(tmp_path: Path) -> None:
    root = write(content(tmp_path), {"frameworks/tiny/cases/broken.yaml": "["})
    path = root / PATHS["case"]
    assert load_library_for(path, root=CHECKOUT).framework("tiny").id == "tiny"
    write(root, {PATHS["framework"]: FRAMEWORK.replace("step: 0.5", "step: 0.7")})
    with pytest.raises(FaultsFound) as raised:
        load_library_for(path, root=CHECKOUT)
    assert [fault.code for fault in raised.value.errors] == ["E306"]


def test_a_framework_of_the_root_that_has_errors_is_told_with_the_case_that_needs_it(tmp_path: Path) -> None:
    root = content(tmp_path / "root", framework=FRAMEWORK.replace("step: 0.5", "step: 0.7"))
    lone = write(tmp_path / "lone", {"case.yaml": (root / PATHS["case"]).read_text("utf-8").replace("1.43", "x")})
    with pytest.raises(FaultsFound) as raised:
        read_case(lone / "case.yaml", library=load_library_for(lone / "case.yaml", root=root))
    assert [fault.code for fault in raised.value.errors] == ["E203", "E306"]


def test_questionnaires_beside_the_frameworks_folder_are_found_for_a_lone_case(tmp_path: Path) -> None:
    path = content(tmp_path) / PATHS["case"]
    assert load_library_for(path, root=CHECKOUT).find_questionnaire("tiny-guide@1.0.0") is not None
    assert load_library_for(path, root=CHECKOUT).find_questionnaire("telecom-crm-interview") is not None


def test_reports_are_read_with_their_sections_and_theme(tmp_path: Path, library: Library) -> None:
    report = load_library(content(tmp_path)).report("brief")
    assert [(section.kind.value, dict(section.options)) for section in report.sections] == [
        ("cover", {}),
        ("appendix", {"findings": 3}),
    ]
    assert report.theme.footer == Text("页脚")
    assert "executive" in {one.id for one in library.reports()}
