"""A framework and the files of its tree -> `Framework`. Knows what must hold inside one framework version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.content.folders import Folder, Reads
from app.content.kinds.framework import CHILDREN_FILE, FRAMEWORK, ONLY_ELEMENTS
from app.content.located import Place, walked
from app.content.outline import Outline, written
from app.content.rings import circles
from app.content.shapes import Items, Record
from app.core.framework import AgreementRule, Capability, Framework, Method, Rollup, Source, Tier
from app.core.scale import Level, Scale
from app.core.text import Text

FRAMEWORK_FILE = "framework.yaml"
MOST_STEPS = 1000
_POINTS_OF_DEFAULTS = 5  # the defaults of `agreement` are given for a scale of five points


@dataclass(slots=True)
class Branch:
    """A capability as read. `children` is None for an element, empty where they could not be read."""

    record: Record
    children: list[Branch] | None

    @property
    def id(self) -> str | None:
        """The id, None where it is faulty."""
        found: str | None = self.record.get("id")
        return found

    @property
    def weight(self) -> Fraction | None:
        """The weight, 1 where nothing is said, None where it is faulty."""
        return self.record.get("weight") if self.record.has("weight") else Fraction(1)


@dataclass(slots=True)
class ReadFramework:
    """A framework version as read: its outline as far as it goes, and the framework itself when it is valid."""

    folder: Folder
    record: Record | None
    branches: list[Branch]
    files: list[str]
    outline: Outline | None
    framework: Framework | None

    def walk(self) -> Iterator[Branch]:
        """Yield every capability, parents before children."""
        return _walk(self.branches)


def source_of(record: Record | None) -> Source | None:
    """Return the source that a record tells of."""
    if record is None:
        return None
    year = record.get("year")
    return Source(
        title=record.get("title"),
        year=None if year is None else int(year),
        method=record.get("method"),
        confidence=record.get("confidence"),
        note=record.get("note"),
    )


def read_framework(folder: Folder, reads: Reads, name: str = FRAMEWORK_FILE) -> ReadFramework:
    """Read the framework of a folder with every file of its tree, reporting every fault."""
    return _FrameworkReader(folder, reads, name).read()


class _FrameworkReader:
    def __init__(self, folder: Folder, reads: Reads, name: str) -> None:
        self.folder = folder
        self.reads = reads
        self.faults = reads.faults
        self.name = name
        self.files = [folder.call(name)]
        self.complete = True

    def read(self) -> ReadFramework:
        record = self.reads.record(self.folder, self.name, FRAMEWORK)
        if record is None:
            return ReadFramework(self.folder, None, [], self.files, None, None)
        scale = _read_scale(record.get("scale"))
        _check_coverage(record)
        branches = self._branches(record, "capabilities", (self.name,))
        _Tree(record, branches, scale, complete=self.complete).check()
        outline = self._outline(record, branches, scale)
        framework = None
        if scale is not None and self.complete and not self.faults.errors_in(self.files):
            framework = _framework(record, branches, scale)
        return ReadFramework(self.folder, record, branches, self.files, outline, framework)

    def _branches(self, record: Record, key: str, trail: tuple[str, ...]) -> list[Branch]:
        """Return the capabilities under a key: a list, or those of the file that is named there."""
        value = record.get(key)
        if isinstance(value, str):
            return self._file(record, key, value, trail)
        if isinstance(value, Items):
            return [self._branch(item, trail) for item in value]
        self.complete = False
        return []

    def _branch(self, record: Record, trail: tuple[str, ...]) -> Branch:
        return Branch(record, self._branches(record, "children", trail) if record.has("children") else None)

    def _file(self, record: Record, key: str, name: str, trail: tuple[str, ...]) -> list[Branch]:
        if name in trail:
            record.value_fault("E316", key, name=name, circle=walked((*trail[trail.index(name) :], name)))
        elif not self.folder.holds(name):
            self.files.append(self.folder.call(name))
            record.value_fault("E315", key, name=name)
        elif not (self.folder.path / name).is_file():
            record.value_fault("E314", key, name=name)
        elif self.folder.call(name) in self.files:  # its ids would stand twice, and files of files multiply
            record.value_fault("E214", key, value=name)
        else:
            self.files.append(self.folder.call(name))
            items = self.reads.value(self.folder, name, CHILDREN_FILE)
            if isinstance(items, Items):
                return [self._branch(item, (*trail, name)) for item in items]
        self.complete = False
        return []

    def _outline(self, record: Record, branches: list[Branch], scale: Scale | None) -> Outline:
        known = {branch.id: branch for branch in _walk(branches) if branch.id is not None}
        return Outline(
            id=record.get("id", ""),
            version=record.get("version", ""),
            nodes={node_id: _ids(branch.children or ()) for node_id, branch in known.items()},
            roots=_ids(branches),
            weights={node_id: branch.weight for node_id, branch in known.items() if branch.weight is not None},
            scale=scale,
            complete=self.complete,
            leaves=tuple(node_id for node_id, branch in known.items() if branch.children is None),
        )


def _walk(branches: Sequence[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _walk(branch.children or ())


def _ids(branches: Sequence[Branch]) -> tuple[str, ...]:
    return tuple(branch.id for branch in branches if branch.id is not None)


def _read_scale(record: Record | None) -> Scale | None:
    """Return the scale, None where its ends and step do not fit together; reports what does not."""
    if record is None or "min" not in record or "max" not in record:
        return None
    low, high = record["min"], record["max"]
    if high <= low:
        record.fault("E307", "max", high=written(high), low=written(low))
        return None
    return _read_steps(record, low, high, record["step"]) if "step" in record else None


def _read_steps(record: Record, low: Fraction, high: Fraction, step: Fraction) -> Scale | None:
    grid = Scale(low, high, step, ())
    steps = (high - low) / step
    usable = steps.denominator == 1 and steps <= MOST_STEPS
    if steps.denominator != 1:
        record.fault("E306", "step", low=written(low), high=written(high), step=written(step))
    elif not usable:
        record.fault("E317", "step", count=int(steps), limit=MOST_STEPS)
    levels = _read_levels(record, grid, on_grid=grid.on_grid if usable else grid.contains)
    return Scale(low, high, step, tuple(sorted(levels, key=lambda level: level.value))) if usable else None


def _read_levels(record: Record, grid: Scale, on_grid: Callable[[Fraction], bool]) -> list[Level]:
    """Return the named levels; a step that cannot be used (`on_grid` is lenient then) hides none of their faults."""
    levels: list[Level] = []
    items = record.get("levels")
    if items is None:
        return levels
    seen: set[Fraction] = set()
    for level in items:
        value = level.get("value")
        if value is None:
            continue
        if not on_grid(value):
            _off_grid(grid, value, level.place("value"), items)
        elif value in seen:
            level.value_fault("E325", "value", value=written(value))
        seen.add(value)
        levels.append(Level(value, level.get("name") or Text(), level.get("description")))
    for end in (grid.minimum, grid.maximum):
        if end not in seen and all("value" in level for level in items):
            record.fault("E308", "levels", value=written(end))
    return levels


def _off_grid(grid: Scale, value: Fraction, place: Place, items: Items | Record) -> None:
    low, high, step = written(grid.minimum), written(grid.maximum), written(grid.step)
    items.document.faults.add("E309", place, value=written(value), low=low, high=high, step=step)


def _check_coverage(record: Record) -> None:
    coverage = (record.get("rollup") or {}).get("coverage")
    if coverage is None:
        return
    publish, provisional = coverage.get("publish"), coverage.get("provisional")
    if publish is not None and provisional is not None and provisional > publish:
        coverage.fault("E310", "provisional", provisional=written(provisional), publish=written(publish))


class _Tree:
    """What must hold over all capabilities of one framework."""

    def __init__(self, record: Record, branches: list[Branch], scale: Scale | None, *, complete: bool) -> None:
        self.record = record
        self.branches = branches
        self.complete = complete  # where a part of the tree could not be read, an unknown id proves nothing
        self.scale = scale
        self.faults = record.document.faults
        self.by_id: dict[str, Branch] = {}

    def check(self) -> None:
        tiers = self.record.get("tiers")
        self._unique()
        if tiers and len(tiers.node.items) == len(tiers):
            self._unique_tiers(tiers)
            self._depth(self.branches, tiers, 0)
        self._weights(self.branches, str(self.record.get("id", "the framework")))
        for branch in _walk(self.branches):
            self._node(branch)
        self._circles()

    def _unique_tiers(self, tiers: Items) -> None:
        seen: dict[str, Place] = {}
        for tier in tiers:
            if "id" in tier and tier["id"] in seen:
                first = seen[tier["id"]]
                tier.value_fault("E606", "id", value=tier["id"], first=first.line)
            elif "id" in tier:
                seen[tier["id"]] = tier.place("id")

    def _unique(self) -> None:
        for branch in _walk(self.branches):
            if branch.id is None:
                continue
            if branch.id in self.by_id:
                first = self.by_id[branch.id].record.place("id")
                branch.record.value_fault("E301", "id", id=branch.id, first=f"{first.file}:{first.line}")
            else:
                self.by_id[branch.id] = branch

    def _depth(self, branches: list[Branch], tiers: Items, depth: int) -> None:
        last = len(tiers) - 1
        for branch in branches:
            shown = branch.id or "this capability"
            if branch.children is None and depth < last:
                tier = tiers[depth]
                names = {"tier": depth + 1, "name": tier.get("id", "?"), "last": tiers[last].get("id", "?")}
                branch.record.fault("E302", "id", id=shown, **names)
            elif branch.children is not None and depth >= last:
                child = branch.children[0].id if branch.children else None
                names = {"last": tiers[last].get("id", "?"), "count": len(tiers)}
                branch.record.fault("E303", "children", id=child or "the list", **names)
            else:
                self._depth(branch.children or [], tiers, depth + 1)

    def _weights(self, siblings: list[Branch], parent: str) -> None:
        if siblings and all(branch.weight == 0 for branch in siblings):
            siblings[0].record.fault("E304", "weight", parent=parent)
        for branch in siblings:
            self._weights(branch.children or [], branch.id or "this capability")

    def _node(self, branch: Branch) -> None:
        record = branch.record
        if branch.children is not None:
            for key in ONLY_ELEMENTS:
                if record.has(key):
                    record.fault("E305", key, key=key)
            return
        levels: Record | Any = record.get("levels")
        for value in levels or ():
            if self.scale is not None and not self.scale.on_grid(value):
                _off_grid(self.scale, value, levels.key_place(value), levels)
        prerequisites = record.get("prerequisites")
        for node_id, place in prerequisites.placed() if isinstance(prerequisites, Items) else ():
            if node_id not in self.by_id:
                if self.complete:
                    self.faults.add("E311", place, id=node_id)
            elif self.by_id[node_id].children is not None:
                self.faults.add("E312", place, id=node_id)

    def _circles(self) -> None:
        pointers = {node_id: branch.record.get("prerequisites") or () for node_id, branch in self.by_id.items()}
        for circle in circles(pointers):
            closing: Items = self.by_id[circle[-2]].record["prerequisites"]
            place = closing.place(closing.index(circle[-1]))
            self.faults.add("E313", place, circle=walked(circle))


def _framework(record: Record, branches: list[Branch], scale: Scale) -> Framework:
    """Build a framework from records without a fault."""
    rollup = record["rollup"]
    coverage = rollup["coverage"]
    return Framework(
        id=record["id"],
        version=record["version"],
        name=record["name"],
        tiers=tuple(Tier(tier["id"], tier["name"]) for tier in record["tiers"]),
        scale=scale,
        rollup=Rollup(Method(rollup["method"]), coverage["publish"], coverage["provisional"]),
        agreement=_agreement(record.get("agreement") or {}, scale),
        capabilities=tuple(_capability(branch) for branch in branches),
        summary=record.get("summary"),
        source=source_of(record.get("source")),
    )


def _agreement(given: dict[Any, Any], scale: Scale) -> AgreementRule:
    """Return the rule; what is not given has its default, scaled to the points of the scale (analysis.md)."""
    points = (scale.maximum - scale.minimum) / _POINTS_OF_DEFAULTS
    return AgreementRule(
        range=given.get("range", Fraction("1.5") * points),
        r_wg=given.get("r_wg", Fraction("0.7")),
        role_gap=given.get("role_gap", points),
        minimum_roles=int(given.get("minimum_roles", 2)),
    )


def _capability(branch: Branch) -> Capability:
    record = branch.record
    return Capability(
        id=record["id"],
        name=record["name"],
        code=record.get("code"),
        definition=record.get("definition"),
        weight=record.get("weight", Fraction(1)),
        children=tuple(_capability(child) for child in branch.children or ()),
        levels=dict(record.get("levels") or {}),
        critical=record.get("critical", False),
        prerequisites=tuple(record.get("prerequisites") or ()),
        replaces=tuple(record.get("replaces") or ()),
        related=tuple(record.get("related") or ()),
        extensions=dict(record.get("extensions") or {}),
    )
