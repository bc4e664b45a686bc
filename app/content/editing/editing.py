"""One change after the other to the files of a framework; each one works on what the one before it left."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from app.content.editing.mappings import Changes, set_values
from app.content.editing.patches import Patch, patched
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Family, Skeleton, Sources, Spot
from app.content.editing.spans import SequenceSpan
from app.content.kinds.framework import CAPABILITY, FRAMEWORK
from app.content.values import ID_PATTERN, NOT_IDS
from app.core.text import Text

CAPABILITY_ORDER = tuple(key.name for key in CAPABILITY.keys)
FRAMEWORK_ORDER = tuple(key.name for key in FRAMEWORK.keys)
LONGEST_ID = 64


class Editing:
    """Files of a framework under change. `tree` is what they hold at the moment."""

    def __init__(self, files: Sources) -> None:
        self.files = dict(files)
        self.tree = Skeleton(self.files)

    def patch(self, patches_by_file: Mapping[str, Iterable[Patch]]) -> None:
        """Change files and read them again."""
        changed = {name: patched(self.files[name], patches) for name, patches in patches_by_file.items()}
        if any(self.files[name] != text for name, text in changed.items()):
            self.files.update(changed)
            self.tree = Skeleton(self.files)

    def patch_one(self, name: str, patches: Iterable[Patch]) -> None:
        """Change one file and read it again."""
        self.patch({name: patches})

    def set(self, changes: Mapping[str, Changes]) -> None:
        """Set keys of capabilities, each named by its id; None takes a key away."""
        found: dict[str, list[Patch]] = {}
        for node_id, values in changes.items():
            spot = self.tree.spot(node_id)
            found.setdefault(spot.file, []).extend(self.patches_of(spot, values))
        self.patch(found)

    def patches_of(self, spot: Spot, values: Changes) -> Iterable[Patch]:
        """Return the patches that set keys of one capability."""
        return set_values(self.files[spot.file], spot.mapping, values, CAPABILITY_ORDER)

    def in_list(self, family: Family, make: Callable[[str, SequenceSpan], Patch]) -> None:
        """Change the list of a family."""
        self.patch_one(family.file, [make(self.files[family.file], family.sequence)])

    def family(self, parent_id: str | None) -> Family:
        """Return the capabilities below one, the roots for None; raises EditRefused where none can stand."""
        family = self.tree.roots if parent_id is None else self.tree.spot(parent_id).children
        if family is None:
            raise EditRefused("no-children-here", "parent", id=parent_id or "")
        return family

    def drop_unused(self, before: Collection[str]) -> None:
        """Leave out the files that the framework was made of before and is not any more."""
        used = self.tree.used_files()
        self.files = {name: text for name, text in self.files.items() if name in used or name not in before}

    def point_elsewhere(self, heirs: Mapping[str, Iterable[str]]) -> None:
        """Let prerequisites name the heirs of elements that are gone."""
        changes: dict[str, Changes] = {}
        for spot in self.tree.walk():
            old = spot.ids("prerequisites")
            new = [heir for one in old for heir in heirs.get(one, (one,)) if heir != spot.id]
            if list(old) != new and spot.id not in self.tree.repeated:
                changes[spot.id] = {"prerequisites": list(dict.fromkeys(new)) or None}
        self.set(changes)


def check_new_id(tree: Skeleton, node_id: str, *, field: str = "id", leaving: Collection[str] = ()) -> None:
    """Raise EditRefused unless an id has its form and is free; those that are `leaving` are."""
    if not node_id:
        raise EditRefused("id-missing", field)
    if not re.fullmatch(ID_PATTERN[1:-1], node_id) or len(node_id) > LONGEST_ID or node_id in NOT_IDS:
        raise EditRefused("id-form", field, id=node_id)
    if node_id in tree.by_id and node_id not in leaving:
        raise EditRefused("id-taken", field, id=node_id)


def check_name(name: Text | None, *, field: str = "name") -> None:
    """Raise EditRefused unless there is a Chinese name."""
    if name is None or not (name.zh or "").strip():
        raise EditRefused("name-missing", f"{field}_zh")


def scores_from(spot: Spot, before: Collection[str]) -> tuple[str, ...]:
    """Return the elements of earlier versions that an element has its scores from: itself if it was there."""
    own = (spot.id,) if spot.id in before else ()
    return tuple(dict.fromkeys((*own, *spot.ids("replaces"))))
