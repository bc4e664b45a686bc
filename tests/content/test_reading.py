"""What is refused before anything is built, where it is said to be, and how quickly (security.md, threat 4.1)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from app.content.faults import Document, Faults
from app.content.reading import MOST_BYTES, read_bytes, read_file
from tests.content.writing import HERE, Seen, marked, seen


def read(data: bytes) -> tuple[object, list[Seen]]:
    faults = Faults()
    tree = read_bytes(data, Document("file.yaml", faults))
    return tree, [seen(fault) for fault in faults.sorted()]


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("a: 1\nb: ¦&anchor 2\n", "E105", "b"),
        ("a: &x 1\nb: ¦*x\n", "E106", "b"),
        ("a: ¦!!str 1\n", "E107", "a"),
        ("a:\n  - ¦!ruby/object:Gem x\n", "E107", "a[0]"),
        ("a: ¦!!python/object/apply:os.system [ls]\n", "E107", "a"),
        ("¦%TAG ! tag:x,2000:\n---\na: 1\n", "E107", ""),
        ("a:\n  ¦<<: {b: 1}\n", "E108", "a.<<"),
        ("a: 1\n¦---\nb: 2\n", "E109", ""),
        ("a: 1\nb:\n  c: 1\n  ¦c: 2\n", "E113", "b.c"),
        ("¦a: 1\n".replace("¦", "") + "¦a: 2\n", "E113", "a"),
        ("- {x: 1, ¦x: 2}\n", "E113", "[0].x"),
        ("a: {0: x, ¦0.0: y}\n", "E113", "a.0.0"),
        ('a: {1: x, ¦"1": y}\n', "E113", "a.1"),
        ("? ¦[a, b]\n: c\n", "E114", ""),
        ("a: ¦1234567890123456\n", "E117", "a"),
        ("a: ¦0.1234567890123\n", "E117", "a"),
        ("a: [1, 2\n¦", "E101", "a[2]"),
        ("a: 1\n¦\tb: 2\n", "E101", "a"),
        ("客户: ¦@x\n", "E101", "客户"),
        ('a: ¦"x\\0y"\n', "E112", "a"),
        ("a: x¦\x07y\n", "E112", ""),
        ("数据: 客¦\u2028户\n", "E112", ""),
        ("a: ¦\x85b\n", "E112", ""),
        ("a: b¦\ufeffc\n", "E112", ""),
        ("¦", "E115", ""),
        ("¦# only a comment\n", "E115", ""),
    ],
)
def test_what_is_not_allowed_is_refused_where_it_stands(text: str, code: str, path: str) -> None:
    clean, line, column = marked(text)
    _, faults = read(clean.encode())
    assert Seen(code, line, column, path) in faults


def test_faults_after_the_first_are_found_too() -> None:
    _, faults = read(b"a: &x 1\nb: *x\nc: !!int 3\nd: 1\nd: 2\ne: {<<: {f: 1}}\n")
    assert [fault.code for fault in faults] == ["E105", "E106", "E107", "E113", "E108"]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        ("format: 1\n".encode("utf-16"), 1, 1),
        ("format: 1\n".encode("utf-32"), 1, 1),
        ("a: ok\nname: 客户\n".encode("gbk"), 2, 7),
        ("a: ok\nname: é\n".encode("latin-1"), 2, 7),
        (b"\xff", 1, 1),
        (b"a: \xed\xa0\x80\n", 1, 4),
    ],
)
def test_anything_but_utf8_is_refused_at_the_first_byte_that_cannot_stand(data: bytes, line: int, column: int) -> None:
    tree, faults = read(data)
    assert tree is None
    assert faults == [Seen("E110", line, column, "")]


def test_a_byte_order_mark_is_reported_and_the_rest_still_checked() -> None:
    _, faults = read(b"\xef\xbb\xbfa: 1\na: 2\n")
    assert faults == [Seen("E111", 1, 1, ""), Seen("E113", 2, 1, "a")]


def test_utf16_without_a_mark_is_refused_without_a_flood() -> None:
    tree, faults = read(("name: x\n" * 1000).encode("utf-16-le"))
    assert tree is None
    assert len(faults) < 50


NESTED = "[" * 33 + "1" + "]" * 33


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 200_000, "E103"),
        ("{a: " * 50_000, "E103"),
        ("- " * 200_000, "E103"),
        ("? " * 200_000, "E103"),
        (NESTED, "E103"),
        ("[" + "1," * 300_000 + "]", "E104"),
        ("[" + "{}," * 210_000 + "]", "E104"),
        ("? a\n" * 150_000, "E104"),
        ("a: [" + "*a," * 250_000 + "]", "E104"),
        ("x: '" + "a" * 2_000_000, "E101"),
        ("a: b: " * 100_000, "E101"),
        ("%" * 200_000, "E101"),
        ("!" * 200_000 + " x", "E107"),
        ("\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)), "E106"),
        ("\n".join(f"k{n}: {{<<: *a}}" for n in range(2000)), "E106"),
        ("x" * (MOST_BYTES + 1), "E102"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_bombs_are_refused_within_a_second(text: str, code: str) -> None:
    taken = []
    for _ in range(3):  # the best of three: other work on the machine is not ours to measure
        before = time.process_time()
        _, faults = read(text.encode())
        taken.append(time.process_time() - before)
        assert code in {fault.code for fault in faults}
    assert min(taken) < 1 or sys.gettrace(), "measured without a tracer: coverage triples the time"


def test_32_levels_and_200000_values_are_allowed() -> None:
    assert read(("[" * 32 + "]" * 32).encode())[1] == []
    assert read(("[" + "1," * 199_999 + "]").encode())[1] == []
    assert [fault.code for fault in read(("[" + "1," * 200_000 + "]").encode())[1]] == ["E104"]


def test_a_file_with_thousands_of_faults_is_cut_off_and_says_so() -> None:
    _, faults = read(("[" + "*a," * 5000 + "]").encode())
    assert len(faults) == 1001
    assert "E118" in {fault.code for fault in faults}


def test_a_file_of_more_than_2_mib_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(20 * MOST_BYTES)
    faults = Faults()
    assert read_file(path, Document(str(path), faults)) is None
    assert [fault.code for fault in faults.sorted()] == ["E102"]


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "missing.yaml"):
        faults = Faults()
        assert read_file(path, Document(str(path), faults)) is None
        assert [fault.code for fault in faults.sorted()] == ["E116"]


def test_a_directive_of_the_yaml_version_is_allowed() -> None:
    assert read(b"%YAML 1.2\n---\na: 1\n")[1] == []


def test_the_mark_of_these_tests_is_no_yaml() -> None:
    assert HERE not in "".join(chr(n) for n in range(128))
