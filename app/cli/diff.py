"""`crm-maturity diff`: what changed between two versions of a framework, and by which step its version has to rise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.cases import FRAMEWORK_FILE, root_option
from app.cli.figures import as_number, locale_option
from app.cli.main import Factories
from app.cli.output import emit_json, fail, format_option
from app.content.roots import Roots
from app.core.diff import Change, FrameworkDiff
from app.core.diff import diff as differences
from app.core.errors import FaultsFound
from app.core.framework import Framework, Source
from app.core.text import Locale
from app.i18n import msgid, translator

if TYPE_CHECKING:
    from app.content.library import Library

LISTS = {
    "added": msgid("新增"),
    "removed": msgid("删除"),
    "moved": msgid("换了位置"),
    "renamed": msgid("改名"),
    "reweighted": msgid("改权重"),
    "reworded": msgid("改文字"),
    "rescaled": msgid("改评分尺度"),
    "rerolled": msgid("改汇总规则"),
    "related": msgid("改标记"),
}
WHOLE = msgid("整个框架")
NOTHING_CHANGED = msgid("没有差别。")
NEEDED = msgid("版本号至少要升：{step}")
STEPS = {"none": msgid("不用升"), "patch": msgid("修订号"), "minor": msgid("次版本号"), "major": msgid("主版本号")}


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@root_option
@locale_option
@format_option
@click.pass_obj
def diff(factories: Factories, old: str, new: str, *, root: Roots | None, locale: Locale, output: str) -> None:
    """Show what changed from framework A to B: folders, or id@version of the content root."""
    shelf = _Shelf(factories, root, output)
    before, after = shelf.framework(old, "A"), shelf.framework(new, "B")
    found = differences(before, after)
    if output == "json":
        emit_json(diff_document(before, after, found))
    else:
        click.echo(diff_text(before, after, found, locale))


class _Shelf:
    """Where the two frameworks come from: folders, and a content root that is read once and only when it is asked."""

    def __init__(self, factories: Factories, root: Roots | None, output: str) -> None:
        self._factories = factories
        self._root = root
        self._output = output
        self._library: Library | None = None

    def framework(self, named: str, parameter: str) -> Framework:
        """Return the framework of a folder or reference; ends the command where there is none or it has faults."""
        try:
            return self._in_folder(Path(named), parameter) if Path(named).is_dir() else self._of_root(named, parameter)
        except FaultsFound as found:
            fail(found.faults, self._output)

    def _in_folder(self, folder: Path, parameter: str) -> Framework:
        from app.content.library import load_framework  # noqa: PLC0415 - --help stays quick

        if not (folder / FRAMEWORK_FILE).is_file():
            raise click.BadParameter(f"{folder} holds no {FRAMEWORK_FILE}.", param_hint=parameter)
        return load_framework(folder)

    def _of_root(self, reference: str, parameter: str) -> Framework:
        from app.content.library import UnknownReference  # noqa: PLC0415

        if self._library is None:
            self._library = self._factories.library(self._root)
        try:
            return self._library.framework(reference)
        except UnknownReference as unknown:
            raise click.BadParameter(f"neither a folder nor a framework: {unknown}.", param_hint=parameter) from unknown


def diff_document(old: Framework, new: Framework, found: FrameworkDiff) -> dict[str, object]:
    """Return what changed in the form of the command contract."""
    document: dict[str, object] = {"old": old.reference, "new": new.reference, "step": found.step.name.lower()}
    document |= {name: [_change_document(one) for one in getattr(found, name)] for name in LISTS}
    document["carried"] = {new_id: list(olds) for new_id, olds in found.carried.items()}
    return document


def _change_document(change: Change) -> dict[str, object]:
    return {"id": change.id, "old": _plain(change.old), "new": _plain(change.new)}


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return as_number(value)
    if isinstance(value, Source):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inside) for inside in value]
    return value


def diff_text(old: Framework, new: Framework, found: FrameworkDiff, locale: Locale) -> str:
    """Return what changed as lines under headings, and the step that it needs."""
    say = translator(locale).gettext
    lines = [f"{old.reference} → {new.reference}", ""]
    for name, heading in LISTS.items():
        changes: Sequence[Change] = getattr(found, name)
        if changes:
            lines += [f"{say(heading)} ({len(changes)})", *(f"  {_line(one, say(WHOLE))}" for one in changes), ""]
    if found.empty:
        return "\n".join([*lines, say(NOTHING_CHANGED)])
    return "\n".join([*lines, say(NEEDED).format(step=say(STEPS[found.step.name.lower()]))])


def _line(change: Change, whole: str) -> str:
    """Return one change in a line: the id, and old and new where both are short."""
    old, new = _short(change.old), _short(change.new)
    return f"{change.id or whole}" + (f"  {old} → {new}" if old and new else "")


def _short(value: object) -> str:
    plain = _plain(value)
    if isinstance(plain, dict):
        if "position" in plain:
            return f"{plain['parent'] or '/'} #{plain['position']}"
        return str(plain.get("zh") or plain.get("en") or "") if set(plain) <= {"zh", "en"} else ""
    return str(plain) if isinstance(plain, int | float | str) else ""
