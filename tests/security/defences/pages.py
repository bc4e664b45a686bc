"""Defences of pages, walls and sessions (4.5, 4.8, 4.10 to 4.12)."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

SECURITY = "app/web/security.py"
ACCESS = "app/web/access.py"
WALLS = "app/services/walls.py"
ENGAGEMENTS = "app/services/engagements.py"
SIGN_INS = "app/services/sign_ins.py"
EVERY_ROUTE = "web/walls/test_every_route.py::test_everybody_is_answered_on_every_route_as_the_document_says"

CHARTS: tuple[Defence, ...] = (
    without(
        "4.5",
        "figures as data, not as scripts",
        Change("app/web/templates/charts.html", '<script type="application/json" data-host=', "<script data-host="),
        noticed_by=("web/test_security.py::test_no_page_holds_a_script_or_style_of_its_own",),
    ),
    without(
        "4.5",
        "escaped words in figures",
        Change("app/charts/plotting/parts.py", "    return escape(words, quote=False)\n", "    return words\n"),
        noticed_by=("unit/charts/test_screen.py::test_names_are_escaped_and_no_tag_but_a_break_is_used",),
    ),
    without(
        "4.5",
        "escaped words in pictures",
        Change("app/charts/drawing/canvas.py", "{fill}>{escape(words)}</text>", "{fill}>{words}</text>"),
        noticed_by=("unit/charts/test_paper.py::test_names_with_markup_are_only_words",),
    ),
)

FOREIGN: tuple[Defence, ...] = (
    without(
        "4.8",
        "both rings of walls around an engagement",
        Change(
            WALLS,
            "    return actor is None or actor.sees(engagement_id)\n",
            "    return True\n",
        ),
        noticed_by=(f"{EVERY_ROUTE}[outsider-doors]",),
    ),
    without(
        "4.8",
        "the look at what an address names",
        Change(ACCESS, "    arguments = dict(request.view_args or {})\n", "    arguments: dict[str, object] = {}\n"),
        noticed_by=(f"{EVERY_ROUTE}[outsider-doors]",),
    ),
    without(
        "4.8",
        "the question what somebody may do here",
        Change(ACCESS, "            if _may_here(action):\n", "            if _may_here(action) or True:\n"),
        noticed_by=(f"{EVERY_ROUTE}[observer-doors]",),
    ),
    without(
        "4.8",
        "the question who is there at all",
        Change(ACCESS, "            if signed_in() is None:\n", "            if False:\n"),
        Change(
            ACCESS, "            if _may_here(action):\n", "            if signed_in() is None or _may_here(action):\n"
        ),
        noticed_by=(f"{EVERY_ROUTE}[anonymous-doors]",),
    ),
    without(
        "4.8",
        "the wall before what is not published",
        Change(WALLS, "return part is not None and (part is not Part.EXECUTIVE or state == PUBLISHED)", "return True"),
        noticed_by=(
            f"{EVERY_ROUTE}[executive-doors]",
            "web/walls/test_executives.py::test_what_is_not_published_does_not_exist",
        ),
    ),
    without(
        "4.8",
        "the second ring alone: the accessors of the services",
        Change(ENGAGEMENTS, '    check_engagement(session, record.id, what="engagement", key=key)\n', ""),
        Change(ENGAGEMENTS, '    check_engagement(session, record.id, what="engagement", key=engagement_id)\n', ""),
        Change(
            ENGAGEMENTS,
            '    check_assessment(session, record.engagement_id, record.state, what="assessment", key=assessment_id)\n',
            "",
        ),
        noticed_by=(
            "services/test_walls.py::test_what_is_of_another_engagement_is_not_found[engagement by key]",
            "services/test_walls.py::test_what_is_of_another_engagement_is_not_found[engagement by number]",
            "services/test_walls.py::test_what_is_of_another_engagement_is_not_found[assessment]",
            "services/test_walls.py::test_executives_find_an_assessment_once_it_is_published",
        ),
    ),
)

REDIRECTS: tuple[Defence, ...] = (
    without(
        "4.10",
        "the refusal of another host in a target",
        Change(ACCESS, 'if not target or not target.startswith("/") or target.startswith("//"):', "if not target:"),
        noticed_by=(
            "security/test_redirects.py::test_whatever_is_asked_for_nobody_is_led_to_another_site",
            "web/test_security.py::test_no_target_leads_to_another_host",
        ),
    ),
    without(
        "4.10",
        "the refusal of backslashes and control characters in a target",
        Change(
            ACCESS,
            'if "\\\\" in target or any(ord(character) < 33 or ord(character) == 127 for character in target):',
            "if False:",
        ),
        noticed_by=(
            "security/test_redirects.py::test_after_signing_in_the_same_holds",
            "web/test_security.py::test_no_target_leads_to_another_host",
        ),
    ),
)

SESSIONS: tuple[Defence, ...] = (
    without(
        "4.11",
        "a session of its own at sign-in",
        Change("app/web/signing/entering.py", "    session.clear()\n", ""),
        noticed_by=("web/test_signing.py::test_a_sign_in_makes_a_new_session",),
    ),
    without(
        "4.11",
        "the end of a sign-in at signing out",
        Change(
            SIGN_INS,
            "        store.end_sign_in(session, found.id, clock())\n        trail.record(session, Event.SIGNED_OUT",
            "        trail.record(session, Event.SIGNED_OUT",
        ),
        noticed_by=("web/test_signing.py::test_the_old_cookie_is_worth_nothing_after_signing_out",),
    ),
    without(
        "4.11",
        "the end of the sign-in that a new proof replaces",
        Change(SIGN_INS, "    if instead_of is not None:\n", "    if False:\n"),
        noticed_by=("services/test_sign_ins.py::test_a_new_proof_replaces_the_token_of_this_browser_alone",),
    ),
)

FORGERY: tuple[Defence, ...] = (
    without(
        "4.12",
        "the token against forgery",
        Change(SECURITY, "WTF_CSRF_TIME_LIMIT=None,", "WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_CHECK_DEFAULT=False,"),
        noticed_by=("web/test_security.py::test_nothing_changes_without_the_token",),
    ),
    without(
        "4.12",
        "the look at Sec-Fetch-Site",
        Change(
            SECURITY,
            'if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):',
            "if False:",
        ),
        noticed_by=(
            "web/interviews/test_api.py::test_a_save_from_another_site_is_refused",
            "web/test_security.py::test_a_browser_that_comes_from_another_site_changes_nothing",
        ),
    ),
)

ENVELOPE: tuple[Defence, ...] = (
    without(
        "4.12",
        "the content type and the size of an autosave",
        Change("app/web/interviews/envelope.py", "    if not request.is_json:\n        abort(415)\n", ""),
        Change("app/web/posting.py", "request.get_json(silent=True)", "request.get_json(force=True)"),
        noticed_by=("web/interviews/test_api.py::test_other_content_types_and_huge_bodies_are_refused",),
    ),
)

ROWS = (*CHARTS, *FOREIGN, *REDIRECTS, *SESSIONS, *FORGERY, *ENVELOPE)
