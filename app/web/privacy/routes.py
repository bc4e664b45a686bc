"""/engagements/<key>/data: who is named, all of it as an archive, erasing names; erasing the engagement itself."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.services import erasing, respondents
from app.services.compacting import compact
from app.services.data_export import write_export
from app.services.disk_room import room_at
from app.services.engagements import get_engagement
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.storage.database import NoRoom
from app.web.access import requires
from app.web.acting import act
from app.web.context import actor, context, translate, translate_plural
from app.web.privacy.forms import EraseEngagementForm, EraseNamesForm
from app.web.privacy.wording import place_of
from app.web.shell import engagement_shell
from app.web.signing.using import freshly_proved

if TYPE_CHECKING:
    from app.storage.database import Session

blueprint = Blueprint("privacy", __name__)

SPOOLED = 8 * 2**20  # bytes of an archive that stay in memory; larger ones go to a file without a name


@blueprint.get("/engagements/<key>/data")
@requires(Action.MANAGE)
def overview(key: str) -> str:
    """Show who is named in an engagement, and what can be done with its data."""
    return _overview(key, EraseNamesForm(formdata=None))


def _overview(key: str, form: EraseNamesForm) -> str:
    with context().database.read() as session:
        found = get_engagement(session, key)
        named = respondents.list_respondents(session, found.id)
        return _page(
            session,
            key,
            "privacy/overview.html",
            respondents=named,
            named=sum(bool(one.label) for one in named),
            retention=context().settings.retention,
            form=form,
            faults=form.faults(),
        )


@blueprint.get("/engagements/<key>/data/engagement.zip")
@requires(Action.MANAGE)
def export(key: str) -> Response:
    """Send everything of an engagement as an archive; `names=1` keeps the names of people."""
    settings = context().settings
    if room_at(settings.data).scarce:
        raise NoRoom("an archive of everything waits until there is room")
    file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(SPOOLED, dir=str(settings.data)))  # noqa: SIM115
    try:
        with context().database.read() as session:
            write_export(
                session,
                key,
                file,
                names=request.args.get("names") == "1",
                settings=settings,
                actor=actor(),
                clock=context().clock,
            )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{key}-{context().clock():%Y%m%d}.zip"
    answer = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, etag=False)
    answer.call_on_close(file.close)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.get("/engagements/<key>/data/respondents/<int:respondent_id>")
@requires(Action.MANAGE)
def respondent(key: str, respondent_id: int) -> str:
    """Say what erasing a name does, and where else it stands."""
    with context().database.read() as session:
        found = get_engagement(session, key)
        one = respondents.get_respondent(session, found.id, respondent_id)
        mentions = respondents.mentions_of(session, found.id, one.label)
        return _page(
            session,
            key,
            "privacy/respondent.html",
            respondent=one,
            places=[place_of(mention) for mention in mentions.texts],
            histories=mentions.histories,
        )


@blueprint.post("/engagements/<key>/data/respondents/<int:respondent_id>/erase")
@requires(Action.MANAGE)
def erase_respondent(key: str, respondent_id: int) -> BaseResponse:
    """Erase a name."""
    me, parts = actor(), context()

    def erase(session: Session) -> None:
        found = get_engagement(session, key)
        respondents.erase_respondent(
            session, found.id, respondent_id, settings=parts.settings, actor=me, clock=parts.clock
        )

    answer = act(erase, done=translate("姓名已删除。"), back=url_for(".overview", key=key))
    compact(parts.database, parts.settings)
    return answer


@blueprint.post("/engagements/<key>/data/respondents/erase")
@requires(Action.MANAGE)
def erase_respondents(key: str) -> BaseResponse | tuple[str, int]:
    """Erase all names of an engagement."""
    form, parts = EraseNamesForm(), context()
    if not form.sure.data:
        form.sure.errors = [translate("请先勾选确认。")]
        return _overview(key, form), 422
    with parts.database.begin() as session:
        found = get_engagement(session, key)
        number = respondents.erase_respondents(
            session, found.id, settings=parts.settings, actor=actor(), clock=parts.clock
        )
    compact(parts.database, parts.settings)
    flash(translate_plural("已删除 %(n)s 个姓名。", "已删除 %(n)s 个姓名。", number) % {"n": number})
    return redirect(url_for(".overview", key=key), 303)


@blueprint.get("/engagements/<key>/erase")
@requires(Action.ADMINISTER)
@freshly_proved
def ask_erasing(key: str) -> str:
    """Say what erasing an engagement takes away, and ask for its key."""
    return _erasing(key, EraseEngagementForm(formdata=None))


@blueprint.post("/engagements/<key>/erase")
@requires(Action.ADMINISTER)
@freshly_proved
def erase_engagement(key: str) -> BaseResponse | tuple[str, int]:
    """Erase an engagement for good."""
    form, parts = EraseEngagementForm(), context()
    if not form.validate():
        return _erasing(key, form), 422
    try:
        done = erasing.erase_engagement(
            parts.database, parts.settings, key, typed=form.typed.data or "", actor=actor(), clock=parts.clock
        )
    except Invalid as refused:
        form.add_refusal(refused)
        return _erasing(key, form), 422
    said = translate("项目 %(key)s 已删除：%(rows)s 行数据，%(files)s 个文件。")
    flash(said % {"key": key, "rows": done.total, "files": done.files})
    return redirect(url_for("engagements.listing"), 303)


def _erasing(key: str, form: EraseEngagementForm) -> str:
    with context().database.read() as session:
        return _page(
            session,
            key,
            "privacy/erase.html",
            held=erasing.holding_of(session, key, context().settings),
            kept=context().settings.backups_kept,
            form=form,
            faults=form.faults(),
        )


def _page(session: Session, key: str, template: str, **values: object) -> str:
    return render_template(
        template,
        engagement=get_engagement(session, key),
        shell=engagement_shell(session, key, page="data"),
        help_page="privacy",
        **values,
    )
