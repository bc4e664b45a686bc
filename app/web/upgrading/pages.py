"""What the pages about an assessment's version show, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.scale import display
from app.services.answer_changes import AnswerRefused
from app.services.proposing import Origin, ProposalView
from app.web.assessments.pages import TreeRow, answer, tree_rows
from app.web.context import locale, translate
from app.web.impact.pages import Fortune, fortunes
from app.web.interviews.wording import fault_sentence

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.services.upgrading import UpgradePreview
    from app.storage.upgrades import UpgradeRecord


@dataclass(frozen=True)
class PreviewPage:
    """An upgrade before it is confirmed."""

    preview: UpgradePreview
    version: str
    answer: str
    fortunes: tuple[Fortune, ...]


def preview_page(preview: UpgradePreview, version: str) -> PreviewPage:
    """Return what the page shows of a preview."""
    return PreviewPage(preview, version, _answer(preview, version), fortunes(preview.impact))


def _answer(preview: UpgradePreview, version: str) -> str:
    found = preview.impact
    changed = sum(total.differs for total in found.totals)
    parts = [
        translate("升级到 %(version)s，%(changed)s 项能力的数字会变")
        if changed
        else translate("升级到 %(version)s，数字都不变")
    ]
    proposals = sum(not one.empty for one in found.proposals)
    if proposals:
        parts.append(translate("%(proposals)s 个得分要有人确认"))
    told = translate("；").join(parts)
    return told % {"version": version, "changed": changed, "proposals": proposals} + translate("。")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One upgrade, or one that took another back; `taken_back` by a later one."""

    upgrade: UpgradeRecord
    taken_back: bool

    @property
    def reversal(self) -> bool:
        """Tell whether it took an upgrade back."""
        return self.upgrade.reverses_id is not None


def history_lines(history: tuple[UpgradeRecord, ...]) -> tuple[HistoryLine, ...]:
    """Return the upgrades, the newest first."""
    reversed_ids = {one.reverses_id for one in history}
    return tuple(HistoryLine(one, one.id in reversed_ids) for one in reversed(history))


def reason_for(one: ProposalView, said: str = "") -> str:
    """Return the reason that stands with a score that was taken over: what the user wrote, else where it comes from."""
    if said.strip():
        return said.strip()
    told = translate("、").join(_origin(origin, one) for origin in one.origins)
    return translate("由%(version)s版转入：%(origins)s") % {"version": one.former.version, "origins": told}


def _origin(origin: Origin, one: ProposalView) -> str:
    name = origin.element.name.in_locale(locale())
    if origin.score is None:
        return name
    return f"{name} {display(origin.score, one.former.scale.decimals if origin.agreed else 2)}"


def refusal_sentence(refused: AnswerRefused) -> str:
    """Return why a score was not taken, in the reader's words."""
    return translate("；").join(fault_sentence(fault) for fault in refused.faults)


@dataclass(frozen=True)
class RecordPage:
    """An assessment as a record keeps it: how it stood, and every capability."""

    answer: str
    rows: tuple[TreeRow, ...]
    has_printed: bool
    scored: int
    elements: int


def record_page(view: AssessmentView) -> RecordPage:
    """Return what the page of a record shows."""
    card = view.scorecard
    leaves = card.framework.leaves
    return RecordPage(
        answer=answer(view.unit.name, card),
        rows=tuple(tree_rows(view, card)),
        has_printed=bool(view.published),
        scored=sum(card.node(leaf.id).score is not None for leaf in leaves),
        elements=len(leaves),
    )
