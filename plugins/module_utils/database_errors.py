# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database's refusals mean: MySQL's and MariaDB's error numbers as cases, in words and with a next step."""

from __future__ import annotations

import re
import socket
import ssl

_SERVER_LOG = "Look at the server's log, then run again."
_SETTINGS = "Check db.connection.default in app/etc/env.php, and commerce_environment."
_LOGIN = _SETTINGS + " A user may be let in over TLS only: see its driver_options."
_PRIMARY = "Audit the node that writes to the primary database."

_DENIED = ("denied", "the server refuses the user of app/etc/env.php", _LOGIN)
_FULL = ("too_many_connections", "the server has no connection left for the user", "Run again when it is less busy.")
_EXPIRED = ("password_expired", "the password of the database user has expired", "Give the user a new password.")
_LOCKED = ("account_locked", "the database user is locked", "Unlock the user, or wait until the server does.")
_LOST = ("database_lost", "the server hung up", _SERVER_LOG)
_SLOW = ("database_slow", "the server ended the statement: it took too long", "Run again when the server is less busy.")
_FORBIDDEN = ("not_allowed", "the database user may not do that", "")
_READ_ONLY = ("read_only", "the server is read-only, as replicas are", _PRIMARY)
_METHOD = ("login_method", "the login method of the database user cannot be had on this host", _SETTINGS)
_TABLES = (
    "no_tables",
    "tables of Commerce are missing",
    "Check db.connection.default.dbname and db.table_prefix in app/etc/env.php, and commerce_environment.",
)

# The server's error numbers, and those that clients give for it (2000 to 2999): code, what came back, next step.
_CASES = {
    1040: _FULL,
    1044: ("denied", "there is no such database, or the user may not use it", _SETTINGS),
    1045: _DENIED,
    1047: ("database_away", "this node of the cluster does not take part in it", _SERVER_LOG),
    1049: ("no_database", "there is no such database", _SETTINGS),
    1129: (
        "host_refused",
        "the server blocks this host after too many failed connections",
        "Run FLUSH HOSTS on the server, or TRUNCATE performance_schema.host_cache, then run again.",
    ),
    1130: ("host_refused", "the server lets no connection in from this host", "Let the user connect from this host."),
    1142: _FORBIDDEN,
    1143: _FORBIDDEN,
    1146: _TABLES,
    1158: _LOST,
    1159: _LOST,
    1203: _FULL,
    1226: _FULL,
    1227: _FORBIDDEN,
    1251: _METHOD,
    1290: _READ_ONLY,
    1317: _SLOW,
    1370: _FORBIDDEN,
    1698: _DENIED,
    1792: _READ_ONLY,
    1820: _EXPIRED,
    1836: _READ_ONLY,
    1862: _EXPIRED,
    1874: _READ_ONLY,
    1969: _SLOW,
    2006: _LOST,
    2013: _LOST,
    2014: _LOST,
    2026: ("tls_failed", "the server does not offer TLS, which env.php asks for", "Let the server offer TLS."),
    2059: _METHOD,
    3024: _SLOW,
    3118: _LOCKED,
    3159: ("tls_required", "the server wants TLS", "Give db.connection.default.driver_options the TLS options."),
    3955: _LOCKED,
    4151: _LOCKED,
}

# Errors whose quoted parts are names. Those of any other may be values that were sent.
_QUOTE_NAMES = (1048, 1049, 1054, 1142, 1143, 1146, 1193, 1364)

_FILES = "Check the paths of driver_options in app/etc/env.php, and that the owner of the store may read them."
_REACH = "Check that the server runs and that this host may reach it."


class TlsFiles(Exception):
    """A file that TLS needs cannot be used; the argument says why."""


def of_connection(error, seconds):
    """(code, what came back, next step) of an exception that a connection ended in; seconds: how long it could take."""
    cause = getattr(error, "original_exception", None) or error
    if isinstance(error, TlsFiles):
        return "tls_failed", "a file or the cipher of driver_options cannot be used ({0})".format(error), _FILES
    if isinstance(cause, ssl.SSLError):
        # The text is OpenSSL's; it knows the certificate and nothing else.
        text = getattr(cause, "verify_message", "") or getattr(cause, "reason", None) or type(cause).__name__
        return "tls_failed", "no TLS with the server: {0}".format(text), "Check the certificates of both sides."
    if isinstance(cause, socket.gaierror):
        return "database_away", "the host's name cannot be resolved ({0})".format(cause.strerror), _REACH
    number = _number(error)
    if isinstance(cause, socket.timeout) or "timed out" in _text(error):
        return "database_away", "no answer within {0:g} s".format(seconds), _REACH
    if isinstance(cause, OSError):
        return "database_away", "no connection ({0})".format(cause.strerror or type(cause).__name__), _REACH
    if number in (2006, 2013):
        return "database_away", "the server hung up during the login", _REACH
    if number in _CASES:
        return _CASES[number]
    if isinstance(error, RuntimeError):
        # What PyMySQL raises where a library that it needs for the login is missing; it names the library.
        missing = re.findall(r"'?(cryptography|pynacl)\b", str(error)) or ["a Python library"]
        return (
            "login_method",
            "the login method of the database user needs {0} on this host".format(missing[0]),
            "Install it, or give the user another login method.",
        )
    if number:
        return "database_away", "no connection ({0})".format(told(error)), _REACH
    return "not_mysql", "what answers there is no MySQL or MariaDB ({0})".format(type(error).__name__), _SETTINGS


def of_statement(error, verb):
    """(code, what came back, next step) of an exception that a statement ended in; verb: its first word."""
    case = _CASES.get(_number(error))
    if "timed out" in _text(error):
        return "database_slow", "no answer in time", "Run again when the server is less busy."
    if case is _FORBIDDEN:
        lacking = re.match(r"[A-Z, ]+(?= command denied)", _text(error))
        return case[0], case[1], "Grant the user of app/etc/env.php {0}.".format(lacking.group() if lacking else verb)
    if case is _LOST:
        return case
    if case:
        return case[0], "{0} (error {1})".format(case[1], _number(error)), case[2]
    return "database_error", told(error), _SERVER_LOG


def told(error):
    """What the server said, without the values that were sent: it quotes them between apostrophes."""
    number = _number(error)
    if number is None:
        return type(error).__name__
    text = _text(error)
    if number not in _QUOTE_NAMES:
        text = re.sub(r"'.*'", "'…'", text, flags=re.DOTALL)
    return "error {0}: {1}".format(number, text[:200])


def _number(error):
    return error.args[0] if error.args and isinstance(error.args[0], int) else None


def _text(error):
    return str(error.args[1]) if _number(error) is not None and len(error.args) > 1 else ""
