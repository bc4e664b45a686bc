"""The catalogue of faults and the collector. Every code, its severity and its sentence stand here and nowhere else.

A sentence has named parts; they travel beside the message (`Fault.values`), so that another language can be worded
by code. What each code means and how to mend it is written down in docs/fault-codes.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.content.located import Node, Place
from app.core.errors import Fault, FaultsFound

MOST_FAULTS_PER_FILE = 1000

SENTENCES: dict[str, str] = {
    # reading a file
    "E101": "this is not valid YAML: {problem}",
    "E102": "the file has {size} bytes; at most 2 MiB ({limit} bytes) are allowed",
    "E103": "values are nested more than {limit} deep; at most {limit} are allowed",
    "E104": "the file has more than {limit} values; at most {limit} are allowed",
    "E105": "anchors (&{name}) are not allowed; write the value where it is needed",
    "E106": "aliases (*{name}) are not allowed; write the value where it is needed",
    "E107": "tags ({tag}) are not allowed; write a plain value",
    "E108": "merging with << is not allowed; write the keys where they are needed",
    "E109": "a file holds one document; a second one begins here",
    "E110": "the file is not UTF-8 ({problem}); save it as UTF-8 without a byte order mark",
    "E111": "the file opens with a byte order mark; save it as UTF-8 without one",
    "E112": "the character {character} is not allowed; only printable text, tabs and line breaks are",
    "E113": "the key {key} stands twice, first in line {first}; a key may stand only once",
    "E114": "a key must be a single text or number, not {found}",
    "E115": "the file is empty; it must open with format, kind and id",
    "E116": "the file cannot be read: {problem}",
    "E117": "a number may have at most 15 digits before and 12 after the decimal point",
    "E118": "there are more than {limit} errors in this file; the rest is not listed",
    "W118": "there are more than {limit} warnings in this file; the rest is not listed",
    # the form of a value
    "E201": "the key {key} is not known here; allowed are {allowed}",
    "E202": "the key {key} is missing; it is required here",
    "E203": "this must be {expected}, not {found}",
    "E204": "{value} is not one of {allowed}",
    "E205": "{value} is not an id; an id is {expected}, at most 64 characters",
    "E206": 'quote it: {value} without quotes is not a text to every YAML reader; write "{value}"',
    "E207": '{value} is not a version; a version has three parts, such as 1.2.0, or is quoted, such as "1.10"',
    "E208": "the number {value} is out of range; it must be {expected}",
    "E209": "this must be a whole number, not {value}",
    "E210": "{value} is not a day; write year-month-day, such as 2003-09-28",
    "E211": "this text must not be empty",
    "E212": "the text needs {languages}",
    "E213": "the list has {count} items; it must have {expected}",
    "E214": "{value} is listed twice; each may stand only once",
    "E215": "{value} is not a reference; write {expected}",
    "E216": "{value} is not a plain file name; it must name a file beside this one, without a separator, .. or a path",
    "E217": "the kind must be {expected} here, not {value}",
    "E218": "the format must be 1, not {value}",
    "W221": "the English text is missing; the Chinese one will be shown in its place",
    # a framework and its folder
    "E301": "the id {id} stands twice in this framework, first at {first}; ids are unique",
    "E302": "{id} has no children but stands on tier {tier} ({name}); elements stand on the last tier, {last}",
    "E303": "{id} stands below the last tier ({last}); there are {count} tiers",
    "E304": "all children of {parent} have weight 0; at least one weight must be above 0",
    "E305": "the key {key} is for elements only (capabilities without children)",
    "E306": "the range from {low} to {high} is not a whole number of steps of {step}",
    "E307": "max ({high}) must be above min ({low})",
    "E308": "the levels must name both ends of the scale; {value} is missing",
    "E309": "{value} is not on the scale from {low} to {high} in steps of {step}",
    "E310": "provisional ({provisional}) must not be above publish ({publish})",
    "E311": "{id} is not in this framework",
    "E312": "{id} is not an element; only capabilities without children can stand here",
    "E313": "the prerequisites run in a circle: {circle}",
    "E314": "there is no file {name} beside this one",
    "E315": "{name} is a link out of its folder; content must lie in the folder itself",
    "E316": "{name} contains itself: {circle}",
    "E317": "the scale has {count} steps; at most {limit} are allowed",
    "E318": (
        "the content of version {version} differs from what was published under it: published {published}, "
        "now {now}; give the changed content a new version"
    ),
    "E319": "version {version} is listed as published, but versions/{version}/ is not there",
    "E320": "this must be {expected}, as the folder says, not {value}",
    "E321": "{id} is in no earlier version of this framework",
    "E322": "the folder has no framework.yaml",
    "E323": "the id {id} is taken by {other}; ids are unique",
    "E324": "the profile {id} always exists; give this one another id",
    "E325": "the level {value} stands twice; each value may stand only once",
    "W331": "{reference} was not found; the hint will not be shown",
    "W332": "nothing refers to this file",
    "W333": "version {version} is not listed in versions.yaml; its content is not protected against changes",
    "W334": "{id} cannot be checked; no earlier version of this framework is known",
    # references to a framework
    "E401": "there is no framework {id}; known are {known}",
    "E402": "no version of {id} fits {wanted}; there is {known}",
    "E403": "{id} is not a capability of {framework}",
    "E404": "{id} is not an element of {framework}; only elements can stand here",
    "E405": "{value} is not on the scale; allowed are {low} to {high} in steps of {step}",
    "E406": "{value} is outside the scale; allowed is {low} to {high}",
    "E407": "high ({high}) must not be below low ({low})",
    "E408": "{id} has a score too; a figure is either known or known as a range",
    "E409": "this belongs to {expected}, the framework of this folder, not to {value}",
    "E410": "the framework {id} has faults of its own; mend them first, then this can be checked",
    # cases and units
    "E501": "the state {state} cannot have a score; remove the score or the state",
    "E502": "the state {state} needs a score",
    "E503": "not-applicable needs a reason",
    "E504": "inferred needs a note that says what the score is inferred from",
    "E505": "give a score or a state (not-applicable, unknown, illegible)",
    "E506": "the unit {id} is not in units.yaml",
    "E507": "the parent {id} is not one of the units",
    "E508": "the units run in a circle: {circle}",
    "E509": "the role {id} is not in the questionnaire {questionnaire}",
    "E510": "the question {id} is not in the questionnaire for {element}",
    "E511": "the evidence {id} is not in the questionnaire for {element}",
    "E512": "{value} does not answer the question {question}; it takes {expected}",
    "W521": "the questionnaire {reference} was not found; roles, questions and evidence are not checked",
    "W522": "units.yaml has {id} below {expected}, not below {value}",
    # questionnaires
    "E601": "{id} has an item already, in line {first}; every element stands once",
    "E602": "{id} has no item and is not omitted; every element needs one or the other",
    "E603": "{id} has an item and is omitted; it must be one or the other",
    "E604": "the role {id} is not in roles; known are {known}",
    "E605": "the conditions run in a circle: {circle}",
    "E606": "{value} stands twice, first in line {first}; ids are unique here",
    "E607": "bands must rise; {value} is not above {before}",
    "E608": "only the last band is open; {problem}",
    "E609": "all weights are 0; at least one must be above 0",
    "E610": "a condition needs exactly one of {allowed}",
    "W621": "{id} was added by a later version of the framework; it has no item and is not omitted",
    # reports
    "E701": '{value} is not a colour; write # and six hexadecimal digits in quotes, such as "#0b6e75"',
    "E702": "{name} {value} has a contrast of {ratio}:1 on {ground}; text needs at least 4.5:1",
    "E703": "the accent {value} has a contrast of {ratio}:1 on white paper; lines and marks need at least 3:1",
    "E704": "{value} is not the name of a font family; write it as the system lists it, such as Noto Serif CJK SC",
    "E705": "{name} cannot be a logo: {problem}",
    "E706": "this SVG cannot be a logo: {problem}",
    "E707": "this is not a valid template: {problem}",
    "E708": "there is no template {name}, neither beside this one nor among the house's",
    "E709": "{name} is not known to a template; known are {known}",
    "E710": "{name} cannot be asked for in a template; names that open with _ are not for templates",
    "E711": "{address} cannot be referred to; a report takes only its own files (asset:name.css) and anchors (#name)",
    "E712": "@import is not allowed; every sheet beside the report is taken without it",
    "E713": "this is not valid CSS: {problem}",
    "E714": "there is no template {name} for the section {section}",
    "E715": "<{element}> is not allowed in a template; a report is paper",
    "E716": "{name} is the sheet that the theme writes; give this one another name",
    "E717": "a report about an {about} has no sections; its pages are those of guide.html",
    "W721": (
        "the accent {value} has a contrast of {ratio}:1 on white paper, too little for text; "
        "what would be written in it is written in ink"
    ),
    "W722": "the unit colour {value} has a contrast of {ratio}:1 on white paper; it is drawn with a dark outline",
    "W723": "the font family {value} is not installed here; another one stands in for it",
    "W724": "slides and text files hold no SVG; put {name} beside it, else they go without the logo",
}


def _fault(code: str, place: Place, values: dict[str, str]) -> Fault:
    return Fault(
        code=code,
        message=SENTENCES[code].format(**values),
        path=place.path,
        file=place.file,
        line=place.line,
        column=place.column,
        severity="warning" if code.startswith("W") else "error",
        values=tuple(values.items()),
    )


class Faults:
    """Collects faults of any number of files; a file with very many is cut off, and a fault says so."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}
        self._counted: Counter[tuple[str, str]] = Counter()

    def add(self, code: str, place: Place, /, **values: object) -> None:
        """Report one fault; the same fault at the same place is reported once."""
        severity = code[0]
        if self.is_full(place.file, severity):
            return
        self._counted[place.file, severity] += 1
        if self.is_full(place.file, severity):
            code, place, values = f"{severity}118", Place(place.file), {"limit": MOST_FAULTS_PER_FILE}
        self._found[_fault(code, place, {name: str(value) for name, value in values.items()})] = None

    def include(self, faults: Iterable[Fault]) -> None:
        """Take over faults that were found elsewhere."""
        for fault in faults:
            self._counted[fault.file or "", fault.code[0]] += 1
            self._found[fault] = None

    def is_full(self, file: str, severity: str = "E") -> bool:
        """Tell whether a file has so many errors (`E`) or warnings (`W`) that further ones are not listed."""
        return self._counted[file, severity] > MOST_FAULTS_PER_FILE

    def errors_in(self, files: Iterable[str]) -> int:
        """Return how many errors these files have."""
        return sum(self._counted[file, "E"] for file in files)

    def sorted(self) -> tuple[Fault, ...]:
        """Return every fault by file, line, column and code."""
        return tuple(sorted(self._found, key=lambda f: (f.file or "", f.line or 0, f.column or 0, f.code, f.path)))

    def raise_errors(self) -> None:
        """Raise FaultsFound with everything that was found if there is an error."""
        if any(severity == "E" for _, severity in self._counted):
            raise FaultsFound(self.sorted())


class Document:
    """One file being read: its name for messages, and where its faults go."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults

    def place(self, node: Node, path: str) -> Place:
        """Return the place of a node of this file."""
        return Place(self.file, node.line, node.column, path)

    def fault(self, code: str, node: Node, path: str, /, **values: object) -> None:
        """Report a fault at a node of this file."""
        self.faults.add(code, self.place(node, path), **values)
