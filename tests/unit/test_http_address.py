# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where requests go, under which name, and what says that a proxy ended TLS."""

from __future__ import annotations

import socket
import sys

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import http_address
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.http_address import address_of


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ports that are listened to on this host, as a test wants them."""
    ports = {80, 443}
    monkeypatch.setattr(http_address, "listens", ports.__contains__)
    return ports


@pytest.mark.parametrize(
    ("base_url", "connect_to", "expected"),
    [
        ("http://store.example/", None, "http://127.0.0.1:80/"),
        ("https://store.example/a/", None, "https://127.0.0.1:443/a/"),
        ("https://store.example/a", None, "https://127.0.0.1:443/a/"),
        ("  https://store.example/ ", None, "https://127.0.0.1:443/"),
        ("http://store.example:8080", None, "http://127.0.0.1:8080/"),
        ("https://store.example/", "10.0.0.1", "https://10.0.0.1:443/"),
        ("https://store.example/", " 10.0.0.1:8443 ", "https://10.0.0.1:8443/"),
        ("https://store.example/", "http://10.0.0.1:8080", "http://10.0.0.1:8080/"),
        ("https://store.example/", " ", "https://127.0.0.1:443/"),
        ("http://store.example/", "[::1]:81", "http://[::1]:81/"),
    ],
)
def test_where_requests_go(base_url: str, connect_to: str | None, expected: str) -> None:
    assert address_of(base_url, connect_to).url == expected


@pytest.mark.parametrize(
    ("base_url", "name", "authority"),
    [
        ("https://Store.example/", "store.example", "store.example"),
        ("https://store.example:8443/", "store.example", "store.example:8443"),
        ("https://user:word@store.example/", "store.example", "store.example"),
        ("https://münchen.example/", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("https://straße.example:81/", "xn--strae-oqa.example", "xn--strae-oqa.example:81"),
        ("https://mu\u0308nchen.example/", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("http://[2001:DB8::1]:81/", "2001:db8::1", "[2001:db8::1]:81"),
        ("http://my_store.example/", "my_store.example", "my_store.example"),
    ],
)
def test_the_name_is_what_goes_over_the_wire(base_url: str, name: str, authority: str) -> None:
    address = address_of(base_url)
    assert (address.name, address.authority) == (name, authority)


@pytest.mark.parametrize(
    ("base_url", "connect_to", "listened", "expected"),
    [
        ("https://store.example/", None, {80, 443}, "base_url https://127.0.0.1:443/ False"),
        ("https://store.example/", None, {443}, "base_url https://127.0.0.1:443/ False"),
        ("https://store.example/", None, {80}, "port_80 http://127.0.0.1:80/ True"),
        ("https://store.example/", None, set(), "base_url https://127.0.0.1:443/ False"),
        ("HTTPS://store.example/", None, {80}, "port_80 http://127.0.0.1:80/ True"),
        ("https://store.example:8443/", None, {80}, "base_url https://127.0.0.1:8443/ False"),
        ("http://store.example/", None, {443}, "base_url http://127.0.0.1:80/ False"),
        ("https://store.example/", "https://127.0.0.1", {80}, "connect_to https://127.0.0.1:443/ False"),
        ("https://store.example/", "http://10.0.0.1", {443}, "connect_to http://10.0.0.1:80/ True"),
    ],
)
def test_a_node_without_tls_of_its_own_is_found(listening, base_url, connect_to, listened, expected) -> None:
    listening &= listened
    address = address_of(base_url, connect_to)
    assert f"{address.route} {address.url} {address.offloaded}" == expected


@pytest.mark.parametrize(
    ("base_url", "connect_to"),
    [
        ("store.example", None),
        ("", None),
        ("https://", None),
        ("https://store.example:99999/", None),
        ("https://store.example:0/", None),
        ("https://two words/", None),
        ("https://a\r\nb/", None),
        ("https://..ü/", None),
        ("http://s.example/", "ftp://10.0.0.1"),
        ("http://s.example/", "10.0.0.1:http"),
    ],
)
def test_addresses_that_are_none_are_refused(base_url: str, connect_to: str | None) -> None:
    with pytest.raises(CommerceError) as refused:
        address_of(base_url, connect_to)
    assert refused.value.code == "bad_url"


@pytest.mark.parametrize(
    ("configured", "header"),
    [
        ("X-Forwarded-Proto", "X-FORWARDED-PROTO"),
        ("HTTP_X_FORWARDED_PROTO", "X-FORWARDED-PROTO"),
        (" SSL_OFFLOADED ", "SSL-OFFLOADED"),
        ("http_ssl_offloaded", "SSL-OFFLOADED"),
        ("Front-End-Https", "FRONT-END-HTTPS"),
        ("", "X-FORWARDED-PROTO"),
    ],
)
def test_the_offloader_header_arrives_as_the_key_that_commerce_looks_for(configured: str, header: str) -> None:
    sent = http_address.offloader_headers(configured)
    assert sent == {header: "https", "X-FORWARDED-PROTO": "https"}
    # What a web server makes of a header, and what Commerce makes of its setting.
    keys = {"HTTP_" + name.upper().replace("-", "_") for name in sent}
    wanted = configured.strip().upper().replace("-", "_")
    assert not wanted or {wanted, "HTTP_" + wanted} & keys


def test_listening_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert http_address.listens(port)
    assert not http_address.listens(port)


def test_a_login_in_an_address_is_never_shown() -> None:
    assert address_of("http://op:s3cret@store.example/shop@home/").base_url == "http://store.example/shop@home/"
    for base_url, connect_to in (("http://op:s3/cret@store.example/", None), ("http://a/", "http://op:s3cret@/")):
        with pytest.raises(CommerceError) as refused:
            address_of(base_url, connect_to)
        assert "cret" not in str(refused.value)


def test_a_name_in_other_letters_takes_no_import_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "idna.uts46data", None)
    found = address_of("https://münchen.example/", "http://köln.example:8080")
    assert (found.name, found.host) == ("xn--mnchen-3ya.example", "xn--kln-sna.example")
