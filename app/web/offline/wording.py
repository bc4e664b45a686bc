"""What the scripts for offline work say, in the reader's words; {…} are filled in by them."""

from __future__ import annotations

from app.i18n import msgid
from app.web.context import translate

INTERVIEW = {
    "minutes": msgid("{n} 分钟"),
    "hours": msgid("{n} 小时"),
    "days": msgid("{n} 天"),
    "oldest": msgid("，最早的已等了 {age}"),
    "missing": msgid("服务器上没有这次访谈：{n} 条回答留在本机，请导出后交给管理员"),
    "otherUserHere": msgid("现在登录的是另一位用户：您的 {n} 条回答留在本机，须由您本人登录后发送"),
    "copy": msgid("离线副本，内容截至 {time}"),
    "alsoHere": msgid("{who} 也在这次访谈里"),
    "alsoHereAt": msgid("{who} 也在这次访谈里：{place}"),
    "semicolon": msgid("；"),
    "download": msgid("下载本次访谈，供离线使用"),
    "downloadAgain": msgid("重新下载"),
    "notYet": msgid(
        "没有下载时，断网后已打开的页面可以继续填写，但打不开别的页面。下载后，整次访谈不用网络也能打开、填写和刷新。"
    ),
    "downloading": msgid("正在下载…"),
    "ready": msgid("可以离线使用：{n} 页，{time} 下载。联网时填写会自动发送；退出登录会从本机删除。"),
    "insecure": msgid(
        "不能离线打开：本页没有用 HTTPS 加密，浏览器不允许。断网时请不要关闭本页，填写的会留在本机，联网后自动发送。"
    ),
    "unsupported": msgid(
        "不能离线打开：浏览器处于无痕模式，或不支持离线储存。请用普通窗口打开。断网时请不要关闭本页。"
    ),
    "failed.signed-out": msgid("下载没有完成：登录已结束。请重新登录后再下载。"),
    "failed.changed": msgid("下载没有完成：系统刚刚更新。请刷新本页后再下载。"),
    "failed.network": msgid("下载没有完成：网络中断。联网后请再试。"),
    "failed.untrusted": msgid("下载没有完成：这台设备还不信任本系统的证书，浏览器不允许离线储存。请先信任证书。"),
    "failed.storage": msgid("下载没有完成：本机存不下，或浏览器不允许储存。请清理空间后再试。"),
    "newVersion": msgid("系统有新版本。"),
    "reload": msgid("刷新使用新版本"),
    "leaveOnPage": msgid("还有 {n} 处修改只在此页，没有送到服务器。退出登录就没有了。仍要退出吗？"),
    "localeOffline": msgid("现在没有网络，不能切换语言。"),
}
EVERYWHERE = {
    "own": msgid("本机还有 {n} 条回答没有送到服务器。"),
    "others": msgid("本机还留有另一位用户的 {n} 条回答，须由其本人登录后发送。"),
    "leave": msgid(
        "本机还有 {n} 条回答没有送到服务器。退出登录会从本机删除它们。建议先取消，联网发送或导出。仍要退出并删除吗？"
    ),
    "unreachable": msgid("现在连不上服务器，不能退出登录。联网后请再试。"),
}
UNAVAILABLE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>没有网络 / Offline</title><link rel="stylesheet" href="/static/css/base.css"></head>
<body class="narrow bare"><main class="content">
<h1>没有网络</h1><p>这一页没有下载到本机。联网后请再打开；已填写的回答都还在。</p>
<div lang="en"><h2>Offline</h2>
<p>This page is not on this device. Open it again when there is a connection; your answers are still here.</p>
</div></main></body></html>
"""  # what the service worker shows for a page that is not on the device: it has no catalogue, so it says both


def interview_texts() -> dict[str, str]:
    """Return every sentence that the pages of an interview say about working offline."""
    return {key: translate(text) for key, text in INTERVIEW.items()}


def everywhere_texts() -> dict[str, str]:
    """Return every sentence that any page may say about unsent answers."""
    return {key: translate(text) for key, text in EVERYWHERE.items()}
