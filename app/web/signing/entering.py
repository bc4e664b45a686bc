"""From "this is who they say they are" to a browser that is signed in, and what browsers keep on the way there.

The session cookie is signed: what stands in it is ours, but whoever holds the browser may read it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex

import structlog
from flask import flash, g, redirect, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from app.i18n import as_locale
from app.services import accounts, sign_ins, signing_in
from app.services.sealing import Seal
from app.services.sign_ins import Factors
from app.services.signing_in import Proven
from app.services.throttling import Door
from app.web.context import LOCALE_COOKIE, context, enter_as, translate
from app.web.security import ONE_YEAR, signing_keys
from app.web.signing.devices import device
from app.web.signing.using import TOKEN, rules
from app.web.templating import day

log = structlog.get_logger("app.web")

CHOSEN = "locale-chosen"
PROVEN = "password-proven"
LINK = "link"  # an invitation that waits until its holder has signed in
KEPT = (LINK, "_flashes")  # of what a stranger's session held; Flask keeps what is to be said in the latter
PROVEN_LASTS = timedelta(minutes=10)
DEVICE_COOKIE = "known-device"
FIRST_DAY = timedelta(days=1)


def seal() -> Seal:
    """Return what this installation's secret key is used for beside cookies."""
    settings = context().settings
    return Seal(settings.secret_key, settings.former_keys)


def door(name: str) -> Door:
    """Return from where somebody tries to sign in to an account of that name."""
    try:
        held = _signing().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        held = None
    known = held.get(_key(name)) if isinstance(held, dict) else None
    return Door(request.remote_addr or "", known if isinstance(known, str) else None)


def _key(name: str) -> str:
    return seal().keyed("known device", accounts.normal_name(name))[:16]


def _signing() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(), salt="known device")


def remember_proven(proven: Proven) -> None:
    """Keep for ten minutes that somebody's password fits, while the second factor is asked for."""
    at = context().clock().isoformat()
    session[PROVEN] = {"user": proven.user_id, "stamp": proven.stamp, "at": at}


def proven_here() -> Proven | None:
    """Return whose password fitted in this browser; None after ten minutes or another password."""
    kept = session.get(PROVEN)
    if kept is None or context().clock() > datetime.fromisoformat(kept["at"]) + PROVEN_LASTS:
        return None
    with context().database.read() as reading:
        return signing_in.still_proven(reading, kept["user"], kept["stamp"])


def start(user_id: int, factors: Factors) -> str:
    """Start a sign-in of this browser instead of the one that it may hold; return its token."""
    parts, held = context(), g.get("use")
    with parts.database.begin() as writing:
        return sign_ins.start_sign_in(
            writing,
            user_id,
            factors=factors,
            device=device(),
            clock=parts.clock,
            rules=rules(),
            instead_of=held.sign_in_id if held else None,
        )


def enter(token: str, *, target: str | None = None, show: Callable[[], Response] | None = None) -> Response:
    """Give this browser a token that was just made, in a session of its own, and lead it on (or `show` a page)."""
    parts = context()
    chosen, kept = as_locale(session.get(CHOSEN)), {name: session[name] for name in KEPT if name in session}
    with parts.database.begin() as writing:
        use = sign_ins.use_of(writing, token, parts.clock, rules())
        if use is None:
            raise RuntimeError("a sign-in that was just started is not alive")
        if chosen:
            accounts.set_locale(writing, use.actor, chosen)
        preferred = accounts.user_of_id(writing, use.actor.user_id).locale
    session.clear()
    session.permanent = True
    session[TOKEN] = token
    session.update(kept)
    enter_as(use.actor)
    g.use = use
    log.info("signed in", user=use.actor.user_id, reference=g.get("reference"))
    if show is None:
        _tell_of_second_factor(use)
        _tell_of_first_password(use)
    response = show() if show else redirect(target or url_for("home.start"))
    if preferred:
        remember_locale(response, preferred)
    _know_device(response, use.actor.name)
    return response


def _tell_of_second_factor(use: sign_ins.Use) -> None:
    """Say once a sign-in, but not on the account's first day, until when a second factor must be set up."""
    now = context().clock()
    if use.enrol_by is None or use.must_enrol or now < use.enrol_by - rules().grace + FIRST_DAY:
        return
    words = translate("您的角色需要第二道验证。请在 %(day)s 前到“我的账号”里设置。")
    flash(words % {"day": day(use.enrol_by.astimezone())}, "warning")


def _tell_of_first_password(use: sign_ins.Use) -> None:
    """Say once a sign-in until when the password that the program made works."""
    if use.choose_by is not None:
        words = translate("您用的是系统生成的首个密码，%(day)s 起失效。请在“我的账号”里换成自己的。")
        flash(words % {"day": day(use.choose_by.astimezone())}, "warning")


def _know_device(response: Response, name: str) -> None:
    """Let this browser have its own count of failures at the account from now on."""
    try:
        held = _signing().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        held = {}
    kept = dict(held) if isinstance(held, dict) and len(held) < 20 else {}  # a shared tablet; a cookie has its limits
    kept[_key(name)] = token_hex(16)
    _set_cookie(response, DEVICE_COOKIE, str(_signing().dumps(kept)))


def remember_locale(response: Response, locale: str) -> None:
    """Let this browser show pages in a language."""
    _set_cookie(response, LOCALE_COOKIE, locale)


def _set_cookie(response: Response, name: str, value: str) -> None:
    secure = context().settings.secure_cookies
    response.set_cookie(name, value, max_age=ONE_YEAR, httponly=True, secure=secure, samesite="Lax")
