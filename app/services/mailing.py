"""Handing a message to a mail server, where the installation has one. Addresses are used and forgotten."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING

from app.services.refusals import Invalid

if TYPE_CHECKING:
    from app.settings import MailServer

PATIENCE = 10.0  # seconds
LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[^\s@<>,;:\"'()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


class NotSent(Exception):  # noqa: N818 - an answer, not a failure
    """The mail server did not take the message."""


def mail_address(written: str) -> str:
    """Return an address to which one message can go; Invalid (mail)."""
    address = written.strip()
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not ADDRESS.fullmatch(address):
        raise Invalid("mail", "bad-mail", "this is no e-mail address")
    return address


def send(server: MailServer, to: str, subject: str, text: str) -> None:
    """Hand one message to the mail server; NotSent when it is not taken."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, mail_address(to), subject
    message.set_content(text)
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password())
            connection.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__) from error


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    if server.security == "starttls":
        try:
            connection.starttls(context=context)
        except Exception:
            connection.close()
            raise
    return connection
