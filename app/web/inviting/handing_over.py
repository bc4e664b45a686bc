"""The page that shows a link once, and the message that carries it where there is a mail server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
import structlog
from flask import g, url_for
from werkzeug.wrappers import Response

from app.services import mailing
from app.services.account_links import Kind, MadeLink
from app.services.refusals import Invalid
from app.web.account.pages import account_page
from app.web.context import context, translate
from app.web.forms import Form
from app.web.shell import Shell
from app.web.templating import moment

log = structlog.get_logger("app.web")


@dataclass(frozen=True, slots=True)
class Way:
    """Where the page of a new link leads back to, and the frame around it."""

    shell: Shell
    back: str
    back_words: str
    help_page: str


def address_of(link: MadeLink) -> str:
    """Return the full address of a link: under the address of the settings, else as the site was asked."""
    base = context().settings.address
    if base:
        return base + url_for("inviting.open_link", token=link.token)
    return url_for("inviting.open_link", token=link.token, _external=True)


def mail_is_good(form: Form, written: str) -> bool:
    """Tell whether a message could go to what was written (nothing is fine); says so at the field."""
    try:
        if written:
            mailing.mail_address(written)
    except Invalid as refused:
        form.add_refusal(refused)
        return False
    return True


def handed_over(link: MadeLink, way: Way, *, to: str = "", whom: str = "") -> Response:
    """Return the page with a new link, which is shown this once; sent as well when an address is given."""
    address = address_of(link)
    values: dict[str, Any] = {
        "address": address,
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2),
        "until": moment(link.expires_at),
        "reset": link.kind is Kind.RESET,
        "whom": whom,
        "sent": _sent(link, address, to) if to else None,
        "way": way,
    }
    return account_page("inviting/made.html", shell=way.shell, help_page=way.help_page, **values)


def _sent(link: MadeLink, address: str, to: str) -> bool:
    server = context().settings.mail
    if server is None:
        return False
    if link.kind is Kind.RESET:
        subject = translate("重设密码")
        words = translate("请在 %(until)s 前打开这个链接，选一个新密码。链接只能用一次，请勿转发。")
    else:
        subject = translate("邀请您使用 CRM 能力成熟度评估")
        words = translate("请在 %(until)s 前打开这个链接，建立账号或加入项目。链接只能用一次，请勿转发。")
    text = words % {"until": moment(link.expires_at)}
    try:
        mailing.send(server, to, subject, f"{text}\n\n{address}\n")
    except (mailing.NotSent, OSError) as error:
        log.warning("mail not sent", why=str(error), reference=g.get("reference"))
        return False
    return True
