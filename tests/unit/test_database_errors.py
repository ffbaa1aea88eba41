# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of an error, and that nothing of what was sent is told. test_database.py has the errors of a server."""

from __future__ import annotations

import socket
import ssl

import pytest
from pymysql.err import IntegrityError, OperationalError

from ansible_collections.storefleet.commerce.plugins.module_utils import database_errors


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            IntegrityError(1062, "Duplicate entry 'a@example.com-1' for key 'EMAIL'"),
            "error 1062: Duplicate entry '…'",
        ),
        # A value may hold an apostrophe.
        (OperationalError(1366, "Incorrect value: 'it's secret' for x"), "error 1366: Incorrect value: '…' for x"),
        (OperationalError(1064, "near 'SELECT\nsecret' at line 1"), "error 1064: near '…' at line 1"),
        (OperationalError(1054, "Unknown column 'lock' in 'where'"), "error 1054: Unknown column 'lock' in 'where'"),
        (OperationalError(1999, "x" * 500), "error 1999: " + "x" * 200),
        (OperationalError(1999), "error 1999: "),
        (ValueError("secret"), "ValueError"),
        (UnicodeDecodeError("utf-8", b"secret", 0, 1, "secret"), "UnicodeDecodeError"),
    ],
)
def test_what_is_told(error: Exception, expected: str) -> None:
    assert database_errors.told(error) == expected


def certificate_error() -> ssl.SSLError:
    error = ssl.SSLCertVerificationError(1, "[SSL] secret")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (certificate_error(), "tls_failed", "certificate has expired"),
        (ssl.SSLError(1, "secret"), "tls_failed", "SSLError"),
        (socket.gaierror(-2, "Name or service not known"), "database_away", "cannot be resolved (Name or service"),
        (TimeoutError("timed out"), "database_away", "no answer within 5 s"),
        (PermissionError(13, "Permission denied"), "database_away", "no connection (Permission denied)"),
        (OperationalError(2013, "Lost connection"), "database_away", "hung up during the login"),
        (OperationalError(2003, "secret"), "database_away", "no connection (error 2003: secret)"),
        (RuntimeError("'cryptography' package is required"), "login_method", "needs cryptography"),
        (RuntimeError("something"), "login_method", "needs a Python library"),
        (IndexError("secret"), "not_mysql", "no MySQL or MariaDB (IndexError)"),
    ],
)
def test_how_a_connection_failed(error: Exception, code: str, said: str) -> None:
    case = database_errors.of_connection(error, 5)
    assert case[0] == code
    assert said in case[1]
    assert case[2].endswith(".")
    # PyMySQL wraps what the operating system says.
    wrapped = OperationalError(2003, "secret")
    wrapped.original_exception = error
    if isinstance(error, OSError):
        assert database_errors.of_connection(wrapped, 5) == case


def test_every_case_has_a_next_step() -> None:
    for number in database_errors._CASES:
        code, came_back, next_step = database_errors.of_statement(OperationalError(number, "x"), "SELECT")
        assert code.isidentifier()
        assert came_back
        assert next_step.endswith(".")
