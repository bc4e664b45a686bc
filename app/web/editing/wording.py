"""The words of the editor: what a mend is called, and what its scripts say."""

from __future__ import annotations

from app.content.mending import Mend
from app.i18n import msgid
from app.web.context import translate

MENDS = {
    "use-word": msgid("改为 %(text)s"),
    "use-id": msgid("改为 %(text)s"),
    "rename-key": msgid("键改为 %(text)s"),
    "quote": msgid("加引号：%(text)s"),
    "unquote": msgid("去掉引号：%(text)s"),
    "add-english": msgid("加上英文"),
    "add-key": msgid("加上 %(text)s"),
    "add-item": msgid("给 %(id)s 加一题"),
    "drop": msgid("删去 %(text)s"),
    "use-spaces": msgid("缩进改用空格"),
    "create-file": msgid("新建文件 %(text)s"),
}
_LONGEST = 40

TEXTS = {
    "saved": msgid("已保存 {time}"),
    "saving": msgid("正在保存…"),
    "waiting": msgid("有改动，马上保存"),
    "offline": msgid("没有连上服务器；文字留在这个浏览器里，连上后自动保存"),
    "signedOut": msgid("登录已经结束；文字留在这个浏览器里。请在另一个标签页登录"),
    "refused": msgid("没有保存：{message}"),
    "conflict": msgid("另一个窗口改过同一个文件；两边的文字都在，请选择"),
    "errors": msgid("{n} 处错误"),
    "warnings": msgid("{n} 处提醒"),
    "noFaults": msgid("没有错误"),
    "unchecked": msgid("没有检查成：{message}"),
    "line": msgid("第 {line} 行"),
    "position": msgid("第 {line} 行，第 {column} 列"),
    "error": msgid("错误"),
    "warning": msgid("提醒"),
    "faultList": msgid("{file} 的错误和提醒"),
    "mend": msgid("怎样改："),
    "more": msgid("另有 {n} 处，改好上面的再看"),
    "mended": msgid("已改：{what}"),
    "editor": msgid("{file} 的文字"),
    "unusedFile": msgid("没有用到这个文件"),
    "newFile": msgid("新文件"),
    "fileTaken": msgid("已经有 {name}。"),
    "fileName": msgid("文件名以 .yaml 结尾，不能有斜线。"),
    "removeFile": msgid("从草稿里删去 {name}？历史里仍然有它。"),
    "staleParts": msgid("预览停在最近一次没有错误的内容"),
    "published": msgid("有错误；这里是已发布的版本 {version}"),
    "noPreview": msgid("改好错误后，这里显示预览。"),
    "previewFailed": msgid("预览没有取到；改动后会再试。"),
    "required": msgid("必须有"),
    "oneOf": msgid("可以是 {words}"),
    "keptFound": msgid("这个浏览器里有 {file} 没有保存成的文字（{time}）"),
    "useKept": msgid("用这份文字"),
    "dropKept": msgid("不要了"),
    "useTheirs": msgid("用另一个窗口的"),
    "useMine": msgid("用右边的"),
    "theirs": msgid("另一个窗口已保存的"),
    "mine": msgid("这个窗口的（可以改）"),
    "theyRemoved": msgid("另一个窗口删去了 {file}。"),
    "changedElsewhere": msgid("另一个窗口改了 {file}，这里已换成新的"),
}

# what CodeMirror says by itself, by its English
PHRASES = {
    "Find": msgid("查找"),
    "Replace": msgid("替换为"),
    "next": msgid("下一处"),
    "previous": msgid("上一处"),
    "all": msgid("全部选中"),
    "match case": msgid("区分大小写"),
    "regexp": msgid("正则表达式"),
    "by word": msgid("整词"),
    "replace": msgid("替换"),
    "replace all": msgid("全部替换"),
    "close": msgid("关闭"),
    "current match": msgid("当前一处"),
    "replaced $ matches": msgid("替换了 $ 处"),
    "replaced match on line $": msgid("替换了第 $ 行的一处"),
    "on line": msgid("在行"),
    "Go to line": msgid("转到行"),
    "go": msgid("转到"),
    "Completions": msgid("可选的内容"),
    "Diagnostics": msgid("错误和提醒"),
    "No diagnostics": msgid("没有错误和提醒"),
    "Control character": msgid("控制字符"),
    "Selection deleted": msgid("已删去所选"),
    "folded code": msgid("折起的内容"),
    "unfold": msgid("展开"),
    "to": msgid("到"),
    "Folded lines": msgid("已折起"),
    "Unfolded lines": msgid("已展开"),
    "Fold line": msgid("折起"),
    "Unfold line": msgid("展开"),
    "$ unchanged lines": msgid("$ 行相同"),
    "Revert this chunk": msgid("用左边这一段"),
}


def mend_label(mend: Mend) -> str:
    """Return what the button of a mend says."""
    values = {name: text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…" for name, text in mend.values}
    return translate(MENDS[mend.kind]) % values


def script_texts() -> dict[str, str]:
    """Return the sentences of the scripts; {names} are filled in there."""
    return {key: translate(text) for key, text in TEXTS.items()}


def phrases() -> dict[str, str]:
    """Return the words of the text field's own panels."""
    return {english: translate(text) for english, text in PHRASES.items()}
