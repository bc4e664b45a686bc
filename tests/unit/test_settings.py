"""Settings: the environment wins, wrong ones are told, the secret key is made once and kept private."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import Settings, SettingsFault, read_settings, with_secret_key


def settings_of(folder: Path, text: str = "", **environ: str) -> Settings:
    """Read settings from a file with that text."""
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return read_settings(path, environ)


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert (settings.content, settings.data) == (tmp_path, tmp_path / "var")
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'crm-maturity.db'}"
    assert (settings.host, settings.port, settings.locale, settings.secure_cookies) == ("127.0.0.1", 8000, "zh", False)


def test_the_environment_wins(tmp_path: Path) -> None:
    text = "data: here\ncontent: here\ndatabase: sqlite:///here.db\n"
    settings = settings_of(
        tmp_path, text, CRM_MATURITY_DATA="/there", CRM_MATURITY_ROOT="/else", DATABASE_URL="sqlite:////other.db"
    )
    assert (settings.data, settings.content) == (Path("/there"), Path("/else"))
    assert settings.database_url == "sqlite:////other.db"


@pytest.mark.parametrize(
    "text",
    [
        "port: yes please",
        "port: true",
        "port: 70000",
        "locale: fr",
        "colour: red",
        "- a list",
        "a: [",
        "port: 1.5",
        'secure_cookies: "no"',
    ],
)
def test_a_setting_that_cannot_be_used_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsFault, match=r"config\.yaml"):
        settings_of(tmp_path, text)


def test_limits_of_evidence_files_are_whole_mebibytes(tmp_path: Path) -> None:
    assert settings_of(tmp_path).largest_attachment == 10 * 2**20
    settings = settings_of(tmp_path, "attachment_mib: 20\nattachments_mib: 900\n")
    assert (settings.largest_attachment, settings.largest_attachments) == (20 * 2**20, 900 * 2**20)
    for text in ("attachment_mib: 0", "attachment_mib: 1.5", "attachments_mib: true", "attachments_mib: lots"):
        with pytest.raises(SettingsFault, match="MiB"):
            settings_of(tmp_path, text)


def test_a_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    first = with_secret_key(settings, {})
    assert len(first.secret_key) >= 32
    assert with_secret_key(settings, {}).secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]


def test_no_two_installations_have_the_same_secret_key(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        keys.add(with_secret_key(settings_of(tmp_path / name), {}).secret_key)
    assert len(keys) == 2


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    settings, keys = settings_of(tmp_path), set[str]()
    threads = [threading.Thread(target=lambda: keys.add(with_secret_key(settings, {}).secret_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


def test_a_short_secret_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="SECRET_KEY"):
        with_secret_key(settings_of(tmp_path), {"SECRET_KEY": "secret"})


def test_the_secret_key_does_not_show(tmp_path: Path) -> None:
    settings = with_secret_key(settings_of(tmp_path), {"SECRET_KEY": "x" * 40})
    assert "x" * 40 not in repr(settings)


def test_sign_ins_last_as_long_as_the_settings_say(tmp_path: Path) -> None:
    usual = settings_of(tmp_path)
    assert (usual.sign_in_idle, usual.sign_in_longest) == (timedelta(hours=12), timedelta(days=7))
    assert (usual.second_factor, usual.second_factor_grace) == ("privileged", timedelta(days=7))
    text = "sign_in_idle_hours: 2\nsign_in_days: 1\nsecond_factor: off\nsecond_factor_grace_days: 0\nproxy_hops: 1\n"
    chosen = settings_of(tmp_path, text)
    assert (chosen.sign_in_idle, chosen.sign_in_longest) == (timedelta(hours=2), timedelta(days=1))
    assert (chosen.second_factor, chosen.second_factor_grace, chosen.proxy_hops) == ("off", timedelta(), 1)


def test_a_mail_server_is_read_with_its_usual_port(tmp_path: Path) -> None:
    assert settings_of(tmp_path).mail is None
    (tmp_path / "secret").write_text("pier\n", "utf-8")
    text = "smtp: {host: mail.example.com, sender: crm@example.com, security: tls, user: crm, password_file: secret}"
    mail = settings_of(tmp_path, text).mail
    assert mail
    assert (mail.host, mail.port, mail.security, mail.user) == ("mail.example.com", 465, "tls", "crm")
    assert mail.password() == "pier"


@pytest.mark.parametrize(
    "text",
    [
        "sign_in_idle_hours: 0",
        "sign_in_days: 1000",
        "second_factor: sometimes",
        "second_factor_grace_days: -1",
        "proxy_hops: true",
        "address: crm.example.com",
        "breached_passwords: not-there.txt",
        "smtp: mail.example.com",
        "smtp: {host: mail.example.com}",
        "smtp: {host: h, sender: s, security: maybe}",
        "smtp: {host: h, sender: s, password_file: not-there}",
        "smtp: {host: h, sender: s, colour: red}",
        "smtp: {host: h, sender: s, port: 70000}",
    ],
)
def test_a_setting_about_signing_in_that_cannot_be_used_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsFault, match=r"config\.yaml"):
        settings_of(tmp_path, text)
