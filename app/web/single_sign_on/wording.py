"""Why single sign-on led nowhere, in words for the person before the screen: what it means and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n import msgid

STATUS: Mapping[str, int] = {"unreachable": 503, "misconfigured": 503, "stale": 400, "mixed-up": 400, "refused": 400}
# code of SignOnRefused -> heading, advice
TOLD: Mapping[str, tuple[str, str]] = {
    "unreachable": (
        msgid("单点登录暂时不可用"),
        msgid("身份服务现在没有回应。请稍后再试，或者用本系统的用户名和密码登录。"),
    ),
    "misconfigured": (
        msgid("单点登录的设置有误"),
        msgid("身份服务的回答与本系统的设置不符。请告诉管理员；用户名和密码登录不受影响。"),
    ),
    "cancelled": (msgid("单点登录已取消"), msgid("您在身份服务那里没有同意登录。什么都没有改变。")),
    "refused": (msgid("身份服务没有完成登录"), msgid("请再试一次；如果总是这样，请把下面的编号告诉管理员。")),
    "stale": (
        msgid("这次单点登录已失效"),
        msgid("离开太久，或者同时在另一个标签页里登录了。请重新开始。"),
    ),
    "mixed-up": (
        msgid("身份服务没有完成登录"),
        msgid("请再试一次；如果总是这样，请把下面的编号告诉管理员。"),
    ),
    "untrusted": (
        msgid("身份服务的证明无法核实"),
        msgid("为了安全，没有登录。请再试一次；如果总是这样，请把下面的编号告诉管理员。"),
    ),
    "weak": (
        msgid("还需要第二道验证"),
        msgid("您的账号需要第二道验证，而身份服务没有证明您通过了它。请在身份服务那里启用，或者用密码和验证码登录。"),
    ),
    "unknown": (
        msgid("这个身份还没有关联账号"),
        msgid(
            "如果您在本系统有账号，请先用密码登录，再到“我的账号”里关联；没有账号，请向项目负责人或管理员要邀请链接。"
        ),
    ),
    "disabled": (msgid("这个账号已停用"), msgid("需要的话，请联系管理员。")),
    "taken": (
        msgid("这个身份已关联到另一个账号"),
        msgid("一个身份只能关联一个账号。请先在那个账号里解除关联，或者联系管理员。"),
    ),
    "linked": (msgid("这个账号已经关联了一个身份"), msgid("要换成另一个，请先在“我的账号”里解除关联。")),
    "another": (
        msgid("这不是您账号关联的身份"),
        msgid("您登录的是一个账号，在身份服务那里证明的却是另一个人。请用同一个人的身份再试。"),
    ),
}
