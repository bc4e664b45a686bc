"""What every calculation sheet of a workbook shares: rows, columns, words, formulas, and the figures they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.core.framework import Method
from app.core.scoring import Status, score
from app.document.statuses import status_word
from app.exports.workbook.calculation.formulas import Formulas
from app.exports.workbook.calculation.layout import Block, Row, TierRows, blocks_of, rows_of

if TYPE_CHECKING:
    from app.core.scoring import Scorecard
    from app.document.material import Material, Subject
    from app.document.voice import Voice


@dataclass(frozen=True)
class Arithmetic:
    """The calculation of one report; `weights_title` is the sheet of weights and thresholds."""

    material: Material
    voice: Voice
    weights_title: str

    @cached_property
    def tiers(self) -> tuple[TierRows, ...]:
        """The rows, from the elements up."""
        return rows_of(self.material.framework)

    @property
    def overall(self) -> Row:
        """The row of the overall."""
        return self.tiers[-1].rows[0]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The columns, the report's method first."""
        return blocks_of(self.material.method, self.material.framework.scale)

    @cached_property
    def words(self) -> dict[Status, str]:
        """The statuses as the report words them."""
        return {status: status_word(self.voice, status) for status in Status}

    @cached_property
    def formulas(self) -> Mapping[Method, Formulas]:
        """The formulas of every method."""
        scale = self.material.framework.scale
        return {block.method: Formulas(block, scale, self.words) for block in self.blocks}

    def cards(self, subject: Subject) -> Mapping[Method, Scorecard]:
        """Return the figures of a unit under every method; the report's own as it has them."""
        card, weights = subject.scorecard, self.material.weights
        return {
            method: card
            if method is card.method
            else score(card.framework, card.judgements, weights=weights, method=method)
            for method in Method
        }

    def tier_name(self, tier: TierRows) -> str:
        """Return the heading of a tier's rows."""
        if tier.tier is None:
            return self.voice.node(None)
        return self.voice.name(self.material.framework.tiers[tier.tier].name)

    def above(self, row: Row) -> str:
        """Return the name of the capability above, empty at the top."""
        parent = self.material.framework.parent(row.node.id) if row.node else None
        return self.voice.node(parent.id) if parent else ""

    def decimals(self, row: Row) -> str:
        """Return the number format of a score of that row."""
        places = self.voice.figures.decimals(row.id)
        return "0." + "0" * places if places else "0"
