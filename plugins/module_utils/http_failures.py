# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a web node gave no HTTP answer, in an operator's words; and a limit for the time that one answer may take."""

from __future__ import annotations

import re
import signal
import socket
import ssl
from contextlib import contextmanager
from typing import NamedTuple

CONNECT_SECONDS = 5


class Failure(NamedTuple):
    """Why there is no answer: a code in snake_case, what came back, and what to do now."""

    code: str
    came_back: str
    next_step: str


TIMEOUT = Failure("timeout", "no answer in time", "Look at the node's load and at its php-fpm log.")
UNREACHABLE = Failure(
    "unreachable", "no connection", "Check that the web server listens there, or set commerce_connect_to."
)
NO_ANSWER = Failure(
    "no_answer",
    "the web server hung up without an answer",
    "Look at its error log, or name another listener of the node in commerce_connect_to.",
)
PROXY_PROTOCOL = Failure(
    "proxy_protocol",
    "the listener expects the PROXY protocol of a balancer",
    "Name a listener of the node without it in commerce_connect_to.",
)
CLIENT_CERTIFICATE = Failure(
    "client_certificate",
    "the listener wants a client certificate",
    "Name a listener of the node that wants none in commerce_connect_to.",
)
HTTP2_ONLY = Failure(
    "http2_only",
    "the listener speaks HTTP/2 only",
    "Name a listener of the node that speaks HTTP/1.1 in commerce_connect_to.",
)
NOT_HTTP = Failure(
    "not_http", "what listens there does not speak HTTP", "Name the web server's port in commerce_connect_to."
)
HTTP_PORT = Failure("http_port", "the port does not speak TLS", "Write http:// into commerce_connect_to.")
CERTIFICATE = Failure(
    "certificate",
    "the certificate is not valid for the store's name",
    "Renew it, name its authority in ca_path, or set commerce_validate_certs to false.",
)
UNREADABLE = Failure(
    "unreadable_answer",
    "the answer is broken off, or not compressed as it says",
    "Look at the web server's error log.",
)
TLS = Failure("tls", "the TLS handshake failed", "Look at the TLS settings and the error log of the web server.")

# What stands in the texts of OpenSSL, http.client and the operating system; the first that does, decides.
_SIGNS = (
    (r"WRONG_VERSION_NUMBER|HTTP_REQUEST|RECORD_LAYER_FAILURE|PACKET_LENGTH_TOO_LONG", HTTP_PORT),
    (r"CERTIFICATE_REQUIRED", CLIENT_CERTIFICATE),
    (r"NO_APPLICATION_PROTOCOL", HTTP2_ONLY),
    (r"CERTIFICATE_VERIFY_FAILED|doesn't match|CertificateError", CERTIFICATE),
    (r"IncompleteRead|ContentDecodingError|DecodeError|InvalidChunk", UNREADABLE),
    (r"RemoteDisconnected|ConnectionReset|BrokenPipe|EOF", NO_ANSWER),
    (r"\[SSL|SSLError", TLS),
    (r"BadStatusLine\(['\"]\\x00\\x00", HTTP2_ONLY),
    (r"BadStatusLine|LineTooLong", NOT_HTTP),
)


def failure_of(error: Exception) -> Failure:
    """Why a request failed, by the text of what requests raised; the text quotes the request and is not passed on."""
    text = repr(error)
    return next((failure for sign, failure in _SIGNS if re.search(sign, text)), UNREACHABLE)


def expects_proxy_protocol(address) -> bool:
    """Whether a listener that gave no good answer gives one after a header of the PROXY protocol; asked once, raw.

    address: an http_address.Address. A listener that does not know the protocol takes that header for a bad request.
    """
    try:
        with socket.create_connection((address.host, address.port), CONNECT_SECONDS) as plain:
            plain.sendall(b"PROXY UNKNOWN\r\n")
            if address.scheme == "https":
                # The certificate says nothing of the protocol, and nothing is sent.
                context = ssl.create_default_context()
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                with context.wrap_socket(plain, server_hostname=address.name):
                    return True
            request = "HEAD /magento_version HTTP/1.1\r\nHost: {0}\r\nConnection: close\r\n\r\n".format(
                address.authority
            )
            plain.sendall(request.encode("ascii"))
            first = plain.recv(16)
            return first.startswith(b"HTTP/") and first[8:12] != b" 400"
    except OSError:
        return False


class TimeLimit(Exception):
    """The time for something is over."""


@contextmanager
def time_limit(seconds: float):
    """Raise TimeLimit in the block when it takes longer. The main thread only.

    The time limits of sockets count from byte to byte: a server that sends one now and then meets them for ever.
    """

    def expire(*dummy):
        raise TimeLimit()

    before = signal.signal(signal.SIGALRM, expire)
    # Again and again: an exception that falls into a destructor is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
