"""A mail server of the tests' own, on this machine."""

from __future__ import annotations

import contextlib
import socket
import threading


class MailBox(threading.Thread):
    """Takes one message by SMTP and keeps what was said."""

    def __init__(self, *, refuses: bool = False) -> None:
        super().__init__(daemon=True)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(10)
        self.port = self._socket.getsockname()[1]
        self.refuses = refuses
        self.lines: list[str] = []

    def run(self) -> None:
        """Speak as little SMTP as it takes, until the other side goes."""
        with contextlib.suppress(OSError), self._socket.accept()[0] as connection, connection.makefile("rwb") as file:
            file.write(b"220 box\r\n")
            file.flush()
            within = False
            for raw in iter(file.readline, b""):
                line = raw.decode().rstrip("\r\n")
                self.lines.append(line)
                within = line != "." if within else line.lower() == "data"
                if within and line.lower() != "data":
                    continue
                file.write(self._answer(line.lower(), within=within).encode() + b"\r\n")
                file.flush()

    def _answer(self, line: str, *, within: bool) -> str:
        if within:
            return "354 go on"
        if line.startswith("rcpt") and self.refuses:
            return "550 nobody here"
        return "221 bye" if line == "quit" else "250 ok"

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()
        self.join(10)
