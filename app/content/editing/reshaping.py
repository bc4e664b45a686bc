"""A framework's files brought to a tree that somebody wants, by the same edits that forms make one at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.content.editing.contents import Contents, change_contents, contents_of
from app.content.editing.editing import Editing, check_name, check_new_id
from app.content.editing.identity import rename_id
from app.content.editing.items import written_item
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import inserted, permuted, removed
from app.content.editing.skeleton import Family, Skeleton, Sources
from app.content.editing.structure import NewCapability, add_capability, move_capability

_STOPGAP = "x-stopgap"  # stands in a list while everything else leaves it


@dataclass(slots=True)
class Wanted:
    """A capability as it is to be; `known` is the id that it has in the files, None for a new one."""

    known: str | None
    id: str
    contents: Contents
    children: list[Wanted] = field(default_factory=list)

    def walk(self) -> Iterator[Wanted]:
        """Yield it and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Reshaped:
    """The files, and what became of capabilities: ids as they are in the new files, removed ones as they were."""

    files: Sources
    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    moved: tuple[str, ...]
    reordered: tuple[str, ...]
    changed: tuple[str, ...]


def reshape(files: Sources, roots: Sequence[Wanted], *, before: Collection[str]) -> Reshaped:
    """Bring the tree to `roots`. `before` are the elements of the version that is revised.

    Every capability keeps its tier (EditRefused `other-tier`); ids must be free and well formed.
    """
    return _Reshaping(files, roots, before).run()


class _Reshaping:
    def __init__(self, files: Sources, roots: Sequence[Wanted], before: Collection[str]) -> None:
        self.files: Sources = dict(files)
        self.roots = roots
        self.before = before
        self.wanted = [one for root in roots for one in root.walk()]
        self.parents = {id(child): one for one in self.wanted for child in one.children}
        tree = Skeleton(files)
        self.old_parents = {spot.id: spot.parent.id if spot.parent else None for spot in tree.walk()}
        self.old_depths = {spot.id: spot.depth for spot in tree.walk()}

    def run(self) -> Reshaped:
        self._check()
        renamed = self._rename()
        now = dict(renamed)
        stayed = {one.known for one in self.wanted if one.known is not None}
        gone = [node_id for node_id in self.old_parents if node_id not in stayed]
        self._hold_open()
        added = self._add()
        moved = self._move(now)
        removed_ids = self._remove(gone)
        self._let_go()
        reordered = self._reorder()
        changed = self._change(set(added))
        return Reshaped(
            self.files, tuple(added), tuple(removed_ids), tuple(renamed), tuple(moved), tuple(reordered), changed
        )

    def _check(self) -> None:
        depth = {id(root): 0 for root in self.roots}
        seen: set[str] = set()
        for one in self.wanted:
            for child in one.children:
                depth[id(child)] = depth[id(one)] + 1
            if one.id in seen:
                raise EditRefused("id-taken", one.id, id=one.id)
            seen.add(one.id)
            if one.known is not None and one.known in self.old_depths and self.old_depths[one.known] != depth[id(one)]:
                raise EditRefused("other-tier", one.id, id=one.known)
            check_name(one.contents.name, field=one.id)

    def _rename(self) -> list[tuple[str, str]]:
        waiting = [(one.known, one.id) for one in self.wanted if one.known is not None and one.known != one.id]
        renamed = []
        while waiting:
            taken = Skeleton(self.files).by_id
            ready = [pair for pair in waiting if pair[1] not in taken]
            if not ready:
                raise EditRefused("id-taken", waiting[0][1], id=waiting[0][1])
            for old, new in ready:
                self.files = rename_id(self.files, old, new, before=self.before)
                renamed.append((old, new))
            waiting = [pair for pair in waiting if pair not in ready]
        return renamed

    def _hold_open(self) -> None:
        """Put a stopgap into every list that everything leaves, so that none is ever empty on the way."""
        above = {one.id: self.parents.get(id(one)) for one in self.wanted if one.known is not None}
        editing = Editing(self.files)
        holders = [None, *(spot.id for spot in editing.tree.walk() if spot.children is not None)]
        for number, holder in enumerate(holders):
            family = editing.family(holder)
            parents = [above[one.id] for one in family.spots if one.id in above]
            if family.sequence.items and not any((one.id if one else None) == holder for one in parents):
                self._put_stopgap(editing, family, number)
        self.files = editing.files

    def _put_stopgap(self, editing: Editing, family: Family, number: int) -> None:
        value = {"id": f"{_STOPGAP}-{number}", "name": _STOPGAP}
        end = len(family.sequence.items)
        editing.in_list(family, lambda text, seq: inserted(text, seq, end, written_item(text, seq, value)))

    def _let_go(self) -> None:
        editing = Editing(self.files)
        for node_id in [one for one in editing.tree.by_id if one.startswith(f"{_STOPGAP}-")]:
            spot = editing.tree.spot(node_id)
            if len(spot.family.sequence.items) > 1:
                editing.in_list(spot.family, lambda text, seq, at=spot.position: removed(text, seq, at))  # type: ignore[misc]
            else:
                holder = spot.parent.id if spot.parent else ""
                raise EditRefused("needs-children", holder, id=holder)
        self.files = editing.files

    def _add(self) -> list[str]:
        """Write new capabilities, each with the new ones below it; others move in later."""
        added = []
        number = 1000
        for one in self.wanted:
            parent = self.parents.get(id(one))
            if one.known is not None:
                continue
            tree = Skeleton(self.files)
            check_new_id(tree, one.id, field=one.id)
            added.append(one.id)
            children: tuple[NewCapability, ...] = ()
            if one.children:
                number += 1
                children = (self._stopgap(len(tree.tiers), self._depth(one) + 1, number),)
            new = NewCapability(one.id, one.contents.name, children=children)
            self.files = add_capability(self.files, parent.id if parent else None, new)
        return added

    def _stopgap(self, tiers: int, depth: int, number: int) -> NewCapability:
        below = (self._stopgap(tiers, depth + 1, number + 100),) if depth < tiers - 1 else ()
        name = replace(self.wanted[0].contents.name, zh=_STOPGAP, en=None)
        return NewCapability(f"{_STOPGAP}-{number}", name, children=below)

    def _depth(self, one: Wanted) -> int:
        depth = 0
        above = self.parents.get(id(one))
        while above is not None:
            depth, above = depth + 1, self.parents.get(id(above))
        return depth

    def _move(self, renamed: dict[str, str]) -> list[str]:
        moved = []
        for one in self.wanted:
            parent = self.parents.get(id(one))
            if one.known is None:
                continue
            was = self.old_parents.get(one.known)
            was = renamed.get(was, was) if was is not None else None
            if was != (parent.id if parent else None):
                self.files = move_capability(self.files, one.id, parent.id if parent else None)
                moved.append(one.id)
        return moved

    def _remove(self, gone: Sequence[str]) -> list[str]:
        editing = Editing(self.files)
        used = editing.tree.used_files()
        leaves: list[str] = []
        done = []
        for node_id in gone:
            if node_id not in editing.tree.by_id:
                done.append(node_id)  # it went with what stands above it
                continue
            spot = editing.tree.spot(node_id)
            leaves += [one.id for one in editing.tree.below(spot) if one.children is None]
            editing.in_list(spot.family, lambda text, seq, at=spot.position: removed(text, seq, at))  # type: ignore[misc]
            done.append(node_id)
        editing.drop_unused(used)
        editing.point_elsewhere(dict.fromkeys(leaves, ()))
        self.files = editing.files
        return done

    def _reorder(self) -> list[str]:
        editing = Editing(self.files)
        reordered = []
        for holder, listed in [(None, self.roots), *((one.id, one.children) for one in self.wanted if one.children)]:
            family = editing.family(holder)
            places = {spot.id: spot.position for spot in family.spots}
            order = [places[one.id] for one in listed]
            if order != sorted(order):
                reordered.append(holder or "")
                editing.in_list(family, lambda text, seq, order=order: permuted(text, seq, order))  # type: ignore[misc]
        self.files = editing.files
        return reordered

    def _change(self, added: set[str]) -> tuple[str, ...]:
        tree = Skeleton(self.files)
        wanted: dict[str, Contents] = {}
        for one in self.wanted:
            spot = tree.spot(one.id)
            contents = one.contents
            if one.known is not None and one.known != one.id:  # what renaming noted stays noted
                noted = [name for name in spot.ids("replaces") if name not in contents.replaces]
                contents = replace(contents, replaces=(*noted, *contents.replaces))
            if contents_of(spot) != contents:
                wanted[one.id] = contents
        self.files = change_contents(self.files, wanted)
        return tuple(one for one in wanted if one not in added)
