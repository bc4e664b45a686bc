"""`crm-maturity publish`: frameworks that lie on disk get `versions/<version>/`, versions.yaml and a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from app.cli.main import Factories
from app.cli.output import emit_json, fail, faults_document, format_option
from app.content.folder_publishing import FolderPublication, State, judge_folder, write_publication
from app.content.frameworks import FRAMEWORK_FILE
from app.content.roots import Roots, as_roots
from app.core.errors import Fault, FaultsFound
from app.settings import SettingsFault


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option("--note", default="", help="Why; required for a version that follows another one.")
@click.option("--dry-run", is_flag=True, help="Say what would be published; write nothing.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Content root; default: CRM_MATURITY_ROOT, else the checkout.",
)
@format_option
@click.pass_obj
def publish(
    factories: Factories, paths: tuple[Path, ...], *, note: str, dry_run: bool, root: Path | None, output: str
) -> None:
    """Publish framework folders: those named, else all of the content root.

    Refused are errors, a changed content under a published version (both hashes are printed) and a version that rises
    by less than the change needs: patch for wording, minor for additions and weights, major for removed or split
    elements or another scale. What is published already stays as it is. All folders are checked before any is written.
    """
    roots = _roots(factories, root, output)
    judged = _judge(list(_folders(paths or tuple(as_roots(roots)))), roots, output)
    new = [one for one in judged if one.state is State.NEW]
    refused = [one.reason for one in new if one.reason is not None]
    if not refused and not note.strip() and not dry_run:
        refused = [_note_missing(one) for one in new if one.before is not None]
    if refused:
        fail(refused, output)
    for one in new if not dry_run else ():
        write_publication(one, note=note.strip(), today=_today())
    _tell(judged, output, dry_run=dry_run)


def _roots(factories: Factories, root: Path | None, output: str) -> Roots:
    try:
        return root or factories.settings().content_roots
    except SettingsFault as fault:
        fail([Fault("settings", str(fault))], output)


def _folders(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the framework folders that are named: themselves, below a named folder, or around a named file."""
    for path in paths:
        folder = path if path.is_dir() else path.parent
        below = folder / "frameworks" if (folder / "frameworks").is_dir() else folder
        if (folder / FRAMEWORK_FILE).is_file():
            yield folder
            continue
        found = sorted(file.parent for file in below.glob(f"*/{FRAMEWORK_FILE}"))
        if not found:
            raise click.BadParameter(f"there is no {FRAMEWORK_FILE} in {path}.", param_hint="PATH")
        yield from found


def _judge(folders: Sequence[Path], roots: Roots, output: str) -> list[FolderPublication]:
    judged, faults = [], list[Fault]()
    for folder in dict.fromkeys(folders):
        try:
            judged.append(judge_folder(folder, root=roots))
        except FaultsFound as found:
            faults.extend(found.faults)
    if faults:
        fail(faults, output)
    return judged


def _note_missing(one: FolderPublication) -> Fault:
    message = f"version {one.framework.version} follows another one: say why with --note"
    return Fault("note-missing", message, file=str(one.folder / FRAMEWORK_FILE))


def _tell(judged: Sequence[FolderPublication], output: str, *, dry_run: bool) -> None:
    if output == "json":
        emit_json({"published": [_document(one) for one in judged], "dry_run": dry_run, **faults_document([])})
        return
    for one in judged:
        word = "would be published" if dry_run and one.state is State.NEW else one.state.value
        click.echo(f"{one.framework.reference}: {word} {one.hash}")


def _document(one: FolderPublication) -> dict[str, object]:
    return {
        "framework": one.framework.id,
        "version": one.framework.version,
        "state": one.state.value,
        "hash": one.hash,
        "before": one.before.version if one.before is not None else None,
        "step": one.step.name.lower() if one.before is not None else "first",
        "folder": str(one.folder),
    }


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
