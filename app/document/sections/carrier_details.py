"""What is known of a carrier beyond its first-tier figures: facts of its source, figures further down, strangers."""

from __future__ import annotations

from app.core.benchmark import BenchmarkEntry
from app.core.compare import Column
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.values import Block, Cell, Fact, Facts, Picture, Section, Sentence, Table, TableColumn, TableRow
from app.document.voice import Voice


def carrier_facts(draft: Draft, key: str, entry: BenchmarkEntry) -> Facts:
    """Say where the carrier is, what its source gives, what it gives as a range or beyond this framework."""
    voice = draft.voice
    items = [(voice._("地区"), _region(voice, entry.region)), (voice._("来源给出的"), _given(draft, entry))]
    items += [(voice._("只给出区间"), _range(draft, entry, node)) for node in entry.ranges]
    items += [(voice._("本框架没有的"), text) for text in _unmapped(draft, entry)]
    items.append((voice._("来源"), _source(draft)))
    return Facts(f"{key}-facts", voice._("依据"), tuple(Fact(name, value) for name, value in items if value))


def _region(voice: Voice, region: str | None) -> str:
    """Name a region; one that an editor made up stands as its id."""
    known = {
        "americas": voice._("美洲"),
        "asia-pacific": voice._("亚太"),
        "europe": voice._("欧洲"),
        "africa": voice._("非洲"),
        "middle-east": voice._("中东"),
    }
    return known.get(region or "", voice.cut(region))


def _given(draft: Draft, entry: BenchmarkEntry) -> str:
    """Count the figures of the source, tier by tier."""
    voice, framework = draft.voice, draft.material.framework
    given = [node for node in framework.walk() if node.id in entry.scores or node.id in entry.ranges]
    counted = []
    for tier in framework.tiers:
        found = sum(framework.tier_of(node.id).id == tier.id for node in given)
        whole = len(framework.on_tier(tier.id))
        if found:
            template = voice._("{tier}{n}/{all}项")
            counted.append(voice.text(template, tier=voice.tier(tier), n=found, all=whole))
    return voice._("；").join(counted) or voice._("没有数字")


def _range(draft: Draft, entry: BenchmarkEntry, node: str) -> str:
    voice, known = draft.voice, entry.ranges[node]
    template = voice._("{node} {range}，取中值{middle}")
    bounds = voice.bounds(node, (known.low, known.high))
    return voice.text(template, node=voice.node(node), range=bounds, middle=voice.score(node, known.midpoint))


def _unmapped(draft: Draft, entry: BenchmarkEntry) -> list[str]:
    voice, framework = draft.voice, draft.material.framework
    told = []
    for figure in entry.unmapped:
        under = voice.node(figure.parent) if figure.parent and figure.parent in framework else ""
        named = voice.text(voice._("{name}（原属{parent}）"), name=voice.cut(figure.name), parent=under)
        name = named if under else voice.cut(figure.name)
        if figure.score is None:
            told.append(name)
        else:
            template = voice._("{name} {score}分，不计入")
            told.append(voice.text(template, name=name, score=voice.exact(figure.score)))
    return told


def _source(draft: Draft) -> str:
    """Write the source of the set in one line."""
    voice, benchmark = draft.voice, draft.material.benchmark
    assert benchmark is not None
    source = benchmark.source
    words = {"low": voice._("可信度低"), "medium": voice._("可信度中"), "high": voice._("可信度高")}
    year = voice.year(source.year).text if source.year else ""
    told = [voice.cut(source.title), year, voice.cut(source.method), words.get(source.confidence or "", "")]
    return voice._("；").join(part for part in told if part)


def deeper_figures(draft: Draft, key: str, column: Column) -> Section | None:
    """Show the figures below the first tier beside the unit in focus; None where the source gives none."""
    material, voice = draft.material, draft.voice
    top = {node.id for node in material.top}
    nodes = [node.id for node in material.framework.walk() if node.id in column.figures and node.id not in top]
    if not nodes:
        return None
    focus = material.column(material.focus)
    beside = [focus, column] if any(material.focus.shown(node) for node in nodes) else [column]
    tier = voice.tier(material.framework.tier_of(nodes[0]))
    title = voice.text(voice._("各{tier}的得分"), tier=tier)
    chart = draft.charts_of(beside, own=column.id).dot_plot(nodes, title=title)
    blocks: list[Block] = [Picture(f"{key}-deeper-chart", chart), _table(draft, f"{key}-deeper", column, nodes)]
    named = voice.text(voice._("{unit}：各{tier}"), unit=voice.name(column.name), tier=tier)
    headline = _deeper_headline(draft, column, nodes)
    return Section(f"{key}-parts", SectionKind.CARRIERS, named, headline, tuple(blocks))


def _table(draft: Draft, table_id: str, column: Column, nodes: list[str]) -> Table:
    material, voice = draft.material, draft.voice
    focus = material.focus
    shown = any(focus.shown(node) for node in nodes)
    heads = [
        TableColumn(voice._("能力"), "text", 3),
        TableColumn(voice.name(column.name), "number", 1.4),
    ]
    if shown:
        heads += [TableColumn(voice.name(focus.name), "number", 1.6), TableColumn(voice._("差"), "number", 1)]
    marks, rows = [], []
    for node in nodes:
        mark = draft.mark(column, node)
        marks.append(mark)
        cells = [draft.name_cell(node), cell_of(mark)]
        if shown:
            other = draft.mark(material.column(focus), node)
            marks.append(other)
            score = focus.shown(node)
            value = column.figures[node].value
            gap = draft.difference(value - score.score, node) if score and score.score is not None else Cell()
            cells += [cell_of(other), gap]
        rows.append(TableRow(tuple(cells)))
    notes = list(draft.notes(marks))
    if shown:
        template = voice._("差 = {carrier} − {unit}。")
        notes.insert(0, voice.text(template, carrier=voice.name(column.name), unit=voice.name(focus.name)))
    return Table(table_id, voice._("得分"), tuple(heads), tuple(rows), tuple(notes))


def _deeper_headline(draft: Draft, column: Column, nodes: list[str]) -> Sentence:
    """Count where the carrier and the unit in focus stand at least half a step apart."""
    material, voice = draft.material, draft.voice
    focus, half = material.focus, material.half_step
    gaps = {
        node: column.figures[node].value - found.score
        for node in nodes
        if (found := focus.shown(node)) and found.score is not None
    }
    if not gaps:
        template = voice._("{carrier}在第一层以下有{n}个数字，还没有一个单位可以与它比较")
        clause = voice.fill(template, carrier=voice.name(column.name), n=len(nodes))
        return voice.sentence("carrier.parts.alone", clause)
    template = voice._(
        "{n}项{carrier}与{unit}都有得分：{above}项前者至少高{half}分，{below}项后者至少高{half}分，{level}项相差不到{half}分"
    )
    above, below = sum(gap >= half for gap in gaps.values()), sum(-gap >= half for gap in gaps.values())
    clause = voice.fill(
        template,
        n=len(gaps),
        carrier=voice.name(column.name),
        unit=voice.name(focus.name),
        above=above,
        below=below,
        level=len(gaps) - above - below,
        half=voice.exact(half),
    )
    return voice.sentence("carrier.parts", clause)
