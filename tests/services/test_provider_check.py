"""`doctor` tells whether single sign-on would work, before anybody stands at the sign-in page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.cli.provider_check import provider_check
from tests.conftest import FixedClock
from tests.services.minting import SETTINGS, Provider

if TYPE_CHECKING:
    from app.settings import Settings


def told(settings: Settings, provider: Provider, **oidc: Any) -> tuple[str, str]:
    chosen = replace(settings, oidc=replace(SETTINGS, **oidc), address=settings.address or "https://crm.example.com")
    (check,) = provider_check(chosen, provider.fetch)
    assert SETTINGS.client_secret not in check.message
    return check.status, check.message


@pytest.fixture
def provider(clock: FixedClock) -> Provider:
    return Provider(clock)


def test_without_a_provider_it_says_nothing(settings: Settings) -> None:
    assert list(provider_check(settings)) == []


def test_a_provider_that_answers_is_fine(settings: Settings, provider: Provider) -> None:
    assert told(settings, provider, amr=("mfa",)) == ("ok", f"{SETTINGS.issuer} answers")
    assert "second factor" in told(settings, provider)[1]


def test_one_that_does_not_answer_is_a_warning(settings: Settings, provider: Provider) -> None:
    provider.down = True
    assert told(settings, provider)[0] == "warning"


def test_one_that_cannot_be_used_is_an_error(settings: Settings, provider: Provider) -> None:
    provider.metadata = {"issuer": "https://other.example.com"}
    status, message = told(settings, provider)
    assert (status, "issuer differs" in message) == ("error", True)


def test_an_installation_without_an_address_is_told_to_set_one(settings: Settings, provider: Provider) -> None:
    (check,) = provider_check(replace(settings, oidc=SETTINGS), provider.fetch)
    assert (check.status, "address" in check.message) == ("warning", True)
