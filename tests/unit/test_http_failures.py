# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a node from answering, by what OpenSSL and http.client say; the PROXY protocol; the limit of time."""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from ansible_collections.storefleet.commerce.plugins.module_utils import http_failures
from ansible_collections.storefleet.commerce.plugins.module_utils.http_address import address_of

ERRORS = [
    (requests.ConnectionError(requests.packages.urllib3.exceptions.NewConnectionError(None, "refused")), "unreachable"),
    (requests.exceptions.SSLError(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")), "http_port"),
    (requests.exceptions.SSLError(ssl.SSLError(1, "[SSL] record layer failure: RECORD_LAYER_FAILURE")), "http_port"),
    (
        requests.exceptions.SSLError(ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] alert")),
        "client_certificate",
    ),
    (requests.exceptions.SSLError(ssl.SSLError(1, "[SSL: TLSV1_ALERT_NO_APPLICATION_PROTOCOL] alert")), "http2_only"),
    (
        requests.exceptions.SSLError(ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")),
        "certificate",
    ),
    (requests.exceptions.SSLError("hostname 'a' doesn't match 'b'"), "certificate"),
    (requests.exceptions.SSLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")), "no_answer"),
    (requests.exceptions.SSLError(ssl.SSLError(1, "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] alert")), "tls"),
    (requests.ConnectionError("Connection aborted.", http.client.RemoteDisconnected("closed")), "no_answer"),
    (requests.ConnectionError("Connection aborted.", ConnectionResetError(104, "reset")), "no_answer"),
    (requests.ConnectionError("Connection aborted.", http.client.BadStatusLine("\x00\x00\x12\x04\x00")), "http2_only"),
    (requests.ConnectionError("Connection aborted.", http.client.BadStatusLine("Y\x00\x00\x00\n5.5.5")), "not_http"),
    (requests.ConnectionError("Connection aborted.", http.client.BadStatusLine("SSH-2.0-OpenSSH")), "not_http"),
]


@pytest.mark.parametrize(("error", "code"), ERRORS)
def test_failures_are_named(error: Exception, code: str) -> None:
    assert http_failures.failure_of(error).code == code


@contextmanager
def listener(*answers: tuple[bytes, bytes]) -> Iterator[int]:
    """A server that reads until what it got ends with the first of a pair, and sends the second; closes otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, dummy = server.accept()
            with connection:
                connection.settimeout(2)
                got = b""
                while not got.endswith(b"\r\n\r\n"):
                    got += connection.recv(4096)
                connection.sendall(next((answer for start, answer in answers if got.startswith(start)), b""))

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            [(b"PROXY UNKNOWN\r\nHEAD /magento_version HTTP/1.1\r\nHost: s.example\r\n", b"HTTP/1.1 200 OK\r\n\r\n")],
            True,
        ),
        ([(b"PROXY ", b"HTTP/1.1 301 Moved\r\n\r\n")], True),
        ([(b"PROXY ", b"HTTP/1.1 400 Bad Request\r\n\r\n")], False),
        ([(b"PROXY ", b"SSH-2.0\r\n")], False),
        ([], False),
    ],
)
def test_the_proxy_protocol_is_told_from_other_reasons_to_hang_up(answers, expected: bool) -> None:
    with listener(*answers) as port:
        address = address_of("http://s.example/", f"127.0.0.1:{port}")
        assert http_failures.expects_proxy_protocol(address) is expected


def test_a_listener_that_is_away_expects_no_protocol() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = address_of("https://s.example/", f"127.0.0.1:{server.getsockname()[1]}")
    assert http_failures.expects_proxy_protocol(address) is False


def test_the_limit_of_time_ends_what_takes_longer_and_nothing_else() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with http_failures.time_limit(5):
        pass
    started = time.monotonic()
    with pytest.raises(http_failures.TimeLimit), http_failures.time_limit(0.05):
        time.sleep(5)
    assert time.monotonic() - started < 2
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
