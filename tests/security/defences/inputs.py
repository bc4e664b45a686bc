"""Defences behind the ASVS: what is typed, brought and kept secret, what views ask, how much may be wanted."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

CHANGES = "app/services/answer_changes.py"
PASSWORDS = "app/services/passwords.py"
IMPORTS = "app/services/content_imports.py"
VECTORS = "app/content/vectors.py"

TYPED: tuple[Defence, ...] = (
    without(
        "1.2.9",
        "the refusal of control characters",
        Change(
            CHANGES,
            '    if any(unicodedata.category(character) in ("Cc", "Cs")',
            '    if any(character in ("Cc", "Cs")',
        ),
        noticed_by=("services/test_answer_changes.py::test_control_characters_are_refused",),
    ),
    without(
        "1.2.9",
        "the limit of notes",
        Change(CHANGES, "    if len(text) > longest:\n", "    if False:\n"),
        noticed_by=("services/test_answer_changes.py::test_texts_have_a_limit",),
    ),
    without(
        "8.2.3",
        "the refusal of fields that no answer has",
        Change(
            CHANGES,
            '    raise _refuse("A101", name, f"there is no field',
            '    return {name: given}\n    raise _refuse("A101", name, f"there is no field',
        ),
        noticed_by=("services/test_answer_changes.py::test_unknown_fields_are_refused",),
    ),
    without(
        "15.3.5",
        "the refusal of true and false as numbers",
        Change(
            CHANGES,
            "    if isinstance(given, bool) or not isinstance(given, int | float | str):\n        return None\n",
            "    if isinstance(given, bool):\n        given = int(given)\n",
        ),
        noticed_by=("services/test_answer_changes.py::test_what_is_no_point_of_the_scale_is_refused",),
    ),
    without(
        "5.2.3",
        "the limits of archives of content",
        Change(IMPORTS, "    if len(content) > LARGEST_ARCHIVE:\n", "    if False:\n"),
        Change(IMPORTS, "            if len(members) > MOST_MEMBERS:\n", "            if False:\n"),
        Change(IMPORTS, "if total > 2 * LARGEST_DRAFT or total > max(HIGHEST_RATIO * size, _CHUNK):", "if False:"),
        noticed_by=("services/test_content_archives.py::test_what_cannot_be_taken_in_is_refused_with_its_reason",),
    ),
)

ASKED: tuple[Defence, ...] = (
    without(
        "8.3.1",
        "the door of one view",
        Change(
            "app/web/users/routes.py",
            '@blueprint.get("/users")\n@requires(Action.ADMINISTER)\n',
            '@blueprint.get("/users")\n',
        ),
        noticed_by=("web/test_access.py::test_every_view_asks_for_an_action",),
    ),
    without(
        "8.2.1",
        "the action that one view asks for",
        Change(
            "app/web/users/routes.py",
            '@blueprint.get("/users")\n@requires(Action.ADMINISTER)\n',
            '@blueprint.get("/users")\n@requires(Action.READ)\n',
        ),
        noticed_by=(
            "web/walls/test_every_route.py::test_every_route_has_a_row_in_the_document_and_asks_for_what_it_says",
        ),
    ),
    without(
        "8.2.3",
        "the silence before readers about who said what",
        Change("app/web/findings/routes.py", "    return permitted(actor(), Action.ANSWER)\n", "    return True\n"),
        noticed_by=(
            "web/findings/test_findings.py::test_readers_get_findings_and_strength_and_nothing_that_tells_who_said_so",
        ),
    ),
)

KEPT: tuple[Defence, ...] = (
    without(
        "7.2.3",
        "the hash in place of a token",
        Change(
            "app/services/tokens.py",
            '    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()\n',
            "    return token\n",
        ),
        noticed_by=(
            "services/test_sign_ins.py::test_the_database_holds_the_hash_of_a_token_of_256_bits",
            "services/test_personal_links.py::test_a_link_opens_its_own_interview_and_the_database_holds_no_token",
        ),
    ),
    without(
        "11.4.2",
        "the strength of the hashes of passwords",
        Change(PASSWORDS, "    return PasswordHasher()  #", "    return PasswordHasher(time_cost=1, memory_cost=8)  #"),
        noticed_by=("services/test_passwords.py::test_passwords_are_hashed_with_argon2id_as_strong_as_rfc_9106_asks",),
    ),
    without(
        "6.3.8",
        "the comparing of passwords of nobody",
        Change(
            PASSWORDS,
            "    try:\n        _hasher().verify(",
            "    if known is None:\n        return False\n    try:\n        _hasher().verify(",
        ),
        noticed_by=("services/test_signing_in.py::test_an_unknown_name_takes_as_long_as_a_wrong_password",),
    ),
    without(
        "6.4.3",
        "the end of reset links",
        Change(
            "app/services/account_links.py", "RESET_LASTS = timedelta(minutes=60)", "RESET_LASTS = timedelta(days=1)"
        ),
        noticed_by=("services/test_account_links.py::test_a_reset_link_lasts_an_hour_and_ends_every_sign_in",),
    ),
    without(
        "7.3.2",
        "the end of personal links",
        Change(
            "app/services/personal_links.py", "return link.ended_at is None and now < link.expires_at", "return True"
        ),
        noticed_by=(
            "services/test_personal_links.py::test_a_link_expires",
            "services/test_personal_links.py::test_an_ended_link_opens_nothing_and_its_answers_stay",
        ),
    ),
    without(
        "2.4.1",
        "the time that a job may take",
        Change("tests/services/worker_child.py", "time.sleep(60)", "time.sleep(6)"),
        Change("app/jobs/worker.py", "if now - started > self.limits.elapsed:", "if False:"),
        noticed_by=("services/test_worker.py::test_a_job_that_takes_too_long_is_ended",),
    ),
    without(
        "14.3.2",
        "the clearing of the browser at signing out",
        Change(
            "app/web/signing/routes.py",
            '    response.headers["Clear-Site-Data"] = ',
            "    _ = ",
        ),
        noticed_by=("web/test_offline.py::test_signing_out_clears_the_browser_unless_somebody_elses_answers_wait",),
    ),
    without(
        "1.3.4",
        "the refusal of addresses in drawings",
        Change(VECTORS, '_ADDRESS = re.compile(r"url\\(', '_ADDRESS = re.compile(r"never\\('),
        noticed_by=("content/test_report_files.py::test_an_svg_that_could_act_is_refused_where_it_would",),
    ),
)

ROWS = (*TYPED, *ASKED, *KEPT)
