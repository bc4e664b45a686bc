"""Charts whose rows are units: one capability as a bar per unit, and shares per unit as a heatmap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from app.charts.spec import Axis, Bars, Caption, DotPlot, Heatmap, Label, Mark, Standing, Tick
from app.charts.wording import Wording
from app.core.scale import display


def unit_bars(plot: DotPlot, words: Wording, *, order: Sequence[str], title: str) -> Bars:
    """Turn a dot plot of one capability on its side: a bar for each column, in that order of their ids.

    The benchmark's band, where the plot has one, stands behind all of them, and in the notes in figures.
    """
    by_id = {line.id: line for line in plot.series}
    lines = [by_id[key] for key in order]
    band = plot.bands[0] if plot.bands else None
    marks = tuple(line.marks[0] for line in lines)
    told = words.translate("；").join([title, *(f"{line.name} {line.marks[0].full}" for line in lines)])
    behind = (f"{plot.band_name}{words.translate('：')}{band.text}",) if band else ()
    caption = replace(plot.caption, title=title, description=told, notes=(*plot.caption.notes, *behind))
    return Bars(
        caption=caption,
        axis=plot.axis,
        rows=tuple(Label(line.id, line.name, strong=line.own) for line in lines),
        marks=marks,
        band=band,
        band_name=plot.band_name if band else "",
        row_head=words.translate("受评单位"),
    )


def share_heatmap(
    words: Wording,
    *,
    title: str,
    columns: Sequence[Label],
    rows: Mapping[Label, Sequence[Fraction | None]],
    unit: str,
    source: str = "",
) -> Heatmap:
    """Return shares (0 to 1, None: not applicable) of units by capabilities, in whole per cent.

    `unit` says what the shares are of.
    """
    _ = words.translate
    cells = tuple(tuple(_share(words, share) for share in shares) for shares in rows.values())
    told = (
        f"{label.name} {mark.full}（{column.name}）"
        for label, marks in zip(rows, cells, strict=True)
        for column, mark in list(zip(columns, marks, strict=True))[-1:]
    )
    nothing = any(mark.standing is Standing.NOT_APPLICABLE for marks in cells for mark in marks)
    return Heatmap(
        caption=Caption(
            locale=words.locale,
            title=title,
            description=_("；").join([title, *told]),
            unit=unit,
            source=_("来源：%(source)s") % {"source": source} if source else "",
            notes=(_("– 不适用"),) if nothing else (),
        ),
        axis=Axis(Fraction(0), Fraction(1), tuple(Tick(Fraction(n, 4), f"{25 * n}%") for n in range(5))),
        rows=tuple(rows),
        columns=tuple(columns),
        cells=cells,
        row_head=_("受评单位"),
    )


def _share(words: Wording, share: Fraction | None) -> Mark:
    if share is None:
        return Mark(Standing.NOT_APPLICABLE, short="–", full=words.translate("不适用"))
    text = f"{display(share * 100, 0)}%"
    return Mark(Standing.FIRM, share, short=text, full=text)
