"""The interview guide on paper: what a blank form asks, what a filled record says, and nothing that nobody said."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from app.content.library import load_library
from app.core.case import Answer, State
from app.core.framework import Framework
from app.core.scale import Level, Scale
from app.core.text import Locale, Text
from app.document.guide.build import build_guide, score_boxes
from app.document.guide.material import Answered, GuideMaterial, Occasion, asked_of
from app.reports.guide import score_strip, typeset_guide
from app.reports.pressing import lay_out, write
from app.reports.typesetting import Typescript
from app.services.guides import templates_of
from app.settings import CHECKOUT
from tests.reports.layout import ink_of

if TYPE_CHECKING:
    from app.content.library import Library

TEMPLATES = CHECKOUT / "reports" / "interview-guide"
ADDRESS = "http://127.0.0.1:8000/interview/7"
HANZI = re.compile(r"[\u4e00-\u9fff]")
ATTACK = '<img src="http://127.0.0.1:9/x"><script>x</script>{{ 7*7 }}'


@pytest.fixture(scope="module")
def tiny() -> Library:
    return load_library(CHECKOUT / "tests" / "library")


@pytest.fixture(scope="module")
def blank(tiny: Library) -> GuideMaterial:
    guide, framework = tiny.questionnaire("interviews-guide"), tiny.framework("interviews")
    role = guide.role("marketing")
    occasion = Occasion(unit=Text("分公司", "Branch"), round=Text("2026年3月", "March 2026"), key="i-07")
    return GuideMaterial(framework, guide, role, asked_of(framework, guide, role.id), occasion, ADDRESS)


def said(**values: Any) -> Answered:
    return Answered(Answer(**values), "顾问bo", datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


def script_of(material: GuideMaterial, *locales: Locale) -> Typescript:
    return typeset_guide(build_guide(material, locales), TEMPLATES)


def pdf_of(typescript: Typescript) -> bytes:
    return write(lay_out(typescript.html, typescript.assets))


def text_of(pdf: bytes, *more: str) -> str:
    done = subprocess.run(["pdftotext", *more, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("head", "div") and (
            tag == "head" or dict(attrs).get("class") in ("running-head", "foot-left", "foot-right")
        ):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.words += data


def words_of(typescript: Typescript) -> str:
    reader = _Words()
    reader.feed(typescript.html)
    return reader.words


@pytest.fixture(scope="module")
def printed(blank: GuideMaterial) -> tuple[Typescript, bytes]:
    typescript = script_of(blank, "zh")
    return typescript, pdf_of(typescript)


def test_every_character_of_the_form_reaches_the_paper(printed: tuple[Typescript, bytes]) -> None:
    typescript, pdf = printed
    on_paper, wanted = Counter(HANZI.findall(text_of(pdf))), Counter(HANZI.findall(words_of(typescript)))
    assert wanted - on_paper == Counter()


def test_a_blank_form_has_what_an_interviewer_needs(printed: tuple[Typescript, bytes]) -> None:
    text = text_of(printed[1])
    for words in (
        "收集哪些数据？",
        "数据规划",
        "抽查记录",
        "有规划吗？",
        "成文",
        "责任人",
        "准确率是多少？",
        "□ 听说",
        "□ 看到",
    ):
        assert words in text
    for words in ("不适用的原因", "□ 不清楚", "把握", "发现与记录", "怎样填写", "2026年3月", "i-07"):
        assert words in text
    assert ADDRESS in text.replace("\n", "")
    assert "仅在这时问：“仓库”不低于 2，并且并非（“收集”不高于 0.5，或者“准确”等于 0）" in "".join(text.splitlines())


def test_pages_are_a4_with_contents_that_lead_to_each_element(printed: tuple[Typescript, bytes]) -> None:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(printed[1]))
    assert {tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in reader.pages} == {
        (210, 297)
    }
    outline: list[Any] = reader.outline
    titles = [str(entry["/Title"]) for part in outline for entry in (part if isinstance(part, list) else [part])]
    assert titles == ["数据", "收集", "仓库", "准确", "应用", "活动", "服务"]
    assert not reader.attachments


def test_both_languages_stand_side_by_side(blank: GuideMaterial) -> None:
    text = text_of(pdf_of(script_of(blank, "zh", "en")), "-layout")
    line = next(line for line in text.splitlines() if "收集哪些数据？" in line)
    assert "Which data is collected?" in line


def test_the_record_says_what_was_said_and_no_more(blank: GuideMaterial) -> None:
    answers = {
        "collecting": said(
            state=State.SCORED,
            score=Fraction(5, 2),
            note="第一段 <b>原样</b>\n第二段",
            confidence="high",
            ticks={"plan-document": "seen"},
            questions={"plan-exists": "written", "parts": ("owner",)},
        ),
        "warehouse": said(state=State.NOT_APPLICABLE, reason="不归本部门"),
        "accuracy": said(state=State.UNKNOWN, questions={"share": Fraction(61)}),
    }
    text = text_of(pdf_of(script_of(replace(blank, answers=answers), "zh")))
    for words in (
        "得分 2.5",
        "第一段 <b>原样</b>",
        "第二段",
        "■ 看到",
        "■ 成文",
        "■ 责任人",
        "□ 字段",
        "不归本部门",
        "61 %",
    ):
        assert words in text, words
    assert text.count("顾问bo 于 2026年3月2日") == 3
    assert text.count("未评") == 3  # two elements without an answer, and the sentence that explains the word
    assert "怎样填写" not in text


def test_a_note_of_ten_thousand_characters_runs_over_pages_complete(blank: GuideMaterial) -> None:
    long = "长" * 9_990 + "完"
    material = replace(blank, asked=blank.asked[:1], answers={"collecting": said(state=State.OPEN, note=long)})
    text = text_of(pdf_of(script_of(material, "zh")))
    assert text.count("长") == 9_990
    assert "完" in text


def test_what_people_typed_stays_text(blank: GuideMaterial) -> None:
    occasion = replace(blank.occasion, respondent=ATTACK, place=ATTACK)
    material = replace(blank, occasion=occasion, answers={"collecting": said(state=State.OPEN, note=ATTACK)})
    typescript = script_of(material, "zh")
    assert "<script" not in typescript.html
    assert "{{ 7*7 }}" in words_of(typescript)
    assert {name.partition("-")[0] for name in typescript.assets} <= {"guide.css", "theme.css", "address.svg", "boxes"}


def scaled(framework: Framework, top: str, step: str) -> Framework:
    scale = Scale(
        Fraction(0), Fraction(top), Fraction(step), (Level(Fraction(0), Text("低")), Level(Fraction(top), Text("高")))
    )
    return replace(framework, scale=scale)


@pytest.mark.parametrize(
    ("top", "step", "boxes", "exact"),
    [
        ("5", "0.5", 11, False),
        ("10", "0.5", 21, False),
        ("10", "0.1", 11, True),
        ("100", "1", 2, True),
        ("1", "0.25", 5, False),
    ],
)
def test_boxes_fit_the_line_on_every_scale(
    blank: GuideMaterial, top: str, step: str, boxes: int, *, exact: bool
) -> None:
    framework = scaled(blank.framework, top, step)
    made = score_boxes(framework.scale)
    assert (len(made.points), made.exact) == (boxes, exact)
    assert score_strip(made.points).count(b"<rect") == boxes
    page = lay_out(*_parts(script_of(replace(blank, framework=framework, asked=blank.asked[:1]), "zh"))).pages[1]
    edge = page.width - 14 * 96 / 25.4
    assert [ink for ink in ink_of(page) if ink.right > edge] == []


def _parts(typescript: Typescript) -> tuple[str, Any]:
    return typescript.html, typescript.assets


def test_a_role_that_is_asked_nothing_gets_one_page_that_says_so(blank: GuideMaterial) -> None:
    pages = lay_out(*_parts(script_of(replace(blank, asked=()), "zh"))).pages
    assert len(pages) == 1
    assert "这个角色没有要问的要素。" in "".join(ink.text for ink in ink_of(pages[0]))


def test_an_element_stays_on_one_page(library: Library) -> None:
    guide, framework = library.questionnaire("telecom-crm-interview"), library.framework("telecom-crm")
    asked = asked_of(framework, guide, "local-network-leadership")[:5]
    pages = lay_out(*_parts(script_of(GuideMaterial(framework, guide, None, asked), "en"))).pages
    texts = ["".join(ink.text for ink in ink_of(page)).replace(" ", "") for page in pages[1:]]
    for element, _ in asked:
        first, last = (element.levels[value].en or "" for value in (min(element.levels), max(element.levels)))
        homes = [n for n, text in enumerate(texts) if first.replace(" ", "") in text and last.replace(" ", "") in text]
        assert len(homes) == 1, element.id


def test_a_content_root_without_templates_uses_the_shipped_ones() -> None:
    assert templates_of(CHECKOUT / "tests" / "library") == TEMPLATES
