"""`crm-maturity compare`: the JSON contract, exit codes, and what may be compared with what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.content import REFERENCE, case_document, crm_maturity, framework_document, text, written

CASES = REFERENCE / "cases"
THREE = [CASES / f"{name}-2003.yaml" for name in ("china-telecom", "shenzhen", "guangzhou")]
CARRIERS = ["--benchmark", "foreign-carriers-2003"]


def compared(*arguments: str | Path) -> Any:
    done = crm_maturity("compare", *arguments, "--format", "json")
    assert done.code == 0, done.err
    return done.document


def row(document: Any, node: str | None) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document["rows"] if row["node"] == node)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A framework of one tier with weights 3 and 1, and a benchmark set."""
    capabilities: list[dict[str, object]] = [
        {"id": "a", "name": text("甲"), "weight": 3},
        {"id": "b", "name": text("乙")},
    ]
    written(tmp_path / "sketch" / "framework.yaml", framework_document(depth=1, capabilities=capabilities))
    written(
        tmp_path / "sketch" / "benchmarks" / "peers.yaml",
        {
            "format": 1,
            "kind": "benchmark",
            "id": "peers",
            "framework": "sketch@>=1,<2",
            "name": text("同行"),
            "source": {"title": "某书", "year": 2003},
            "entries": [
                {"id": "p", "name": text("X"), "scores": {"a": 2, "b": 4}},
                {"id": "q", "name": text("Y"), "scores": {"a": 3}, "ranges": {"b": {"low": 1, "high": 2}}},
                {"id": "r", "name": text("Z"), "scores": {"b": 5}},
            ],
        },
    )
    return tmp_path / "sketch"


def case(folder: Path, name: str, **document: Any) -> Path:
    return written(folder / "cases" / f"{name}.yaml", case_document(name, **document))


def test_the_document_has_the_keys_of_the_contract() -> None:
    document = compared(*THREE, *CARRIERS)
    assert list(document) == ["columns", "rows", "contributions"]
    assert [list(column) for column in document["columns"]] == [["id", "kind", "name", "basis"]] * 10
    keys = ["node", "tier", "values", "best", "median", "n", "spread"]
    assert [list(row)[: len(keys)] for row in document["rows"]] == [keys] * 72
    assert list(document["contributions"]) == ["a", "b", "node", "tier", "difference", "items"]
    assert {tuple(item) for item in document["contributions"]["items"]} == {("node", "score", "coverage")}


def test_columns_are_the_cases_as_named_then_every_carrier_of_the_set() -> None:
    columns = compared(THREE[1], THREE[0], *CARRIERS)["columns"]
    assert [column["id"] for column in columns[:3]] == ["shenzhen-2003", "china-telecom-2003", "att-wireless"]
    assert [column["kind"] for column in columns] == ["case"] * 2 + ["benchmark"] * 7
    assert columns[0]["name"]["zh"] == "深圳电信"


def test_rows_are_every_capability_and_the_overall_last() -> None:
    rows = compared(*THREE)["rows"]
    assert [(row["node"], row["tier"]) for row in rows[:3]] == [
        ("customer-insight", "dimension"),
        ("collect-data", "group"),
        ("customer-data-strategy", "element"),
    ]
    assert (rows[-1]["node"], rows[-1]["tier"]) == (None, None)


def test_figures_of_2003_are_what_was_worked_by_hand() -> None:
    document = compared(*THREE, *CARRIERS)
    insight = row(document, "customer-insight")
    assert insight["values"][:4] == [
        pytest.approx(941 / 560),
        pytest.approx(67 / 48),
        pytest.approx(93 / 56),
        2,
    ]
    # carriers: 2, 3, 3, 3.75, 4, 4, 4
    assert (insight["best"], insight["median"], insight["n"]) == (4, 3.75, 7)
    assert insight["spread"] == pytest.approx(941 / 560 - 67 / 48)
    overall = row(document, None)
    assert overall["values"][3] == pytest.approx(2.4)  # AT&T Wireless: (2 + 3 + 2 + 2.5 + 2.5) / 5
    collect = row(document, "collect-data")
    assert collect["values"][3] == 2.75  # a range of 2.5 to 3.0
    assert collect["origins"][:5] == ["computed", "computed", "computed", "range", None]
    assert collect["values"][4:] == [None] * 6  # known by dimension only: never spread down
    assert collect["n"] == 1
    element = row(document, "customer-data-strategy")
    assert element["values"] == [2, 1, 1, *[None] * 7]
    assert (element["best"], element["median"], element["n"]) == (None, None, 0)


def test_a_carrier_is_rolled_up_only_where_enough_is_known(folder: Path) -> None:
    one = case(folder, "one", scores={"a": 1, "b": 1})
    overall = row(compared(one, "--benchmark", "peers"), None)
    assert overall["values"] == [1, 2.5, 2.625, None]  # (3·2 + 4) / 4; (3·3 + 1.5) / 4; a quarter is too little
    assert overall["n"] == 2


def test_weights_and_method_hold_for_carriers_too(folder: Path) -> None:
    one = case(folder, "one", scores={"a": 1, "b": 1})
    equal = row(compared(one, "--benchmark", "peers", "--weights", "equal"), None)
    assert equal["values"] == [1, 3, 2.25, None]
    flat = row(compared(one, "--benchmark", "peers", "--method", "flat-mean"), None)
    assert flat["values"] == [1, 3, 2.25, None]


# --- contributions --------------------------------------------------------------------------------------------------


def test_contributions_explain_the_first_two_cases_and_sum_to_the_difference(folder: Path) -> None:
    one, two = case(folder, "one", scores={"a": 3, "b": 1}), case(folder, "two", scores={"a": 1})
    found = compared(one, two)["contributions"]
    assert (found["a"], found["b"], found["node"], found["tier"]) == ("one", "two", None, None)
    assert found["difference"] == 1.5  # 2.5 - 1
    assert sum(item["score"] + item["coverage"] for item in found["items"]) == found["difference"]
    # a: mean weight 7/8 · 2, mean score 2 · (3/4 - 1); b: only one unit has it, 1 · (1/4 - 0)
    assert found["items"] == [
        {"node": "a", "score": 1.75, "coverage": -0.5},
        {"node": "b", "score": 0, "coverage": 0.25},
    ]


def test_another_pair_and_another_capability_can_be_explained() -> None:
    pair = ["--pair", "guangzhou-2003", "china-telecom-2003"]
    found = compared(*THREE, *pair, "--at", "collect-data")["contributions"]
    assert (found["a"], found["b"]) == ("guangzhou-2003", "china-telecom-2003")
    assert (found["node"], found["tier"]) == ("collect-data", "group")
    assert found["difference"] == -0.5  # 1.125 - 1.625
    assert sum(item["score"] + item["coverage"] for item in found["items"]) == -0.5


def test_a_geometric_mean_has_no_contributions() -> None:
    assert compared(*THREE, "--method", "weighted-geometric")["contributions"] is None


def test_one_case_alone_has_no_contributions_and_a_spread_of_nought() -> None:
    document = compared(THREE[0])
    assert document["contributions"] is None
    assert row(document, None)["spread"] == 0


def test_a_unit_without_a_score_has_no_contributions() -> None:
    assert compared(THREE[0], CASES / "fuzhou-2003.yaml")["contributions"] is None


# --- exit codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nowhere.yaml"],
        [*THREE, "--benchmark", "unheard-of"],
        [*THREE, "--pair", "shenzhen-2003", "unheard-of"],
        [*THREE, "--pair", "shenzhen-2003"],
        [*THREE, "--at", "unheard-of"],
        [*THREE, "--weights", "unheard-of"],
        [*THREE, "--unheard-of"],
    ],
    ids=lambda arguments: " ".join(map(str, arguments[3:])) or str(arguments),
)
def test_wrong_usage_ends_with_2_and_says_nothing_on_standard_output(arguments: list[str | Path]) -> None:
    done = crm_maturity("compare", *arguments, "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert "Error:" in done.err


def test_cases_of_versions_without_a_common_element_are_not_compared(folder: Path, tmp_path: Path) -> None:
    written(tmp_path / "newer" / "framework.yaml", framework_document(depth=1, version="1.1.0"))
    one = case(folder, "one", scores={"a": 1})
    other = case(tmp_path / "newer", "two", scores={"n1": 1}, framework="sketch@1.1.0")
    done = crm_maturity("compare", one, other, "--format", "json")
    assert done.code == 1
    (fault,) = done.document["errors"]
    assert fault["file"] == str(other)
    assert "sketch@1.0.0" in fault["message"]
    assert "sketch@1.1.0" in fault["message"]


def test_cases_of_unlike_content_under_one_version_are_not_compared(folder: Path, tmp_path: Path) -> None:
    written(tmp_path / "copy" / "framework.yaml", framework_document(depth=1))
    one = case(folder, "one", scores={"a": 1})
    other = case(tmp_path / "copy", "two", scores={"n1": 1})
    done = crm_maturity("compare", one, other, "--format", "json")
    assert done.code == 1
    assert "different content" in done.document["errors"][0]["message"]


def test_like_copies_of_a_framework_may_be_compared(tmp_path: Path) -> None:
    paths = []
    for name in ("one", "two"):
        written(tmp_path / name / "framework.yaml", framework_document(depth=1))
        paths.append(case(tmp_path / name, name, scores={"n1": 1}))
    assert len(compared(*paths)["columns"]) == 2


def test_the_faults_of_all_cases_are_told(folder: Path) -> None:
    paths = [case(folder, name, scores={"gone": 1}) for name in ("one", "two")]
    done = crm_maturity("compare", *paths, "--format", "json")
    assert done.code == 1
    assert {fault["file"] for fault in done.document["errors"]} == set(map(str, paths))


# --- text -----------------------------------------------------------------------------------------------------------


def test_the_text_is_one_table_and_the_largest_contributions() -> None:
    out = crm_maturity("compare", *THREE, *CARRIERS, "--locale", "en").out
    assert "Shenzhen Telecom" in out
    assert "≈2.75" in out  # known as a range
    assert "0.94–3.28" in out  # Guangzhou as a whole is withheld
    assert "Overall: China Telecom (overall) - Shenzhen Telecom = +0.03" in out
    assert out.count("\n") == 72 + 2 + 1 + 1 + 2 + 10


def test_the_text_says_so_where_two_cases_do_not_differ(folder: Path) -> None:
    one, two = (case(folder, name, scores={"a": 1}) for name in ("one", "two"))
    out = crm_maturity("compare", one, two).out
    assert out.rstrip().endswith("总体: 单位one - 单位two = 0.00")


def test_a_single_case_is_a_table_alone(folder: Path) -> None:
    out = crm_maturity("compare", case(folder, "one", scores={"a": 1}), "--at", "a").out
    assert "单位one" in out
    assert "=" not in out
