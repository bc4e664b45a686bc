"""Elements that stand far from related ones under another framework of the same unit and round, in a table."""

from __future__ import annotations

from app.core.scale import display
from app.document.draft import Draft
from app.document.material import Apart, Standing, Subject
from app.document.values import Cell, Table, TableColumn, TableRow
from app.document.voice import Voice


def apart_table(draft: Draft, most: int) -> Table | None:
    """Name the elements far from related ones, at most `most` a unit; None without any.

    The option `elements` of the section stands in for `most`.
    """
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2),
        TableColumn(voice._("要素"), "text", 3.2),
        TableColumn(voice._("得分"), "number", 0.8),
        TableColumn(voice._("其他框架的相关要素"), "text", 5),
        TableColumn(voice._("折算后的均值"), "number", 1.1),
        TableColumn(voice._("相差"), "number", 0.9),
    )
    rows: list[TableRow] = []
    for subject in draft.material.subjects:
        for number, apart in enumerate(subject.apart[: draft.option("elements", most)]):
            cells = (_name(draft, subject) if number == 0 else Cell(), *_apart_cells(draft, apart))
            rows.append(TableRow(cells, "heading" if number == 0 else "plain"))
    if not rows:
        return None
    note = voice._(
        "列出与其他框架的相关要素（同一单位、同一轮次，按量表折算）的均值相差超过五分量表1.5分的要素。"
        "各框架的得分并列，从不相加；相差大只提示再看一遍依据。"
    )
    return Table("confidence-consistency", voice._("与其他框架的相关要素相差大的要素"), heads, tuple(rows), (note,))


def _apart_cells(draft: Draft, apart: Apart) -> tuple[Cell, ...]:
    voice, said = draft.voice, apart.said
    others = [f"{_standing(voice, one)} {display(one.score, one.decimals)}" for one in apart.relatives]
    difference = said.score - apart.expected
    sign = "+" if difference > 0 else "−"
    return (
        Cell(_standing(voice, said)),
        Cell(display(said.score, said.decimals), said.score),
        Cell(voice._("；").join(others)),
        Cell(voice.score(None, apart.expected).text, apart.expected),
        Cell(f"{sign}{display(abs(difference), 2)}", difference),
    )


def _standing(voice: Voice, one: Standing) -> str:
    """Name an element, with its framework where it is not the report's own."""
    name = voice.name(one.element)
    if one.framework == voice.framework.name:
        return name
    return voice.text(voice._("{element}（{framework}）"), element=name, framework=voice.name(one.framework))


def _name(draft: Draft, subject: Subject) -> Cell:
    words = draft.voice.words(subject.name)
    return Cell(words.text, language=draft.foreign(words))
