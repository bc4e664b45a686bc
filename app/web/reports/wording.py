"""What the choices of a report are called."""

from __future__ import annotations

from app.core.report import Paper
from app.core.text import Locale
from app.i18n import msgid
from app.web.context import translate

LANGUAGES: dict[Locale, str] = {"zh": "中文", "en": "English"}
FORMATS = {
    "pdf": "PDF",
    "pptx": "PowerPoint",
    "docx": "Word",
    "xlsx": "Excel",
    "csv": "CSV",
    "json": "JSON",
    "yaml": msgid("案例文件（YAML）"),
}
PAPERS = {Paper.WIDE: msgid("16:9 宽屏"), Paper.A4: msgid("A4 纵向")}
AS_REPORT = msgid("按报告种类")
WITH_DATA = msgid("内附数据")


def format_words(name: str) -> str:
    """Return what a file format is called."""
    return translate(FORMATS[name]) if name in FORMATS else name.upper()


def paper_words(paper: Paper | None) -> str:
    """Return what a size of paper is called; empty for that of the report itself."""
    return translate(PAPERS[paper]) if paper else ""
