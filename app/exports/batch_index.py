"""The index page of a batch of reports: which units, which files, what could not be made. Knows HTML, no zip file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import quote

from app.core.text import Locale, Text
from app.i18n import msgid, translator, written_date

INDEX: Mapping[Locale, str] = {"zh": "index.html", "en": "index-en.html"}
LANGUAGES: Mapping[Locale, tuple[str, str]] = {"zh": ("中文", "zh-Hans"), "en": ("English", "en")}
FAILURES = {  # why a file is missing; anything else is told by its code
    "memory": msgid("内容太多，内存不够"),
    "cpu": msgid("内容太多，计算超过了时限"),
    "time": msgid("制作超过了时限"),
    "crash": msgid("制作过程意外结束"),
    "interrupted": msgid("服务器中途停止"),
    "cancelled": msgid("已取消"),
    "done": msgid("文件已清理"),
}
_STYLE = """
body { max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; color: #1b2430; font: 15px/1.6 "Noto Sans CJK SC",
  "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.3; } p { margin: .25rem 0; }
.muted { color: #5b6673; } .missing { color: #93260d; }
table { width: 100%; margin-top: 1.5rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #d9dee4; text-align: left; vertical-align: top; }
thead th { color: #5b6673; font-size: .85rem; font-weight: 600; } tbody th { font-weight: 400; }
td span { display: block; } a { color: #0b6e75; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One file: its name in the batch, or `failure`, the code of why it is missing. `size` in bytes."""

    name: str
    locale: Locale
    format: str
    pages: int | None
    size: int | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The files of one unit; `depth` is its place in the tree of units."""

    unit: Text
    round: Text
    depth: int
    files: list[IndexFile]


@dataclass(frozen=True, slots=True)
class BatchIndex:
    """Everything that an index page says. `kind` is the name of the report."""

    engagement: Text
    kind: Text
    made_on: date
    reports: Sequence[IndexReport]


def index_page(index: BatchIndex, locale: Locale) -> str:
    """Return the page in a language; it refers to nothing but the files beside it."""
    words = translator(locale)
    files = [file for report in index.reports for file in report.files]
    missing = sum(1 for file in files if file.failure)
    told = words.gettext("%(units)s 个评估单位，%(files)s 个文件。") % {
        "units": len(index.reports),
        "files": len(files) - missing,
    }
    gaps = words.gettext("%(n)s 个文件没有做成，表中写明了原因。") % {"n": missing} if missing else ""
    day = escape(written_date(index.made_on, locale))
    heads = [words.gettext(head) for head in ("评估单位", "评估轮次", "文件")]
    other: Locale = "en" if locale == "zh" else "zh"
    name, tag = LANGUAGES[other]
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{LANGUAGES[locale][1]}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(index.engagement, locale)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{_text(index.engagement, locale)}</h1>",
            f'<p>{_text(index.kind, locale)} <span class="muted">{day}</span></p>',
            f"<p>{escape(told)}{' ' if gaps and locale == 'en' else ''}"
            f"{f'<span class=missing>{escape(gaps)}</span>' if gaps else ''}</p>",
            f'<p><a href="{INDEX[other]}" lang="{tag}" hreflang="{tag}">{name}</a></p>',
            f"<table><thead><tr>{''.join(f'<th scope=col>{escape(head)}</th>' for head in heads)}</tr></thead><tbody>",
            *(_row(report, locale) for report in index.reports),
            "</tbody></table></body></html>",
            "",
        ]
    )


def _row(report: IndexReport, locale: Locale) -> str:
    indent = f' style="padding-left:{1.25 * report.depth:g}rem"' if report.depth else ""
    files = "".join(f"<span>{''.join(_file(file, locale))}</span>" for file in report.files)
    unit, round_name = _text(report.unit, locale), _text(report.round, locale)
    return f"<tr><th scope=row{indent}>{unit}</th><td>{round_name}</td><td>{files}</td></tr>"


def _file(file: IndexFile, locale: Locale) -> Iterator[str]:
    words = translator(locale)
    label = f"{file.format.upper()} {LANGUAGES[file.locale][0]}"
    if file.failure:
        known = FAILURES.get(file.failure)
        why = words.gettext(known) if known else words.gettext("没有做成（%(code)s）") % {"code": file.failure}
        separator = words.gettext("：")
        yield f'<span class="missing">{escape(label)}{escape(separator)}{escape(why)}</span>'
        return
    yield f'<a href="{quote(file.name)}">{escape(label)}</a>'
    facts = []
    if file.pages:
        facts.append(words.ngettext("%(n)s 页", "%(n)s 页", file.pages) % {"n": file.pages})
    if file.size is not None:
        facts.append(f"{max(1, round(file.size / 1024)):,} KB")
    yield f' <small class="muted">{escape(", ".join(facts))}</small>'


def _text(text: Text, locale: Locale) -> str:
    words = escape(text.in_locale(locale))
    if not text.is_fallback(locale):
        return words
    return f'<span lang="{LANGUAGES[text.language_of(locale)][1]}">{words}</span>'
