"""Defences against files that are brought or taken out: workbooks, formulas, paths, templates (4.6, 4.7, 4.9, 4.15)."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

UNPACKING = "app/exports/unpacking.py"

WORKBOOKS: tuple[Defence, ...] = (
    without(
        "4.6",
        "the limits of what an archive unpacks to",
        Change(UNPACKING, "if total > LARGEST_UNPACKED or total > HIGHEST_RATIO * packed:", "if False:"),
        Change(UNPACKING, "if sum(member.file_size for member in members) > LARGEST_UNPACKED:", "if False:"),
        noticed_by=(
            "services/test_damaged_sheets.py::test_a_zip_bomb_is_refused_before_it_is_parsed",
            "services/test_damaged_sheets.py::test_a_bomb_that_lies_about_its_size_is_refused",
        ),
    ),
    without(
        "4.6",
        "the limit of members",
        Change(UNPACKING, "if len(members) > MOST_MEMBERS:", "if False:"),
        noticed_by=("services/test_damaged_sheets.py::test_too_many_members_are_refused",),
    ),
    without(
        "4.6",
        "the limit of tags",
        Change(UNPACKING, "if tags > MOST_TAGS:", "if False:"),
        noticed_by=("security/test_uploads.py::test_a_workbook_of_very_many_cells_is_refused_before_it_is_parsed",),
    ),
    without(
        "4.6",
        "defusedxml",
        Change(
            "app/__init__.py", "from typing import TYPE_CHECKING\n", "import os\nfrom typing import TYPE_CHECKING\n"
        ),
        Change(
            "app/__init__.py", "\n\ndef create_app", '\nos.environ["OPENPYXL_DEFUSEDXML"] = "False"\n\n\ndef create_app'
        ),
        Change(UNPACKING, "if openpyxl.xml.DEFUSEDXML is not True:", "if openpyxl.xml.DEFUSEDXML is True:"),
        noticed_by=("services/test_damaged_sheets.py::test_an_entity_bomb_is_refused",),
    ),
    without(
        "4.7",
        "the rule what reads as a formula",
        Change(
            "app/exports/cell_text.py",
            "    return bool(text) and (text[0] in _FORMULA_STARTS",
            "    return False and (text[0] in _FORMULA_STARTS",
        ),
        noticed_by=("security/test_formulas.py::test_whatever_somebody_wrote_no_csv_cell_begins_a_formula",),
    ),
    without(
        "4.7",
        "strings written as strings",
        Change("app/exports/workbook/pages.py", '"strings_to_formulas": False,', '"strings_to_formulas": True,'),
        Change(
            "app/exports/workbook/pages.py",
            "            self.sheet.write_string(row, column, written, style)\n        else:",
            "            self.sheet.write(row, column, written, style)\n        else:",
        ),
        noticed_by=("security/test_formulas.py::test_whatever_somebody_wrote_no_workbook_computes_it",),
    ),
    without(
        "4.7",
        "the cells of a framework's workbook as texts",
        Change("app/exports/framework_sheets/writing.py", '        cell.data_type = "s"\n', "        pass\n"),
        noticed_by=("services/test_framework_sheets.py::test_no_text_becomes_a_formula",),
    ),
)

PATHS: tuple[Defence, ...] = (
    without(
        "4.9",
        "plain names for what an archive holds",
        Change(
            "app/services/content_imports.py",
            "{FRAMEWORK_FILE: members[head], **{name: members[path] for path, name in names.items()}}",
            "{path: members[path] for path in names}",
        ),
        noticed_by=("services/test_content_archives.py::test_names_that_lead_out_of_an_archive_lead_nowhere",),
    ),
    without(
        "4.9",
        "names of attachments by rule",
        Change("app/storage/attachment_files.py", "if not NAME.fullmatch(stored_as):", "if False:"),
        noticed_by=("services/test_attaching.py::test_only_names_of_ours_lead_to_a_file",),
    ),
    without(
        "4.9",
        "the shelf outside of which no job's file lies",
        Change(
            "app/services/file_shelf.py", "return file if within and file.is_file()", "return file if file.is_file()"
        ),
        noticed_by=("services/test_file_shelf.py::test_nothing_outside_the_shelf_is_a_file_of_a_job",),
    ),
)

TEMPLATES: tuple[Defence, ...] = (
    without(
        "4.15",
        "the habit that no template is made of text",
        Change(
            "app/web/errors.py",
            "from __future__ import annotations\n",
            "from __future__ import annotations\n\nfrom flask import render_template_string\n",
        ),
        noticed_by=("architecture/test_sources.py::test_python_calls_nothing_dangerous",),
    ),
    without(
        "4.15",
        "the sandbox of clients' templates",
        Change(
            "app/reports/typesetting.py",
            "from jinja2.sandbox import ImmutableSandboxedEnvironment",
            "from jinja2 import Environment as ImmutableSandboxedEnvironment",
        ),
        noticed_by=("reports/test_printing.py::test_a_template_cannot_reach_what_it_was_not_given",),
    ),
)

ROWS = (*WORKBOOKS, *PATHS, *TEMPLATES)
