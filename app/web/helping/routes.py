"""GET /help/<page>: what a screen is for and how to use it; the header of every screen links to its own."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.i18n import msgid
from app.services.permissions import Action
from app.web.access import requires
from app.web.context import locale
from app.web.shell import Shell

blueprint = Blueprint("helping", __name__)

# page -> title; the texts stand in templates/helping/<locale>/<page>.html, in this order
PAGES = {
    "start": msgid("五分钟了解这个工具"),
    "sign-in": msgid("登录和账号"),
    "single-sign-on": msgid("单点登录"),
    "account": msgid("我的账号"),
    "engagements": msgid("项目"),
    "portfolio": msgid("项目概览"),
    "members": msgid("成员"),
    "units": msgid("评估单位树"),
    "rounds": msgid("轮次怎样用"),
    "assessments": msgid("建立、导入和导出评估"),
    "plan": msgid("访谈计划"),
    "interview": msgid("访谈"),
    "offline": msgid("没有网络和平板"),
    "paper": msgid("纸面提纲和表格"),
    "findings": msgid("发现与证据"),
    "finish": msgid("检查与提交"),
    "release": msgid("发布结果"),
    "trail": msgid("审计记录"),
    "self-assessment": msgid("自评和计分的问题"),
    "agree": msgid("怎样定共识分"),
    "assessment": msgid("评估结果"),
    "scores": msgid("得分怎样算"),
    "compare": msgid("比较"),
    "upgrade": msgid("框架升级"),
    "reports": msgid("报告"),
    "verify": msgid("核对报告"),
    "sentences": msgid("改写报告的句子"),
    "frameworks": msgid("看框架"),
    "new-framework": msgid("从头写一个框架"),
    "drafts": msgid("修订和发布内容"),
    "editor": msgid("编辑 YAML 文字"),
    "tree": msgid("用表单和表格改框架"),
    "questionnaires": msgid("问卷和规则"),
    "weights": msgid("调整权重方案"),
    "translation": msgid("翻译内容"),
    "benchmarks": msgid("看对标"),
    "privacy": msgid("数据和隐私"),
    "search": msgid("搜索"),
    "users": msgid("用户和角色"),
}


@blueprint.get("/help")
@requires(Action.ENTER)
def start() -> str:
    """Show the first page."""
    return page("start")


@blueprint.get("/help/<page>")
@requires(Action.ENTER)
def page(page: str) -> str:
    """Show one page, in the reader's language."""
    if page not in PAGES:
        abort(404)
    return render_template(
        "helping/page.html",
        page=page,
        pages=PAGES,
        body=f"helping/{locale()}/{page}.html",
        shell=Shell(),
        help_page=page,
    )
