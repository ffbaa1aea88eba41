# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A php-fpm pool of the test's own: a thread that speaks FastCGI on a socket, written after the protocol's own text."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PARAMS, STDIN, STDOUT, STDERR, END_REQUEST = 4, 5, 6, 7, 3
END = struct.pack("!BBHHBx", 1, END_REQUEST, 1, 8, 0) + bytes(8)


def record(kind: int, content: bytes, padding: bytes = b"") -> bytes:
    """A record of the first request."""
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), len(padding)) + content + padding


def read_request(connection: socket.socket) -> dict[str, str]:
    """The parameters of a FastCGI request."""
    params = b""
    while True:
        dummy, kind, dummy, length, padding = struct.unpack("!BBHHBx", connection.recv(8, socket.MSG_WAITALL))
        content = connection.recv(length + padding, socket.MSG_WAITALL) if length + padding else b""
        if kind == PARAMS:
            params += content
        if kind == STDIN and not length:
            break
    found = {}
    while params:
        sizes = []
        for dummy in range(2):
            long = params[0] > 127
            sizes.append(struct.unpack("!I", params[:4])[0] & 0x7FFFFFFF if long else params[0])
            params = params[4:] if long else params[1:]
        name, value, params = params[: sizes[0]], params[sizes[0] : sum(sizes)], params[sum(sizes) :]
        found[name.decode()] = value.decode()
    return found


class Pool:
    """Answers each request with records(params), and then closes the connection, until the test ends."""

    def __init__(self, path: Path, records: Callable[[dict[str, str]], bytes]):
        self.requests: list[dict[str, str]] = []
        self._records = records
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            with connection:
                params = read_request(connection)
                self.requests.append(params)
                connection.sendall(self._records(params))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()


@contextmanager
def answering(path: Path, records: Callable[[dict[str, str]], bytes]) -> Iterator[Pool]:
    """A pool for the length of the block."""
    pool = Pool(path, records)
    try:
        yield pool
    finally:
        pool.close()


def page(body: str) -> bytes:
    """The records of an answer with that body, padded as a pool may do it."""
    return record(STDOUT, b"Content-type: application/json\r\n\r\n" + body.encode(), b"12345") + END
