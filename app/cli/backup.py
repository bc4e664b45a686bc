"""`crm-maturity backup`, `verify-backup`, `restore`: what an operator does against the loss of everything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from app.cli.main import Factories
from app.cli.operating import pass_factories, ready_database, refusals_told
from app.cli.output import FAULTY, emit_json, faults_document, format_option
from app.core.errors import Fault
from app.services.backing_up import Made, back_up
from app.services.backup_folders import newest_backup
from app.services.backup_manifest import BackupFault, Manifest, Secrets, check_of
from app.services.checking_backups import check_backup
from app.services.clock import system_clock
from app.services.restoring import Restored
from app.services.restoring import restore as bring_back
from app.settings import found_secret_key

FOLDER = click.Path(file_okay=False, path_type=Path)
KEY_SAID = {
    Secrets.INCLUDED: "in the backup: keep it as safe as the data",
    Secrets.LEFT_OUT: "left out: without it everybody's second factor has to be set up again",
    Secrets.ELSEWHERE: "comes from the environment: keep SECRET_KEY elsewhere",
    Secrets.NONE: "none yet",
}


@click.command()
@click.option("--to", type=FOLDER, help="Folder for the backup; default: the settings' (backup_folder).")
@click.option("--without-secrets", is_flag=True, help="Leave out the secret key and the TLS authority.")
@format_option
@pass_factories
def backup(factories: Factories, to: Path | None, without_secrets: bool, output: str) -> None:
    """Make a backup while the server runs; it is whole or it is not there."""
    with refusals_told(output), ready_database(factories) as database:
        try:
            made = back_up(database, factories.settings(), system_clock, to=to, with_secrets=not without_secrets)
        except OSError as error:
            raise BackupFault(f"no backup was made: {error}") from error
    if output == "json":
        emit_json({**_summary(made.folder, made.manifest), "manifest_sha256": made.manifest_sha256})
        return
    click.echo(f"backup: {made.folder}")
    click.echo(f"rows: {sum(made.manifest.rows.values())} in {len(made.manifest.rows)} tables")
    click.echo(f"files: {len(made.manifest.files)}, {made.manifest.size / 2**20:.1f} MiB")
    click.echo(f"seconds: {made.manifest.seconds:.2f}")
    click.echo(f"secret key: {KEY_SAID[made.manifest.secrets]}")
    click.echo(f"SHA-256 of the manifest: {made.manifest_sha256}")
    _tell_missing(made)


def _tell_missing(made: Made) -> None:
    for stored_as in made.manifest.missing:
        click.echo(f"warning: the evidence file {stored_as} was lost before this backup", err=True)


@click.command("verify-backup")
@click.argument("folder", required=False, type=FOLDER)
@format_option
@pass_factories
def verify_backup(factories: Factories, folder: Path | None, output: str) -> None:
    """Check a backup (default: the newest): every hash, the database, every count; exit code 1 when it is damaged."""
    with refusals_told(output):
        if folder is None:
            newest = newest_backup(factories.settings().backups)
            if newest is None:
                raise BackupFault(f"there is no backup in {factories.settings().backups}")
            folder = newest.folder
        manifest, faults = check_backup(folder)
    found = [Fault("backup-damaged", fault, file=str(folder)) for fault in faults]
    if output == "json":
        emit_json({**_summary(folder, manifest), **faults_document(found)})
    else:
        for fault in found:
            click.echo(str(fault), err=True)
        state = f"{len(faults)} faults" if faults else "whole"
        rows = sum(manifest.rows.values())
        click.echo(f"{folder}: {state}; {len(manifest.files)} files, {rows} rows, {_age(manifest)} old")
    if faults:
        raise SystemExit(FAULTY)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--into", required=True, type=FOLDER, help="Data folder to be made: does not exist yet, or is empty.")
@click.option("--keep-schema", is_flag=True, help="Leave the schema as it was, for the program that made the backup.")
@format_option
@pass_factories
def restore(factories: Factories, folder: Path, into: Path, keep_schema: bool, output: str) -> None:
    """Restore a backup into an empty folder, verify everything, and say what it cost."""
    into = into.absolute()
    with refusals_told(output):
        try:
            done = bring_back(folder, into, system_clock, migrate=not keep_schema, telling=_tell_step)
        except OSError as error:
            raise BackupFault(f"nothing was restored: {error}") from error
        key, _ = found_secret_key(factories.settings())
    if output == "json":
        emit_json(_restored_document(done, into))
        return
    _tell_restored(done, into, key)


def _tell_step(line: str) -> None:
    click.echo(line, err=True)


def _tell_restored(done: Restored, into: Path, key: str | None) -> None:
    rows = sum(done.manifest.rows.values())
    click.echo(f"restored: {into}: {rows} rows in {len(done.manifest.rows)} tables, {len(done.manifest.files)} files")
    click.echo(f"schema: revision {done.revision}")
    click.echo(
        f"lost at most (RPO): what was entered in the {_span(done.lost)} since {done.manifest.taken_at:%F %T} UTC"
    )
    click.echo(f"took (RTO): {done.seconds:.1f} seconds")
    if done.sign_ins is None:
        click.echo("sign-ins: as they were; run: crm-maturity db upgrade with this program, or the old program")
    else:
        click.echo(f"ended: {done.sign_ins} sign-ins, {done.links} open invitations and reset links")
        click.echo("look after: accounts disabled, members removed, links ended and names or engagements erased since")
    if done.manifest.secrets is not Secrets.INCLUDED:
        fits = key is not None and done.manifest.key_check == check_of(key)
        said = "the SECRET_KEY of this environment is the right one" if fits else KEY_SAID[done.manifest.secrets]
        click.echo(f"secret key: {said}")
    click.echo(f"start: CRM_MATURITY_DATA={into} crm-maturity serve")


def _summary(folder: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "backup": str(folder),
        "kind": manifest.kind.value,
        "taken_at": manifest.taken_at.isoformat(),
        "program": manifest.program,
        "revision": manifest.revision,
        "seconds": manifest.seconds,
        "files": len(manifest.files),
        "bytes": manifest.size,
        "rows": dict(manifest.rows),
        "missing": list(manifest.missing),
        "secrets": manifest.secrets.value,
    }


def _restored_document(done: Restored, into: Path) -> dict[str, object]:
    return {
        "into": str(into),
        "revision": done.revision,
        "rpo_seconds": round(done.lost.total_seconds(), 1),
        "rto_seconds": round(done.seconds, 2),
        "rows": dict(done.manifest.rows),
        "files": len(done.manifest.files),
        "sign_ins_ended": done.sign_ins,
        "links_ended": done.links,
    }


def _age(manifest: Manifest) -> str:
    return _span(system_clock() - manifest.taken_at)


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size or size == 1:
            number = seconds // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    raise AssertionError("a span has seconds")
