"""Reading .pptx and .docx as what they are: parts in a zip, with relations between them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Package:
    """An Office file, opened."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(BytesIO(content)) as file:
            assert file.testzip() is None
            self.parts = {name: file.read(name) for name in file.namelist()}
            assert len(self.parts) == len(file.namelist()), "a part stands twice"

    def xml(self, name: str) -> Any:
        """Return a part as a tree."""
        return etree.fromstring(self.parts[name])

    def relations(self, name: str) -> dict[str, tuple[str, str, bool]]:
        """Return the relations of a part: target, kind, whether it leads outside."""
        folder, file = posixpath.split(name)
        rels = f"{folder}/_rels/{file}.rels"
        if rels not in self.parts:
            return {}
        return {
            one.get("Id"): (
                posixpath.normpath(posixpath.join(folder, one.get("Target"))).lstrip("/"),
                one.get("Type").rsplit("/", 1)[1],
                one.get("TargetMode") == "External",
            )
            for one in self.xml(rels)
        }

    def faults(self) -> Iterator[str]:
        """Yield what Office would offer to repair: relations to nothing, parts without a kind, numbers twice."""
        kinds = self.xml("[Content_Types].xml")
        named = {one.get("PartName", "").lstrip("/") for one in kinds} | {None}
        endings = {one.get("Extension", "").lower() for one in kinds}
        for name, content in self.parts.items():
            if name != "[Content_Types].xml" and name not in named and name.rsplit(".", 1)[-1].lower() not in endings:
                yield f"{name} has no kind"
            if not name.endswith(".xml") or name.startswith(("[", "docProps")):
                continue
            known = self.relations(name)
            for target, _kind, outside in known.values():
                if not outside and target not in self.parts:
                    yield f"{name} refers to {target}, which is not there"
            used = set(re.findall(rb'r:(?:id|embed|link)="(\w+)"', content)) - {b""}
            for relation in used:
                if relation.decode() not in known:
                    yield f"{name} refers to {relation.decode()}, which it does not know"
            numbers = [one.get("id") for one in self.xml(name).iter(f"{P}cNvPr")]
            if len(numbers) != len(set(numbers)):
                yield f"{name} has a number twice"

    @cached_property
    def outside(self) -> list[str]:
        """The addresses outside the file that it refers to."""
        return [
            target
            for name in self.parts
            if not name.endswith(".rels")
            for target, _kind, out in self.relations(name).values()
            if out
        ]


def squeezed(text: str) -> str:
    """Return a text without white space: lines break elsewhere in every format."""
    return "".join(text.split())
