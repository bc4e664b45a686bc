"""Templates and style sheets beside a report: they can be read, name what there is, and reach nothing outside.

Knows the names that typesetting brings (`core.report`); what stands in a template is read elsewhere, and nothing is
rendered.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from jinja2 import TemplateSyntaxError
from jinja2.defaults import DEFAULT_NAMESPACE

from app.content.folders import Folder, Reads
from app.content.located import Place, shown
from app.content.shapes import Record
from app.content.stylesheets import allowed, check_stylesheet, style_elements
from app.content.template_reading import TemplateContent, read_template
from app.core.report import REPORT_TEMPLATES, SectionKind, Vocabulary

MOST_BYTES = 256 * 1024
THEME_SHEET = "theme.css"
_GETTEXT = ("_", "gettext", "ngettext", "pgettext", "npgettext")
_WRITTEN_ADDRESS = re.compile(
    r"<(?P<element>[a-zA-Z]+)\b[^<>]*?\b(?:src|href|data|poster|action|background)\s*=\s*(?P<quote>[\"'])"
    r"(?P<address>[^\"'{}]*)(?P=quote)"
)
_FORBIDDEN_ELEMENT = re.compile(r"<(script|iframe|object|embed|base|form)\b", re.IGNORECASE)


def section_template(kind: str) -> str:
    """Return the name of a section's template."""
    return f"sections/{kind}.html"


class Templates:
    """The templates of a report: those in its own folder, and the house's where it has none of a name.

    Without a house every template stands in the report's own folder.
    """

    def __init__(
        self, own: Folder, house: Folder | None, reads: Reads, vocabulary: Vocabulary = REPORT_TEMPLATES
    ) -> None:
        self.own = own
        self.house = house
        self.vocabulary = vocabulary
        self.reads = reads
        self.faults = reads.faults
        self.files: list[str] = []
        self._read: dict[str, TemplateContent | None] = {}

    def check(self, record: Record) -> None:
        """Check the templates of the sections that a definition names, and every file beside it."""
        self._check_files()
        if not self._there(self.vocabulary.start):
            record.fault("E708", None, name=self.vocabulary.start)
        for section in record.get("sections") or ():
            self._check_section(section)
        self._check_used(record)

    def check_alone(self) -> None:
        """Check every file of a folder of templates that no definition stands in (the house's)."""
        self._check_files()

    # the sections of a definition

    def _check_section(self, section: Record) -> None:
        kind, named = section.get("section"), section.get("template")
        if named is not None and not self._there(named, own=True):
            section.value_fault("E314", "template", name=named)
        elif kind is not None and named is None and not self._there(section_template(kind)):
            section.value_fault("E714", "section", name=section_template(kind), section=kind)

    def _check_used(self, record: Record) -> None:
        """Warn of templates that nothing refers to."""
        named = {section.get("template") for section in record.get("sections") or ()}
        used = {*named, self.vocabulary.start, *self.house_names, *map(section_template, SectionKind)}
        for name in self.own_names:
            used |= self._references(name)
        for name in self.own_names:
            if name not in used:
                self.faults.add("W332", Place(self.own.call(name)))

    # files

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """The templates of the report's own folder, by their path in it."""
        return _below(self.own.path, ".html")

    @cached_property
    def house_names(self) -> tuple[str, ...]:
        """The house's templates."""
        return _below(self.house.path, ".html") if self.house else ()

    @cached_property
    def assets(self) -> frozenset[str]:
        """What a sheet may refer to by name: the sheets themselves."""
        folders = (self.own, self.house) if self.house else (self.own,)
        names = {Path(name).name for folder in folders for name in _below(folder.path, ".css", deep=False)}
        return frozenset(names | {THEME_SHEET})

    def _check_files(self) -> None:
        for name in self.own_names:
            text = self._text(name)
            if text is not None:
                self._check_template(name, text)
        for name in _below(self.own.path, ".css", deep=False):
            text = self._text(name)
            if name == THEME_SHEET:
                self.faults.add("E716", Place(self.own.call(name)), name=name)
            elif text is not None:
                check_stylesheet(text, Place(self.own.call(name)), self.faults, self.assets)

    def _text(self, name: str) -> str | None:
        """Return a file of the report's own; None after reporting why it cannot be read."""
        shown_as, path = self.own.call(name), self.own.path / name
        self.files.append(shown_as)
        self.reads.beside[shown_as] = path.absolute()
        place = Place(shown_as)
        if not self.own.holds(name):
            self.faults.add("E315", place, name=name)
        elif path.stat().st_size > MOST_BYTES:
            self.faults.add("E116", place, problem=f"it is larger than {MOST_BYTES // 1024} KiB")
        else:
            try:
                return path.read_text("utf-8")
            except UnicodeDecodeError:
                self.faults.add("E110", place, problem="it holds bytes that are no text")
        return None

    # one template

    def _check_template(self, name: str, text: str) -> None:
        content = self._content(name, text)
        if content is None:
            return
        for wanted, line in content.includes:
            if not self._there(wanted):
                self._fault("E708", name, line, name=shown(wanted))
        if self._operations_are_known(name, content):
            self._check_names(name, content)
        self._check_addresses(name, text)

    def _operations_are_known(self, name: str, content: TemplateContent) -> bool:
        """Report filters and tests that there are not; tell whether there was none of them."""
        for called, line in content.filters:
            self._fault("E709", name, line, name=called, known=", ".join(self.vocabulary.filters))
        for asked, line in content.tests:
            self._fault("E709", name, line, name=asked, known="defined, none, string")
        return not content.filters and not content.tests

    def _check_names(self, name: str, content: TemplateContent) -> None:
        """Report names that no value has, and what reaches below the values."""
        if content.refused is not None:
            problem, line = content.refused
            self._fault("E707", name, line, problem=problem)
            return
        for unknown in sorted(content.undeclared - self._known_names):
            place = next((line for word, line in content.names if word == unknown), 1)
            self._fault("E709", name, place, name=unknown, known=", ".join(self.vocabulary.names))
        for word, line in content.reached:
            if word.startswith("_"):
                self._fault("E710", name, line, name=shown(word))

    def _check_addresses(self, name: str, text: str) -> None:
        plain = re.sub(r"\{#.*?#\}", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL)
        for found in _WRITTEN_ADDRESS.finditer(plain):
            if found["address"] and not allowed(found["address"], self.assets):
                self._fault("E711", name, _line(plain, found.start("address")), address=shown(found["address"]))
        for found in _FORBIDDEN_ELEMENT.finditer(plain):
            self._fault("E715", name, _line(plain, found.start()), element=found[1].lower())
        for sheet, line in style_elements(plain):
            if "{{" not in sheet and "{%" not in sheet:
                check_stylesheet(sheet, Place(self.own.call(name), line), self.faults, self.assets)

    @cached_property
    def _known_names(self) -> frozenset[str]:
        """What a template may speak of: what typesetting brings, and what the templates around it set or loop over."""
        known = {
            *self.vocabulary.names,
            *DEFAULT_NAMESPACE,
            *_GETTEXT,
            "section",
            "loop",
            "caller",
            "varargs",
            "kwargs",
        }
        for name in {*self.own_names, *self.house_names}:
            content = self._content(name)
            if content is not None:
                known |= content.brought
        return frozenset(known)

    def _content(self, name: str, text: str | None = None) -> TemplateContent | None:
        """Return what a template says; None where it cannot be read, which is reported for the report's own."""
        if name in self._read:
            return self._read[name]
        own = name in self.own_names
        self._read[name] = None
        try:
            folder = self.own if own or self.house is None else self.house
            source = text if text is not None else (folder.path / name).read_text("utf-8")
            self._read[name] = read_template(source, tuple(self.vocabulary.filters))
        except TemplateSyntaxError as error:
            if own:
                self._fault("E707", name, error.lineno, problem=error.message or "it cannot be read")
        except (OSError, UnicodeDecodeError):
            pass  # reported where it is read for itself
        return self._read[name]

    def _references(self, name: str) -> set[str]:
        content = self._content(name)
        return {wanted for wanted, _ in content.includes} if content is not None else set()

    def _there(self, name: str, *, own: bool = False) -> bool:
        return name in self.own_names or (not own and name in self.house_names)

    def _fault(self, code: str, name: str, line: int, /, **values: object) -> None:
        self.faults.add(code, Place(self.own.call(name), line), **values)


def _below(folder: Path, suffix: str, *, deep: bool = True) -> tuple[str, ...]:
    """Return the files of a suffix in a folder by their path in it; hidden ones are left out."""
    if not folder.is_dir():
        return ()
    found = folder.rglob(f"*{suffix}") if deep else folder.glob(f"*{suffix}")
    names = (file.relative_to(folder).as_posix() for file in found if file.is_file())
    return tuple(sorted(name for name in names if not name.startswith(".") and "/." not in name))


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
