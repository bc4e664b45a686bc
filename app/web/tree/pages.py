"""What the pages of the tree show: rows, choices, faults in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.content.editing.contents import contents_of
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import TooEntangled
from app.content.editing.skeleton import Spot, text_of
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan, Unreadable
from app.content.fault_words import sentence as fault_sentence
from app.core.diff import diff
from app.core.text import Text
from app.services.tree_editing import TreeDraft, framework_draft, open_tree
from app.web.context import actor, context, locale, translate
from app.web.shell import Shell
from app.web.tree.wording import refusal

if TYPE_CHECKING:
    from flask import Blueprint

    from app.content.proofing import LintResult
    from app.core.diff import FrameworkDiff
    from app.storage.database import Session

SHELL = Shell(section="frameworks")
DEEPEST = 5
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One capability; `share` is its weight as a part of its siblings', None where that cannot be told."""

    id: str
    code: str
    name: Text
    depth: int
    parent: str
    branch: bool
    weight: Fraction | None
    share: Fraction | None
    elements: int
    first: bool
    last: bool
    new: bool
    replaces: tuple[str, ...]
    critical: bool


def tree_rows(opened: TreeDraft) -> list[TreeRow]:
    """Return every capability in document order."""
    known = {node.id for node in opened.base.walk()} if opened.base is not None else None
    return [_row(opened, spot, known) for spot in opened.tree.walk()]


def _row(opened: TreeDraft, spot: Spot, known: set[str] | None) -> TreeRow:
    weights = [one.weight for one in spot.family.spots]
    total = sum((one for one in weights if one is not None), Fraction(0))
    whole = None not in weights and total > 0
    new = known is not None and spot.id not in known
    return TreeRow(
        id=spot.id,
        code=spot.line("code") or "",
        name=spot.text("name") or Text(zh=spot.id or "?"),
        depth=min(spot.depth, DEEPEST),
        parent=spot.parent.id if spot.parent else "",
        branch=spot.children is not None,
        weight=spot.weight,
        share=spot.weight / total if whole and spot.weight is not None else None,
        elements=sum(one.children is None for one in opened.tree.below(spot)) if spot.children is not None else 0,
        first=spot is spot.family.spots[0],
        last=spot is spot.family.spots[-1],
        new=new,
        replaces=spot.ids("replaces") if new else (),
        critical=spot.line("critical") == "true",
    )


def opened_tree(session: Session, draft_id: int) -> TreeDraft:
    """Return the tree of a draft of the reader's."""
    return open_tree(session, draft_id, library=context().library, actor=actor())


def render(template: str, opened: TreeDraft, **values: Any) -> str:
    """Return a page about a draft's tree."""
    return render_template(
        template,
        opened=opened,
        draft=opened.draft,
        framework_name=framework_name(opened),
        shell=SHELL,
        help_page="tree",
        **values,
    )


def framework_name(opened: TreeDraft) -> Text:
    """Return what the framework calls itself in the draft."""
    name = opened.tree.front.get("name")
    if isinstance(name, ScalarSpan) and name.text:
        return Text(zh=name.text)
    said = {}
    if isinstance(name, MappingSpan):
        said = {pair.key.text: pair.value.text for pair in name.pairs if isinstance(pair.value, ScalarSpan)}
    found = Text(said.get("zh") or None, said.get("en") or None)
    return found if found.zh or found.en else Text(zh=opened.draft.key)


def tier_name(opened: TreeDraft, depth: int) -> Text:
    """Return the name of a tier, a plain word where it has none."""
    tiers = opened.tree.tiers
    name = tiers[depth][1] if depth < len(tiers) else Text()
    return name if name.zh or name.en else Text(translate("能力"), translate("能力"))


def change_from_base(opened: TreeDraft, found: LintResult) -> FrameworkDiff | None:
    """Return what differs from the version that is revised; None where that cannot be told."""
    if opened.base is None or found.framework is None:
        return None
    return diff(opened.base, found.framework)


def worded_faults(opened: TreeDraft, found: LintResult) -> list[tuple[str, str]]:
    """Return the first errors: a sentence with its place, and the address of the editor there."""
    return [
        (
            f"{fault.file}:{fault.line or 1} {fault_sentence(fault, locale())}",
            url_for("editing.edit", draft_id=opened.draft.id, file=fault.file, line=fault.line or 1),
        )
        for fault in found.errors[:MOST_FAULTS]
    ]


def element_choices(opened: TreeDraft, *, leaving: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the elements to choose from, each after the one above it."""
    gone = set(leaving)
    return [
        (spot.id, f"{_called(spot.parent)} · {_called(spot)}" if spot.parent else _called(spot))
        for spot in opened.tree.leaves()
        if spot.id and spot.id not in gone
    ]


def _called(spot: Spot) -> str:
    name = spot.text("name")
    return name.in_locale(locale()) if name else spot.id


def related_choices(opened: TreeDraft, spot: Spot) -> list[tuple[str, str]]:
    """Return the elements of other frameworks, and what the capability names already."""
    library = context().library
    found = {
        f"{one}/{leaf.id}": f"{framework.name.in_locale(locale())} · {leaf.name.in_locale(locale())}"
        for one in library.framework_ids()
        if one != opened.draft.key
        for framework in [library.framework(one)]
        for leaf in framework.leaves
    }
    named = {reference: reference for reference in spot.ids("related") if reference not in found}
    return list({**found, **named}.items())


def scale_values(opened: TreeDraft, spot: Spot | None = None) -> list[tuple[Fraction, Text]]:
    """Return the values that level texts may stand at, with their names: those of the scale, and those in use."""
    named = {value: name for value, name, _ in named_levels(opened)}
    used = set(contents_of(spot).levels or {}) if spot is not None else set()
    return [(value, named.get(value, Text())) for value in sorted({*named, *used})]


def named_levels(opened: TreeDraft) -> list[tuple[Fraction, Text, Text]]:
    """Return the named levels of the scale as the file writes them: value, name, description."""
    scale = opened.tree.front.get("scale")
    listed = scale.get("levels") if isinstance(scale, MappingSpan) else None
    found = []
    for one in listed.items if isinstance(listed, SequenceSpan) else []:
        value = one.get("value") if isinstance(one, MappingSpan) else None
        if isinstance(one, MappingSpan) and isinstance(value, ScalarSpan) and isinstance(value.value, Fraction):
            found.append((value.value, text_in(one, "name"), text_in(one, "description")))
    return found


def text_in(mapping: MappingSpan, key: str) -> Text:
    """Return a text of a mapping, an empty one where there is none."""
    return text_of(mapping.get(key)) or Text()


# --- what every blueprint of the tree does with what stops it --------------------------------------------------------


def equip(blueprint: Blueprint) -> None:
    """Let a blueprint answer files that cannot be read, and what a page without a form refuses."""
    blueprint.register_error_handler(Unreadable, _unreadable)
    blueprint.register_error_handler(EditRefused, _refused)
    blueprint.register_error_handler(TooEntangled, _entangled)


def _unreadable(error: Unreadable) -> tuple[str, int]:
    draft_id = int((request.view_args or {})["draft_id"])
    with context().database.read() as session:
        draft = framework_draft(session, draft_id, actor())
    place = url_for("editing.edit", draft_id=draft_id, file=error.file, line=error.line)
    return render_template(
        "tree/unreadable.html", draft=draft, error=error, place=place, shell=SHELL, help_page="tree"
    ), 200


def _refused(error: EditRefused) -> Response:
    flash(refusal(error), "error")
    return _back()


def _entangled(_: TooEntangled) -> Response:
    flash(refusal(EditRefused("too-entangled")), "error")
    return _back()


def _back() -> Response:
    return redirect(url_for("tree.show", draft_id=(request.view_args or {})["draft_id"]), 303)
