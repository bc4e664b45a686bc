"""The parts of a fault's sentence that are words themselves ("a list of ids"), in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

_EXACT = {
    # what is expected
    "a text": "文字",
    "a text (put it in quotes)": "文字（请加引号）",
    "a text, or its languages {zh: …, en: …}": "文字，或按语言写 {zh: …, en: …}",
    "an id": "标识",
    "a version": "版本号",
    "a number": "数",
    "a number (without quotes)": "数（不加引号）",
    "true": " true",
    "true or false": " true 或 false",
    "a list": "列表",
    "a list of ids": "标识的列表",
    "a list of capabilities": "能力的列表",
    "a list of capabilities or the name of a file": "能力的列表，或一个文件名",
    "a mapping of keys": "一组“键: 值”",
    "a mapping of capability ids to numbers": "一组“能力标识: 数”",
    "a mapping of capability ids to weights": "一组“能力标识: 权重”",
    "a mapping of scale values to texts": "一组“量表上的值: 文字”",
    "a mapping that opens with format, kind and id": "以 format、kind 和 id 开头的一组“键: 值”",
    "a capability (id, name, …)": "能力（id、name……）",
    "a carrier (id, name, …)": "运营商（id、name……）",
    "a level (value, name)": "等级（value、name）",
    "a role (id, name, …)": "角色（id、name……）",
    "a score with its findings ({score: …, findings: […]})": "得分和发现（{score: …, findings: […]}）",
    "a section ({section: …})": "章节（{section: …}）",
    "a tier (id, name)": "层级（id、name）",
    "a unit (id, name, …)": "单位（id、name……）",
    "an answer ({score: …})": "回答（{score: …}）",
    "an interview (id, role, …)": "访谈（id、role……）",
    "an item (element, …)": "题目（element……）",
    "an option (id, text, …)": "选项（id、text……）",
    "evidence ({id: …, zh: …, en: …})": "证据（{id: …, zh: …, en: …}）",
    "a condition": "条件",
    "a day such as 2003-09-28": "日期，如 2003-09-28",
    "the name of a file": "文件名",
    "an option id, a list of option ids, a number or a text": "选项标识、选项标识的列表、数或文字",
    "a score on the scale": "量表上的得分",
    "an id, @ and comparators, such as telecom-crm@>=1,<2": "标识、@ 和比较符，如 telecom-crm@>=1,<2",
    "an id, @ and a version, such as telecom-crm@1.0.0": "标识、@ 和版本号，如 telecom-crm@1.0.0",
    "<framework>/<element>, such as telecom-crm/self-service": " <框架>/<要素>，如 telecom-crm/self-service",
    "lower-case letters and digits joined by single hyphens": "小写字母和数字，用单个连字符连接",
    "lower-case letters and digits joined by single hyphens beginning with a letter": (
        "小写字母和数字，以字母开头，用单个连字符连接"
    ),
    "a Chinese version (zh)": "中文（zh）",
    "a Chinese (zh) or an English (en) version": "中文（zh）或英文（en）",
    "no other unit": "没有",
    # what stands there
    "nothing": "空的",
    "(empty)": "（空）",
    "an empty text": "空文字",
    "an empty address": "空地址",
    "something that is not allowed": "不允许的写法",
    "none": "没有",
    # problems
    "it is not a regular file": "不是普通文件",
    "it looks like UTF-16 or UTF-32": "像是 UTF-16 或 UTF-32",
    "it holds bytes that are no text": "里面有不是文字的字节",
    "it cannot be read": "读不懂",
    "only PNG, JPEG and SVG files can be one": "只收 PNG、JPEG 和 SVG 文件",
    "this last one has an upper end": "最后这一段却有上限",
    "this one needs upto": "这一段缺 upto",
    "the list": "列表",
    "this capability": "这个能力",
    "the framework": "框架",
    "white paper": "白纸",
    "the wash": "浅底色",
}

# what the YAML parser finds, and where it was
_PARSER = {
    "did not find expected ',' or ']'": "这里缺逗号或 ]",
    "did not find expected ',' or '}'": "这里缺逗号或 }",
    "mapping values are not allowed in this context": (
        "这里不能再有“键: 值”（文字里有冒号加空格时请加引号；也请检查缩进）"
    ),
    "block sequence entries are not allowed in this context": "这里不能开始列表；列表请另起一行",
    "found character that cannot start any token": (
        "这里不能以这个字符开头（文字以 @、`、% 等开头时请加引号；缩进请用空格）"
    ),
    "found unexpected end of stream": "到文件末尾还没有结束（少了引号或括号）",
    "did not find expected key": "这里应是一个键；请检查缩进和上一行的引号",
    "found unknown escape character": "双引号里有不认识的 \\ 转义",
    "did not find expected '-' indicator": "列表的各项要以“- ”对齐；这里没有",
    "did not find expected comment or line break": "| 或 > 之后要换行",
    "did not find expected alphabetic or numeric character": "& 或 * 之后缺名称（文字以 & 或 * 开头时请加引号）",
    "did not find expected node content": "这里缺一个值",
    "did not find the expected '>'": "标签缺 >",
    "found undefined tag handle": "不认识的标签",
    "found unexpected document indicator": "还没有结束就出现了 --- 或 ...",
    "could not find expected ':'": "这个键后面缺冒号",
    "did not find expected <document start>": "这里不能再开始新的内容",
    "did not find expected hexdecimal number": "转义里缺十六进制数",
    "did not find URI escaped octet": "标签里的转义不对",
    "found duplicate %YAML directive": "%YAML 出现了两次",
    "did not find expected digit or '.' character": "%YAML 后面应是版本号",
    "found a tab character where an indentation space is expected": "缩进要用空格，这里是制表符",
}
_CONTEXTS = {
    "while parsing a flow sequence": "方括号列表",
    "while parsing a flow mapping": "花括号里的内容",
    "while parsing a block mapping": "这一组“键: 值”",
    "while parsing a block collection": "这个列表",
    "while scanning a quoted scalar": "带引号的文字",
    "while parsing a quoted scalar": "带引号的文字",
    "while scanning a simple key": "键",
    "while scanning a block scalar": "多行文字",
}

_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"one of (.+)"), lambda m: f"其中之一：{m[1]}"),
    (re.compile(r"a list of (.+)"), lambda m: f"其中若干个的列表：{m[1]}"),
    (re.compile(r"the number (.+)"), lambda m: f"数 {m[1]}"),
    (re.compile(r"the truth value (.+)"), lambda m: f" {m[1]}（真假值）"),
    (re.compile(r'the text "(.*)"', re.DOTALL), lambda m: f"文字“{m[1]}”"),
    (re.compile(r"at least (\S+)"), lambda m: f"至少 {m[1]} 项"),
    (re.compile(r"(\d+) to (\d+)"), lambda m: f" {m[1]} 到 {m[2]} 项"),
    (re.compile(r"above (\S+)"), lambda m: f"大于 {m[1]}"),
    (re.compile(r"from (\S+) to (\S+)"), lambda m: f"在 {m[1]} 到 {m[2]} 之间"),
    (re.compile(r"(\S+) or more"), lambda m: f"不小于 {m[1]}"),
    (re.compile(r"(\S+) or less"), lambda m: f"不大于 {m[1]}"),
    (re.compile(r"the byte (\S+) cannot stand here"), lambda m: f"这里不能有字节 {m[1]}"),
    (re.compile(r"it is larger than (\S+) KiB"), lambda m: f"大于 {m[1]} KiB"),
    (re.compile(r"(.+) and (\d+) more", re.DOTALL), lambda m: f"{m[1]} 等，另有 {m[2]} 个"),
)
_IN_CONTEXT = re.compile(r"(while [a-z %A-Z]+?)(?: that begins in line (\d+))?, (.+)")


def in_chinese(words: str) -> str:
    """Return a part of a fault's sentence in Chinese; what is no phrase of ours (an id, a text) stays as it is."""
    known = _EXACT.get(words)
    if known is not None:
        return known
    for pattern, worded in _PATTERNS:
        match = pattern.fullmatch(words)
        if match is not None:
            return worded(match)
    return _of_the_parser(words)


def _of_the_parser(words: str) -> str:
    match = _IN_CONTEXT.fullmatch(words)
    if match is None:
        return _PARSER.get(words, words)
    context, since, problem = match.groups()
    found = _PARSER.get(problem, problem)
    around = _CONTEXTS.get(context)
    if around is None:
        return found
    return f"{around}（第 {since} 行开始）：{found}" if since else f"{around}：{found}"
