"""Numbers, names and signs that nobody means: answered in words, never by a fault of ours."""

from __future__ import annotations

import pytest

from tests.web.conftest import ENGAGEMENT, Page, Visitor

HUGE = 2**63
LONG = "a" * 3000


@pytest.mark.parametrize(
    "path",
    [
        "/assessments/{}",
        "/assessments/{}/release",
        "/interview/{}",
        "/findings/{}",
        "/attachments/{}",
        "/jobs/{}",
        "/reports/{}",
        "/drafts/{}",
    ],
)
@pytest.mark.parametrize("number", [HUGE - 1, HUGE, 10**400])
def test_a_number_that_no_row_has_is_not_found(administrator: Visitor, path: str, number: int) -> None:
    assert administrator.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("key", ["a%", "u%d", "100%s", "%(key)s"])
@pytest.mark.parametrize("what", ["/engagements", f"{ENGAGEMENT}/units", f"{ENGAGEMENT}/rounds"])
def test_a_refused_name_with_a_sign_of_formatting_is_shown_as_it_is(
    administrator: Visitor, what: str, key: str
) -> None:
    answer = administrator.post(f"{what}/new", {"key": key, "name_zh": "一百分", "name_en": "Hundred"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert f"“{key}”不行" in page.words
    assert 'value="一百分"' in answer.text


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (f"/content/framework/{LONG}/translation", None),
        (f"/content/framework/telecom-crm/translation?version={LONG}", None),
        ("/content/framework/telecom-crm/translation?page=" + "9" * 5000, None),
        (f"/frameworks/{LONG}", None),
        ("/drafts/weights", {"key": LONG * 30}),
        ("/drafts/weights", {"key": "telecom-crm/../../x"}),
    ],
)
def test_names_and_numbers_without_end_are_no_fault_of_ours(
    administrator: Visitor, path: str, values: dict[str, str] | None
) -> None:
    answer = administrator.get(path) if values is None else administrator.post(path, values)
    assert answer.status_code in {200, 404, 422}
