"""What no source file may hold, and what each must: names, docstrings, sizes, dangerous calls, addresses."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import (
    APP,
    CONTENT_FOLDERS,
    ROOT,
    WEB,
    forget,
    modules,
    name_of,
    nodes_of,
    shipped_pages,
    tree_of,
)

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "lib", "libs"}
LONGEST_MODULE = 500  # lines
MEDIAN_MODULE = 140
LONGEST_FUNCTION = 60

# migrations are a record of statements: as long as what they did
HAND_WRITTEN = [path for path in modules("app") if "migrations" not in path.parts]

# A pattern that no file of ours may hold -> why
DANGEROUS_IN_PYTHON = {
    r"\brender_template_string\b": "user text is data, never a template",
    r"\byaml\.(load|full_load|unsafe_load)\(": "content is read by the guarded reader",
    r"\bpickle\b": "nothing stored is executable",
    r"shell=True": "arguments are lists",
    r"(?<!\.)\b(eval|exec)\(": "text is never code",
}
DANGEROUS_IN_TEMPLATES = {
    r"\|\s*safe\b": "text reaches pages through autoescaping only; what a macro returns needs no filter",
    r"autoescape\s+false": "autoescaping is never switched off",
}
DANGEROUS_ON_SCREEN = {
    r"\bstyle\s*=\s*[\"']": "the content security policy refuses inline styles",
    r"\son[a-z]+\s*=\s*[\"']": "the content security policy refuses inline handlers",
    r"\.innerHTML\s*=|insertAdjacentHTML|document\.write": "scripts set text, not markup",
}
# XML needs these names; nobody fetches them
NAMESPACES = re.compile(r"http://www\.w3\.org/(2000/svg|1999/xlink|1999/xhtml|XML/1998/namespace)")
OTHER_HOST = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", re.IGNORECASE)
PATIENCE = re.compile(r"< (until|deadline)$")  # a limit to waiting, so that nothing hangs, judges no speed
CLOCK_WORDS = re.compile(r"\b(perf_counter|monotonic|elapsed|duration|time\.time|took|wall)\b")


@pytest.fixture(scope="module", autouse=True)
def _sources_are_read_for_this_module_alone() -> Iterator[None]:
    yield
    forget()


def test_modules_are_named_after_what_they_know() -> None:
    assert [name_of(path) for path in modules("app", "tests") if _parts(path) & EMPTY_NAMES] == []


def test_modules_open_with_what_they_know() -> None:
    bare = [path for path in modules("app", "tests") if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert [name_of(path) for path in bare] == [], "without a docstring"


def test_half_of_all_modules_fit_two_screens() -> None:
    assert statistics.median(len(path.read_text("utf-8").splitlines()) for path in HAND_WRITTEN) <= MEDIAN_MODULE


def test_modules_stay_small() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in HAND_WRITTEN}
    long = {name: count for name, count in lines.items() if count > LONGEST_MODULE}
    assert long == {}, f"more than {LONGEST_MODULE} lines; two things may live in it"


def test_functions_stay_small() -> None:
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": _length(node)
        for path in HAND_WRITTEN
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION
    }
    assert long == {}, f"longer than {LONGEST_FUNCTION} lines"


def test_public_functions_state_their_promise() -> None:
    bare = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules("app")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == [], "without a docstring"


@pytest.mark.parametrize("folder", CONTENT_FOLDERS)
def test_content_folders_hold_no_code(folder: str) -> None:
    assert [name_of(path) for path in (ROOT / folder).rglob("*.py")] == []


def test_python_calls_nothing_dangerous() -> None:
    assert [found for path in modules("app") for found in _matches(path, DANGEROUS_IN_PYTHON)] == []


def test_only_words_of_ours_are_declared_markup() -> None:
    made = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules("app")
        for call in nodes_of(path)
        if isinstance(call, ast.Call)
        and _called(call) == "Markup"
        and not all(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert made == [], "give Markup a literal and fill it in with .format(), which escapes"


def test_pages_and_scripts_open_no_hole() -> None:
    assert [found for path in shipped_pages() for found in _matches(path, _patterns_for(path))] == []


def test_pages_name_no_other_host() -> None:
    named = [
        (name_of(path), host)
        for path in shipped_pages()
        for host in OTHER_HOST.findall(NAMESPACES.sub("", path.read_text("utf-8", "replace")))
    ]
    assert named == []


def test_every_paper_document_is_made_with_a_fetcher_of_its_own() -> None:
    bare = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules("app")
        if "weasyprint" in path.read_text("utf-8")
        for call in nodes_of(path)
        if isinstance(call, ast.Call)
        and _called(call) in ("HTML", "CSS")
        and "url_fetcher" not in {keyword.arg for keyword in call.keywords}
    ]
    assert bare == []


def test_no_test_depends_on_the_clock_on_the_wall() -> None:
    judged = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules("tests")
        if CLOCK_WORDS.search(path.read_text("utf-8"))
        for node in nodes_of(path)
        if isinstance(node, ast.Assert)
        and CLOCK_WORDS.search(ast.unparse(node.test))
        and not PATIENCE.search(ast.unparse(node.test))
    ]
    assert judged == [], "assert a count, a size or CPU time instead"


def test_third_party_scripts_come_with_their_licence() -> None:
    vendor = WEB / "static" / "vendor"
    scripts = [path for path in vendor.glob("*.js") if path.stem.endswith(".min")]
    assert scripts
    for script in scripts:
        assert list(vendor.glob(f"{script.name.split('.')[0]}.LICEN*")), f"{name_of(script)} has no licence beside it"


def test_translations_lie_where_the_package_takes_them_along() -> None:
    assert list((APP / "translations" / "en" / "LC_MESSAGES").glob("*.po"))


def _parts(path: Path) -> set[str]:
    return {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}


def _patterns_for(path: Path) -> dict[str, str]:
    if path.suffix not in (".html", ".svg", ".xml", ".js"):
        return {}
    return DANGEROUS_IN_TEMPLATES | (DANGEROUS_ON_SCREEN if WEB in path.parents else {})


def _matches(path: Path, patterns: dict[str, str]) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [
        f"{name_of(path)}:{number}: {line.strip()} ({reason})"
        for pattern, reason in patterns.items()
        for number, line in enumerate(lines, 1)
        if re.search(pattern, line)
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
