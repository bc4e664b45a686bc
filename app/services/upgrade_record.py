"""What is stored of an upgrade: the assessment as it was, the figures that were confirmed, the proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.services.recording import record_document
from app.storage import upgrades as store

if TYPE_CHECKING:
    from app.core.impact import Impact, Proposal
    from app.core.scoring import NodeScore
    from app.services.carrying import By
    from app.services.upgrading import UpgradePreview
    from app.storage.database import Session


def store_upgrade(
    session: Session, preview: UpgradePreview, assessment_id: int, target: int, kept: Mapping[str, Any], *, by: By
) -> int:
    """Store an upgrade of an assessment to the snapshot `target` and its proposals; return the id of the upgrade.

    `kept` is what else its reversal, or its reader, needs to know.
    """
    upgrade_id = store.insert_upgrade(
        session,
        assessment_id=assessment_id,
        from_snapshot_id=preview.holdings.record.framework_snapshot_id,
        to_snapshot_id=target,
        record=record_document(preview.holdings),
        preview={"seen": preview.seen, **_figures(preview.impact), **kept},
        at=by.at,
        user_id=by.user_id,
    )
    scale = preview.walk.new.scale
    rows = [
        {
            "assessment_id": assessment_id,
            "upgrade_id": upgrade_id,
            "element": one.element,
            "origins": _origins(preview, one),
            "steps": None if one.score is None else scale.steps_of(one.score),
        }
        for one in preview.impact.proposals
    ]
    store.insert_carried(session, rows)
    return upgrade_id


def _origins(preview: UpgradePreview, proposal: Proposal) -> dict[str, Any]:
    """Return what the old version said of each origin, and what is proposed of it."""
    before = preview.impact.before
    return {
        "state": proposal.state.value,
        "version": preview.walk.old.version,
        "elements": [
            {
                "id": origin,
                "state": before.judgements[origin].state.value,
                "score": _number(before.nodes[origin]),
                "agreed": before.judgements[origin].agreed,
            }
            for origin in proposal.origins
        ],
    }


def _figures(impact: Impact) -> dict[str, Any]:
    """Return the figures that were confirmed, as exact decimals or fractions."""
    return {
        "fates": {fate.value: list(elements) for fate, elements in impact.by_fate.items()},
        "opened": list(impact.opened),
        "totals": [
            [total.id, *(None if one is None else _number(one) for one in (total.before, total.after, total.complete))]
            for total in impact.totals
        ],
    }


def _number(node: NodeScore) -> str | None:
    return None if node.score is None else str(node.score)
