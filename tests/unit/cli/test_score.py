"""`crm-maturity score`: the JSON contract, exit codes, and frameworks of any depth and scale outside the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.settings import CHECKOUT
from tests.unit.cli.content import REFERENCE, case_document, crm_maturity, framework_document, written

CASES = REFERENCE / "cases"
KEYS = [
    "id",
    "tier",
    "parent",
    "name",
    "weight",
    "state",
    "score",
    "coverage",
    "status",
    "bounds",
    "attained",
    "published",
]


def sketch(folder: Path, **options: Any) -> Path:
    """Write a framework folder; return it."""
    written(folder / "framework.yaml", framework_document(**options))
    return folder


def case(folder: Path, name: str = "case-a", **document: Any) -> Path:
    return written(folder / f"{name}.yaml", case_document(name, **document))


# --- the JSON contract ----------------------------------------------------------------------------------------------


def test_the_document_has_the_keys_of_the_contract_in_document_order() -> None:
    done = crm_maturity("score", CASES / "guangzhou-2003.yaml", "--format", "json")
    assert done.code == 0
    document = done.document
    assert list(document) == ["case", "framework", "weights", "method", "nodes", "overall"]
    assert document["case"] == "guangzhou-2003"
    assert document["framework"] == "telecom-crm@1.0.0"
    assert document["weights"] == "default"
    assert document["method"] == "weighted-mean"
    assert [list(node)[: len(KEYS)] for node in (*document["nodes"], document["overall"])] == [KEYS] * 72
    assert [node["id"] for node in document["nodes"]][:3] == [
        "customer-insight",
        "collect-data",
        "customer-data-strategy",
    ]


def test_a_node_holds_its_figures_as_numbers() -> None:
    document = crm_maturity("score", CASES / "guangzhou-2003.yaml", "--format", "json").document
    node = next(node for node in document["nodes"] if node["id"] == "customer-interactions")
    assert {key: node[key] for key in KEYS} == {
        "id": "customer-interactions",
        "tier": "dimension",
        "parent": None,
        "name": {"zh": "客户交互", "en": node["name"]["en"]},
        "weight": 1,
        "state": None,
        "score": pytest.approx(19 / 12),
        "coverage": pytest.approx(2 / 3),
        "status": "provisional",
        "bounds": [pytest.approx(19 / 18), pytest.approx(49 / 18)],
        "attained": 2,
        "published": None,
    }
    leaf = next(node for node in document["nodes"] if node["id"] == "self-service")
    assert (leaf["state"], leaf["attained"], leaf["parent"] is not None) == ("scored", None, True)


def test_the_overall_has_the_same_keys_and_no_place_in_the_tree() -> None:
    overall = crm_maturity("score", CASES / "guangzhou-2003.yaml", "--format", "json").document["overall"]
    assert (overall["id"], overall["tier"], overall["parent"], overall["state"]) == (None, None, None, None)
    assert overall["status"] == "insufficient"
    assert overall["score"] == pytest.approx(881 / 504)  # computed whatever the status
    assert overall["coverage"] == pytest.approx(8 / 15)


def test_what_is_open_is_null_and_never_nought() -> None:
    document = crm_maturity("score", CASES / "fuzhou-2003.yaml", "--format", "json").document
    for node in (*document["nodes"], document["overall"]):
        assert (node["score"], node["attained"], node["coverage"], node["status"]) == (None, None, 0, "open")
        assert node["bounds"] == [0, 5]


def test_what_is_not_applicable_has_neither_coverage_nor_bounds(tmp_path: Path) -> None:
    folder = sketch(tmp_path)
    scores = {"n11": {"state": "not-applicable", "reason": "没有这项业务"}, "n12": 3}
    found = crm_maturity("score", case(tmp_path, scores=scores), "--framework", folder, "--format", "json").document[
        "nodes"
    ][1]
    assert (found["state"], found["coverage"], found["bounds"]) == ("not-applicable", None, None)
    assert found["status"] == "not-applicable"


def test_printed_figures_stand_beside_the_computed_ones() -> None:
    document = crm_maturity("score", CASES / "china-telecom-2003.yaml", "--format", "json").document
    node = next(node for node in document["nodes"] if node["id"] == "gain-insight")
    assert node["published"] == 1.34
    assert node["score"] == pytest.approx(11 / 7)


def test_nothing_but_the_document_stands_on_standard_output() -> None:
    done = crm_maturity("score", CASES / "shenzhen-2003.yaml", "--format", "json")
    assert done.out.startswith("{")
    assert done.out.rstrip().endswith("}")


# --- frameworks of other shapes, outside the checkout -----------------------------------------------------------------


@pytest.mark.parametrize("depth", range(1, 7))
def test_a_framework_of_one_to_six_tiers_on_a_scale_of_1_to_7_in_quarters(tmp_path: Path, depth: int) -> None:
    folder = sketch(tmp_path, depth=depth, scale=(1, 7, 0.25))
    first, last = "n" + "1" * depth, "n" + "2" * depth
    path = case(tmp_path / "elsewhere", scores={first: 1.25, last: 6.75})
    done = crm_maturity("score", path, "--framework", folder, "--format", "json")
    assert done.code == 0
    nodes = {node["id"]: node for node in done.document["nodes"]}
    assert nodes[first]["score"] == 1.25
    assert nodes[first]["tier"] == f"tier-{depth}"
    assert len(nodes) == sum(2**tier for tier in range(1, depth + 1))
    overall = done.document["overall"]
    assert overall["score"] == 4  # (1.25 + 6.75) / 2, at every tier only one of two is known
    assert overall["coverage"] == pytest.approx(2 / 2**depth)
    assert overall["bounds"][0] == pytest.approx((1.25 + 6.75 + (2**depth - 2) * 1) / 2**depth)
    assert overall["bounds"][1] == pytest.approx((1.25 + 6.75 + (2**depth - 2) * 7) / 2**depth)


def test_levels_of_a_scale_of_1_to_7_begin_at_2(tmp_path: Path) -> None:
    folder = sketch(tmp_path, depth=1, scale=(1, 7, 0.25))
    path = case(tmp_path, scores={"n1": 1.25, "n2": 2})  # p(2) = 0.625
    overall = crm_maturity("score", path, "--framework", folder, "--format", "json").document["overall"]
    assert overall["attained"] == 2


def test_the_folder_above_the_cases_is_tried_before_the_content_root(tmp_path: Path) -> None:
    folder = sketch(tmp_path / "mine", method="flat-mean")
    sketch(tmp_path / "root" / "frameworks" / "sketch")
    path = case(folder / "cases", scores={"n11": 2})
    done = crm_maturity("score", path, "--format", "json", root=tmp_path / "root")
    assert done.document["method"] == "flat-mean"


@pytest.mark.parametrize("named", [True, False])
def test_what_is_not_beside_the_case_comes_from_the_content_root(tmp_path: Path, named: bool) -> None:
    root = tmp_path / "root"
    sketch(root / "frameworks" / "sketch")
    path = case(tmp_path / "loose", scores={"n11": 2})
    if named:
        done = crm_maturity("score", path, "--root", root, "--format", "json")
    else:
        done = crm_maturity("score", path, "--format", "json", root=root)
    assert done.document["overall"]["score"] == 2


def test_without_any_root_the_content_is_that_of_the_checkout(tmp_path: Path) -> None:
    path = written(tmp_path / "c.yaml", case_document("c", scores={"self-service": 2}, framework="telecom-crm@1.0.0"))
    assert crm_maturity("score", path, "--format", "json").document["framework"] == "telecom-crm@1.0.0"


def test_respondents_are_brought_together_where_nothing_was_agreed(tmp_path: Path) -> None:
    folder = sketch(tmp_path)

    def interview(number: int, **answers: object) -> dict[str, object]:
        said = {leaf: value if isinstance(value, dict) else {"score": value} for leaf, value in answers.items()}
        return {"id": f"i-{number}", "role": "billing", "answers": said}

    excused = {"state": "not-applicable", "reason": "没有"}
    interviews = [
        interview(1, n11=1, n12=4, n21=excused, n22=excused),
        interview(2, n11=5, n12=2, n21=excused, n22=3),
        interview(3, n12=2.5),
    ]
    path = case(tmp_path, scores={"n11": 3}, interviews=interviews)
    done = crm_maturity("score", path, "--framework", folder, "--format", "json")
    nodes = {node["id"]: node for node in done.document["nodes"]}
    assert nodes["n11"]["score"] == 3  # agreed
    assert nodes["n12"]["score"] == 2.5  # the median of 2, 2.5 and 4
    assert nodes["n21"]["state"] == "not-applicable"
    assert (nodes["n22"]["score"], nodes["n22"]["partly_not_applicable"]) == (3, True)
    assert (nodes["n12"]["respondents"], nodes["n1"]["respondents"]) == (3, None)
    assert "* " in crm_maturity("score", path, "--framework", folder).out


def test_roles_weigh_what_their_questionnaire_says(tmp_path: Path) -> None:
    root = tmp_path / "root"
    sketch(root / "frameworks" / "sketch", depth=1)
    written(
        root / "questionnaires" / "guide.yaml",
        {
            "format": 1,
            "kind": "questionnaire",
            "id": "guide",
            "framework": "sketch@>=1,<2",
            "version": "1.0.0",
            "name": {"zh": "提纲", "en": "Guide"},
            "mode": "interview",
            "roles": [
                {"id": "lead", "name": {"zh": "主管", "en": "Lead"}, "weight": 3},
                {"id": "clerk", "name": {"zh": "职员", "en": "Clerk"}},
            ],
            "items": [{"element": "n1"}, {"element": "n2", "when": {"answer": "n1", "gte": 3}}],
        },
    )
    interviews = [
        {"id": "i-1", "role": "lead", "answers": {"n1": {"score": 1}, "n2": {"score": 5}}},
        {"id": "i-2", "role": "clerk", "questionnaire": "guide@1.0.0", "answers": {"n1": {"score": 4}}},
    ]
    path = case(tmp_path, scores={}, questionnaire="guide@1.0.0", interviews=interviews)
    nodes = crm_maturity("score", path, "--root", root, "--format", "json").document["nodes"]
    assert nodes[0]["score"] == 1
    assert nodes[1]["state"] == "open"  # its item was not to be asked


# --- options --------------------------------------------------------------------------------------------------------


def weighted(folder: Path) -> Path:
    capabilities = [
        {"id": "a", "name": {"zh": "甲", "en": "A"}, "weight": 3},
        {"id": "b", "name": {"zh": "乙", "en": "B"}, "weight": 0},
        {"id": "c", "name": {"zh": "丙", "en": "C"}},
    ]
    return sketch(folder, depth=1, capabilities=capabilities)


@pytest.mark.parametrize(
    ("options", "overall"),
    [
        ([], 2),  # (3·1 + 5) / 4
        (["--weights", "default"], 2),
        (["--weights", "equal"], 3),  # (1 + 3 + 5) / 3
        (["--weights", "tried"], 4),  # (1 + 3·5) / 4
        (["--method", "flat-mean"], 3),  # (1 + 5) / 2: b counts nowhere
        (["--method", "weighted-geometric"], 2 ** (3 / 4) * 6 ** (1 / 4) - 1),
    ],
)
def test_weights_and_method_can_be_chosen(tmp_path: Path, options: list[str], overall: float) -> None:
    folder = weighted(tmp_path)
    written(
        folder / "weights" / "tried.yaml",
        {
            "format": 1,
            "kind": "weights",
            "id": "tried",
            "framework": "sketch",
            "name": {"zh": "试", "en": "Tried"},
            "weights": {"a": 1, "c": 3},
        },
    )
    path = case(tmp_path, scores={"a": 1, "b": 3, "c": 5})
    done = crm_maturity("score", path, "--framework", folder, "--format", "json", *options)
    assert done.document["overall"]["score"] == pytest.approx(overall, abs=1e-9)
    assert done.document["weights"] == (options[1] if "--weights" in options else "default")


def test_the_weight_of_a_node_is_that_of_the_profile(tmp_path: Path) -> None:
    folder = weighted(tmp_path)
    path = case(tmp_path, scores={"a": 1})

    def weights(*options: str) -> list[float]:
        done = crm_maturity("score", path, "--framework", folder, "--format", "json", *options)
        return [node["weight"] for node in done.document["nodes"]]

    assert weights() == [3, 0, 1]
    assert weights("--weights", "equal") == [1, 1, 1]


# --- exit codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nowhere.yaml"],
        [CASES],
        [CASES / "fuzhou-2003.yaml", "--weights", "unheard-of"],
        [CASES / "fuzhou-2003.yaml", "--method", "unheard-of"],
        [CASES / "fuzhou-2003.yaml", "--framework", "nowhere"],
        [CASES / "fuzhou-2003.yaml", "--framework", CHECKOUT / "docs"],
        [CASES / "fuzhou-2003.yaml", "--root", "nowhere"],
        [CASES / "fuzhou-2003.yaml", "--format", "xml"],
        [CASES / "fuzhou-2003.yaml", "--unheard-of"],
        [CASES / "fuzhou-2003.yaml", CASES / "fuzhou-2003.yaml"],
    ],
    ids=lambda arguments: " ".join(Path(str(one)).name for one in arguments) or "nothing",
)
def test_wrong_usage_ends_with_2_and_says_nothing_on_standard_output(arguments: list[str | Path]) -> None:
    done = crm_maturity("score", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "Error:" in done.err


def test_a_content_root_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    done = crm_maturity("score", CASES / "fuzhou-2003.yaml", root=tmp_path / "gone")
    assert (done.code, done.out) == (2, "")


def test_a_faulty_case_ends_with_1_and_every_fault(tmp_path: Path) -> None:
    folder = sketch(tmp_path)
    path = case(tmp_path, scores={"n11": 2.25, "gone": 1})
    done = crm_maturity("score", path, "--framework", folder, "--format", "json")
    assert done.code == 1
    assert list(done.document) == ["errors", "warnings"]
    assert {fault["path"] for fault in done.document["errors"]} == {"scores.n11.score", "scores.gone"}
    assert all(fault["line"] and fault["file"] == str(path) for fault in done.document["errors"])


def test_faults_as_text_go_to_standard_error(tmp_path: Path) -> None:
    folder = sketch(tmp_path)
    done = crm_maturity("score", case(tmp_path, scores={"gone": 1}), "--framework", folder)
    assert (done.code, done.out) == (1, "")
    assert "case-a.yaml:" in done.err


def test_a_faulty_framework_is_a_fault_of_the_input(tmp_path: Path) -> None:
    folder = sketch(tmp_path, scale=(0, 5, 0.3))
    done = crm_maturity("score", case(tmp_path, scores={}), "--framework", folder, "--format", "json")
    assert done.code == 1
    assert done.document["errors"]


def test_a_case_of_a_framework_that_is_nowhere_is_a_fault_of_the_case(tmp_path: Path) -> None:
    done = crm_maturity("score", case(tmp_path, scores={}), "--format", "json")
    assert done.code == 1
    assert [fault["path"] for fault in done.document["errors"]] == ["framework"]


@pytest.mark.parametrize("reference", ["telecom-crm@1.0.0", "sketch@2.0.0"])
def test_a_case_of_another_framework_than_the_folder_asked_for_is_a_fault(tmp_path: Path, reference: str) -> None:
    folder = sketch(tmp_path / "mine")
    sketch(tmp_path / "root" / "frameworks" / "sketch", version="2.0.0")
    path = case(tmp_path, scores={}, framework=reference)
    done = crm_maturity("score", path, "--framework", folder, "--format", "json", root=tmp_path / "root")
    assert done.code == 1
    assert done.document["errors"][0]["path"] == "framework"


def test_settings_that_cannot_be_read_are_faults_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.settings import SettingsFault
    from tests.unit.cli import content

    def broken(**_: object) -> None:
        raise SettingsFault("config.yaml: port must be a whole number")

    monkeypatch.setattr(content, "read_settings", broken)
    done = crm_maturity("score", CASES / "fuzhou-2003.yaml", "--format", "json")
    assert done.code == 1
    assert done.document["errors"][0]["message"] == "config.yaml: port must be a whole number"


# --- text -----------------------------------------------------------------------------------------------------------


def test_the_text_withholds_what_is_thinly_covered_and_prints_its_bounds() -> None:
    done = crm_maturity("score", CASES / "guangzhou-2003.yaml")
    assert done.code == 0
    last = done.out.rstrip().splitlines()[-1]
    assert "0.94–3.28" in last
    assert "1.75" not in last
    assert "53%" in last


def test_the_text_speaks_both_languages() -> None:
    chinese = crm_maturity("score", CASES / "guangzhou-2003.yaml").out
    english = crm_maturity("score", CASES / "guangzhou-2003.yaml", "--locale", "en").out
    assert "覆盖率" in chinese
    assert "推断" in chinese
    assert "Coverage" in english
    assert "Provisional" in english


def test_printed_figures_have_the_decimals_of_their_source(tmp_path: Path) -> None:
    folder = sketch(tmp_path)
    published = {"n1": 2, "n2": 1.43}
    plain = crm_maturity("score", case(tmp_path, scores={}, published=published), "--framework", folder).out
    assert "2.00" in plain
    one = case(tmp_path, scores={}, published=published, published_decimals=1)
    assert "1.4\n" in crm_maturity("score", one, "--framework", folder).out
