"""Every view asks the one permissions module; strangers are led to the sign-in page. For everybody else: walls/."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.services.permissions import Action
from app.web.access import MARK
from tests.web.conftest import Visitor
from tests.web.samples import Sample, samples

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str | None], Visitor]


def ask(visitor: Visitor, sample: Sample, token: str | None = None) -> int:
    headers = {"X-CSRFToken": token} if token else {}
    with visitor.client.open(sample.address, method=sample.method, headers=headers) as answer:
        return answer.status_code


def action_of(application: Flask, sample: Sample) -> Action:
    found: Action = getattr(application.view_functions[sample.endpoint], MARK)
    return found


def test_every_view_asks_for_an_action(application: Flask) -> None:
    unasked = [name for name, view in application.view_functions.items() if not hasattr(view, MARK)]
    assert unasked == []


def test_every_view_that_changes_something_asks_for_more_than_reading(application: Flask) -> None:
    harmless = {"signing.check_sign_in", "signing.check_code", "signing.sign_out", "signing.choose_locale"}
    by_link_to_account = {"inviting.use"}
    by_provider = {"single_sign_on.resume", "single_sign_on_enrolling.add_account", "single_sign_on_linking.unlink"}
    by_link = {"responding.save_element", "responding.submit", "responding.put_answer", "responding.leave"}
    lax = [
        sample.endpoint
        for sample in samples(application)
        if sample.is_unsafe
        and sample.endpoint not in harmless | by_provider | by_link | by_link_to_account
        and not sample.endpoint.startswith("account.")  # one's own, which every user may change
        and action_of(application, sample) in (Action.ENTER, Action.READ)
    ]
    assert lax == []


@pytest.mark.parametrize("role", ["reader", "consultant"])
@pytest.mark.parametrize("path", ["/users/reader/disable", "/users/reader/password", "/users/reader/role"])
def test_only_administrators_touch_accounts(visit: Visit, role: str, path: str) -> None:
    assert visit(role).post(path, {"role": "administrator"}).status_code == 403


def test_strangers_are_led_to_the_sign_in_page_and_back(application: Flask, stranger: Visitor) -> None:
    for sample in samples(application):
        if sample.is_unsafe or action_of(application, sample) is Action.ENTER:
            continue
        answer = stranger.get(sample.address)
        if sample.address.startswith("/api/"):
            assert answer.status_code == 401, sample
            assert answer.json is not None
        else:
            assert answer.status_code == 302, sample
            assert answer.headers["Location"] == f"/sign-in?next={sample.address}"


def test_what_a_personal_link_opens_is_shut_without_one(
    application: Flask, stranger: Visitor, consultant: Visitor
) -> None:
    always_open = {"responding.enter", "responding.leave", "responding.left"}
    for visitor in (stranger, consultant):
        token = visitor.token()
        for sample in samples(application):
            if sample.endpoint.startswith("responding.") and sample.endpoint not in always_open:
                assert ask(visitor, sample, token) == (401 if "/api/" in sample.address else 404), sample


def test_a_stranger_changes_nothing(application: Flask, stranger: Visitor) -> None:
    token = stranger.token()
    for sample in samples(application):
        if sample.is_unsafe and action_of(application, sample) is not Action.ENTER:
            assert ask(stranger, sample, token) in (302, 401), sample


def test_pages_offer_readers_no_buttons_that_would_be_refused(reader: Visitor) -> None:
    page = reader.page("/engagements/china-telecom-2003")
    assert "修改项目" not in page.words
    assert "开始访谈" not in page.words
    assert "新建评估" not in page.words
