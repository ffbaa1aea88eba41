# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the requests to a store really go: the store's URL, and the node under it."""

from __future__ import annotations

import importlib
import re
import socket
import unicodedata
from typing import Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from .errors import CommerceError
from .http_failures import CONNECT_SECONDS
from .logins import without_login

PORTS = {"http": 80, "https": 443}

# How the address of the node was found.
GIVEN = "connect_to"
BASE_URL = "base_url"
PORT_80 = "port_80"


class Address(NamedTuple):
    """The store's URL and its node.

    base_url: with a slash at its end. name: its host, as it goes over the wire; authority: that and the port, if any.
    scheme, host, port: of the node. route: how those were found: connect_to, base_url or port_80.
    """

    base_url: str
    name: str
    authority: str
    scheme: str
    host: str
    port: int
    route: str

    @property
    def url(self) -> str:
        """The base URL with the node in place of the store's host."""
        path = urlsplit(self.base_url).path
        return "{0}://{1}:{2}{3}".format(self.scheme, _bracketed(self.host), self.port, path)

    @property
    def offloaded(self) -> bool:
        """Whether an https store is asked in plain HTTP, as a proxy that ended TLS asks it."""
        return self.scheme == "http" and self.base_url.lower().startswith("https:")


def address_of(base_url: str, connect_to: Optional[str] = None) -> Address:
    """The address for a base URL, scheme://host[:port]/path/. What is no URL raises CommerceError bad_url.

    connect_to: [http|https://]host:port; None is this host, at the port of the base URL, or at port 80 where nothing
    listens on 443 but something does there: TLS often ends before the node.
    """
    # A login in it is none of the store's, and must not be shown.
    base_url = without_login(base_url.strip())
    wanted = _split(base_url, "the base URL", base_url)
    name = _ascii(wanted.hostname, base_url)
    port = ":{0}".format(wanted.port) if wanted.port else ""
    scheme, host, number, route = _node(connect_to, wanted)
    return Address(
        base_url if base_url.endswith("/") else base_url + "/",
        name,
        _bracketed(name) + port,
        scheme,
        host,
        number,
        route,
    )


def offloader_headers(configured: str) -> Mapping[str, str]:
    """What a proxy that ended TLS sends so that Commerce takes the request for a secure one.

    Commerce looks for the configured name as a key of PHP's $_SERVER, in upper case, with and without HTTP_ before it,
    for the value "https". Web servers make HTTP_X_Y of the header X-Y, and drop headers with underscores.
    """
    name = re.sub(r"\AHTTP_", "", configured.strip().upper().replace("-", "_")).replace("_", "-")
    # Web servers of their own accord often look at the common one.
    return {header: "https" for header in (name, "X-FORWARDED-PROTO") if header}


def listens(port: int) -> bool:
    """Whether something on this host listens on the port."""
    try:
        with socket.create_connection(("127.0.0.1", port), CONNECT_SECONDS):
            return True
    except OSError:
        return False


def _node(connect_to, wanted):
    """Scheme, host and port to connect to, and how they were found."""
    if connect_to and connect_to.strip():
        connect_to = connect_to.strip()
        text = connect_to if "://" in connect_to else "{0}://{1}".format(wanted.scheme, connect_to)
        parts = _split(text, "commerce_connect_to", connect_to)
        return parts.scheme, _ascii(parts.hostname, connect_to), parts.port or PORTS[parts.scheme], GIVEN
    port = wanted.port or PORTS[wanted.scheme]
    if (wanted.scheme, port) == ("https", 443) and not listens(443) and listens(80):
        return "http", "127.0.0.1", 80, PORT_80
    return wanted.scheme, "127.0.0.1", port, BASE_URL


def _split(url, what, on):
    try:
        parts = urlsplit(url)
        valid = parts.scheme in PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid or re.search(r"[\s\x00-\x1f]", url):
        raise _bad_url(what, on)
    return parts


def _ascii(name, url):
    """A host name as it goes over the wire."""
    if all(ord(character) < 128 for character in name):
        return name
    idna = importlib.import_module("idna")
    try:
        # Not uts46=True, which imports a table of its own only now: a process that gave up root cannot.
        return idna.encode(unicodedata.normalize("NFC", name)).decode("ascii")
    except idna.IDNAError:
        raise _bad_url("the base URL", url) from None


def _bad_url(what, on):
    return CommerceError(
        "read " + what,
        re.sub(r"//.*@", "//…@", on),
        "it is not http://host/ or https://host/",
        "Correct it, with a scheme and a host.",
        code="bad_url",
    )


def _bracketed(host):
    return "[{0}]".format(host) if ":" in host else host
