"""One keep-alive connection of a client that only counts: as little processor time as can be had."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit


class Line:
    """One keep-alive connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request; return status, headers (lower case; cookies joined) and body."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        assert self._reader is not None
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        said: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            said[name.lower()] = value
        length = int(said.get("content-length", "0"))
        content = await self._reader.readexactly(length)
        return int(head[0].split()[1]), said, content

    def close(self) -> None:
        """Hang up."""
        if self._writer:
            self._writer.close()
