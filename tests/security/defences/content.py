"""Defences against what content and printing could do: YAML, paper (4.1 to 4.4)."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

READING = "app/content/reading.py"
PRESSING = "app/reports/pressing.py"
BOMBS = "content/test_reading.py::test_bombs_are_refused_within_a_second"
STANDING = "content/test_reading.py::test_what_is_not_allowed_is_refused_where_it_stands"
UNESCAPED = "reports/test_untrusted_text.py::test_even_unescaped_markup_reaches_nothing"
# what a reader of XML would do that follows document types
FOLLOWING = """        kind, body = self._assets[name]
        from lxml import etree
        if kind.startswith("image/svg"):
            reading = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False, huge_tree=True)
            body = etree.tostring(etree.fromstring(body.replace(b"&y;", b""), reading))
"""

YAML: tuple[Defence, ...] = (
    without(
        "4.1",
        "the limit of depth",
        Change(READING, "if len(self.stack) >= DEEPEST:", "if False:"),
        Change(READING, "if depth > DEEPEST:", "if False:"),
        noticed_by=(f"{BOMBS}[[[[[[[[[[[[[-E103_1]",),  # the others would take minutes now
    ),
    without(
        "4.1",
        "the limit of values",
        Change(READING, "if counted > MOST_NODES:", "if False:"),
        noticed_by=(BOMBS,),
    ),
    without(
        "4.1",
        "the limit of bytes",
        Change(
            READING,
            '    if len(data) > MOST_BYTES:\n        document.faults.add("E102", Place(document.file), size=len(data)',
            '    if False:\n        document.faults.add("E102", Place(document.file), size=len(data)',
        ),
        noticed_by=(BOMBS,),
    ),
    without(
        "4.1",
        "the refusal of aliases",
        Change(READING, 'self._fault("E106", line, column', 'str("E106"'),
        Change(READING, 'name=shown(event.anchor or ""))\n', 'shown(event.anchor or ""))\n'),
        noticed_by=(BOMBS, STANDING),
    ),
    without(
        "4.1",
        "the refusal of what is no YAML",
        Change(READING, "            return self._syntax(error)\n", "            raise\n"),
        noticed_by=("content/test_fuzzing.py::test_any_bytes_are_located_errors", BOMBS),
    ),
    without(
        "4.2",
        "the reading of numbers to the letter",
        Change(READING, r'r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?\Z"', r'r"-?([0-9]+)(?:\.([0-9]+))?\Z"'),
        noticed_by=("content/test_strict_values.py::test_every_other_word_is_the_text_that_stands_there",),
    ),
    without(
        "4.2",
        "the rule that no and off are words",
        Change(READING, '"true": True, "false": False}', '"true": True, "false": False, "no": False, "off": False}'),
        noticed_by=("content/test_strict_values.py::test_every_other_word_is_the_text_that_stands_there",),
    ),
    without(
        "4.2",
        "the refusal of a key that stands twice",
        Change(READING, "        if first is not None:\n", "        if False:\n"),
        noticed_by=(STANDING,),
    ),
    without(
        "4.2",
        "the refusal of tags",
        Change(
            READING,
            '        if event.tag is not None:\n            self._fault("E107"',
            '        if False:\n            self._fault("E107"',
        ),
        noticed_by=(STANDING,),
    ),
)

PAPER: tuple[Defence, ...] = (
    without(
        "4.3",
        "the fetcher of our own assets",
        Change(PRESSING, "url_fetcher=Shelf(assets))", "url_fetcher=URLFetcher())"),
        noticed_by=(
            UNESCAPED,
            "reports/test_untrusted_text.py::test_the_printing_process_opens_nothing_but_its_own_assets",
        ),
    ),
    without(
        "4.3",
        "a reader of drawings that follows no document type",
        Change(PRESSING, "        kind, body = self._assets[name]\n", FOLLOWING),
        noticed_by=("reports/test_untrusted_words.py::test_a_document_type_of_a_drawing_opens_no_file",),
    ),
    without(
        "4.3",
        "escaping in reports",
        Change("app/reports/typesetting.py", "        autoescape=True,", "        autoescape=False,"),
        noticed_by=(
            "reports/test_untrusted_words.py::test_no_words_become_markup_in_any_section[units-zh]",
            "reports/test_printing.py::test_values_are_escaped",
        ),
    ),
    without(
        "4.4",
        "the time that printing may take",
        Change("app/reports/printing.py", "    alarm.start()\n", ""),
        Change("app/reports/printing.py", "        alarm.cancel()\n", "        pass\n"),
        noticed_by=("reports/test_printing.py::test_a_child_that_takes_too_long_is_stopped_and_said_so",),
    ),
    without(
        "4.4",
        "the process of its own",
        Change(
            "app/reports/printing.py",
            "        told = _run(feed, sheet, progress, timeout)\n",
            "        from app.reports.pressing import lay_out, write\n"
            "        told = _Told()\n"
            "        sheet.write(write(lay_out(typescript.html, typescript.assets)))\n",
        ),
        noticed_by=("reports/test_printing.py::test_a_document_nested_beyond_all_measure_fails_in_words",),
    ),
    without(
        "4.4",
        "the limit of texts in reports",
        Change("app/document/voice.py", "LONGEST_TEXT = 2000", "LONGEST_TEXT = 200_000"),
        noticed_by=("reports/test_untrusted_text.py::test_two_thousand_rows_and_a_huge_word_are_printed",),
    ),
)

ROWS = (*YAML, *PAPER)
