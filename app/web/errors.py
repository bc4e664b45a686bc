"""When something goes wrong: a page (JSON for the API) says what happened and what to do, with a reference number."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response

from app.i18n import msgid
from app.services.permissions import NotPermitted
from app.services.refusals import Hidden, Invalid, NotFound
from app.storage.database import Busy, NoRoom
from app.web.context import translate
from app.web.security import logged_path
from app.web.wording import sentence

log = structlog.get_logger("app.web")

ASKED_BY_SCRIPTS = ("/api/", "/self/api/")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What to tell the reader: both are msgids."""

    heading: str
    advice: str


TROUBLES = {
    400: Trouble(msgid("这个请求无法处理"), msgid("地址或提交的内容不完整。请返回上一页，刷新后再试。")),
    401: Trouble(msgid("请先登录"), msgid("登录已经结束。请在另一个标签页登录后再继续。")),
    403: Trouble(msgid("您没有这项权限"), msgid("您的角色不能做这件事。需要的话，请联系管理员。")),
    404: Trouble(msgid("没有找到这个页面"), msgid("地址可能写错了，或者内容已经移走。请从菜单重新进入，或使用搜索。")),
    405: Trouble(msgid("这个地址不能这样使用"), msgid("请从页面上的链接或按钮进入。")),
    413: Trouble(
        msgid("提交的内容太大"),
        msgid("案例文件最大为 2 MiB，证据文件的上限写在上传页。请检查是否选错了文件。"),
    ),
    415: Trouble(msgid("内容的格式不对"), msgid("请按页面要求的格式提交。")),
    503: Trouble(
        msgid("系统正忙，没有保存"),
        msgid("数据库被别的操作占用太久，刚才填写的内容没有保存。请返回上一页，内容还在，再提交一次。"),
    ),
    507: Trouble(
        msgid("磁盘已满，没有保存"),
        msgid(
            "服务器的磁盘没有空间，刚才填写的内容没有保存；以前保存的都在。请告诉管理员；腾出空间后返回上一页再提交。"
        ),
    ),
    500: Trouble(
        msgid("系统出错了"), msgid("刚才的操作没有完成。请稍后再试；如果再次出现，请把下面的编号告诉管理员。")
    ),
}
EXPIRED = Trouble(
    msgid("页面已过期"), msgid("为了安全，这次提交没有被接受。请返回上一页，刷新后再提交；您填写的内容没有保存。")
)


OTHER_HOST = "400: this site does not answer to this name; whoever runs it can add it to trusted_hosts\n"


def register_error_pages(app: Flask) -> None:
    """Answer every error of a view with a page of ours."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NotPermitted, lambda _error: _answer(403, TROUBLES[403]))
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(NoRoom, _disk_full)
    app.register_error_handler(Busy, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def _not_found(error: NotFound) -> Response:
    g.hidden = isinstance(error, Hidden)  # the trail is told of it, the reader is not
    return _answer(404, TROUBLES[404])


def _expired(error: CSRFError) -> Response:
    log.warning("csrf", reference=g.get("reference"), path=logged_path(), reason=error.description)
    return _answer(400, EXPIRED, code="csrf")


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # a redirect (to the path with its slash, say) is no error
    if error.code == 403:
        log.warning("denied", reference=g.get("reference"), path=logged_path())
    response = _answer(error.code, TROUBLES.get(error.code, TROUBLES[400 if error.code < 500 else 500]))
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _other_host(error: SecurityError) -> Response:
    """Nothing of ours is shown under a name that is not ours, and no address can be built there."""
    log.warning("host", reference=g.get("reference"), reason=error.description)
    return Response(OTHER_HOST, status=400, mimetype="text/plain")


def _invalid(error: Invalid) -> Response:
    """A form shows what is invalid at its field; what arrives here came from outside a form."""
    trouble = TROUBLES[400]
    return _answer(400, Trouble(trouble.heading, sentence(error)), code=error.code)


def _disk_full(error: NoRoom) -> Response:
    log.error("disk full", reference=g.get("reference"), path=logged_path(), reason=str(error))
    return _answer(507, TROUBLES[507], code="disk-full")


def _database_busy(error: Busy) -> Response:
    log.warning("database busy", reference=g.get("reference"), path=logged_path(), reason=str(error))
    response = _answer(503, TROUBLES[503], code="busy")
    response.headers["Retry-After"] = "2"
    return response


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", reference=g.get("reference"), path=logged_path(), exc_info=error)
    return _answer(InternalServerError.code, TROUBLES[500])


def _answer(status: int, trouble: Trouble, *, code: str | None = None) -> Response:
    if request.path.startswith(ASKED_BY_SCRIPTS):
        response: Response = jsonify(
            error=code or str(status), message=translate(trouble.advice), reference=g.get("reference")
        )
    else:
        response = Response(render_template("errors/error.html", trouble=trouble, status=status), mimetype="text/html")
    response.status_code = status
    return response
