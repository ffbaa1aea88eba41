# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small server that speaks the protocol of MySQL and MariaDB, and misbehaves as it is told."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field

CLIENT_SSL = 0x800
# Protocol 4.1 with a database, transactions, and login methods that have names.
CAPABILITIES = 0x003FA20F
SALT = b"0123456789abcdefghij"


@dataclass(frozen=True)
class Rows:
    """A result of text columns; None is NULL."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...] = ()


@dataclass(frozen=True)
class Refusal:
    """An error packet."""

    number: int
    text: str = "a text of the server"


@dataclass(frozen=True)
class Late:
    """An answer that all is well, after some seconds."""

    seconds: float


class Silence:
    """Nothing more is said on this connection."""


class HangUp:
    """The connection is closed without a word."""


DONE = object()


@dataclass
class MysqlServer:
    """A server for a with block; it listens on 127.0.0.1, or at the path of a socket.

    greeting: what it says first: DONE (a greeting), a Refusal, Silence, HangUp, or bytes as they are.
    login: the answer to a login. answers: what it says to a statement, by a regular expression of its start; DONE else.
    variables: what SHOW VARIABLES knows. thread_id: the connection's number in the greeting. key: the private RSA key
    (of the library cryptography) for a login by caching_sha2_password. tls: a context, or None: it offers no TLS.
    """

    greeting: object = DONE
    login: object = DONE
    answers: dict[str, object] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=lambda: {"read_only": "OFF", "pseudo_thread_id": "7"})
    thread_id: int = 7
    plugin: str = "mysql_native_password"
    key: object = None
    tls: ssl.SSLContext | None = None
    path: str | None = None

    def __enter__(self) -> MysqlServer:
        self.statements: list[str] = []
        self.logins: list[bytes] = []
        self.passwords: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        if self.path:
            self._listener = socket.create_server(self.path, family=socket.AF_UNIX)
            self.port = 0
        else:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *dummy: object) -> None:
        # A listener that is only closed may still hand out the connection that accept() waits for.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for stream in self._open:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
            stream.close()
        self._thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                stream, dummy = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(stream)
            with contextlib.suppress(OSError, EOFError):
                if _Session(self, stream).run() is not Silence:
                    stream.shutdown(socket.SHUT_RDWR)


class _Session:
    """One connection, from the greeting to the end."""

    def __init__(self, server: MysqlServer, stream: socket.socket):
        self.server, self.stream, self.number = server, stream, 0

    def run(self) -> object:
        greeting = self.server.greeting
        if isinstance(greeting, bytes):
            self.stream.sendall(greeting)
            return HangUp
        if not self._say(self._greeting() if greeting is DONE else greeting):
            return greeting
        login = self._hear()
        if len(login) == 32 and self.server.tls:
            self.stream = self.server.tls.wrap_socket(self.stream, server_side=True)
            self.server._open.append(self.stream)
            login = self._hear()
        self.server.logins.append(login)
        if self.server.key is not None:
            self._say(b"\1\4")
            password = self._hear()
            if password == b"\2":
                self._say(b"\1" + public_pem(self.server.key))
                password = self._hear()
            self.server.passwords.append(password)
        if not self._say(self.server.login):
            return self.server.login
        while True:
            command = self._hear()
            if command[:1] != b"\3":
                return HangUp
            text = command[1:].decode()
            self.server.statements.append(text)
            answer = self._answer(text)
            if not self._say(answer):
                return answer

    def _answer(self, text: str) -> object:
        for start, answer in self.server.answers.items():
            if re.match(start, text.strip()):
                return answer
        if text.startswith("SHOW VARIABLES"):
            return Rows(("Variable_name", "Value"), tuple(self.server.variables.items()))
        return DONE

    def _say(self, answer: object) -> bool:
        """Whether the connection goes on."""
        if answer in (Silence, HangUp):
            return False
        if isinstance(answer, Late):
            time.sleep(answer.seconds)
            answer = DONE
        if isinstance(answer, Refusal):
            self._send(b"\xff" + struct.pack("<H", answer.number) + b"#HY000" + answer.text.encode())
        elif isinstance(answer, Rows):
            self._send(bytes([len(answer.columns)]))
            for name in answer.columns:
                self._send(_column(name))
            self._send(b"\xfe\0\0\2\0")
            for row in answer.rows:
                self._send(b"".join(b"\xfb" if value is None else _text(value.encode()) for value in row))
            self._send(b"\xfe\0\0\2\0")
        else:
            self._send(b"\0\0\0\2\0\0\0" if answer is DONE else answer)
        return True

    def _greeting(self) -> bytes:
        capabilities = CAPABILITIES | (CLIENT_SSL if self.server.tls else 0)
        return (
            b"\x0a8.4.3\0"
            + struct.pack("<I", self.server.thread_id & 0xFFFFFFFF)
            + SALT[:8]
            + b"\0"
            + struct.pack("<HBHH", capabilities & 0xFFFF, 45, 2, capabilities >> 16)
            + bytes([21])
            + bytes(10)
            + SALT[8:]
            + b"\0"
            + self.server.plugin.encode()
            + b"\0"
        )

    def _send(self, payload: bytes) -> None:
        self.stream.sendall(struct.pack("<I", len(payload))[:3] + bytes([self.number]) + payload)
        self.number = (self.number + 1) % 256

    def _hear(self) -> bytes:
        head = self._read(4)
        self.number = (head[3] + 1) % 256
        return self._read(int.from_bytes(head[:3], "little"))

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            more = self.stream.recv(length - len(data))
            if not more:
                raise EOFError
            data += more
        return data


def public_pem(key) -> bytes:
    """The public half of a private key as the server sends it."""
    from cryptography.hazmat.primitives import serialization

    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def decrypted_login(key, message: bytes) -> bytes:
    """What was sent by RSA as the password, with the zero byte at its end."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    scheme = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    return bytes(byte ^ SALT[at % len(SALT)] for at, byte in enumerate(key.decrypt(message, scheme)))


def _text(value: bytes) -> bytes:
    return bytes([len(value)]) + value if len(value) < 251 else b"\xfc" + struct.pack("<H", len(value)) + value


def _column(name: str) -> bytes:
    names = b"".join(_text(part) for part in (b"def", b"", b"", b"", name.encode(), name.encode()))
    return names + b"\x0c" + struct.pack("<HIBHB", 45, 1024, 0xFD, 0, 0) + b"\0\0"
