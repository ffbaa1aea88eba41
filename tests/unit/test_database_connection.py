# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a connection goes, its TLS and its login, as PDO has them. The server speaks the real protocol."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from pathlib import Path

import pymysql
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from support.certificates import Authority
from support.mysql_server import SALT, MysqlServer, decrypted_login

from ansible_collections.storefleet.commerce.plugins.module_utils import database_connection
from ansible_collections.storefleet.commerce.plugins.module_utils.database import Database
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import DatabaseSettings


def connect(server: MysqlServer, **other) -> None:
    given = {"host": "127.0.0.1", "port": server.port, "unix_socket": None, "name": "shop", "user": "shop"}
    with Database(DatabaseSettings(**{**given, "password": "pw", **other})):
        pass


class Listener:
    """Notes where PyMySQL would have gone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.addresses: list = []
        monkeypatch.setattr(database_connection, "_stream", self)

    def __call__(self, addresses, deadline):
        self.addresses = [address[4] for address in addresses]
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"host": "127.0.0.2", "port": 3307}, ("127.0.0.2", 3307)),
        ({"host": "::1", "port": 3307}, ("::1", 3307, 0, 0)),
        ({"host": None, "unix_socket": "/run/db.sock"}, "/run/db.sock"),
        ({"host": "localhost", "local_socket": "{0}/php.sock"}, "{0}/php.sock"),
        ({"host": "localhost", "local_socket": "{0}/none.sock"}, "{0}/usual.sock"),
        ({"host": "localhost"}, "{0}/usual.sock"),
        ({"host": "127.0.0.1", "local_socket": "{0}/php.sock"}, ("127.0.0.1", 3306)),
    ],
)
def test_where_a_connection_goes(monkeypatch, tmp_path: Path, given, expected) -> None:
    for name in ("php.sock", "usual.sock"):
        (tmp_path / name).touch()
    monkeypatch.setattr(database_connection, "SOCKETS", ("/nowhere/x.sock", f"{tmp_path}/usual.sock"))
    listener = Listener(monkeypatch)
    given = {"port": 3306, "unix_socket": None, **given}
    if "local_socket" in given:
        given["local_socket"] = given["local_socket"].format(tmp_path)
    with pytest.raises(CommerceError, match="Connection refused"):
        Database(DatabaseSettings(**{"name": "shop", "user": "shop", "password": "pw", **given})).connect()
    assert listener.addresses[0] == (expected.format(tmp_path) if isinstance(expected, str) else expected)


def test_localhost_without_any_socket_is_an_address(monkeypatch) -> None:
    monkeypatch.setattr(database_connection, "SOCKETS", ())
    with MysqlServer() as server:
        connect(server, host="localhost")
    assert server.connections == 1


def test_each_address_of_a_name_is_tried(monkeypatch) -> None:
    with MysqlServer() as server:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [(*kind, ("127.0.0.1", 1)), (*kind, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
        connect(server, host="db.internal")
    assert server.connections == 1


def test_addresses_share_the_time(monkeypatch) -> None:
    waited = []

    class Deaf(socket.socket):
        def connect(self, address):
            waited.append(self.gettimeout())
            time.sleep(min(self.gettimeout(), 0.05))
            raise TimeoutError

    monkeypatch.setattr(socket, "socket", Deaf)
    address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))
    with pytest.raises(TimeoutError):
        database_connection._stream([address] * 3, time.monotonic() + 0.3)
    assert waited[0] > waited[1] > waited[2]


def test_a_name_that_cannot_be_resolved() -> None:
    with MysqlServer() as server, pytest.raises(CommerceError) as failed:
        connect(server, host="db.invalid")
    assert failed.value.code == "database_away"
    assert "cannot be resolved" in failed.value.came_back


def test_a_password_goes_as_the_bytes_that_it_has() -> None:
    password = "pä\udcff"
    with MysqlServer() as server:
        connect(server, password=password, user="ü\udcff")
    stage = hashlib.sha1(password.encode("utf-8", "surrogateescape")).digest()
    mixed = hashlib.sha1(SALT + hashlib.sha1(stage).digest()).digest()
    expected = bytes(one ^ other for one, other in zip(stage, mixed, strict=True))
    assert b"\xc3\xbc\xff\0\x14" + expected in server.logins[0]


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def serving(issued) -> MysqlServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    return MysqlServer(tls=context)


GOOD, OTHER, EXPIRED = ("127.0.0.1", 1), ("other.example", 1), ("127.0.0.1", -1)


@pytest.mark.parametrize(
    ("options", "certificate", "encrypted", "said"),
    [
        # To verify is not to ask for TLS.
        ({}, GOOD, False, None),
        ({"verify": False}, GOOD, False, None),
        ({"verify": True}, GOOD, False, None),
        ({"ca": "CA"}, GOOD, True, None),
        ({"ca": "CA", "verify": True}, GOOD, True, None),
        ({"ca": "CA"}, OTHER, None, "mismatch"),
        ({"ca": "CA", "verify": 0}, OTHER, True, None),
        ({"ca": "CA", "verify": "false"}, EXPIRED, True, None),
        ({"ca": "CA"}, EXPIRED, None, "expired"),
        ({"ca": "/nowhere/ca.pem"}, GOOD, None, "cannot be used (No such file or directory)"),
        ({"ca": "/nowhere/ca.pem", "verify": False}, GOOD, True, None),
        ({"ca": "", "verify": False}, GOOD, True, None),
        ({"ca": True, "verify": False}, GOOD, True, None),
        ({"ca": True}, GOOD, None, "unable to get local issuer certificate"),
        ({"cipher": "DEFAULT"}, GOOD, None, "unable to get local issuer certificate"),
        ({"cipher": "NONSENSE", "verify": False}, GOOD, None, "cannot be used"),
        ({"cert": "/nowhere/c.pem", "verify": False}, GOOD, None, "cannot be used (No such file or directory)"),
    ],
)
def test_tls_is_what_pdo_makes_of_the_options(authority: Authority, options, certificate, encrypted, said) -> None:
    host, days = certificate
    options = {name: str(authority.certificate) if value == "CA" else value for name, value in options.items()}
    with serving(authority.issue("server", host, days=days)) as server:
        if said:
            with pytest.raises(CommerceError) as failed:
                connect(server, tls=options)
            assert failed.value.code == "tls_failed"
            assert said in failed.value.came_back
            assert server.logins == []
        else:
            connect(server, tls=options)
            # The request for TLS comes before it; what follows is the login.
            assert isinstance(server._open[-1], ssl.SSLSocket) == encrypted
            assert len(server.logins) == 1


def test_a_client_certificate_with_a_passphrase_asks_nobody(authority: Authority, monkeypatch) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    issued = authority.issue("client", "client")
    key = load_pem_private_key(issued.key.read_bytes(), None)
    locked = serialization.BestAvailableEncryption(b"phrase")
    form = serialization.PrivateFormat.PKCS8
    issued.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, locked))
    phrases = []
    load = ssl.SSLContext.load_cert_chain

    def noted(context, *files, password=None):
        phrases.append(password)
        load(context, *files, password=password or "")

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", noted)
    tls = {"cert": str(issued.certificate), "key": str(issued.key), "verify": False}
    with MysqlServer() as server, pytest.raises(CommerceError) as failed:
        connect(server, tls=tls)
    assert failed.value.code == "tls_failed"
    # Without any, OpenSSL asks the terminal and waits.
    assert phrases == [""]


def test_no_login_goes_out_plainly_where_tls_is_asked_for(authority: Authority) -> None:
    with MysqlServer() as server, pytest.raises(CommerceError) as failed:
        connect(server, tls={"ca": str(authority.certificate)})
    assert failed.value.code == "tls_failed"
    assert server.logins == []


def test_a_login_by_rsa_without_the_library_for_it(monkeypatch) -> None:
    rsa_key = rsa.generate_private_key(65537, 2048)
    # Kept, so that it is there again afterwards.
    monkeypatch.setattr(pymysql._auth, "sha2_rsa_encrypt", pymysql._auth.sha2_rsa_encrypt)
    monkeypatch.setattr(pymysql._auth, "_have_cryptography", False)
    with MysqlServer(plugin="caching_sha2_password", key=rsa_key) as server:
        connect(server, password="pä" * 15)
    assert server.connections == 2
    assert decrypted_login(rsa_key, server.passwords[-1]) == ("pä" * 15).encode() + b"\0"


def test_a_password_goes_plainly_over_a_socket_and_over_tls(authority: Authority, tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    path = str(tmp_path / "db.sock")
    with MysqlServer(plugin="caching_sha2_password", key=key, path=path) as server:
        connect(server, host=None, unix_socket=path)
    assert server.passwords == [b"pw\0"]
    with serving(authority.issue("server", "127.0.0.1")) as server:
        server.plugin, server.key = "caching_sha2_password", key
        connect(server, tls={"ca": str(authority.certificate)})
    assert server.passwords == [b"pw\0"]


def test_a_library_that_cannot_be_done_without_is_named(monkeypatch) -> None:
    def login(*_):
        raise RuntimeError("'pynacl' package is required for ed25519_password auth method")

    monkeypatch.setattr(pymysql._auth, "scramble_native_password", login)
    with MysqlServer() as server, pytest.raises(CommerceError) as failed:
        connect(server)
    assert failed.value.code == "login_method"
    assert "needs pynacl" in failed.value.came_back
