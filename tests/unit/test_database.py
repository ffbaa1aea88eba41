# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the database is connected to, what is sent to it, and what its errors become. The server is a stand-in."""

from __future__ import annotations

import pymysql
import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import database
from ansible_collections.storefleet.commerce.plugins.module_utils.database import Database
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError, MissingLibrary
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import DatabaseSettings

SECRET = "s3cret-password"
SETTINGS = {"host": "db.internal", "port": 3307, "unix_socket": None, "name": "shop", "user": "shop", "prefix": "m2_"}


class FakeServer:
    """Stands in for pymysql.connect and all that comes of it."""

    def __init__(self) -> None:
        self.options: dict = {}
        self.statements: list[tuple] = []
        self.rows: list[dict] = []
        self.refuses: dict[str, Exception] = {}
        self.lastrowid, self.rowcount = 41, 1

    def connect(self, **options):
        self.options = options
        if "connect" in self.refuses:
            raise self.refuses["connect"]
        return self

    def cursor(self, dummy):
        return self

    def execute(self, sql, args):
        self.statements.append((sql, args))
        for start, error in self.refuses.items():
            if sql.startswith(start):
                raise error

    def fetchall(self):
        sql, args = self.statements[-1]
        return [row for row in self.rows if "SHOW" not in sql or row["Variable_name"] == args[0]]

    def close(self) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    fake = FakeServer()
    monkeypatch.setattr(pymysql, "connect", fake.connect)
    return fake


def settings(**other) -> DatabaseSettings:
    return DatabaseSettings(**{**SETTINGS, "password": SECRET, "tls": {}, **other})


def test_each_wait_has_a_limit_and_times_are_utc(server: FakeServer) -> None:
    Database(settings()).connect()
    options = server.options
    assert all(options[f"{what}_timeout"] > 0 for what in ("connect", "read", "write"))
    assert "time_zone='+00:00'" in options["init_command"]
    assert "SQL_MODE=''" in options["init_command"]
    assert options["autocommit"] is True


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"host": "db.internal", "port": 3307}),
        ({"unix_socket": "/run/db.sock", "host": None}, {"unix_socket": "/run/db.sock"}),
        ({"host": "localhost", "port": 3306}, {"unix_socket": "/there/db.sock"}),
    ],
)
def test_where_to_connect(server: FakeServer, monkeypatch, given, expected) -> None:
    monkeypatch.setattr(database, "_standard_socket", lambda: "/there/db.sock")
    Database(settings(**given)).connect()
    assert {
        name: server.options[name] for name in ("host", "port", "unix_socket") if name in server.options
    } == expected


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        ({"ca": "/ca.pem"}, {"ca": "/ca.pem", "verify_mode": "required", "check_hostname": False}),
        ({"ca": "/ca.pem", "verify": True}, {"ca": "/ca.pem", "verify_mode": "required", "check_hostname": True}),
        ({"verify": False}, {"verify_mode": "none", "check_hostname": False}),
    ],
)
def test_tls_options_of_pdo_are_those_of_pymysql(server: FakeServer, tls, expected) -> None:
    Database(settings(tls=tls)).connect()
    assert server.options["ssl"] == expected


def test_tables_get_the_prefix(server: FakeServer) -> None:
    Database(settings()).query("SELECT 1 FROM {customer_entity} WHERE email LIKE %s", ("a%",))
    assert server.statements == [("SELECT 1 FROM `m2_customer_entity` WHERE email LIKE %s", ("a%",))]
    assert Database(settings()).insert("INSERT INTO {x} VALUES (1)") == 41


def test_existing_tables_are_told_without_the_prefix(server: FakeServer) -> None:
    server.rows = [{"name": "m2_customer_log"}]
    assert Database(settings()).tables(["customer_log", "persistent_session"]) == {"customer_log"}
    assert server.statements[0][1] == (["m2_customer_log", "m2_persistent_session"],)


def test_a_transaction_is_whole_or_not_at_all(server: FakeServer) -> None:
    connected = Database(settings())
    with connected.transaction():
        connected.execute("DELETE FROM {x}")
    with pytest.raises(KeyError), connected.transaction():
        raise KeyError
    assert [sql for sql, dummy in server.statements] == [
        "START TRANSACTION",
        "DELETE FROM `m2_x`",
        "COMMIT",
        "START TRANSACTION",
        "ROLLBACK",
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (pymysql.err.OperationalError(1045, "Access denied for user 'shop'@'web1' (using password: YES)"), "denied"),
        (pymysql.err.OperationalError(1049, "Unknown database 'shop'"), "no_database"),
        (pymysql.err.OperationalError(2003, "Can't connect to MySQL server on 'db.internal'"), "database_away"),
        (RuntimeError("'cryptography' package is required"), "login_method"),
        (OSError(f"an unforeseen text with {SECRET}"), "database_away"),
    ],
)
def test_a_connection_that_cannot_be_had_says_why(server: FakeServer, error: Exception, code: str) -> None:
    server.refuses["connect"] = error
    with pytest.raises(CommerceError) as failed:
        Database(settings()).connect()
    assert failed.value.code == code
    assert failed.value.on == "db.internal:3307"
    assert SECRET not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (pymysql.err.OperationalError(1142, "INSERT command denied to user 'shop'@'web1'"), "not_allowed"),
        (pymysql.err.OperationalError(1290, "running with the --read-only option"), "read_only"),
        (pymysql.err.IntegrityError(1062, "Duplicate entry 'canary@example.com-1' for key 'EMAIL'"), "database_error"),
        (pymysql.err.OperationalError(2013, "Lost connection to MySQL server"), "database_error"),
    ],
)
def test_a_statement_that_fails_says_why_without_what_was_sent(server: FakeServer, error, code: str) -> None:
    server.refuses["INSERT"] = error
    with pytest.raises(CommerceError) as failed:
        Database(settings()).insert("INSERT INTO {x} VALUES (%s)", ("canary@example.com",))
    assert failed.value.code == code
    assert "canary@" not in str(failed.value)


@pytest.mark.parametrize(
    ("variable", "value", "refused"),
    [
        ("read_only", "ON", True),
        ("read_only", "1", True),
        ("innodb_read_only", "ON", True),
        ("read_only", "OFF", False),
    ],
)
def test_a_read_only_server_is_not_written_to(server: FakeServer, variable: str, value: str, refused: bool) -> None:
    server.rows = [{"Variable_name": variable, "Value": value}]
    if refused:
        with pytest.raises(CommerceError) as failed:
            Database(settings()).require_writable()
        assert failed.value.code == "read_only"
    else:
        Database(settings()).require_writable()


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    with pytest.raises(MissingLibrary, match="PyMySQL"):
        database.load()
