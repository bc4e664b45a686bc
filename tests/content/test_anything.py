"""Random text, random bytes and mutated real files: a valid model or located errors, never anything else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.checking import content_behind
from app.content.library import load_library
from app.content.lint import LintReport, lint
from tests.content.writing import CHECKOUT, FILES, write
from tests.trying import examples

REAL = [
    "frameworks/credit-risk/framework.yaml",
    "frameworks/credit-risk/timeliness.yaml",
    "frameworks/telecom-crm/cases/guangzhou-2003.yaml",
    "frameworks/telecom-crm/cases/units.yaml",
    "frameworks/telecom-crm/benchmarks/foreign-carriers-2003.yaml",
    "questionnaires/credit-risk-interview.yaml",
    "reports/executive/report.yaml",
]
YAML_WORDS = st.sampled_from(
    [
        *(
            "- ",
            ": ",
            "\n",
            "\n  ",
            "\n    - ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "? ",
            "| \n",
            "> \n",
            "&a ",
            "*a",
            "!!x ",
            "<<: ",
        ),
        *(
            "format: 1\n",
            "kind: case\n",
            "kind: framework\n",
            "id: x\n",
            "true",
            "null",
            "~",
            "1.5",
            "'",
            '"',
            "#",
            "---\n",
        ),
        *(
            "客户",
            "\t",
            "\r\n",
            "\x00",
            "\ufeff",
            "\u2028",
            "😀",
            "scores:",
            "children:",
            "no",
            "1e5",
            "%YAML 1.1\n",
            "...",
        ),
    ]
)


@pytest.fixture(scope="module", autouse=True)
def root_read_once() -> Iterator[None]:
    """Read the content root that references are looked up in once, not for every example."""
    with pytest.MonkeyPatch.context() as patch:
        behind = content_behind([], CHECKOUT)
        patch.setattr("app.content.lint.content_behind", lambda paths, root: behind)
        yield


def checked(files: dict[str, bytes], named: str) -> LintReport:
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        report = lint([Path(folder) / named], root=CHECKOUT)
        for fault in report.faults:
            assert fault.file
            assert fault.file.startswith(folder)
            assert (fault.line or 0) >= 1
            assert (fault.column or 0) >= 1
            assert fault.code[0] in "EW"
            assert "{" not in fault.code
        return report


@given(st.text() | st.lists(YAML_WORDS, max_size=60).map("".join))
@settings(max_examples=examples(200))
def test_random_text_gives_located_errors_or_nothing(text: str) -> None:
    checked({"file.yaml": text.encode("utf-8", "replace")}, "file.yaml")


@given(st.binary(max_size=400))
@settings(max_examples=examples(200))
def test_random_bytes_give_located_errors(data: bytes) -> None:
    assert checked({"file.yaml": data}, "file.yaml").errors


@cache
def real(name: str) -> str:
    return (CHECKOUT / name).read_text("utf-8")


@given(st.data())
@settings(max_examples=examples(200))
def test_a_real_file_with_a_piece_replaced_gives_located_errors_or_is_valid(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(REAL))
    text = real(name)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    piece = data.draw(st.text(max_size=8) | st.lists(YAML_WORDS, max_size=4).map("".join))
    mutated = text[:start] + piece + text[end:]
    checked({f"copy/{Path(name).name}": mutated.encode("utf-8", "replace")}, "copy")


@given(st.data())
@settings(max_examples=examples(200))
def test_a_small_content_root_with_a_piece_replaced_is_loaded_or_refused_with_places(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    piece = data.draw(
        st.sampled_from(["", "data", "0", "-1", "5.5", "[]", "{}", "null", "true", "x", "\n", "  ", "{zh: 甲}"])
    )
    files = FILES | {name: text[:start] + piece + text[end:]}
    report = checked({path: body.encode() for path, body in files.items()}, ".")
    with TemporaryDirectory() as folder:
        root = write(Path(folder), files)
        if not report.errors:
            load_library(root)
