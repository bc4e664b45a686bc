"""What a report says of itself: revision and state of its assessments, when it was made, and the code to verify it by.

The facts stand on the cover and under the method, the code at the foot of every page, in every file format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.core.report import SectionKind
from app.document.values import Block, Cell, Document, Fact, Facts, Section, Table, TableColumn, TableRow
from app.i18n import msgid

if TYPE_CHECKING:
    from app.document.voice import Voice

PUBLISHED = "published"
PROOF = "method-proof"
HASH_SHOWN = 12  # characters of a hash that paper prints
STATES: Mapping[str, str] = {
    "draft": msgid("未开始"),
    "in-progress": msgid("进行中"),
    "review": msgid("复核中"),
    PUBLISHED: msgid("已发布"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An assessment as a report tells it: its name there, revision, state, and the hash of its result."""

    name: str
    revision: int
    state: str
    result_hash: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What proves a report. `code` stands for all that it says; `program` is what computed its figures."""

    code: str
    data_hash: str
    told: tuple[Told, ...]
    issued_at: datetime
    program: str

    @property
    def moment(self) -> str:
        """When it was made, to the minute, in UTC: the same for readers everywhere."""
        return f"{self.issued_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def stamped(document: Document, stamp: Stamp, voice: Voice) -> Document:
    """Return a worded document with its proof."""
    short, whole = _on_cover(stamp, voice), _below_method(stamp, voice)
    return replace(
        document,
        stamp=stamp,
        sections=tuple(_with_proof(section, short, whole) for section in document.sections),
    )


def _with_proof(section: Section, short: tuple[Fact, ...], whole: Table) -> Section:
    if section.kind is SectionKind.COVER:
        return replace(section, blocks=tuple(_longer(block, short) for block in section.blocks))
    if section.kind is SectionKind.METHOD:
        return replace(section, blocks=(*section.blocks, whole))
    return replace(section, children=tuple(_with_proof(child, short, whole) for child in section.children))


def _longer(block: Block, short: tuple[Fact, ...]) -> Block:
    return replace(block, items=(*block.items, *short)) if isinstance(block, Facts) else block


def _on_cover(stamp: Stamp, voice: Voice) -> tuple[Fact, ...]:
    done = sum(one.state == PUBLISHED for one in stamp.told)
    if len(stamp.told) == 1:
        state = _state(stamp.told[0], voice)
    elif done == len(stamp.told):
        state = voice._("全部已发布")
    elif done:
        left = len(stamp.told) - done
        state = voice.text(voice._("{done}项已发布，{left}项没有"), done=str(done), left=str(left))
    else:
        state = voice._("都没有发布")
    return Fact(voice._("版本与状态"), state), Fact(voice._("核对码"), stamp.code)


def _below_method(stamp: Stamp, voice: Voice) -> Table:
    heads = (
        TableColumn(voice._("受评单位"), "text", 6.4),
        TableColumn(voice._("版本与状态"), "text", 2.5),
        TableColumn(voice._("结果的哈希"), "text", 2),
    )
    rows = tuple(
        TableRow((Cell(one.name), Cell(_state(one, voice)), Cell(one.result_hash[:HASH_SHOWN]))) for one in stamp.told
    )
    notes = (
        voice.text(voice._("制作于{time}，程序 {program}。"), time=stamp.moment, program=stamp.program),
        voice.text(voice._("核对码 {code}，在系统的“核对报告”页核对。"), code=stamp.code),
    )
    return Table(PROOF, voice._("版本与凭据"), heads, rows, notes)


def _state(one: Told, voice: Voice) -> str:
    state = voice._(STATES[one.state]) if one.state in STATES else one.state
    return voice.text(voice._("第{revision}版，{state}"), revision=str(one.revision), state=state)
