"""The section `oidc:` of config.yaml: what may stand there, and that the client secret may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.oidc_settings import OidcFault, OidcSettings, is_safe_address, read_oidc
from app.settings import SettingsFault, read_settings

SECTION = {"issuer": "https://id.example.com/realm", "client_id": "crm"}


def read(section: object, base: Path = Path(), **environ: str) -> OidcSettings | None:
    return read_oidc(section, base, environ)


@pytest.mark.parametrize("section", [None, {}, ""])
def test_without_the_section_there_is_no_single_sign_on(section: object) -> None:
    assert read(section) is None


def test_two_lines_are_enough() -> None:
    found = read(SECTION)
    assert found == OidcSettings(issuer="https://id.example.com/realm", client_id="crm", label="id.example.com")
    assert found.sign_up is False
    assert found.vouches_for_second_factor is False


def test_everything_may_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("swordfish\n", "utf-8")
    section = SECTION | {
        "label": "企业账号",
        "scopes": ["openid"],
        "allow_sign_up": "readers",
        "acr": ["phr"],
        "amr": ["mfa", "otp"],
        "client_secret_file": "secret",
    }
    found = read(section, tmp_path)
    assert found
    assert (found.label, found.scopes, found.sign_up) == ("企业账号", ("openid",), True)
    assert (found.acr, found.amr, found.client_secret) == (("phr",), ("mfa", "otp"), "swordfish")
    assert found.vouches_for_second_factor
    assert "swordfish" not in repr(found)


def test_the_secret_of_the_environment_wins(tmp_path: Path) -> None:
    section = SECTION | {"client_secret_file": "nowhere"}
    found = read(section, tmp_path, OIDC_CLIENT_SECRET="of the environment")
    assert found
    assert found.client_secret == "of the environment"


@pytest.mark.parametrize("value", ["no", False])
def test_a_bare_no_means_no(value: object) -> None:
    found = read(SECTION | {"allow_sign_up": value})
    assert found
    assert found.sign_up is False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"issuer": "http://id.example.com"}, "https address"),
        ({"issuer": "id.example.com"}, "https address"),
        ({"issuer": "https://id.example.com/?tenant=1"}, "https address"),
        ({"issuer": 7}, "https address"),
        ({"client_id": None}, "client_id"),
        ({"client_id": "two words"}, "client_id"),
        ({"client_id": 1234}, "quotes"),
        ({"client_secret": "swordfish"}, "OIDC_CLIENT_SECRET"),
        ({"client_secret_file": "nowhere"}, "cannot be read"),
        ({"client_secret_file": 7}, "path of a file"),
        ({"label": "x" * 41}, "label"),
        ({"label": " "}, "label"),
        ({"label": "a\nb"}, "label"),
        ({"scopes": "openid"}, "list"),
        ({"scopes": ["profile"]}, "openid"),
        ({"acr": [1]}, "acr"),
        ({"allow_sign_up": "administrators"}, "no or readers"),
        ({"allow_sign_up": True}, "no or readers"),
        ({"isuer": "x"}, "isuer"),
    ],
)
def test_what_cannot_be_used_is_refused_and_explained(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(OidcFault) as fault:
        read(SECTION | change, tmp_path)
    assert words in str(fault.value)
    assert "swordfish" not in str(fault.value)


def test_an_empty_secret_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n", "utf-8")
    with pytest.raises(OidcFault, match="empty"):
        read(SECTION | {"client_secret_file": "secret"}, tmp_path)


def test_a_section_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(OidcFault):
        read(["https://id.example.com"])


def test_config_yaml_holds_the_section_and_its_faults_name_the_file(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("oidc:\n  issuer: https://id.example.com\n  client_id: crm\n  allow_sign_up: no\n", "utf-8")
    found = read_settings(config, {"OIDC_CLIENT_SECRET": "swordfish"})
    assert found.oidc
    assert found.oidc.client_secret == "swordfish"
    assert "swordfish" not in repr(found)
    config.write_text("oidc:\n  issuer: http://id.example.com\n  client_id: crm\n", "utf-8")
    with pytest.raises(SettingsFault, match=r"config\.yaml: oidc: issuer"):
        read_settings(config, {})


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example.com/x?y=1", True),
        ("https://[2001:db8::1]:8443/", True),
        ("http://127.0.0.1:8139/oauth", True),
        ("http://localhost/", True),
        ("http://localhost.evil.example.com/", False),
        ("https://id.example.com@evil.example.com/", False),
        ("https://user:word@id.example.com/", False),
        ("https://id.example.com/#x", False),
        ("https:///x", False),
        ("https://id.example.com:x/", False),
        ("https://[::1", False),
        ("//id.example.com/", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://id.example.com/\nx", False),
        (None, False),
    ],
)
def test_only_https_and_this_machine_are_addresses_of_a_provider(address: object, safe: bool) -> None:
    assert is_safe_address(address) is safe
