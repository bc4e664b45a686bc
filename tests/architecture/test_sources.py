"""What no source file may hold, and what each must: names, docstrings, sizes, dangerous calls, addresses."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.architecture.sources import APP, CONTENT_FOLDERS, ROOT, WEB, modules, name_of, shipped_pages, tree_of

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
PATIENCE = re.compile(r"< (until|deadline)$")  # a limit to waiting, so that nothing hangs, judges no speed
CLOCK_WORDS = re.compile(r"\b(perf_counter|monotonic|elapsed|duration|time\.time|took|wall)\b")


@pytest.mark.parametrize("path", modules("app", "tests"), ids=name_of)
def test_a_module_is_named_after_what_it_knows(path: Path) -> None:
    parts = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    assert not parts & EMPTY_NAMES


@pytest.mark.parametrize("path", modules("app", "tests"), ids=name_of)
def test_a_module_opens_with_what_it_knows(path: Path) -> None:
    empty = not tree_of(path).body
    assert empty or ast.get_docstring(tree_of(path)), f"{name_of(path)} has no docstring"


def test_half_of_all_modules_fit_two_screens() -> None:
    assert statistics.median(len(path.read_text("utf-8").splitlines()) for path in HAND_WRITTEN) <= MEDIAN_MODULE


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name_of)
def test_modules_and_functions_stay_small(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{name_of(path)} has {lines} lines; two things may live in it"
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: _length(node) for node in functions if _length(node) > LONGEST_FUNCTION}
    assert not long, f"{name_of(path)}: longer than {LONGEST_FUNCTION} lines: {long}"


@pytest.mark.parametrize("path", modules("app"), ids=name_of)
def test_public_functions_state_their_promise(path: Path) -> None:
    bare = [
        node.name
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not bare, f"{name_of(path)}: without a docstring: {bare}"


@pytest.mark.parametrize("folder", CONTENT_FOLDERS)
def test_content_folders_hold_no_code(folder: str) -> None:
    assert [name_of(path) for path in (ROOT / folder).rglob("*.py")] == []


@pytest.mark.parametrize("path", modules("app"), ids=name_of)
def test_python_calls_nothing_dangerous(path: Path) -> None:
    assert _matches(path, DANGEROUS_IN_PYTHON) == []


@pytest.mark.parametrize("path", modules("app"), ids=name_of)
def test_only_words_of_ours_are_declared_markup(path: Path) -> None:
    made = [
        f"{name_of(path)}:{call.lineno}"
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and _called(call) == "Markup"
        and not all(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert made == [], "give Markup a literal and fill it in with .format(), which escapes"


@pytest.mark.parametrize("path", shipped_pages(), ids=name_of)
def test_pages_and_scripts_open_no_hole(path: Path) -> None:
    assert _matches(path, _patterns_for(path)) == []


@pytest.mark.parametrize("path", shipped_pages(), ids=name_of)
def test_pages_name_no_other_host(path: Path) -> None:
    text = NAMESPACES.sub("", path.read_text("utf-8", "replace"))
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", text, re.IGNORECASE) == []


def test_every_paper_document_is_made_with_a_fetcher_of_its_own() -> None:
    bare = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules("app")
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and _called(call) in ("HTML", "CSS")
        and "weasyprint" in path.read_text("utf-8")
        and "url_fetcher" not in {keyword.arg for keyword in call.keywords}
    ]
    assert bare == []


@pytest.mark.parametrize("path", modules("tests"), ids=name_of)
def test_no_test_depends_on_the_clock_on_the_wall(path: Path) -> None:
    judged = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assert)
        and CLOCK_WORDS.search(ast.unparse(node.test))
        and not PATIENCE.search(ast.unparse(node.test))
    ]
    assert judged == [], f"{name_of(path)}: assert a count, a size or CPU time instead"


def test_third_party_scripts_come_with_their_licence() -> None:
    vendor = WEB / "static" / "vendor"
    scripts = [path for path in vendor.glob("*.js") if path.stem.endswith(".min")]
    assert scripts
    for script in scripts:
        assert list(vendor.glob(f"{script.name.split('.')[0]}.LICEN*")), f"{name_of(script)} has no licence beside it"


def test_translations_lie_where_the_package_takes_them_along() -> None:
    assert list((APP / "translations" / "en" / "LC_MESSAGES").glob("*.po"))


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
