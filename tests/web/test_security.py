"""What every response carries, and what an unsafe request must show before anything happens."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from flask import Response as FlaskResponse
from flask import request
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException, default_exceptions

from app.services.refusals import Invalid
from app.storage.database import Busy, NoRoom
from app.web.access import local_path
from app.web.application import create_web
from app.web.context import EXTENSION
from app.web.security import BODY, CONTENT_SECURITY_POLICY, LARGEST_BODY, LARGEST_FORM
from tests.web.conftest import ENGAGEMENT, Visitor
from tests.web.samples import samples

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.wrappers import Response

Visit = Callable[[str | None], Visitor]


# carries a form through the sign-in of a provider: what we signed for this user, or nothing
SIGNED = "single_sign_on.resume"


def carries_the_headers(answer: Response) -> bool:
    return (
        answer.headers.get("Content-Security-Policy", "").startswith("default-src 'none'")
        and answer.headers.get("X-Content-Type-Options") == "nosniff"
        and answer.headers.get("Referrer-Policy") == "same-origin"
        and bool(answer.headers.get("Cache-Control"))
    )


def test_the_policy_allows_our_own_files_and_nothing_else() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 302),
        ("/engagements", 200),
        ("/nowhere", 404),
        ("/engagements/nowhere", 404),
        ("/sign-out", 405),
        ("/static/css/base.css", 200),
        ("/static/nothing.css", 404),
        ("/api/interviews/1/answers/nothing", 404),
        (f"{ENGAGEMENT}/assessments/1/export", 200),
        ("/healthz", 200),
    ],
)
def test_every_answer_carries_the_headers(consultant: Visitor, path: str, status: int) -> None:
    with consultant.get(path) as answer:
        assert answer.status_code == status
        assert carries_the_headers(answer)


def test_every_kind_of_error_carries_the_headers(
    application: Flask, consultant: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [
        *(known() for known in default_exceptions.values()),
        NoRoom("full"),
        Busy("kept"),
        RuntimeError(),
        Invalid("a", "b", "c"),
    ]
    for path, endpoint in (("/help/start", "helping.page"), ("/api/ping", "interviewing_api.ping")):
        for fault in faults:

            def fail(raised: Exception = fault, **_: object) -> str:
                raise raised

            monkeypatch.setitem(application.view_functions, endpoint, fail)
            with consultant.get(path) as answer:
                assert answer.status_code == getattr(fault, "code", None) or not isinstance(fault, HTTPException), fault
                assert answer.status_code >= 400, fault
                assert carries_the_headers(answer), fault


def test_an_unchanged_file_carries_the_headers_too(stranger: Visitor) -> None:
    with stranger.get("/static/css/base.css") as first:
        mark = first.headers["ETag"]
    with stranger.get("/static/css/base.css", headers={"If-None-Match": mark}) as answer:
        assert answer.status_code == 304
        assert carries_the_headers(answer)


def test_pages_stay_private_and_files_with_a_hash_stay_for_good(administrator: Visitor) -> None:
    assert administrator.get("/engagements").headers["Cache-Control"] == "private, no-cache"
    assert administrator.get("/users").headers["Cache-Control"] == "no-store"
    page = administrator.get("/engagements").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    with administrator.get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with administrator.get("/static/css/base.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_no_page_holds_a_script_or_style_of_its_own(application: Flask, administrator: Visitor) -> None:
    looked_at = 0
    for sample in samples(application):
        if sample.method != "GET" or not sample.exists:
            continue
        answer = administrator.client.get(sample.address, follow_redirects=True)
        body = answer.get_data()
        answer.close()
        if answer.mimetype != "text/html":
            continue
        looked_at += 1
        text = body.decode()
        assert " style=" not in text, sample
        assert " onclick=" not in text, sample
        assert "<style" not in text, sample
        for part in text.split("<script")[1:]:
            assert part.startswith((' type="application/json"', ' type="module" src="/static/', ' src="/static/')) or (
                "src=" in part.split(">")[0] or 'type="application/json"' in part.split(">")[0]
            ), sample
    assert looked_at > 30


def test_nothing_changes_without_the_token(application: Flask, visit: Visit) -> None:
    accepted = []
    for sample in samples(application):
        if sample.is_unsafe:
            answer = visit("administrator").client.open(sample.address, method=sample.method)
            if answer.status_code != (401 if sample.endpoint == SIGNED else 400):
                accepted.append((sample, answer.status_code))
    assert accepted == []


def test_an_expired_page_says_what_to_do(administrator: Visitor) -> None:
    answer = administrator.client.post("/engagements/new", data={"csrf_token": "made up"})
    assert answer.status_code == 400
    assert "页面已过期" in answer.text
    answer = administrator.client.put("/api/interviews/1/answers/x", json={})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"] == "csrf"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_that_comes_from_another_site_changes_nothing(administrator: Visitor, site: str) -> None:
    answer = administrator.post("/engagements/new", {"key": "x"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert administrator.get("/engagements", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_the_token_may_come_in_a_header(administrator: Visitor) -> None:
    headers = {"X-CSRFToken": administrator.token(), "Sec-Fetch-Site": "same-origin"}
    answer = administrator.client.post(
        "/engagements/new", data={"key": "in-a-header", "name_zh": "一"}, headers=headers
    )
    assert answer.status_code == 302


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(stranger: Visitor) -> None:
    cookie = stranger.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_https_cookies_are_secure_and_browsers_stay_with_it(application: Flask) -> None:
    parts = application.extensions[EXTENSION]
    secure = create_web(replace(parts, settings=replace(parts.settings, secure_cookies=True)))
    answer = secure.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert "Path=/" in answer.headers["Set-Cookie"]
    assert "Domain" not in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def answering(application: Flask, **changes: object) -> FlaskClient:
    """Return a browser of the application under other settings."""
    parts = application.extensions[EXTENSION]
    return create_web(replace(parts, settings=replace(parts.settings, **changes))).test_client()


def test_only_named_hosts_are_answered(application: Flask) -> None:
    client = answering(application, trusted_hosts=("crm.example.com",))
    assert client.get("/sign-in", base_url="http://crm.example.com").status_code == 200
    answer = client.get("/sign-in", base_url="http://evil.example.com")
    assert answer.status_code == 400
    assert carries_the_headers(answer)
    assert "evil" not in answer.text
    assert "trusted_hosts" in answer.text


def test_unless_hosts_are_named_only_addresses_and_names_of_this_machine_are_answered(application: Flask) -> None:
    client = answering(application, tls_names=("Meeting-Room.lan",), address="https://crm.firm.example")
    machine = socket.gethostname()
    ours = ["localhost", "LOCALHOST:8000", "crm.localhost", "127.0.0.1:8000", "192.168.4.7", "[::1]:8000", machine]
    ours += ["meeting-room.lan:8443", "crm.firm.example", f"{machine}.local:8000"]
    others = ["evil.example.com", "localhost.evil.example.com", "127.0.0.1.evil.example.com", "evillocalhost"]
    others += ["localhost@evil.example.com", "evil.example.com#localhost", "evil.example.com:8000", "[evil]"]
    answers = {host: client.get("/sign-in", headers={"Host": host}).status_code for host in ours + others}
    assert answers == dict.fromkeys(ours, 200) | dict.fromkeys(others, 400)


@pytest.mark.parametrize(
    ("hops", "name", "address"),
    [(0, "localhost", "127.0.0.1"), (1, "crm.firm.example", "10.0.0.2"), (2, "crm.firm.example", "10.0.0.1")],
)
def test_forwarded_headers_count_only_behind_as_many_proxies_as_were_named(
    application: Flask, hops: int, name: str, address: str
) -> None:
    client = answering(application, proxy_hops=hops, trusted_hosts=("localhost", "crm.firm.example"))
    seen: list[tuple[str, str | None, str]] = []
    client.application.before_request(lambda: seen.append((request.host, request.remote_addr, request.scheme)))
    forwarded = {
        "X-Forwarded-For": "6.6.6.6, 10.0.0.1, 10.0.0.2",
        "X-Forwarded-Host": "evil.example.com, crm.firm.example, crm.firm.example",
        "X-Forwarded-Proto": "ftp, https, https",
    }
    assert client.get("/sign-in", headers=forwarded).status_code == 200
    assert seen == [(name, address, "https" if hops else "http")]


def test_every_download_is_kept_and_stands_alone(
    application: Flask, administrator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (f"{ENGAGEMENT}/assessments/1/export", "/trail/export.csv", "/assessments/1/plan/appointments.ics"):
        with administrator.get(path) as answer:
            assert answer.status_code == 200, path
            assert stands_alone(answer), path
    careless = FlaskResponse("<script>", headers={"Content-Disposition": "attachment; filename=a.html"})
    monkeypatch.setitem(application.view_functions, "helping.page", lambda **_: careless)
    assert stands_alone(administrator.get("/help/start"))


def stands_alone(answer: Response) -> bool:
    return (
        answer.headers["Content-Disposition"].startswith("attachment")
        and answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
        and "no-store" in answer.headers["Cache-Control"]
    )


def test_too_large_a_body_is_refused_in_words(consultant: Visitor) -> None:
    answer = consultant.client.post(
        f"{ENGAGEMENT}/assessments/import",
        data=b"x" * (LARGEST_BODY + 1),
        content_type="multipart/form-data; boundary=b",
        headers={"X-CSRFToken": consultant.token()},
    )
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text
    assert carries_the_headers(answer)


def test_only_routes_that_take_files_take_more_than_a_form(application: Flask, visit: Visit) -> None:
    bold, token = visit("administrator"), visit("administrator").token()
    taking = {endpoint for endpoint, view in application.view_functions.items() if hasattr(view, BODY)}
    body = b"--b\r\nContent-Disposition: form-data; name=a; filename=a\r\n\r\n" + b"x" * LARGEST_FORM + b"\r\n--b--"
    for sample in samples(application):
        if sample.is_unsafe and sample.endpoint not in taking:
            kind = "multipart/form-data; boundary=b"
            answer = bold.client.open(
                sample.address, method=sample.method, data=body, content_type=kind, headers={"X-CSRFToken": token}
            )
            assert answer.status_code == 413, sample
    assert taking == {
        "drafting.import_files",
        "drafting.import_new",
        "editing.save",
        "editing_api.lint",
        "editing_api.preview",
        "editing_api.put_file",
        "enrolling.check",
        "enrolling.confirm",
        "findings.attach_now",
        "offline.take_in",
        "sheets.check",
        "tree_sheets.check",
        "verifying.check_file",
    }


@pytest.mark.parametrize("target", ["/engagements", "/engagements?a=1&b=%E5%8D%95", "/a//b", "/a#b"])
def test_a_path_of_this_site_is_a_place_to_come_back_to(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "engagements",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /engagements",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\x7fb",
    ],
)
def test_anything_else_is_not(target: str | None) -> None:
    assert local_path(target) is None


@given(st.text(alphabet=st.sampled_from("/\\:?#@%.\t\n ae"), max_size=12))
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
def test_no_target_leads_to_another_host(target: str) -> None:
    accepted = local_path(target)
    if accepted is not None:
        assert accepted.startswith("/")
        assert not accepted.startswith(("//", "/\\"))
        assert not set(accepted) & set("\\\t\n\r ")


def test_signing_in_ignores_a_target_elsewhere(stranger: Visitor) -> None:
    from tests.web.conftest import PASSWORD

    answer = stranger.post("/sign-in", {"name": "reader", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
