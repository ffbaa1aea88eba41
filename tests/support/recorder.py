# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web node that keeps what it was sent, and answers what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    """What was sent: the number of the connection, the path, the headers and the body."""

    connection: tuple[str, int]
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Reply:
    """What is answered. parts: each is sent on its own; pause() is called before each but the first."""

    status: int = 200
    parts: list[bytes] = field(default_factory=lambda: [b'"token"'])
    headers: dict[str, str] = field(default_factory=dict)
    pause: Callable[[], object] = lambda: None


class Recorder(ThreadingHTTPServer):
    """requests: all that was sent, in order. replies: one for each request; the last of them for all that follow."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[Request] = []
        self.replies = [Reply()]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def answer(self, text: str = '"token"', status: int = 200, **headers: str) -> None:
        """Answer this from now on; underscores in the names of headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies = [Reply(status, [text.encode()], named)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Recorder = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        server.requests.append(Request(self.client_address, self.path, dict(self.headers), body))
        reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(sum(len(part) for part in reply.parts)))
        self.end_headers()
        try:
            for number, part in enumerate(reply.parts):
                if number:
                    reply.pause()
                self.wfile.write(part)
        except OSError:
            self.close_connection = True

    do_GET = do_POST

    def log_message(self, *dummy) -> None:
        pass


def recording() -> Iterator[Recorder]:
    """Yields a recorder that serves on a port of its own; for pytest.fixture."""
    with Recorder() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
