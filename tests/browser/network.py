"""A network between browser and server that a test can cut: connections break in the middle, new ones are refused."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.browser.server import free_port

PIECE = 65_536


class Network:
    """Passes bytes from a port of its own to the server's until it is cut."""

    def __init__(self, server_port: int) -> None:
        self._to = server_port
        self._guard = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._listening: socket.socket | None = None
        self.port = free_port()

    def mend(self) -> None:
        """Let connections through."""
        listening = socket.create_server(("127.0.0.1", self.port))
        self._listening = listening
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def cut(self) -> None:
        """Break what is under way and refuse what comes."""
        if self._listening is None:
            return
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._listening = None
        with self._guard:
            ends, self._ends = self._ends, set()
        for end in ends:
            _close(end)

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            with self._guard:
                self._ends |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                target.sendall(piece)
        for end in (source, target):
            _close(end)
            with self._guard:
                self._ends.discard(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def network_to(server_port: int) -> Iterator[Network]:
    """A network that works, cut for good when the block ends."""
    network = Network(server_port)
    network.mend()
    try:
        yield network
    finally:
        network.cut()
