"""What every command that takes CASE shares: its options, and the way from case files to scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.main import Factories
from app.cli.output import F, fail
from app.content.roots import Roots
from app.core.case import Case
from app.core.errors import Fault, FaultsFound
from app.core.framework import Framework, Method, WeightProfile
from app.core.judging import RespondentAnswers, judge, respondents_of
from app.core.scoring import Scorecard, score
from app.settings import SettingsFault

if TYPE_CHECKING:
    from app.content.library import Library

CASE_PATH = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
FRAMEWORK_FILE = "framework.yaml"
FOLDER_PATH = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of a command that takes CASE. `root`: a folder or several; `weights`: a profile id."""

    framework: Path | None
    root: Roots | None
    weights: str
    method: Method | None


@dataclass(frozen=True)
class ScoredCase:
    """A case file, read, judged and scored under a weight profile."""

    path: Path
    case: Case
    library: Library
    framework: Framework
    profile: WeightProfile
    scorecard: Scorecard
    respondents: tuple[RespondentAnswers, ...] = ()


root_option = click.option(
    "--root",
    type=FOLDER_PATH,
    multiple=True,
    callback=lambda _context, _option, given: given or None,
    help="Content root, again for a further one; else CRM_MATURITY_ROOT, else the checkout.",
)


def case_options(command: F) -> F:
    """Add `--framework`, `--weights`, `--method` and `--root`; gather them with `Choice`."""
    options = [
        click.option("--framework", type=FOLDER_PATH, help="Folder of the framework, in place of the case's own."),
        click.option(
            "--weights", default="default", show_default=True, help="Weight profile: an id, default or equal."
        ),
        click.option("--method", type=click.Choice([method.value for method in Method]), help="Rollup method."),
        root_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


def choice_of(framework: Path | None, weights: str, method: str | None, root: Roots | None) -> Choice:
    """Return the options as values; wrong usage where the folder is no framework's."""
    if framework is not None and not (framework / FRAMEWORK_FILE).is_file():
        raise click.BadParameter(f"{framework} holds no {FRAMEWORK_FILE}.", param_hint="--framework")
    return Choice(framework, root, weights, Method(method) if method else None)


def scored_cases(paths: Sequence[Path], choice: Choice, *, factories: Factories, output: str) -> list[ScoredCase]:
    """Read, judge and score case files, in order. Ends the command: 1 with every fault found, 2 for wrong usage."""
    faults: list[Fault] = []
    opened: list[tuple[Path, Case, Library]] = []
    libraries: dict[Path | None, Library] = {}
    root = _content_root(choice, factories, output)
    for path in paths:
        try:
            library = _library(path, choice, root=root, known=libraries)
            opened.append((path, _read(path, library, choice), library))
        except FaultsFound as found:
            faults += [fault for fault in found.faults if fault not in faults]
    if faults:
        fail(faults, output)
    return [_scored(path, case, library, choice) for path, case, library in opened]


def _content_root(choice: Choice, factories: Factories, output: str) -> Roots:
    if choice.root is not None:
        return choice.root
    try:
        roots = factories.settings().content_roots
    except SettingsFault as fault:
        fail([Fault("settings", str(fault))], output)
    for root in roots:
        if not root.is_dir():
            raise click.UsageError(f"the content root {root} does not exist; name another with --root.")
    return roots


def _library(path: Path, choice: Choice, *, root: Roots, known: dict[Path | None, Library]) -> Library:
    """Return the content that judges a case; cases of one folder share it."""
    from app.content.library import framework_folder_of, load_library_for  # noqa: PLC0415 - --help stays quick

    folder = choice.framework or framework_folder_of(path)
    if folder not in known:
        known[folder] = load_library_for(path, root=root, framework=choice.framework)
    return known[folder]


def _read(path: Path, library: Library, choice: Choice) -> Case:
    """Read a case; one of another framework than the folder that was asked for is a fault of the case."""
    from app.content.cases import read_case  # noqa: PLC0415

    case = read_case(path, library=library)
    if choice.framework is not None and library.own_framework(case.framework) is None:
        message = f"the case is of {case.framework}, which {choice.framework} does not hold"
        raise FaultsFound([Fault("E802", message, "framework", str(path))])
    return case


def _scored(path: Path, case: Case, library: Library, choice: Choice) -> ScoredCase:
    framework = library.framework(case.framework)
    profiles = library.weight_profiles(framework)
    if choice.weights not in profiles:
        known = ", ".join(profiles)
        raise click.BadParameter(f"{choice.weights!r} is none of {known}.", param_hint="--weights")
    profile = profiles[choice.weights]
    references = {one.questionnaire for one in case.interviews if one.questionnaire}
    found = {reference: library.find_questionnaire(reference) for reference in references}
    respondents = respondents_of(
        case,
        library.find_questionnaire(case.questionnaire) if case.questionnaire else None,
        others={reference: questionnaire for reference, questionnaire in found.items() if questionnaire is not None},
    )
    scorecard = score(
        framework,
        judge(framework, case.scores, respondents),
        weights=profile,
        method=choice.method,
        published=case.published,
    )
    return ScoredCase(path, case, library, framework, profile, scorecard, respondents)
