"""Mutated real files and random bytes, by the thousand: a valid model or located errors, never anything else.

Every reader that content goes through is asked: `lint` on one file and on a framework's folder, the library with a
publication laid over it, and the text of a snapshot. Time and memory are bounded for each example. A few examples run
with every test run, several thousand by night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.content.checking import content_behind
from app.content.faults import Document, Faults
from app.content.layering import ContentKind, Edition, load_layered_library
from app.content.library import Library, load_framework, load_library
from app.content.lint import LintReport, lint
from app.content.proofing import lint_draft
from app.content.reading import read_bytes
from app.content.snapshot import (
    digest,
    framework_document,
    questionnaire_document,
    read_framework_document,
    read_questionnaire_document,
)
from app.core.errors import FaultsFound
from app.core.framework import Framework
from tests.content.bounding import Bounded
from tests.content.writing import CHECKOUT, FILES, FRAMEWORK, write

# examples of each of the four tests: 150 with every run, 6,500 by night
FILES_CHANGED, BYTES_READ, TYPED, LAYERS = (
    (by_day, pytest.param(by_night, marks=pytest.mark.nightly))
    for by_day, by_night in ((30, 1_500), (90, 3_000), (20, 1_500), (10, 500))
)
FRAMEWORKS = ("telecom-crm", "crm-three-layers", "customer-value-service", "credit-risk", "one-to-one-marketing")
PIECES = (
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
        ">-\n",
        "&a ",
        "*a",
        "!!x ",
        "!<x>",
    ),
    *("<<: ", "format: 1\n", "kind: framework\n", "id: x\n", "true", "null", "~", "1.5", "-0", "1e400", ".inf", ".nan"),
    *(
        "0x10",
        "999999999999999",
        "0.000000000001",
        "1" * 40,
        "'",
        '"',
        "#",
        "---\n",
        "...\n",
        "%YAML 9.9\n",
        "客户",
        "\t",
    ),
    *(
        "\r",
        "\r\n",
        "\x00",
        "\x85",
        "\ufeff",
        "\u2028",
        "\ud7ff",
        "😀",
        "e\u0301",
        "children:",
        "no",
        "replaces: [",
        "x" * 70,
    ),
    *("{zh: 甲}", "[[[[", "{{{{", "children: []", "children: framework.yaml", "children: ../x.yaml", "related: [x]"),
    *(
        "related: [telecom-crm/x]",
        "prerequisites: [channel-synchronisation]",
        "levels: {0: 甲, 0.0: 乙}",
        "min: 6",
        "step: 0",
    ),
    *(
        "weight: 0",
        "weight: -1",
        "version: 1.0",
        'version: "1.10"',
        "framework: telecom-crm@",
        "when: {not: {}}",
        "\\",
        "\\x",
    ),
)


OF_BYTES = ("insert", "replace", "cut", "end", "flip", "repeat")


@dataclass(frozen=True)
class Mutation:
    """One change of a file's bytes; positions are shares of its length, so that they fit every file."""

    kind: str
    at: float
    to: float
    piece: bytes

    def of(self, data: bytes) -> bytes:
        """Return the changed bytes."""
        return self._of_bytes(data) if self.kind in OF_BYTES else self._of_lines(data.split(b"\n"))

    def _of_bytes(self, data: bytes) -> bytes:
        start, end = sorted((int(self.at * len(data)), int(self.to * len(data))))
        head, tail = data[:start], data[start:]
        changed = {
            "insert": self.piece + tail,
            "replace": self.piece + data[min(end, start + 12) :],
            "cut": data[min(end, start + 200) :],
            "end": b"",
            "flip": bytes([tail[0] ^ (1 << len(self.piece) % 8)]) + tail[1:],
            "repeat": data[start:end][:4000] * (1 + len(self.piece) % 4) + data[end:],
        }
        return head + changed[self.kind]

    def _of_lines(self, lines: list[bytes]) -> bytes:
        line, other = int(self.at * (len(lines) - 1)), int(self.to * (len(lines) - 1))
        match self.kind:
            case "swap":
                lines[line], lines[other] = lines[other], lines[line]
            case "indent":
                lines[line] = b"  " + lines[line] if len(self.piece) % 2 else lines[line][2:]
            case "drop":
                del lines[line]
            case "value":
                key, colon, _ = lines[line].partition(b": ")
                lines[line] = key + colon + self.piece
            case _:
                lines.insert(other, lines[line])
        return b"\n".join(lines)


KINDS = (*OF_BYTES, "swap", "indent", "drop", "value", "twice")
MUTATIONS = st.lists(
    st.builds(
        Mutation,
        kind=st.sampled_from(KINDS),
        at=st.floats(0, 0.999999),
        to=st.floats(0, 0.999999),
        piece=st.sampled_from(PIECES).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=12),
    ),
    min_size=1,
    max_size=6,
)


def mutated(data: bytes, mutations: list[Mutation]) -> bytes:
    """Return the bytes after all of these changes; what has become empty cannot be changed any further."""
    for mutation in mutations:
        if not data:
            return data
        data = mutation.of(data)
    return data


@cache
def files_of(framework: str) -> dict[str, bytes]:
    """Return every file of a shipped framework's folder, and its questionnaires, by the path in a content root."""
    folder = CHECKOUT / "frameworks" / framework
    found = [path for path in sorted(folder.rglob("*.yaml")) if "versions" not in path.parts]
    found += sorted((CHECKOUT / "questionnaires").glob(f"{framework}-*.yaml"))
    return {str(path.relative_to(CHECKOUT)): path.read_bytes() for path in found}


@pytest.fixture(scope="module", autouse=True)
def root_read_once() -> Iterator[None]:
    """Read the content root that references are looked up in once, not for every example."""
    with pytest.MonkeyPatch.context() as patch:
        behind = content_behind([], CHECKOUT)
        patch.setattr("app.content.lint.content_behind", lambda paths, root: behind)
        yield


def located(report: LintReport, folder: Path) -> LintReport:
    """Check that every fault says where it is, in a line that the file has, and in a finished sentence."""
    for fault in report.faults:
        assert fault.file
        path = Path(fault.file)
        assert path.is_relative_to(folder)
        assert fault.line
        assert fault.column
        text = path.read_bytes() if path.is_file() else b""
        lines = text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 2
        assert fault.code[0] in "EW"
        assert "\n" not in fault.message
        assert len(fault.message) < 1500
        fault.message.encode("utf-8")
        fault.path.encode("utf-8")
    return report


def check_framework(files: dict[str, bytes], framework: str) -> None:
    """Lint a content root; where it has no error its model is whole, and stays the same through a snapshot."""
    with TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        folder = root / "frameworks" / framework
        with Bounded():
            report = lint([folder, root / "questionnaires"], root=CHECKOUT)
        located(report, root)
        try:
            read = load_framework(folder)
        except FaultsFound:
            assert report.errors
        else:
            whole(read)
            if not report.errors:
                load_library(root)


def whole(framework: Framework) -> None:
    """Check what every part of the product takes for granted in a framework."""
    assert framework.leaves
    assert all(framework.tier_of(leaf.id) == framework.tiers[-1] for leaf in framework.leaves)
    document = framework_document(framework)
    again = read_framework_document(document)
    assert again == framework
    assert digest(framework_document(again)) == digest(document)


def mutate_one_of(name: str, which: int, mutations: list[Mutation]) -> None:
    files = dict(files_of(name))
    path = sorted(files)[which % len(files)]
    check_framework({**files, path: mutated(files[path], mutations)}, name)


def anything(data: bytes) -> None:
    document = Document("file.yaml", Faults())
    with Bounded():
        tree = read_bytes(data, document)
    faults = document.faults.sorted()
    assert tree is not None or any(fault.severity == "error" for fault in faults)
    with TemporaryDirectory() as folder:
        (Path(folder) / "file.yaml").write_bytes(data)
        assert located(lint([Path(folder) / "file.yaml"], root=CHECKOUT), Path(folder)).errors


def lay_over(path: str, mutations: list[Mutation]) -> None:
    """Lay a changed file of the small content root over the root, and a sound edition over a changed root."""
    data = mutated(FILES[path].encode(), mutations)
    text = data.decode("utf-8", "replace")
    kind, key = (
        (ContentKind.QUESTIONNAIRE, "tiny-guide")
        if path.startswith("questionnaires")
        else (ContentKind.WEIGHTS, "tiny/turned")
        if "/weights/" in path
        else (ContentKind.FRAMEWORK, "tiny")
    )
    with TemporaryDirectory() as scratch:
        root = write(Path(scratch), FILES)
        for edition in (
            Edition(kind, key, "2.0.0", "0" * 64, {Path(path).name: text}),
            Edition(ContentKind.FRAMEWORK, "tiny", "0.9.0", "0" * 64, {"framework.yaml": text}),
        ):
            with Bounded():
                loaded_or_refused(root, [edition])
        (root / path).write_bytes(data)
        (root / "frameworks/tiny/versions.yaml").write_bytes(data[:400])
        sound = {"framework.yaml": FILES["frameworks/tiny/framework.yaml"].replace("1.0.0", "1.1.0")}
        loaded_or_refused(root, [Edition(ContentKind.FRAMEWORK, "tiny", "1.1.0", "0" * 64, sound)])


def loaded_or_refused(root: Path, editions: list[Edition]) -> None:
    try:
        library = load_layered_library(root, editions)
    except FaultsFound as found:
        refused = found
    else:
        for framework_id in library.framework_ids():
            whole(library.framework(framework_id))
        return
    assert refused.errors
    assert all(fault.file and fault.line and fault.column for fault in refused.faults)


def check_draft(name: str, which: int, mutations: list[Mutation], *, library: Library) -> None:
    """Check a changed file as an editor types it: the same promise, for text instead of bytes."""
    files = {path: data for path, data in files_of(name).items() if path.count("/") < 3}
    path = sorted(files)[which % len(files)]
    changed = mutated(files[path], mutations).decode("utf-8", "replace" if which % 2 else "surrogateescape")
    if path.startswith("questionnaires"):
        kind, key, texts = ContentKind.QUESTIONNAIRE, Path(path).stem, {Path(path).name: changed}
    else:
        kind, key = ContentKind.FRAMEWORK, name
        tree = {Path(one).name: data.decode() for one, data in files.items() if one.startswith("frameworks")}
        texts = {**tree, Path(path).name: changed}
    with Bounded():
        checked = lint_draft(kind, key, texts, library)
    assert checked.content is not None or checked.errors
    assert all(fault.file and fault.line and fault.column for fault in checked.faults)
    if checked.framework is not None:
        whole(checked.framework)
    if checked.questionnaire is not None:
        document = questionnaire_document(checked.questionnaire)
        assert read_questionnaire_document(document) == checked.questionnaire


NAMES, PLACES = st.sampled_from(FRAMEWORKS), st.integers(0, 40)
JUNK = st.lists(st.sampled_from(PIECES), max_size=200).map(lambda pieces: "".join(pieces).encode())
LAID = st.sampled_from(sorted(set(FILES) - {"reports/brief/report.yaml"}))


def often(examples: int) -> settings:
    """Return how a test runs: so many examples, each as long as `Bounded` lets it, and no search for the smallest."""
    phases = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=phases)


@pytest.mark.parametrize("examples", FILES_CHANGED)
def test_a_changed_file_of_a_shipped_framework_is_a_model_or_located_errors(examples: int) -> None:
    often(examples)(given(NAMES, PLACES, MUTATIONS)(mutate_one_of))()


@pytest.mark.parametrize("examples", BYTES_READ)
def test_any_bytes_are_located_errors(examples: int) -> None:
    often(examples)(given(st.binary(max_size=2000) | JUNK)(anything))()


@pytest.mark.parametrize("examples", TYPED)
def test_a_file_as_it_is_typed_is_content_or_located_errors(examples: int, library: Library) -> None:
    def check(name: str, which: int, mutations: list[Mutation]) -> None:
        check_draft(name, which, mutations, library=library)

    often(examples)(given(NAMES, PLACES, MUTATIONS)(check))()


@pytest.mark.parametrize("examples", LAYERS)
def test_what_is_laid_over_a_content_root_is_loaded_or_refused(examples: int) -> None:
    often(examples)(given(LAID, MUTATIONS)(lay_over))()


def test_what_holds_too_much_memory_is_found_out() -> None:
    """The bound is worth something: it sees what was freed again, and lets what is modest pass."""
    with Bounded():
        assert len(bytes(b"x" * 60_000_000)) == 60_000_000
    with pytest.raises(AssertionError, match="bytes"), Bounded():
        assert len(bytes(b"x" * 150_000_000)) == 150_000_000


# what random changes never hit on: files of files, circles, links


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    """Six files that each name the next one 300 times would be read 300^5 times."""
    tier = "  - {{id: t{n}, name: {{zh: 层, en: Tier}}}}\n"
    head = FRAMEWORK[: FRAMEWORK.index("tiers:")]
    tail = FRAMEWORK[FRAMEWORK.index("scale:") : FRAMEWORK.index("capabilities:")]
    files = {
        "framework.yaml": head
        + "tiers:\n"
        + "".join(tier.format(n=n) for n in range(6))
        + tail
        + "capabilities: 0.yaml\n"
    }
    for n in range(5):
        files[f"{n}.yaml"] = "".join(f"- {{id: n{n}-{i}, name: 甲, children: {n + 1}.yaml}}\n" for i in range(300))
    files["5.yaml"] = "- {id: leaf, name: 甲}\n"
    write(tmp_path, files)
    with Bounded():
        report = lint([tmp_path], root=CHECKOUT)
    assert {fault.code for fault in report.errors} == {"E214"}


def test_a_long_circle_is_told_in_short(tmp_path: Path) -> None:
    head = FRAMEWORK[: FRAMEWORK.index("capabilities:")].replace(
        "  - {id: dimension, name: {zh: 领域, en: Dimension}}\n", ""
    )
    ring = "".join(
        f"  - {{id: a-{i}, name: {{zh: 甲, en: A}}, prerequisites: [a-{(i + 1) % 2000}]}}\n" for i in range(2000)
    )
    write(tmp_path, {"framework.yaml": head + "capabilities:\n" + ring})
    (fault,) = lint([tmp_path], root=CHECKOUT).errors
    assert fault.code == "E313"
    assert len(fault.message) < 500
    assert fault.message.endswith("a-1999 → a-0")


def test_a_link_out_of_the_root_is_refused_with_a_publication_as_without(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("- {id: a, name: {zh: 甲, en: A}}\n", "utf-8")
    root = write(tmp_path / "root", FILES)
    folder = root / "frameworks" / "tiny"
    (folder / "linked.yaml").symlink_to(secret)
    (folder / "framework.yaml").write_text(
        FRAMEWORK[: FRAMEWORK.index("capabilities:")] + "capabilities: linked.yaml\n", "utf-8"
    )
    sound = {"framework.yaml": FRAMEWORK.replace("id: tiny", "id: other")}
    for editions in ([], [Edition(ContentKind.FRAMEWORK, "other", "1.0.0", "0" * 64, sound)]):
        with pytest.raises(FaultsFound) as found:
            load_layered_library(root, editions)
        assert "E315" in {fault.code for fault in found.value.errors}


def test_what_cannot_be_copied_is_said_with_its_place(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    (root / "frameworks/tiny/weights/gone.yaml").symlink_to("nowhere.yaml")
    sound = {"framework.yaml": FRAMEWORK.replace("id: tiny", "id: other")}
    with pytest.raises(FaultsFound) as found:
        load_layered_library(root, [Edition(ContentKind.FRAMEWORK, "other", "1.0.0", "0" * 64, sound)])
    assert {fault.code for fault in found.value.errors} == {"E116"}


def test_a_damaged_versions_file_is_said_with_its_place_when_something_is_laid_over_it(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    (root / "frameworks/tiny/versions.yaml").write_bytes(b"format: 1\n- \xff")
    sound = {"framework.yaml": FRAMEWORK.replace("1.0.0", "1.1.0")}
    with pytest.raises(FaultsFound) as found:
        load_layered_library(root, [Edition(ContentKind.FRAMEWORK, "tiny", "1.1.0", "0" * 64, sound)])
    assert {Path(fault.file or "").name for fault in found.value.errors} == {"versions.yaml"}


@pytest.mark.parametrize("text", ["---\n#x", "a:\n#", "a: 1\nb: #", "format: 1\nkind: #x"])
def test_a_fault_at_the_end_stands_in_a_line_that_the_file_has(tmp_path: Path, text: str) -> None:
    """A file without a line break at its end, whose last line is a comment: found by random bytes."""
    write(tmp_path, {"file.yaml": text})
    assert located(lint([tmp_path / "file.yaml"], root=CHECKOUT), tmp_path).errors
