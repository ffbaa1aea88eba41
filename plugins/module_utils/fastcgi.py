# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to a php-fpm pool over its own socket (FastCGI 1.0, the responder role)."""

from __future__ import annotations

import errno
import socket
import struct
import time
from typing import Mapping

from .errors import CommerceError

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
RESPONDER = 1
REQUEST_ID = 1
HEADER = struct.Struct("!BBHHBx")
# Nobody has opened the address: a pool that does not run.
NOT_THERE = (errno.ENOENT, errno.ECONNREFUSED)


def _record(kind: int, content: bytes) -> bytes:
    return HEADER.pack(1, kind, REQUEST_ID, len(content), 0) + content


def _length(size: int) -> bytes:
    return struct.pack("!B", size) if size < 128 else struct.pack("!I", size | 0x80000000)


def _pairs(params: Mapping[str, str]) -> bytes:
    encoded = b""
    for name, value in params.items():
        name_bytes, value_bytes = name.encode(), value.encode()
        encoded += _length(len(name_bytes)) + _length(len(value_bytes)) + name_bytes + value_bytes
    return encoded


def request(params: Mapping[str, str]) -> bytes:
    """The bytes of a request with these CGI variables and no body; they must encode to less than 64 KiB."""
    return (
        _record(BEGIN_REQUEST, struct.pack("!HB5x", RESPONDER, 0))
        + _record(PARAMS, _pairs(params))
        + _record(PARAMS, b"")
        + _record(STDIN, b"")
    )


def _receive(connection: socket.socket, size: int, deadline: float) -> bytes:
    """So many bytes, before the monotonic clock says deadline."""
    received = b""
    while len(received) < size:
        # A limit for each part alone would let a pool that sends a byte now and then hold us for ever.
        left = deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        connection.settimeout(left)
        part = connection.recv(size - len(received))
        if not part:
            raise OSError("the connection was closed in the middle of an answer")
        received += part
    return received


def connect(address: str, timeout: float) -> socket.socket:
    """A connection to a pool's listen address: a socket path, host:port, or a port of this host."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, dummy, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]") or "127.0.0.1", int(port)), timeout)


def ask(address: str, script: str, variables: Mapping[str, str], timeout: float = 20) -> str:
    """Let the pool that listens on address run script, and return the body of its answer.

    timeout: seconds for all of it. A pool that does not run raises CommerceError pool_absent; one that cannot be
    reached, closes early or has not answered in time, pool_unreachable.
    """
    params = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": "GET",
        "SCRIPT_FILENAME": script,
        "SCRIPT_NAME": "/" + script.rsplit("/", 1)[-1],
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    params.update(variables)
    output = b""
    deadline = time.monotonic() + timeout
    try:
        with connect(address, timeout) as connection:
            connection.sendall(request(params))
            while True:
                dummy, kind, dummy, length, padding = HEADER.unpack(_receive(connection, HEADER.size, deadline))
                content = _receive(connection, length + padding, deadline)[:length]
                if kind == STDOUT:
                    output += content
                elif kind == END_REQUEST:
                    break
    except OSError as error:
        raise CommerceError(
            "ask the php-fpm pool",
            address,
            error.strerror or str(error),
            "Give the connecting user access to the pool's socket, or connect as root.",
            code="pool_absent" if error.errno in NOT_THERE else "pool_unreachable",
        ) from error
    dummy, dummy, body = output.partition(b"\r\n\r\n")
    return body.decode("utf-8", "replace")
