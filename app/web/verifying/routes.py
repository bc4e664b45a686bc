"""/verify: what a code, a hash or a file of a report is, whether its figures are released, whether newer ones exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from app.i18n import msgid
from app.services.engagements import get_engagement_by_id
from app.services.permissions import Action
from app.services.verifying import SHORTEST_HASH, Verdict, is_code_or_hash, verify_file, verify_text
from app.web.access import requires
from app.web.context import context, translate
from app.web.security import takes_upload
from app.web.shell import Shell

if TYPE_CHECKING:
    from app.core.text import Text
    from app.storage.database import Session

blueprint = Blueprint("verifying", __name__)

LONGEST = 100
NOTHING_CHOSEN = msgid("请先选一个文件。")
NO_CODE = msgid("请输入核对码（12 个字母和数字），或哈希的前 %(n)s 位以上。")


@blueprint.get("/verify")
@requires(Action.RESULTS)
def show() -> str:
    """Ask for a code, hash or file; with `code` in the address tell what it stands for."""
    typed = request.args.get("code", "").strip()[:LONGEST]
    if not typed:
        return _page()
    if not is_code_or_hash(typed):
        return _page(typed=typed, faults=[("code", translate(NO_CODE) % {"n": SHORTEST_HASH})])
    with context().database.read() as session:
        verdict = verify_text(session, typed)
        return _page(verdict, _engagements(session, verdict), typed=typed)


@blueprint.post("/verify")
@takes_upload
@requires(Action.RESULTS)
def check_file() -> str | tuple[str, int]:
    """Tell which report this very file is; nothing of it is kept."""
    file = request.files.get("file")
    content = file.read() if file and file.filename else b""
    if not content:
        return _page(faults=[("file", translate(NOTHING_CHOSEN))]), 422
    with context().database.read() as session:
        verdict = verify_file(session, content)
        return _page(verdict, _engagements(session, verdict), by_file=True)


def _engagements(session: Session, verdict: Verdict) -> dict[int, tuple[str, Text]]:
    """Return key and name of the engagements of what was found, by id."""
    ids = {one.issue.engagement_id for one in verdict.issues} | {one.release.engagement_id for one in verdict.releases}
    found = (get_engagement_by_id(session, one) for one in ids)
    return {one.id: (one.key, one.name) for one in found}


def _page(
    verdict: Verdict | None = None,
    engagements: dict[int, tuple[str, Text]] | None = None,
    *,
    typed: str = "",
    by_file: bool = False,
    faults: list[tuple[str | None, str]] | None = None,
) -> str:
    return render_template(
        "verifying/show.html",
        verdict=verdict,
        engagements=engagements or {},
        typed=typed,
        by_file=by_file,
        shortest=SHORTEST_HASH,
        faults=faults or [],
        shell=Shell(section="reports"),
        help_page="verify",
    )
