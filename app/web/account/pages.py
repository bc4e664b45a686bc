"""What the pages of one's own account share: their frame, and the words of a sign-in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.i18n import msgid
from app.services.permissions import Part
from app.services.sign_ins import Factors
from app.web.shell import Shell

SHELL = Shell(section="account")
FACTOR_WORDS: Mapping[str, str] = {
    Factors.PASSWORD: msgid("密码"),
    Factors.CODE: msgid("密码和验证码"),
    Factors.RECOVERY: msgid("密码和备用码"),
    Factors.OIDC: msgid("单点登录"),
}
PART_WORDS: Mapping[Part, str] = {
    Part.LEAD: msgid("项目负责人"),
    Part.CONSULTANT: msgid("项目顾问"),
    Part.OBSERVER: msgid("观察员"),
    Part.EXECUTIVE: msgid("高管"),
}
PART_MEANINGS: Mapping[Part, str] = {
    Part.LEAD: msgid("管理项目：成员、单位、轮次、评估、发布；另有顾问的全部权限"),
    Part.CONSULTANT: msgid("访谈、打分、定共识分、写发现、做报告、导出"),
    Part.OBSERVER: msgid("查看评估和报告，看不到谁说了什么，不能修改"),
    Part.EXECUTIVE: msgid("只看已发布的结果和报告"),
}


def account_page(template: str, *, status: int = 200, **values: object) -> Response:
    """Return a page about an account, which no cache keeps."""
    words = {"factor_words": FACTOR_WORDS, "part_words": PART_WORDS}
    page = make_response(
        render_template(template, **{"shell": SHELL, "help_page": "account", **words, **values}), status
    )
    page.headers["Cache-Control"] = "no-store"
    return page
