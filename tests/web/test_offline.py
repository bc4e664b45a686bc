"""What the server does for offline work: worker, versions, presence, unsent answers out of a file, sign-out, trust."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.services.certificates import FOLDER, ensure
from app.services.clock import system_clock
from app.web.context import EXTENSION
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from flask import Flask


def test_the_worker_and_the_pages_name_the_same_version(stranger: Visitor) -> None:
    answer = stranger.client.get("/interview/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    version = re.search(r'const VERSION = "(\w{16})"', answer.text)
    assert version
    assert answer.headers["X-Page-Version"] == version[1]
    with stranger.client.get("/static/js/interview/main.js") as script:
        assert script.headers["X-Page-Version"] == version[1]
    assert "X-Page-Version" not in stranger.client.get("/sign-in").headers


def test_signing_out_clears_the_browser_unless_somebody_elses_answers_wait(consultant: Visitor) -> None:
    kept = consultant.client.post("/sign-out", data={"csrf_token": consultant.token(), "keep": "1"})
    assert kept.headers["Clear-Site-Data"] == '"cache"'


def test_without_tls_the_page_about_trust_says_how_to_get_it(stranger: Visitor) -> None:
    assert "serve --tls" in stranger.client.get("/trust").text
    assert stranger.client.get("/trust/crm-maturity-authority.crt").status_code == 404


def test_under_tls_the_page_about_trust_shows_the_fingerprint_and_gives_the_certificate_never_the_key(
    application: Flask, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = application.extensions[EXTENSION]
    settings = replace(parts.settings, tls=True, tls_port=8443, port=8000)
    monkeypatch.setitem(application.extensions, EXTENSION, replace(parts, settings=settings))
    pair = ensure(settings.data / FOLDER, ["localhost", "192.168.7.20", "meeting-pc"], system_clock())
    page = stranger.client.get("/trust?language=en", headers={"Host": "localhost:8000"}).text
    assert pair.authority.fingerprint.replace(":", " ")[:23] in page
    assert "https://192.168.7.20:8443/" in page
    assert 'alt="http://192.168.7.20:8000/trust"' in page
    answer = stranger.client.get("/trust/crm-maturity-authority.crt")
    assert answer.data == pair.authority.der
    assert b"PRIVATE" not in answer.data


def test_a_file_for_an_interview_that_is_not_there_is_not_found(consultant: Visitor) -> None:
    wrong = {"csrf_token": consultant.token(), "file": (io.BytesIO(json.dumps([1]).encode()), "unsent.json")}
    answer = consultant.client.post("/interview/999/unsent", data=wrong)
    assert answer.status_code == 404
