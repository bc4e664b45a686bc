"""The cases of 2003 against tables that were worked by hand (golden/*.md), figure by figure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from app.content.cases import read_case
from app.content.library import Library, load_library_for
from app.core.framework import Method
from app.core.judging import judge
from app.core.scoring import Scorecard, score

ROOT = Path(__file__).parents[3]
CASES = ROOT / "frameworks" / "telecom-crm" / "cases"
GOLDEN = Path(__file__).parent / "golden"
NAMES = ("china-telecom-2003", "shenzhen-2003", "guangzhou-2003")


@dataclass(frozen=True)
class Worked:
    """A row worked by hand."""

    case: str
    node: str | None
    score: Fraction | None
    coverage: Fraction
    status: str
    bounds: tuple[Fraction, Fraction]
    attained: int | None


def worked(name: str) -> list[Worked]:
    """Return the rows of the golden table of a case."""
    rows = []
    for line in (GOLDEN / f"{name}.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or cells[0] == "node" or cells[0].startswith("---"):
            continue
        node, _, points, coverage, status, low, high, _, attained = cells
        rows.append(
            Worked(
                name,
                None if node == "overall" else node,
                None if points == "none" else Fraction(points),
                Fraction(coverage),
                status,
                (Fraction(low), Fraction(high)),
                None if attained == "none" else int(attained),
            )
        )
    return rows


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library_for(CASES / f"{NAMES[0]}.yaml", root=ROOT)


def card(library: Library, name: str, method: Method | None = None) -> Scorecard:
    case = read_case(CASES / f"{name}.yaml", library=library)
    framework = library.framework(case.framework)
    return score(framework, judge(framework, case.scores), method=method, published=case.published)


@pytest.mark.parametrize(
    "row", [row for name in NAMES for row in worked(name)], ids=lambda row: f"{row.case}:{row.node}"
)
def test_a_figure_is_what_was_worked_by_hand(library: Library, row: Worked) -> None:
    node = card(library, row.case).node(row.node)
    assert node.score == row.score
    assert node.coverage == row.coverage
    assert node.status.value == row.status
    assert node.bounds == row.bounds
    assert node.attained == row.attained


@pytest.mark.parametrize("name", NAMES)
def test_every_capability_above_the_elements_was_worked_by_hand(library: Library, name: str) -> None:
    above = {node.id for node in card(library, name).nodes.values() if node.state is None}
    assert {row.node for row in worked(name)} == above | {None}


@pytest.mark.parametrize(
    ("name", "overall", "coverage", "status"),
    [
        ("china-telecom-2003", Fraction(183, 100), Fraction(1), "published"),  # 91.5 / 50
        ("shenzhen-2003", Fraction(165, 98), Fraction(49, 50), "published"),  # 82.5 / 49
        ("guangzhou-2003", Fraction(31, 18), Fraction(36, 50), "provisional"),  # 62 / 36
    ],
)
def test_the_flat_mean_is_what_was_worked_by_hand(
    library: Library, name: str, overall: Fraction, coverage: Fraction, status: str
) -> None:
    found = card(library, name, Method.FLAT_MEAN).overall
    assert (found.score, found.coverage, found.status.value) == (overall, coverage, status)


def test_the_geometric_mean_is_what_was_worked_by_hand(library: Library) -> None:
    group = card(library, "china-telecom-2003", Method.WEIGHTED_GEOMETRIC).nodes["channel-management"]
    # (4 · 2.5 · 2 · 2)^(1/4) - 1 = 40^(1/4) - 1; 40^(1/2) = 6.32455532, its root 2.51486686
    assert float(group.score or 0) == pytest.approx(1.51486686, abs=1e-8)


@pytest.mark.parametrize(
    ("node", "computed", "printed"),
    [
        ("gain-insight", "1.571", "1.34"),
        ("channel-management", "1.625", "1.47"),
        ("people-motivation-rewards", "2.5", "2.72"),
    ],
)
def test_printed_figures_are_kept_apart_from_computed_ones(
    library: Library, node: str, computed: str, printed: str
) -> None:
    found = card(library, "china-telecom-2003").nodes[node]
    assert found.score is not None
    assert abs(found.score - Fraction(computed)) <= Fraction(1, 2000)
    assert found.published == Fraction(printed)


def test_fuzhou_of_which_the_source_says_nothing_is_open_everywhere(library: Library) -> None:
    found = card(library, "fuzhou-2003")
    assert {node.status.value for node in (*found.nodes.values(), found.overall)} == {"open"}
    assert found.overall.bounds == (Fraction(0), Fraction(5))
