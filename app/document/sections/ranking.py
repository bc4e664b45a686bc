"""The ranking: who stands where overall and on the first tier; less than half a step is a tie, withheld no place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.charts.spec import Bars
from app.charts.unit_bars import unit_bars
from app.core.compare import compare, places
from app.core.report import SectionKind
from app.core.scoring import Status
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.message.phrases import listed, with_score
from app.document.statuses import status_word
from app.document.values import Block, Cell, Part, Picture, Section, Sentence, Table, TableColumn, TableRow

Places = Mapping[str, tuple[int, int] | None]  # first and last place that a unit may claim, by the subject's id


def ranking(draft: Draft, title: str) -> Section | None:
    """Rank the units; None for one unit alone."""
    if len(draft.material.subjects) < 2:
        return None
    overall = _places(draft, None)
    order = _ordered(draft, overall)
    blocks: list[Block] = []
    if any(overall.values()):
        blocks.append(Picture("ranking-chart", _chart(draft, order)))
    blocks.append(_figures(draft, order, overall))
    if any(any(_places(draft, node.id).values()) for node in draft.material.top):
        blocks.append(_by_node(draft, order, overall))
    return Section("ranking", SectionKind.RANKING, title, _headline(draft, order, overall), tuple(blocks))


def _places(draft: Draft, node: str | None) -> Places:
    columns = draft.material.cases
    row = compare(draft.material.framework, columns).row(node)
    found = places(row, draft.material.half_step)
    return {column.id: place for column, place in zip(columns, found, strict=True)}


def _ordered(draft: Draft, overall: Places) -> list[Subject]:
    """Return the units by their score, those without a place last: withheld, then open; equals keep their order."""
    after = (Status.INSUFFICIENT, Status.NOT_APPLICABLE, Status.OPEN)

    def key(subject: Subject) -> tuple[int, Fraction]:
        score = subject.scorecard.overall
        if overall[subject.id] is None:
            return 1 + (after.index(score.status) if score.status in after else 0), Fraction(0)
        return 0, -(score.score or Fraction(0))

    return sorted(draft.material.subjects, key=key)


def _chart(draft: Draft, order: Sequence[Subject]) -> Bars:
    voice = draft.voice
    columns = [*draft.material.cases, *draft.material.carriers]
    charts = draft.charts_of(columns)
    plot = charts.dot_plot([None])
    shown = [subject.id for subject in order]
    if len(draft.material.carriers) == 1:
        shown.append(draft.material.carriers[0].id)
    return unit_bars(plot, charts.words, order=shown, title=voice._("各单位的总体得分，从高到低"))


def _figures(draft: Draft, order: Sequence[Subject], overall: Places) -> Table:
    voice = draft.voice
    heads = (
        TableColumn(voice._("名次"), "text", 0.8),
        TableColumn(voice._("受评单位"), "text", 3),
        TableColumn(voice._("总体得分"), "number", 1.3),
        TableColumn(voice._("比最高低"), "number", 1.1),
        TableColumn(voice._("覆盖率"), "number", 1),
        TableColumn(voice._("状态"), "state", 1.3),
    )
    best = max((s.scorecard.overall.score or Fraction(0) for s in order if overall[s.id]), default=None)
    rows, marks = [], []
    for subject in order:
        score = subject.scorecard.overall
        mark = voice.figures.score_mark(score)
        marks.append(mark)
        name = voice.words(subject.name)
        placed = overall[subject.id] is not None and score.score is not None and best is not None
        behind = best - score.score if placed and best is not None and score.score is not None else None
        rows.append(
            TableRow((
                Cell(place_text(overall[subject.id])),
                Cell(name.text, language=draft.foreign(name)),
                cell_of(mark),
                draft.plain(behind, None),
                Cell("" if score.coverage is None else voice.percent(score.coverage).text, score.coverage),
                Cell(status_word(voice, score.status)),
            ))
        )  # fmt: skip
    return Table("ranking-figures", voice._("总体名次"), heads, tuple(rows), (_rule(draft), *draft.notes(marks)))


def _rule(draft: Draft) -> str:
    voice = draft.voice
    return voice.text(
        voice._("相差不到{half}分（打分间隔的一半）的单位并列，名次写作范围；覆盖不足和未评的单位不排名次。"),
        half=voice.exact(draft.material.half_step),
    )


def place_text(place: tuple[int, int] | None) -> str:
    """Write a place, or the places between which a unit cannot be told apart; a dash for none."""
    if place is None:
        return "–"
    first, last = place
    return str(first) if first == last else f"{first}–{last}"


def _by_node(draft: Draft, order: Sequence[Subject], overall: Places) -> Table:
    """Return units by capabilities of the first tier: the place on each."""
    material, voice = draft.material, draft.voice
    found = [(node.id, _places(draft, node.id)) for node in material.top]
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.4),
        *(TableColumn(voice.node(node), "state", 1.5) for node, _ in found),
        TableColumn(voice._("总体"), "state", 1.4),
    )
    rows = []
    for subject in order:
        name = voice.words(subject.name)
        cells = [Cell(name.text, language=draft.foreign(name))]
        cells += [_place_cell(draft, subject, node, placed[subject.id]) for node, placed in found]
        rows.append(TableRow((*cells, _place_cell(draft, subject, None, overall[subject.id]))))
    title = voice.text(voice._("各{tier}的名次"), tier=voice.tier(material.framework.tiers[0]))
    return Table("ranking-dimensions", title, heads, tuple(rows))


def _place_cell(draft: Draft, subject: Subject, node: str | None, place: tuple[int, int] | None) -> Cell:
    if place is not None:
        return Cell(place_text(place))
    return Cell(status_word(draft.voice, subject.scorecard.node(node).status))


# --- in words --------------------------------------------------------------------------------------------------------


def _headline(draft: Draft, order: Sequence[Subject], overall: Places) -> Sentence:
    """Say who may be called first, and how many cannot be ranked."""
    voice = draft.voice
    placed = [subject for subject in order if overall[subject.id]]
    unplaced = len(order) - len(placed)
    if not placed:
        clause = voice.fill(voice._("{n}个评估单位中没有一个有可发布的总体得分，不排名次"), n=len(order))
        return voice.sentence("ranking.none", clause)
    if len(placed) == 1:
        score = placed[0].scorecard.overall.score or Fraction(0)
        template = voice._("{n}个评估单位中只有{unit}有可发布的总体得分，不排名次")
        named = with_score(voice, voice.name(placed[0].name), None, score)
        return voice.sentence("ranking.single", voice.fill(template, n=len(order), unit=named))
    clauses = [_first_clause(draft, placed, overall)]
    if unplaced:
        counted = voice.ngettext("{n}个单位覆盖不足或未评，不排名次", "{n}个单位覆盖不足或未评，不排名次", unplaced)
        clauses.append(voice.fill(counted, n=unplaced))
    rule = "ranking.first" if overall[placed[0].id] == (1, 1) else "ranking.tied"
    return voice.sentence(rule, *clauses)


def _first_clause(draft: Draft, placed: Sequence[Subject], overall: Places) -> tuple[Part, ...]:
    """Name the first, or those who may all be: nobody at least half a step above them."""
    voice = draft.voice
    half = voice.exact(draft.material.half_step)
    front = [s for s in placed if (overall[s.id] or (0, 0))[0] == 1]
    named = listed(
        [with_score(voice, voice.name(s.name), None, s.scorecard.overall.score or Fraction(0)) for s in front],
        voice,
        voice._("{listed}等{n}个单位"),
    )
    if len(front) == 1:
        first, second = (s.scorecard.overall.score or Fraction(0) for s in placed[:2])
        nearest = voice.score(None, first - second)
        if len(placed) == 2:
            template = voice._("在{n}个可以排名的单位中，{unit}排第一，比{other}高{nearest}分")
            other = with_score(voice, voice.name(placed[1].name), None, second)
            return voice.fill(template, n=2, unit=named, other=other, nearest=nearest)
        template = voice._("在{n}个可以排名的单位中，{unit}排第一，比其余各单位至少高{nearest}分")
        return voice.fill(template, n=len(placed), unit=named, nearest=nearest)
    if len(front) == len(placed):
        return voice.fill(
            voice._("{n}个可以排名的单位{units}相差不到{half}分，并列"), n=len(placed), units=named, half=half
        )
    template = voice._("在{n}个可以排名的单位中，{units}并列最前，没有单位比它们高{half}分以上")
    return voice.fill(template, n=len(placed), units=named, half=half)
