"""`crm-maturity schema`: write the JSON Schemas with which editors complete and check content files."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.main import Factories
from app.content.json_schema import FOLDER, schema_files


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; default: frameworks/schema of the content root.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a file differs.")
@click.pass_obj
def schema(factories: Factories, out: Path | None, check: bool) -> None:
    """Write the JSON Schema of every kind of content file, from the definitions that lint uses."""
    folder = out or factories.settings().content / FOLDER
    differing = [name for name, text in schema_files().items() if _read(folder / name) != text]
    if check:
        for name in differing:
            click.echo(f"{folder / name} differs; run: crm-maturity schema")
        raise SystemExit(1 if differing else 0)
    folder.mkdir(parents=True, exist_ok=True)
    for name in differing:
        (folder / name).write_text(schema_files()[name], encoding="utf-8")
    click.echo(f"{len(differing)} of {len(schema_files())} schemas written to {folder}", err=True)


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None
