"""A bad network between a phone and the server: slow, silent, or cut after the server has done its work."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

LATENCY_S = 0.15


class Mode(StrEnum):
    """What happens to everything that a phone sends from now on."""

    CLEAR = "clear"
    SLOW = "slow"  # each piece arrives late, either way
    BLACK_HOLE = "black hole"  # taken, and never heard of again
    CUT_BEFORE = "cut before"  # half of it arrives, then the line is dead
    REPLY_LOST = "reply lost"  # the server answers, and nobody hears it


class Network:
    """Forwards one port to another in the present ``mode``. Each connection keeps the mode in which it began."""

    def __init__(self, to: int) -> None:
        self.mode = Mode.CLEAR
        self.lost = 0
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = [self._listener]
        self.port = int(self._listener.getsockname()[1])

    def carry(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                phone, _ = self._listener.accept()
            except OSError:
                return
            self._held.append(phone)
            threading.Thread(target=self._connect, args=(phone, self.mode), daemon=True).start()

    def close(self) -> None:
        """End every connection."""
        for held in self._held:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()

    def _connect(self, phone: socket.socket, mode: Mode) -> None:
        if mode is Mode.BLACK_HOLE:
            return
        server = socket.create_connection(("127.0.0.1", self._to))
        self._held.append(server)
        if mode is Mode.CUT_BEFORE:
            with suppress(OSError):
                server.sendall(phone.recv(65536)[:-5])
                phone.close()
            return
        threading.Thread(target=self._pass_on, args=(phone, server, mode), daemon=True).start()
        if mode is Mode.REPLY_LOST:
            with suppress(OSError):
                self.lost += bool(server.recv(65536))
                phone.shutdown(socket.SHUT_RDWR)
            return
        self._pass_on(server, phone, mode)

    def _pass_on(self, source: socket.socket, target: socket.socket, mode: Mode) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if mode is Mode.SLOW:
                    time.sleep(LATENCY_S)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def network(to: int) -> Iterator[Network]:
    """A network to the port ``to`` of this machine."""
    carried = Network(to)
    thread = threading.Thread(target=carried.carry, daemon=True)
    thread.start()
    try:
        yield carried
    finally:
        carried.close()
        thread.join(timeout=5)
