"""Handing a message to a mail server: a small one of the test's own listens on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.mailing import NotSent, mail_address, send
from app.services.refusals import Invalid
from app.settings import MailServer
from tests.services.mailbox import MailBox


@pytest.fixture
def box() -> Iterator[MailBox]:
    box = MailBox()
    box.start()
    yield box
    box.close()


def server_at(port: int, security: str = "none") -> MailServer:
    return MailServer("127.0.0.1", port, security, "crm@example.com")


def test_a_message_arrives_with_its_link(box: MailBox) -> None:
    send(server_at(box.port), "wang@example.com", "邀请", "请打开 https://crm.example.com/link/abc\n")
    box.join(10)
    assert any(line.lower() == "rcpt to:<wang@example.com>" for line in box.lines)
    assert any(line.startswith("Subject: =?utf-8?") for line in box.lines)


def test_a_server_that_refuses_is_told_apart_from_a_fault_of_ours() -> None:
    box = MailBox(refuses=True)
    box.start()
    with pytest.raises(NotSent):
        send(server_at(box.port), "wang@example.com", "x", "y")
    box.close()


def test_a_server_that_is_not_there_is_no_error_page() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotSent):
        send(server_at(port), "wang@example.com", "x", "y")


def test_a_server_without_encryption_gets_nothing_when_it_is_asked_for(box: MailBox) -> None:
    with pytest.raises(NotSent):
        send(server_at(box.port, "starttls"), "wang@example.com", "x", "y")
    assert not any("rcpt" in line.lower() for line in box.lines)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "wang",
        "wang@",
        "@example.com",
        "a@b\nBcc: c@d",
        "a@b, c@d",
        "<a@b>",
        "王@example.com",
        "a" * 65 + "@b.c",
        "a b@c.d",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        mail_address(written)


def test_the_password_for_the_server_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("pier\n", "utf-8")
    server = MailServer("h", 25, "none", "s@example.com", "crm", tmp_path / "secret")
    assert server.password() == "pier"
    assert "pier" not in repr(server)
