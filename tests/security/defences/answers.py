"""Defences behind the ASVS: what every answer carries, files of people, what is published, erased, logged."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

SECURITY = "app/web/security.py"
INSPECTING = "app/services/inspecting.py"
CONFINING = "app/services/confining.py"
CLOSED = "app/services/answering.py"
HEADERS = "web/test_security.py"
APART = "security/test_uploads.py::test_what_a_parser_is_brought_to_do_ends_its_process_alone"

RESPONSES: tuple[Defence, ...] = (
    without(
        "1.2.1",
        "escaping in pages",
        Change(
            "app/web/templating.py",
            "    environment.trim_blocks = True\n",
            "    environment.autoescape = False\n    environment.trim_blocks = True\n",
        ),
        noticed_by=(
            "web/test_engagements.py::test_a_name_made_of_markup_is_shown_as_it_is",
            "web/findings/test_findings.py::test_markup_in_findings_and_notes_is_text",
        ),
    ),
    without(
        "3.4.3",
        "the headers of errors",
        Change(
            SECURITY,
            '    if response.headers.get("Content-Disposition", "")',
            "    if response.status_code >= 400:\n        return response\n"
            '    if response.headers.get("Content-Disposition", "")',
        ),
        noticed_by=(f"{HEADERS}::test_every_kind_of_error_carries_the_headers",),
    ),
    without(
        "3.4.3",
        "the policy of content",
        Change(SECURITY, '    "Content-Security-Policy": CONTENT_SECURITY_POLICY,\n', ""),
        noticed_by=(
            f"{HEADERS}::test_every_answer_carries_the_headers",
            f"{HEADERS}::test_an_unchanged_file_carries_the_headers_too",
        ),
    ),
    without(
        "3.4.6",
        "the headers of the server's own answers",
        Change("app/cli/listening.py", "        self.response_headers.extend(HEADERS)\n", ""),
        noticed_by=("security/test_slow_clients.py::test_what_the_server_itself_answers_carries_the_headers_too",),
    ),
    without(
        "3.2.1",
        "the sandbox of downloads",
        Change(SECURITY, '        response.headers["Content-Security-Policy"] = ALONE\n', ""),
        noticed_by=(f"{HEADERS}::test_every_download_is_kept_and_stands_alone",),
    ),
    without(
        "3.3.1",
        "the flags of the session cookie",
        Change(SECURITY, "        SESSION_COOKIE_HTTPONLY=True,\n", "        SESSION_COOKIE_HTTPONLY=False,\n"),
        Change(SECURITY, "        SESSION_COOKIE_SECURE=settings.secure_cookies,\n", ""),
        noticed_by=(
            f"{HEADERS}::test_the_session_cookie_is_kept_from_scripts_and_other_sites",
            f"{HEADERS}::test_behind_https_cookies_are_secure_and_browsers_stay_with_it",
        ),
    ),
    without(
        "4.1.3",
        "the names under which we answer, where none are named",
        Change("app/web/hosts.py", "    if own is not None and not is_own(request.host, own):\n", "    if False:\n"),
        noticed_by=(f"{HEADERS}::test_unless_hosts_are_named_only_addresses_and_names_of_this_machine_are_answered",),
    ),
    without(
        "4.1.3",
        "the names under which we answer, where some are named",
        Change(SECURITY, "TRUSTED_HOSTS=list(settings.trusted_hosts) or None,", "TRUSTED_HOSTS=None,"),
        noticed_by=(f"{HEADERS}::test_only_named_hosts_are_answered",),
    ),
    without(
        "5.2.1",
        "the limit of bodies",
        Change(SECURITY, "        MAX_CONTENT_LENGTH=LARGEST_FORM,\n", ""),
        Change(SECURITY, "        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,\n", ""),
        noticed_by=(f"{HEADERS}::test_only_routes_that_take_files_take_more_than_a_form",),
    ),
    without(
        "16.5.1",
        "the silence about faults of ours",
        Change(
            "app/web/errors.py",
            "    return _answer(InternalServerError.code, TROUBLES[500])\n",
            "    return _answer(InternalServerError.code, Trouble(str(error), str(error)))\n",
        ),
        noticed_by=("web/test_errors.py::test_a_fault_of_ours_shows_a_number_and_no_trace",),
    ),
)

FILES: tuple[Defence, ...] = (
    without(
        "1.3.4",
        "the drawing anew of pictures",
        Change(
            INSPECTING,
            "    return Inspected(media_type, clean_label(name, media_type), kept, preview)\n",
            "    return Inspected(media_type, clean_label(name, media_type), content, preview)\n",
        ),
        noticed_by=(
            "services/test_inspecting.py::test_nothing_behind_an_image_survives",
            "services/test_inspecting.py::test_a_photograph_forgets_where_and_with_what_it_was_taken",
        ),
    ),
    without(
        "1.3.4",
        "the refusal of PDFs that act",
        Change(INSPECTING, "            _check_pdf(content)\n", ""),
        noticed_by=("services/test_inspecting.py::test_a_pdf_that_could_do_something_or_is_not_whole_is_refused",),
    ),
    without(
        "2.4.1",
        "the limits of the process that parses files",
        Change(CONFINING, "        resource.setrlimit(what, (least, least))\n", "        _ = least\n"),
        noticed_by=(f"{APART}[memory]", f"{APART}[writing]"),
    ),
    without(
        "13.3.1",
        "the empty environment of the process that parses files",
        Change(
            CONFINING,
            "{name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}",
            "dict(os.environ)",
        ),
        noticed_by=(f"{APART}[secrets]",),
    ),
)

PUBLISHED: tuple[Defence, ...] = (
    without(
        "2.3.1",
        "review before publishing",
        Change("app/services/releasing.py", '        found.append("assessment-not-in-review")\n', "        pass\n"),
        noticed_by=("services/test_releasing.py::test_only_what_was_reviewed_is_released",),
    ),
    without(
        "2.3.1",
        "the lock of what is published",
        Change(
            CLOSED, 'return "assessment-published" if assessment_state == FINAL_ASSESSMENT else None', "return None"
        ),
        noticed_by=(
            "web/test_published_stays.py::test_no_route_changes_anything_of_a_published_assessment",
            "services/test_releasing.py::test_nothing_of_a_released_assessment_can_be_changed",
        ),
    ),
    without(
        "14.1.2",
        "the erasing of every table",
        Change(
            "app/storage/erasing.py",
            "        if table.name == ENGAGEMENT or any(",
            '        if table.name != "presence" and table.name == ENGAGEMENT or any(',
        ),
        Change(
            "app/storage/erasing.py",
            "    return tuple(reversed(owned.values()))\n",
            '    return tuple(table for name, table in reversed(owned.items()) if name != "presence")\n',
        ),
        noticed_by=("services/test_erasing.py::test_every_table_belongs_to_an_engagement_or_to_the_installation",),
    ),
    without(
        "14.1.2",
        "the overwriting of what is deleted",
        Change("app/storage/database.py", '    "secure_delete = ON",\n', ""),
        noticed_by=("storage/test_database.py::test_the_pragmas_that_keep_data_are_in_force",),
    ),
    without(
        "14.1.2",
        "the writing anew of the database file after an erasure",
        Change("app/storage/database.py", 'self._settled_after("VACUUM")', "self._settled_after()"),
        noticed_by=("storage/test_database.py::test_a_file_that_is_written_anew_holds_only_what_stands_in_a_row",),
    ),
    without(
        "16.2.5",
        "the omission of links from the log",
        Change(SECURITY, 'PERSONAL_LINK.sub(r"/\\1/…", request.path)', "request.path"),
        noticed_by=("web/self_assessing/test_responding.py::test_a_link_is_left_out_of_the_log",),
    ),
    without(
        "16.2.5",
        "the omission of queries from the log",
        Change(
            "app/bootstrap.py", "                path=logged_path(),\n", "                path=request.full_path,\n"
        ),
        noticed_by=("services/test_commands.py::test_the_log_names_request_and_user_but_not_what_was_searched_for",),
    ),
)

ROWS = (*RESPONSES, *FILES, *PUBLISHED)
