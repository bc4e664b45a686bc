"""Frameworks of one to six tiers and of other scales: every page of an assessment opens and shows its own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.core.text import Text
from app.services import accounts
from app.services.assessing import load_current
from app.services.engagements import create_engagement, get_engagement
from app.services.importing import import_case
from app.services.permissions import Role
from app.settings import CHECKOUT, Settings
from tests.acting import enrol_everybody
from tests.application import Built
from tests.web.analysis.conftest import PASSWORD, TOKEN, Visitor, noon
from tests.web.analysis.test_assessment import figures

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session

LIBRARY = CHECKOUT / "tests" / "library"
FRAMEWORKS = sorted(path.name for path in (LIBRARY / "frameworks").iterdir() if (path / "cases").is_dir())


@pytest.fixture(scope="module")
def fixture_library() -> Library:
    from app.content.library import load_library

    return load_library(LIBRARY)


@pytest.fixture(scope="module")
def other_visitor(
    tmp_path_factory: pytest.TempPathFactory,
    empty_file: Path,
    shared_settings: Settings,
    fixture_library: Library,
    compiled_templates: Path,
) -> Iterator[Visitor]:
    """A consultant before one engagement per framework, each with all of its cases."""
    from app.jobs.queue import DatabaseQueue
    from app.services.shelf import Shelf
    from app.storage.database import Database
    from app.web.context import Context

    file = tmp_path_factory.mktemp("others") / "crm-maturity.db"
    file.write_bytes(empty_file.read_bytes())
    database = Database(f"sqlite:///{file}")
    with database.begin() as session:
        accounts.add_user(
            session, name="consultant", display_name="c", role=Role.CONSULTANT, password=PASSWORD, clock=noon
        )
        for name in FRAMEWORKS:
            _fill(session, name, fixture_library)
        enrol_everybody(session, noon)
    application = Built(compiled_templates).over(
        Context(
            replace(shared_settings, data=file.parent),
            database,
            Shelf(database, fixture_library),
            noon,
            DatabaseQueue(noon),
        )
    )
    client = application.test_client()
    token = TOKEN.search(client.get("/sign-in").text)
    assert token
    client.post("/sign-in", data={"csrf_token": token[1], "name": "consultant", "password": PASSWORD})
    yield Visitor(client)
    database.dispose()


def _fill(session: Session, name: str, library: Library) -> None:
    create_engagement(session, key=name, name=Text(name), actor=None, clock=noon)
    for case in library.cases(name):
        import_case(
            session,
            case,
            framework=library.framework(case.framework),
            engagement_key=name,
            library=library,
            actor=None,
            clock=noon,
        )


@pytest.fixture
def assessments(other_visitor: Visitor) -> dict[str, list[tuple[int, list[str]]]]:
    """The id and the capabilities of every assessment, by framework."""
    from app.web.context import EXTENSION

    parts = other_visitor.client.application.extensions[EXTENSION]
    found: dict[str, list[tuple[int, list[str]]]] = {}
    with parts.database.read() as session:
        for name in FRAMEWORKS:
            views = load_current(session, get_engagement(session, name).id)
            found[name] = [(view.id, [node.id for node in view.framework.nodes]) for view in views]
    return found


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_page_opens(
    other_visitor: Visitor, assessments: dict[str, list[tuple[int, list[str]]]], name: str, locale: str
) -> None:
    visitor = other_visitor.speak(locale)
    assert assessments[name]
    for assessment, nodes in assessments[name]:
        assert visitor.get(f"/assessments/{assessment}").status_code == 200
        for node in nodes:
            assert visitor.get(f"/assessments/{assessment}/capabilities/{node}").status_code == 200
    assert visitor.get(f"/engagements/{name}/compare").status_code == 200


def test_quarter_points_from_one_to_seven_keep_their_axis_and_decimals(
    other_visitor: Visitor, assessments: dict[str, list[tuple[int, list[str]]]]
) -> None:
    assessment, _nodes = assessments["quarter-points"][0]
    page = other_visitor.speak("zh").get(f"/assessments/{assessment}").text
    assert "单位：分（1–7）" in page
    ranges = [axis["range"] for axis in _axes(figures(page))]
    assert all(low <= 1 and high >= 7 for low, high in ranges)


def _axes(drawn: list[Any]) -> list[Any]:
    return [
        layout["polar"]["radialaxis"] if "polar" in layout else layout["xaxis"]
        for layout in (figure["layout"] for figure in drawn)
    ]


def test_an_assessment_of_an_older_version_is_brought_over_and_the_page_says_so(
    other_visitor: Visitor, assessments: dict[str, list[tuple[int, list[str]]]]
) -> None:
    assert len(assessments["two-versions"]) == 2
    page = other_visitor.speak("zh").get("/engagements/two-versions/compare").text
    assert "单位alpha是按 1.0.0 版评的，放到 1.1.0 版里比较：" in page
    assert "不能并列" not in page
