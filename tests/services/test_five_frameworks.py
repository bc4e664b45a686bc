"""All five shipped frameworks, from the interview through comparison and report to every file format."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.content.cases import parse_case, write_case
from app.core.compare import case_column, compare
from app.core.text import Locale, Text
from app.document.build import build_document
from app.services.assessing import AssessmentView, load_assessment
from app.services.consistency import beside, hints
from app.services.engagements import create_engagement, get_engagement
from app.services.exporting import export_case
from app.services.importing import difference, import_case
from app.services.interview_sheet import read_sheet
from app.services.interviewing import list_interviews
from app.services.permissions import Actor, Part, Role
from app.services.portfolio import portfolio
from app.services.printing import templates_of
from app.services.rendering import ingredients
from app.services.report_formats import FORMATS, Rendering
from app.services.report_material import gather
from app.services.report_requests import ReportRequest
from app.services.sheets import export_sheet
from app.services.walls import PUBLISHED
from tests.conftest import FixedClock
from tests.services.five import ELEMENTS, FIRST, FIVE, KEY, LATER, MAIN, SUPPLEMENTS, UNITS, Five, interview_all, rule

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.case import Case
    from app.document.material import Material
    from app.storage.database import Session

DAY = date(2026, 9, 30)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OTHER = Text("另一个", "Another")
LOCALES: tuple[Locale, ...] = ("zh", "en")
SIDE_BY_SIDE = ("executive", "comparison", "full")  # reports of units side by side
DATA = ("json", "csv", "yaml")
NIGHTLY = pytest.mark.nightly
TEMPLATES = (*SIDE_BY_SIDE, "progress")
BY_DAY = {(MAIN, "executive"), ("credit-risk", "full"), *((one, "progress") for one in SUPPLEMENTS)}
WORDED = [
    pytest.param(framework, template, marks=() if (framework, template) in BY_DAY else NIGHTLY)
    for framework in FIVE
    for template in TEMPLATES
]


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory, empty_file: Path, library: Library) -> Iterator[Five]:
    """Everything interviewed once; tests that change something roll it back."""
    from app.storage.database import Database

    path = tmp_path_factory.mktemp("five") / "crm-maturity.db"
    shutil.copy(empty_file, path)
    database = Database(f"sqlite:///{path}")
    yield interview_all(database, library, FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)))
    database.dispose()


def view_of(five: Five, framework: str, unit: str = "north", round_key: str = FIRST) -> AssessmentView:
    with five.database.read() as session:
        return load_assessment(session, five.id_of(framework, unit, round_key))


def read_again(text: str, library: Library) -> Case:
    """Read a case file; it has neither errors nor warnings."""
    framework_id = next(one for one in FIVE if f"framework: {one}@" in text)
    case, warnings = parse_case(
        text,
        name="case.yaml",
        framework=library.framework(framework_id),
        find_questionnaire=library.find_questionnaire,
    )
    assert warnings == ()
    return case


def material_of(five: Five, library: Library, template: str, framework: str) -> Material:
    rounds = [("north", FIRST), ("north", LATER)] if template == "progress" else [(unit, FIRST) for unit in UNITS]
    ids = tuple(five.id_of(framework, unit, round_key) for unit, round_key in rounds)
    benchmark = "foreign-carriers-2003" if framework == MAIN else None
    with five.database.read() as session:
        return gather(session, library, ReportRequest(template, "zh", ids, DAY, benchmark=benchmark))


# --- interview -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", FIVE)
def test_every_element_is_scored_from_its_interviews(five: Five, framework: str) -> None:
    view = view_of(five, framework)
    assert len(view.framework.leaves) == ELEMENTS[framework]
    assert len(view.interviews) == 2
    for place, leaf in enumerate(view.framework.leaves):
        judged = view.scorecard.judgements[leaf.id]
        assert judged.respondents == 2
        assert judged.score == rule(place, "north", FIRST) + Fraction(1, 4)  # between two of the same weight


@pytest.mark.parametrize("framework", FIVE)
def test_the_total_is_the_mean_of_means_of_what_was_answered(five: Five, framework: str) -> None:
    view = view_of(five, framework)
    leaf = {one.id: rule(place, "north", FIRST) + Fraction(1, 4) for place, one in enumerate(view.framework.leaves)}

    def mean(nodes: tuple[object, ...]) -> Fraction:
        scores = [mean(one.children) if one.children else leaf[one.id] for one in nodes]  # type: ignore[attr-defined]
        return sum(scores, Fraction(0)) / len(scores)

    assert {node.weight for node in view.framework.nodes} == {1}
    assert view.scorecard.overall.score == mean(view.framework.capabilities)
    assert view.scorecard.overall.coverage == 1


@pytest.mark.parametrize("framework", SUPPLEMENTS)
def test_a_guide_asks_its_roles_and_goes_out_as_a_workbook(five: Five, framework: str) -> None:
    with five.database.read() as session:
        sheet = list_interviews(session, five.id_of(framework))[0]
        everything = read_sheet(session, sheet.interview.id, everything=True)
        assert len(everything.lines) == ELEMENTS[framework]
        for locale in LOCALES:
            workbook = export_sheet(
                session, sheet.interview.id, locale=locale, clock=FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
            )
            assert zipfile.is_zipfile(BytesIO(workbook))


# --- side by side, never added ---------------------------------------------------------------------------------------


def test_five_frameworks_of_one_unit_and_round_stand_side_by_side(five: Five) -> None:
    with five.database.read() as session:
        found = portfolio(session, KEY)
    entries = [entry for branch in found.walk() for entry in branch.entries if branch.unit.key == "south"]
    assert {entry.framework_id for entry in entries} == set(FIVE)
    assert len(entries) == 5


def test_the_total_of_the_main_framework_is_its_own_whatever_the_others_say(
    five: Five, library: Library, empty_file: Path, tmp_path: Path
) -> None:
    from app.storage.database import Database

    path = tmp_path / "alone.db"
    shutil.copy(empty_file, path)
    database = Database(f"sqlite:///{path}")
    alone = interview_all(database, library, FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)), (MAIN,))
    assert view_of(alone, MAIN).scorecard == view_of(five, MAIN).scorecard
    database.dispose()


@pytest.mark.parametrize("framework", FIVE)
def test_beside_an_assessment_stand_the_others_of_its_unit_and_round_only(five: Five, framework: str) -> None:
    with five.database.read() as session:
        found = beside(session, load_assessment(session, five.id_of(framework, "south")))
    assert {one.framework.id for one in found} == set(FIVE) - {framework}
    assert {(one.unit.key, one.round.key) for one in found} == {("south", FIRST)}


# --- consistency -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", SUPPLEMENTS)
def test_hints_name_the_elements_far_from_their_relatives_and_no_others(five: Five, framework: str) -> None:
    with five.database.read() as session:
        view = load_assessment(session, five.id_of(framework))
        found = [hint for hint in hints(view, beside(session, view)) if hint.said.id == view.id]
    main = view_of(five, MAIN).scorecard
    far = {}
    for leaf in view.framework.leaves:
        related = [main.node(one.partition("/")[2]).score for one in leaf.related]
        mean = sum((score for score in related if score is not None), Fraction(0)) / len(related)
        score = view.scorecard.node(leaf.id).score
        assert score is not None
        if abs(score - mean) > Fraction("1.5"):
            far[leaf.id] = score - mean
    assert {hint.divergence.element: hint.divergence.difference for hint in found} == far


def test_the_main_framework_hears_of_the_hints_of_every_supplement(five: Five) -> None:
    with five.database.begin() as session:
        _agree(session, five, "credit-risk", Fraction(5))
        _agree(session, five, "one-to-one-marketing", Fraction(5))
        main = load_assessment(session, five.id_of(MAIN))
        about_main = hints(main, beside(session, main))
        supplement = load_assessment(session, five.id_of("credit-risk"))
        own = hints(supplement, beside(session, supplement))
        session.rollback()
    assert {"credit-risk", "one-to-one-marketing"} <= {hint.said.framework.id for hint in about_main}
    assert {hint.said.framework.id for hint in own} == {"credit-risk"}
    assert {hint.divergence for hint in own} <= {hint.divergence for hint in about_main}
    distances = [abs(hint.divergence.difference) for hint in about_main]
    assert distances == sorted(distances, reverse=True)


def test_a_former_revision_and_an_archived_assessment_have_no_neighbours(five: Five) -> None:
    with five.database.read() as session:
        view = load_assessment(session, five.id_of(MAIN))
        assert beside(session, replace(view, current=False)) == ()
        assert beside(session, replace(view, archived=True)) == ()


def _agree(session: object, five: Five, framework: str, score: Fraction) -> None:
    """Agree one score for every element, straight into the store."""
    from app.storage import assessments as store

    view = load_assessment(session, five.id_of(framework))  # type: ignore[arg-type]
    steps = view.framework.scale.steps_of(score)
    values = {leaf.id: store.AgreedScoreValues(state="scored", steps=steps) for leaf in view.framework.leaves}
    store.insert_agreed_scores(session, view.id, values, at=datetime(2026, 3, 2, tzinfo=UTC), user_id=None)  # type: ignore[arg-type]


def test_a_report_tells_of_the_elements_that_stand_apart(five: Five, library: Library) -> None:
    with five.database.begin() as session:
        _agree(session, five, "credit-risk", Fraction(5))
        request = ReportRequest("full", "zh", (five.id_of("credit-risk"), five.id_of("credit-risk", "south")), DAY)
        found = gather(session, library, request)
        session.rollback()
    assert found.subjects[0].apart
    for locale, words in (("zh", "信用"), ("en", "Credit")):
        document = build_document(found, library.report("full"), locale)  # type: ignore[arg-type]
        (section,) = [one for one in document.sections if one.kind == "confidence"]
        (table,) = [block for block in section.blocks if getattr(block, "id", "") == "confidence-consistency"]
        assert 1 <= len(table.rows) <= 12  # type: ignore[union-attr]
        assert words in table.rows[0].cells[1].text  # type: ignore[union-attr]
        assert table.rows[0].cells[5].text.startswith("+")  # type: ignore[union-attr]


def test_a_report_of_published_assessments_looks_at_published_neighbours_alone(five: Five, library: Library) -> None:
    """Whoever asks for it: the worker, who sees everything, and an executive make the same of it."""
    from app.storage import assessments as store
    from app.storage import corrections

    own, neighbour = five.id_of("credit-risk"), five.id_of(MAIN)
    request = ReportRequest("full", "zh", (own,), DAY)

    def made(session: Session, asker: Actor | None) -> tuple[bool, str]:
        session.info["asker"] = asker
        apart = bool(gather(session, library, request).subjects[0].apart)
        found = apart, ingredients(session, request, library.roots).base
        session.info["asker"] = None
        return found

    with five.database.begin() as session:
        place = get_engagement(session, KEY).id
        executive = Actor(99, "ed", "Ed", Role.READER, {place: Part.EXECUTIVE})
        _agree(session, five, "credit-risk", Fraction(5))
        assert made(session, None)[0]
        store.update_assessment(session, own, state=PUBLISHED)
        alone = made(session, None)
        assert not alone[0]
        assert made(session, executive) == alone
        store.update_assessment(session, neighbour, state=PUBLISHED)
        both = made(session, None)
        assert both[0]
        assert made(session, executive) == both
        for one in (neighbour, own):
            corrections.copy_assessment(
                session,
                one,
                revision=2,
                state="in-progress",
                correction="改一处",
                created_at=NOON,
                created_by=five.ann.user_id,
                archived_at=None,
            )
        assert made(session, None) == both, "corrections that are worked on change nothing of what is published"
        assert made(session, executive) == both
        session.rollback()


# --- comparison, reports, files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", FIVE)
def test_two_units_are_compared_under_each_framework(five: Five, framework: str) -> None:
    views = [view_of(five, framework, unit) for unit in UNITS]
    found = compare(views[0].framework, [case_column(view.unit.key, view.unit.name, view.scorecard) for view in views])
    rows = {row.node: row for row in found.rows}
    assert set(rows) == {None, *(node.id for node in views[0].framework.nodes)}
    assert rows[None].spread == 1
    assert all(row.spread == 1 for row in rows.values())


@pytest.mark.parametrize(("framework", "template"), WORDED)
def test_every_report_is_worded_in_both_languages(five: Five, library: Library, framework: str, template: str) -> None:
    found = material_of(five, library, template, framework)
    for locale in LOCALES:
        document = build_document(found, library.report(template), locale)
        kinds = [section.kind for section in document.sections]
        assert "message" in kinds
        assert ("changes" in kinds) == (template == "progress")
        assert len(document.sections) >= 5


@pytest.mark.parametrize("framework", SUPPLEMENTS)
def test_a_supplement_is_written_in_every_data_format(five: Five, library: Library, framework: str) -> None:
    found = material_of(five, library, "executive", framework)
    made = {name: _written(found, library, "executive", name, "zh") for name in DATA}
    told = json.loads(made["json"])
    assert framework in json.dumps(told)
    with zipfile.ZipFile(BytesIO(made["yaml"])) as archive:
        for name in archive.namelist():
            case = read_again(archive.read(name).decode(), library)
            assert case.framework.startswith(framework)
            assert len(case.interviews) == 2


def _written(found: Material, library: Library, template: str, form: str, locale: Locale) -> bytes:
    definition = library.report(template)
    return FORMATS[form].write(
        Rendering(
            material=found,
            definition=definition,
            document=build_document(found, definition, locale),
            templates=templates_of(library.roots, template),
        )
    )


@NIGHTLY
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("framework", FIVE)
def test_every_report_is_printed_and_written_for_office(
    five: Five, library: Library, *, framework: str, template: str, locale: Locale
) -> None:
    found = material_of(five, library, template, framework)
    for form in ("pdf", "pptx", "docx", "xlsx"):
        made = _written(found, library, template, form, locale)
        assert made[:4] == (b"%PDF" if form == "pdf" else b"PK\x03\x04")
        assert len(made) > 20_000


@pytest.mark.parametrize("framework", FIVE)
def test_an_assessment_goes_out_as_a_case_and_comes_in_again_unchanged(
    five: Five, library: Library, framework: str
) -> None:
    clock = FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    with five.database.begin() as session:
        case = export_case(session, five.id_of(framework), names=True)
        read = read_again(write_case(case), library)
        assert difference(case, read) == ()
        create_engagement(session, key="other", name=OTHER, actor=None, clock=clock)
        made = import_case(
            session,
            read,
            framework=library.framework(read.framework),
            engagement_key="other",
            library=library,
            actor=None,
            clock=clock,
        )
        assert load_assessment(session, made).scorecard == load_assessment(session, five.id_of(framework)).scorecard
        assert get_engagement(session, "other").name == OTHER
        session.rollback()
