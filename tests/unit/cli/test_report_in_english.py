"""`report --locale en` tells which texts it has to print in Chinese."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app.content.library import Library
from app.settings import CHECKOUT
from tests.unit.cli import content


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of a framework in which one name has no English."""
    folder = tmp_path / "frameworks" / "telecom-crm"
    shutil.copytree(CHECKOUT / "frameworks" / "telecom-crm", folder)
    file = folder / "framework.yaml"
    text = file.read_text("utf-8")
    file.write_text(re.sub(r"name: \{zh: 客户洞察, en: [^}]+\}", "name: {zh: 客户洞察}", text), "utf-8")
    return folder / "cases" / "shenzhen-2003.yaml"


def report(case: Path, library: Library, tmp_path: Path, *more: str) -> content.Outcome:
    out = str(tmp_path / "report.json")
    arguments = ("report", str(case), "--template", "executive", "--out", out, *more)
    return content.crm_maturity(*arguments, root=CHECKOUT, library=lambda _: library)


def test_what_has_no_english_is_listed_on_standard_error(case: Path, library: Library, tmp_path: Path) -> None:
    told = report(case, library, tmp_path, "--locale", "en")
    assert told.code == 0, told.err
    assert "texts without English, which stand in Chinese: 1" in told.err
    assert "capability/customer-insight/name: 客户洞察" in told.err
    document = report(case, library, tmp_path, "--locale", "en", "--format", "json").document
    assert "capability/customer-insight/name" in document["untranslated"]


def test_a_report_in_chinese_has_nothing_to_list(case: Path, library: Library, tmp_path: Path) -> None:
    told = report(case, library, tmp_path, "--format", "json")
    assert (told.document["untranslated"], "English" in told.err) == ([], False)
