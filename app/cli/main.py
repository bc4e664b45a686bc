"""The command group. Commands load when they are called, so that `--help` stays quick."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

    from app.content.library import Library
    from app.content.roots import Roots
    from app.jobs.worker import Worker
    from app.settings import Settings
    from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class Factories:
    """What bootstrap hands to the commands; nothing is opened before it is called.

    `library(root)` reads all content below `root` (None: CRM_MATURITY_ROOT, else the checkout). `application(settings)`
    is built over these settings (None: as they are read). `worker` runs
    background jobs, `attempt` does one of them (job id, attempt) in this process. `command` is the argv with which
    this installation starts another process of itself.
    """

    settings: Callable[[], Settings]
    library: Callable[[Roots | None], Library]
    database: Callable[[], Database]
    application: Callable[[Settings | None], Flask]
    worker: Callable[[], Worker]
    attempt: Callable[[int, int], bool]
    command: Sequence[str]


# command -> (module, attribute, one line of help): what `--help` prints without importing a command
COMMANDS: dict[str, tuple[str, str, str]] = {
    "lint": ("app.cli.lint", "lint", "Check content: the content root, or the named files and folders."),
    "score": ("app.cli.score", "score", "Score a case file."),
    "compare": ("app.cli.compare", "compare", "Put units and benchmark side by side."),
    "diff": ("app.cli.diff", "diff", "Show what changed between two framework versions."),
    "publish": ("app.cli.publish", "publish", "Publish frameworks that lie on disk."),
    "report": ("app.cli.report", "report", "Write a report as PDF."),
    "guide": ("app.cli.guide", "guide", "Write a blank interview guide as PDF."),
    "setup": ("app.cli.setup", "setup", "Prepare database, demo data and the first administrator."),
    "serve": ("app.cli.serve", "serve", "Run the web server."),
    "worker": ("app.cli.serve", "worker", "Run the background worker alone."),
    "demo": ("app.cli.demo", "demo", "Load the engagement of 2003."),
    "db": ("app.cli.db", "db", "Prepare the database."),
    "user": ("app.cli.user", "user", "Users: add, invite, passwords, sign-ins, members."),
    "import": ("app.cli.exchange", "import_case", "Import a case file."),
    "export": ("app.cli.exchange", "export_case", "Export an assessment as a case file."),
    "export-engagement": ("app.cli.erase", "export_engagement", "Export everything of an engagement as one archive."),
    "erase-engagement": ("app.cli.erase", "erase_engagement", "Erase an engagement for good."),
    "backup": ("app.cli.backup", "backup", "Make a backup while the server runs."),
    "verify-backup": ("app.cli.backup", "verify_backup", "Check that a backup is whole."),
    "restore": ("app.cli.backup", "restore", "Restore a backup into an empty folder."),
    "verify": ("app.cli.verify", "verify", "Compute released results anew and compare them."),
    "rotate-key": ("app.cli.rotate_key", "rotate_key", "Make a new secret key without signing anybody out."),
    "doctor": ("app.cli.doctor", "doctor", "Check this installation."),
    "new-framework": ("app.cli.new_framework", "new_framework", "Begin a framework with commented files."),
    "schema": ("app.cli.schema", "schema", "Write the JSON Schemas of all content files."),
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("crm-maturity"), prog_name="crm-maturity")
def group() -> None:
    """CRM能力成熟度评估: assess, compare and report how capable branches are at customer relationship management."""


def run(factories: Factories, **options: Any) -> None:
    """Run the command line with these factories; exits the process."""
    group(obj=factories, prog_name="crm-maturity", **options)
