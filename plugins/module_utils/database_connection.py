# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection as PDO makes it, by PyMySQL 0.9.3 or later: its address, its TLS, its login, no needless question."""

from __future__ import annotations

import os
import socket
import ssl
import time

from . import rsa_login
from .database_errors import TlsFiles

# Where Debian, Red Hat and MySQL's own packages put it.
SOCKETS = ("/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock")

# Any of PDO's options of these names asks for TLS, whatever its value; the option to verify alone does not.
_ASK_FOR_TLS = ("ca", "capath", "cert", "key", "cipher")

# All that has to be said after a login, in one statement. autocommit: a server may have another default.
SESSION = (
    "SET NAMES utf8mb4, SQL_MODE='', time_zone='+00:00', autocommit=1, innodb_lock_wait_timeout=5, lock_wait_timeout=5"
)


def connect(driver, settings, connect_seconds, query_seconds):
    """A connection (PyMySQL's) to the database of settings.DatabaseSettings; what goes wrong is raised as it comes."""
    # As bytes: PyMySQL takes a text for Latin-1, PHP has no opinion.
    options = {
        "user": settings.user.encode("utf-8", "surrogateescape"),
        "password": settings.password.encode("utf-8", "surrogateescape"),
        "database": settings.name,
        "charset": "utf8mb4",
        "autocommit": None,
        "connect_timeout": connect_seconds,
        "read_timeout": connect_seconds,
        "write_timeout": query_seconds,
        "defer_connect": True,
    }
    path = settings.unix_socket or (settings.host == "localhost" and _existing(settings.local_socket))
    if path:
        options["unix_socket"] = path
    else:
        options.update(host=settings.host, port=settings.port, ssl=tls_context(settings.tls))
    if options.get("ssl") is None and driver.VERSION >= (1,):
        # PyMySQL 1.2 would try TLS unasked, and read the host's authorities for it first.
        options["ssl_disabled"] = True
    try:
        connection = _open(driver, options, connect_seconds)
    except RuntimeError as error:
        if "cryptography" not in str(error):
            raise
        rsa_login.install(driver)
        connection = _open(driver, options, connect_seconds)
    connection._read_timeout = query_seconds
    return connection


def tls_context(options):
    """The context for PDO's options by name (settings.DatabaseSettings.tls); None where PDO speaks plainly.

    As mysqlnd: certificate and host name are verified unless the option to verify is false, by the host's authorities
    where none are given. Files that cannot be used raise TlsFiles.
    """
    if not any(name in options for name in _ASK_FOR_TLS):
        return None
    given = {name: options[name] for name in _ASK_FOR_TLS if isinstance(options.get(name), str) and options[name]}
    verify = str(options.get("verify", True)).lower() not in ("", "0", "false")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = verify
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    try:
        _load(context, given, verify)
    except (OSError, ValueError) as error:
        raise TlsFiles(getattr(error, "strerror", None) or type(error).__name__) from None
    return context


def _load(context, given, verify):
    if verify and ("ca" in given or "capath" in given):
        context.load_verify_locations(given.get("ca"), given.get("capath"))
    elif verify:
        context.load_default_certs()
    if "cert" in given:
        # An empty passphrase: without one OpenSSL would ask the terminal.
        context.load_cert_chain(given["cert"], given.get("key"), password="")
    if "cipher" in given:
        context.set_ciphers(given["cipher"])


def _existing(named):
    """The socket that localhost means: the one that PHP names; where a pool has another php.ini, a usual one."""
    return next((path for path in (named,) + SOCKETS if path and os.path.exists(path)), None)


def _open(driver, options, seconds):
    connection = _class(driver)(**options)
    deadline = time.monotonic() + seconds
    path = options.get("unix_socket")
    if path:
        # Nobody listens in: PyMySQL sends a password plainly where this says so.
        connection._secure = True
        connection.connect(_stream([(socket.AF_UNIX, socket.SOCK_STREAM, 0, "", path)], deadline))
    else:
        found = socket.getaddrinfo(options["host"], options["port"], 0, socket.SOCK_STREAM)
        connection.connect(_stream(found, deadline))
    return connection


def _stream(addresses, deadline):
    """A connection to the first of the addresses that takes one; all of them share the deadline."""
    failed = OSError("no address")
    for family, kind, protocol, dummy, address in addresses:
        stream = socket.socket(family, kind, protocol)
        try:
            stream.settimeout(max(0.1, deadline - time.monotonic()))
            stream.connect(address)
            if family != socket.AF_UNIX:
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return stream
        except OSError as error:
            stream.close()
            failed = error
    raise failed


def _class(driver):
    class Connection(driver.connections.Connection):
        def set_character_set(self, *dummy):
            # PyMySQL 1.1 asks here for what SESSION says anyway.
            pass

        def _request_authentication(self):
            # PyMySQL would go on without TLS, and send the login plainly.
            if self.ssl and not self.server_capabilities & driver.constants.CLIENT.SSL:
                raise driver.err.OperationalError(2026, "TLS is required")
            super()._request_authentication()

    return Connection
