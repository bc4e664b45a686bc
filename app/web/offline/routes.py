"""/interview/worker.js, what pages are told about working offline, and /interview/<id>/unsent: answers from a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services import unsent
from app.services.interview_sheet import Sheet, read_sheet
from app.services.permissions import Action
from app.web.access import requires
from app.web.context import actor, context, locale, signed_in, translate
from app.web.interviews import pages
from app.web.interviews.saving import in_words
from app.web.interviews.wording import closed_sentence, fault_sentences
from app.web.offline.version import page_version
from app.web.offline.wording import UNAVAILABLE, everywhere_texts, interview_texts
from app.web.security import takes_files
from app.web.shell import engagement_shell

blueprint = Blueprint("offline", __name__)
log = structlog.get_logger("app.web")

SCOPE = "/interview/"
LONGEST_SHOWN = 200
VERSIONED = ("/interview/", "/static/")


@blueprint.app_context_processor
def _told() -> dict[str, object]:
    return {"offline_page": offline_page, "offline_pages": offline_pages, "unsent_everywhere": unsent_everywhere}


@blueprint.after_app_request
def _name_version(response: Response) -> Response:
    """Say which version a page or script is of, so that the service worker never mixes two."""
    if request.path.startswith(VERSIONED) and response.status_code == 200:
        response.headers["X-Page-Version"] = page_version()
    return response


@blueprint.get("/interview/worker.js")
@requires(Action.ENTER)
def worker() -> Response:
    """Send the service worker of this version."""
    text = (Path(current_app.root_path) / "static" / "js" / "offline" / "worker.js").read_text("utf-8")
    head = f"const VERSION = {json.dumps(page_version())};\nconst UNAVAILABLE = {json.dumps(UNAVAILABLE)};\n"
    response = Response(head + text, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def offline_page(interview_id: int) -> dict[str, Any]:
    """Return what the scripts of an interview's page are told about working offline."""
    return {
        "version": page_version(),
        "worker": url_for("offline.worker"),
        "scope": SCOPE,
        "ping": url_for("interviewing_api.tell_presence", interview_id=interview_id),
        "interviewKey": str(interview_id),
        "userName": actor().display_name,
        "texts": interview_texts(),
    }


def offline_pages(sheet: Sheet) -> dict[str, Any]:
    """Return which pages "download this interview" fetches: the hub as it was asked for, every element, every group."""
    addresses = [pages.element_url(sheet, line.element.id) for line in sheet.lines]
    addresses += [pages.group_url(sheet, group.node.id if group.node else None) for group in sheet.groups]
    return {
        "interview": sheet.interview.id,
        "title": sheet.interview.key,
        "pages": [pages.hub_url(sheet), *addresses],
    }


def unsent_everywhere() -> dict[str, Any]:
    """Return what the script on every page needs to tell of unsent answers."""
    found = signed_in()
    return {
        "user": found.user_id if found else None,
        "interview": f"{SCOPE}INTERVIEW",
        "health": url_for("health.healthz"),
        "scope": SCOPE,
        "texts": everywhere_texts(),
    }


@blueprint.get("/interview/<int:interview_id>/unsent")
@requires(Action.ANSWER)
def unsent_answers(interview_id: int) -> str:
    """Show where a file of unsent answers is brought in."""
    return _page(interview_id)


@blueprint.post("/interview/<int:interview_id>/unsent")
@takes_files
@requires(Action.ANSWER)
def take_in(interview_id: int) -> Response | tuple[str, int] | str:
    """Try a file of unsent answers without storing anything, or store what was tried before."""
    text = request.form.get("document")
    if text is None:
        file = request.files.get("file")
        content = file.read(unsent.LARGEST + 1) if file else b""
    else:
        content = text.encode()
    try:
        document = unsent.read_document(content, interview_id)
    except unsent.DocumentFault as fault:
        return _page(interview_id, fault=_document_sentence(fault)), 422
    again = frozenset(request.form.getlist("again"))
    if text is None:
        with context().database.read() as session:
            read_sheet(session, interview_id)
        tried = unsent.rehearse(context().database, document, actor=actor(), clock=context().clock)
        return _page(interview_id, document=document, tried=tried, text=content.decode())
    with context().database.begin() as session:
        outcomes = unsent.take_in(session, document, again=again, actor=actor(), clock=context().clock)
    stored = sum(outcome.kind in unsent.STORED for outcome in outcomes)
    log.info(
        "unsent answers taken in",
        reference=g.get("reference"),
        interview=interview_id,
        written_by=document.user_id,
        stored=stored,
        entries=len(outcomes),
    )
    left = len(outcomes) - stored
    if left:
        flash(translate("存入 %(n)s 条，%(left)s 条没有存入。") % {"n": stored, "left": left}, "warning")
    else:
        flash(translate("存入 %(n)s 条回答。") % {"n": stored})
    return redirect(url_for("interviewing.hub", interview_id=interview_id), 303)


def _page(
    interview_id: int,
    *,
    document: unsent.Document | None = None,
    tried: tuple[unsent.Outcome, ...] = (),
    text: str = "",
    fault: str = "",
) -> str:
    with context().database.read() as session:
        sheet = read_sheet(session, interview_id, everything=True)
        interview = sheet.interview
        frame = engagement_shell(session, interview.engagement_key, unit=interview.unit_key)
    return render_template(
        "offline/unsent.html",
        sheet=sheet,
        document=document,
        rows=[_row(sheet, outcome) for outcome in tried],
        storable=sum(outcome.kind in unsent.STORED for outcome in tried),
        text=text,
        faults=[("file", fault)] if fault else (),
        shell=frame,
        help_page="offline",
    )


def _row(sheet: Sheet, outcome: unsent.Outcome) -> dict[str, Any]:
    names = {line.element.id: line.element.name.in_locale(locale()) for line in sheet.lines}
    if outcome.closed:
        why = closed_sentence(outcome.closed)
    elif outcome.kind == "unknown":
        why = translate("这次访谈里没有这个要素。")
    else:
        why = translate("；").join(fault_sentences(outcome.faults))
    return {
        "outcome": outcome,
        "name": names.get(outcome.entry.element, outcome.entry.element),
        "mine": _said(outcome.entry.changes),
        "theirs": _said(outcome.theirs or {}),
        "why": why,
    }


def _said(changes: Mapping[str, Any]) -> list[str]:
    """Return what an entry says in words; what no form could have said as it stands in the file."""
    try:
        return in_words(changes)
    except (KeyError, TypeError, ValueError, AttributeError):
        return [json.dumps(changes, ensure_ascii=False)[:LONGEST_SHOWN]]


def _document_sentence(fault: unsent.DocumentFault) -> str:
    words = {
        "size": translate("文件是空的，或者超过 512 KiB。"),
        "json": translate("这不是有效的 JSON 文件。请选择从访谈页面导出的文件，不要修改它。"),
        "format": translate("这不是导出的未发送回答。请选择从访谈页面导出的文件。"),
        "interview": translate("这个文件属于另一次访谈（编号 %(n)s）。请到那次访谈里导入。") % {"n": fault.place},
    }
    return words.get(fault.kind) or translate("文件的 %(place)s 处有错，没有存入任何内容。") % {"place": fault.place}
