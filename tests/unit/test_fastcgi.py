# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request to a php-fpm pool, byte for byte, and the answers of pools that are well, sick, silent or away."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from pathlib import Path

import pytest
from support.fastcgi_pool import END, STDERR, STDOUT, answering, page, record

from ansible_collections.storefleet.commerce.plugins.module_utils import fastcgi
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

HEAD = b"Content-type: text/plain\r\n\r\n"


def test_a_request_is_as_the_protocol_says() -> None:
    records = [
        # The begin of it, to a responder that closes the connection afterwards.
        b"\x01\x01\x00\x01\x00\x08\x00\x00",
        b"\x00\x01\x00\x00\x00\x00\x00\x00",
        b"\x01\x04\x00\x01\x00\x05\x00\x00",
        b"\x02\x01ABc",
        # No more parameters, and no body.
        b"\x01\x04\x00\x01\x00\x00\x00\x00",
        b"\x01\x05\x00\x01\x00\x00\x00\x00",
    ]
    assert fastcgi.request({"AB": "c"}) == b"".join(records)


@pytest.mark.parametrize("size", [0, 127, 128, 300, 60000])
def test_names_and_values_of_any_length_arrive_whole(tmp_path: Path, size: int) -> None:
    name, value = "N" * max(1, size % 1000), "v" * size
    with answering(tmp_path / "pool", lambda params: page("")) as pool:
        fastcgi.ask(str(tmp_path / "pool"), "/x.php", {name: value, "PATH_INFO": "/köln"})
    assert (pool.requests[0][name], pool.requests[0]["PATH_INFO"]) == (value, "/köln")


def test_the_script_is_run_as_a_plain_request_and_variables_go_over_what_is_usual(tmp_path: Path) -> None:
    with answering(tmp_path / "pool", lambda params: page("")) as pool:
        fastcgi.ask(str(tmp_path / "pool"), "/var/www/store/var/x.php", {"ACT": "reset", "REQUEST_METHOD": "HEAD"})
    assert pool.requests == [
        {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "REQUEST_METHOD": "HEAD",
            "SCRIPT_FILENAME": "/var/www/store/var/x.php",
            "SCRIPT_NAME": "/x.php",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "ACT": "reset",
        }
    ]


@pytest.mark.parametrize(
    ("records", "body"),
    [
        ([record(STDOUT, HEAD + b"one"), END], "one"),
        ([record(STDOUT, HEAD + b"one", b"1234567"), record(STDOUT, b" two"), END], "one two"),
        ([record(STDERR, b"PHP Warning"), record(STDOUT, HEAD), record(STDERR, b"x"), record(STDOUT, b"1"), END], "1"),
        ([record(STDOUT, HEAD + b"a\r\n\r\nb"), END], "a\r\n\r\nb"),
        ([record(STDOUT, HEAD + b"\xe9"), END], "\ufffd"),
        ([record(STDOUT, HEAD + b"x" * 65000), record(STDOUT, b"y" * 65000), END], "x" * 65000 + "y" * 65000),
        # A pool with no worker to spare ends the request at once.
        ([END], ""),
    ],
)
def test_the_body_is_what_was_printed_and_nothing_else(tmp_path: Path, records: list[bytes], body: str) -> None:
    with answering(tmp_path / "pool", lambda params: b"".join(records)):
        assert fastcgi.ask(str(tmp_path / "pool"), "/x.php", {}) == body


@pytest.mark.parametrize("sent", [b"", page("whole")[:4], page("whole")[:20], page("whole")[: -len(END)]])
def test_a_pool_that_closes_too_early_has_not_answered(tmp_path: Path, sent: bytes) -> None:
    with answering(tmp_path / "pool", lambda params: sent), pytest.raises(CommerceError) as raised:
        fastcgi.ask(str(tmp_path / "pool"), "/x.php", {})
    assert (raised.value.code, raised.value.on) == ("pool_unreachable", str(tmp_path / "pool"))
    assert raised.value.came_back == "the connection was closed in the middle of an answer"


def test_a_pool_that_keeps_silent_is_given_up(tmp_path: Path) -> None:
    begun = time.monotonic()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "pool"))
        listener.listen()
        with pytest.raises(CommerceError, match="timed out") as raised:
            fastcgi.ask(str(tmp_path / "pool"), "/x.php", {}, timeout=0.2)
    assert raised.value.code == "pool_unreachable"
    assert time.monotonic() - begun < 10


def test_a_pool_that_is_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommerceError, match=r"ask the php-fpm pool on .*away\.sock: No such file") as raised:
        fastcgi.ask(str(tmp_path / "away.sock"), "/x.php", {})
    assert "connect as root" in raised.value.next_step


def test_a_socket_that_nobody_listens_on_leaves_no_descriptor(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "pool"))
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(ConnectionRefusedError) as raised:
        fastcgi.connect(str(tmp_path / "pool"), 1)
    # The exception still has the frame, and with it the socket.
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    del raised


@pytest.mark.parametrize(
    ("listen", "where"),
    [
        ("9000", ("127.0.0.1", 9000)),
        (":9000", ("127.0.0.1", 9000)),
        ("10.0.0.7:9001", ("10.0.0.7", 9001)),
        ("[::1]:9002", ("::1", 9002)),
        ("php:9003", ("php", 9003)),
    ],
)
def test_a_listen_address_of_every_form(monkeypatch, listen: str, where: tuple[str, int]) -> None:
    asked = []
    monkeypatch.setattr(fastcgi.socket, "create_connection", lambda *given: asked.append(given))
    fastcgi.connect(listen, 7)
    assert asked == [(where, 7)]


def test_a_pool_on_a_port_is_asked_as_one_on_a_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        with fastcgi.connect(str(listener.getsockname()[1]), 5) as connection:
            accepted, dummy = listener.accept()
            with accepted:
                connection.sendall(fastcgi.request({}))
                assert struct.unpack("!BBHHBx", accepted.recv(8, socket.MSG_WAITALL))[1] == fastcgi.BEGIN_REQUEST


def test_a_pool_that_sends_a_byte_now_and_then_is_given_up_in_time(tmp_path: Path) -> None:
    """The limit is for the whole answer, not for each part of it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "pool"))
        listener.listen()

        def drip() -> None:
            connection, dummy = listener.accept()
            with connection, contextlib.suppress(OSError):
                for dummy in range(40):
                    connection.sendall(b"\x01")
                    time.sleep(0.1)

        thread = threading.Thread(target=drip)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(CommerceError, match="timed out"):
            fastcgi.ask(str(tmp_path / "pool"), "/x.php", {}, timeout=0.35)
        assert time.monotonic() - begun < 0.7
        thread.join()


def test_the_last_part_has_what_is_left_of_the_time(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "pool"))
        listener.listen()

        def one_byte_late() -> None:
            connection, dummy = listener.accept()
            with connection:
                time.sleep(0.4)
                connection.sendall(b"\x01")
                time.sleep(1.2)

        thread = threading.Thread(target=one_byte_late)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(CommerceError, match="timed out"):
            fastcgi.ask(str(tmp_path / "pool"), "/x.php", {}, timeout=0.6)
        assert time.monotonic() - begun < 0.9
        thread.join()


def test_nothing_is_read_after_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"late")
        with pytest.raises(OSError, match="timed out"):
            fastcgi._receive(ours, 4, time.monotonic() - 1)


def test_a_pool_that_does_not_run_is_told_from_one_that_cannot_be_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "left"))
    (tmp_path / "file").write_text("")
    codes = {}
    for name in ("never", "left", "file/x"):
        with pytest.raises(CommerceError) as raised:
            fastcgi.ask(str(tmp_path / name), "/x.php", {})
        codes[name] = raised.value.code
    assert codes == {"never": "pool_absent", "left": "pool_absent", "file/x": "pool_unreachable"}
