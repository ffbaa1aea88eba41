# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent to the database, what is refused, and that every wait ends. The server speaks the real protocol."""

from __future__ import annotations

import time

import pytest
from support.mysql_server import DONE, HangUp, Late, MysqlServer, Refusal, Rows, Silence

from ansible_collections.storefleet.commerce.plugins.module_utils import database
from ansible_collections.storefleet.commerce.plugins.module_utils.database import Database
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError, MissingLibrary
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import DatabaseSettings

SECRET = "s3cret-password"


def connected(server: MysqlServer, **other) -> Database:
    given = {"host": "127.0.0.1", "port": server.port, "unix_socket": None, "name": "shop", "user": "shop"}
    return Database(DatabaseSettings(**{**given, "password": SECRET, "prefix": "m2_", **other}))


def refused(work, server: MysqlServer) -> CommerceError:
    """The error that the work ends in; it names the server and nothing secret."""
    with pytest.raises(CommerceError) as failed:
        work()
    error = failed.value
    assert error.on == f"127.0.0.1:{server.port}"
    assert SECRET not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return error


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(database, "QUERY_SECONDS", 0.3)


def test_a_login_is_followed_by_one_statement() -> None:
    with MysqlServer() as server:
        connected(server).connect()
        [session] = server.statements
    for setting in ("NAMES utf8mb4", "SQL_MODE=''", "time_zone='+00:00'", "autocommit=1", "lock_wait_timeout="):
        assert setting in session
    assert server.logins[0].count(b"shop") == 2


def test_rows_counts_and_ids() -> None:
    answers = {"SELECT": Rows(("a", "b"), (("1", None), ("ö€", "x")))}
    answers["INSERT|UPDATE"] = b"\0\x02\x29\2\0\0\0"
    with MysqlServer(answers=answers) as server, connected(server) as there:
        found = there.query("SELECT * FROM {customer_entity} WHERE email LIKE %s", ("a%'",))
        assert found == [{"a": "1", "b": None}, {"a": "ö€", "b": "x"}]
        assert there.insert("INSERT INTO {x} VALUES (1)") == 41
        assert there.execute("UPDATE {x} SET a = 1") == 2
    assert server.statements[1] == "SELECT * FROM `m2_customer_entity` WHERE email LIKE 'a%\\''"


def test_a_connection_is_made_when_it_is_needed() -> None:
    with MysqlServer() as server:
        connected(server).execute("DELETE FROM {x}")
    assert server.statements[1:] == ["DELETE FROM `m2_x`"]


def test_tables_are_asked_once() -> None:
    rows = Rows(("name",), (("m2_customer_log",), ("m2_store",), ("customer_visitor",)))
    with MysqlServer(answers={"SELECT table_name": rows}) as server, connected(server) as there:
        assert there.tables(["customer_log", "customer_visitor"]) == {"customer_log"}
        assert there.tables(["store"]) == {"store"}
        assert len(server.statements) == 2
        there.connect()
        there.tables(["store"])
    assert len(server.statements) == 4


def test_variables_are_asked_once() -> None:
    variables = {"wsrep_on": "ON", "pseudo_thread_id": "7", "max_connections": "5"}
    with MysqlServer(variables=variables) as server, connected(server) as there:
        there.require_writable()
        assert there.variable("wsrep_on") == "ON"
        assert there.variable("read_only") is None
        assert len([text for text in server.statements if text.startswith("SHOW")]) == 1
        assert there.variable("max_connections") == "5"
    assert "'max_connections'" in server.statements[-1]


def test_a_transaction_is_whole_or_not_at_all() -> None:
    with MysqlServer() as server:
        there = connected(server)
        with there.transaction():
            there.execute("DELETE FROM {x}")
        with pytest.raises(KeyError), there.transaction():
            raise KeyError
    assert server.statements[1:] == [
        "START TRANSACTION",
        "DELETE FROM `m2_x`",
        "COMMIT",
        "START TRANSACTION",
        "ROLLBACK",
    ]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"read_only": "ON"}, "read_only"),
        ({"read_only": "1"}, "read_only"),
        ({"read_only": "NO_LOCK_NO_ADMIN"}, "read_only"),
        ({"super_read_only": "ON"}, "read_only"),
        ({"innodb_read_only": "ON"}, "read_only"),
        ({"transaction_read_only": "ON"}, "read_only"),
        ({"tx_read_only": "ON"}, "read_only"),
        ({"pseudo_thread_id": "8"}, "proxy"),
        ({"pseudo_thread_id": str(2**32 + 7)}, None),
        ({"read_only": "OFF", "innodb_read_only": "0", "wsrep_on": "ON"}, None),
    ],
)
def test_where_nothing_may_be_written(variables: dict[str, str], code: str | None) -> None:
    known = {"pseudo_thread_id": "7", **variables}
    with MysqlServer(variables=known) as server, connected(server) as there:
        if code:
            assert refused(there.require_writable, server).code == code
        else:
            there.require_writable()
        explained = [text for text in server.statements if text.startswith("EXPLAIN REPLACE INTO `m2_customer_entity`")]
        assert len(explained) == (code is None)
    # The SET of the session, one question for the variables, one for the rights.
    assert len(server.statements) == (2 if code else 3)


@pytest.mark.parametrize(
    ("refusal", "code", "said"),
    [
        (Refusal(1142, "INSERT, DELETE command denied to user 'x'@'y'"), "not_allowed", "INSERT, DELETE"),
        (Refusal(1146, "Table 'shop.m2_customer_entity' doesn't exist"), "no_tables", "table_prefix"),
        (Refusal(1290, "running with the --read-only option"), "read_only", "primary"),
    ],
)
def test_rights_are_asked_before_anything_is_written(refusal: Refusal, code: str, said: str) -> None:
    with MysqlServer(answers={"EXPLAIN": refusal}) as server, connected(server) as there:
        error = refused(there.require_writable, server)
    assert error.code == code
    assert said in error.next_step


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ({"greeting": Refusal(1040, "Too many connections")}, "too_many_connections"),
        ({"greeting": Refusal(1129, "Host '10.0.0.1' is blocked")}, "host_refused"),
        ({"greeting": Refusal(1130, "Host '10.0.0.1' is not allowed to connect")}, "host_refused"),
        ({"greeting": b"SSH-2.0-OpenSSH_9.2\r\n"}, "not_mysql"),
        ({"greeting": b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(5000)}, "not_mysql"),
        ({"greeting": b"\x04\0\0\0\x09abc"}, "not_mysql"),
        ({"greeting": Silence}, "database_away"),
        ({"greeting": HangUp}, "database_away"),
        ({"login": Refusal(1045, f"Access denied for user 'shop'@'web1' (using password: {SECRET})")}, "denied"),
        ({"login": Refusal(1698, "Access denied for user 'shop'@'web1'")}, "denied"),
        ({"login": Refusal(1044, "Access denied for user 'shop'@'web1' to database 'shop'")}, "denied"),
        ({"login": Refusal(1049, "Unknown database 'shop'")}, "no_database"),
        ({"login": Refusal(1203, "User has more than 'max_user_connections'")}, "too_many_connections"),
        ({"login": Refusal(1226, "User has exceeded the 'max_user_connections'")}, "too_many_connections"),
        ({"login": Refusal(1862, "Your password has expired.")}, "password_expired"),
        ({"login": Refusal(3118, "Access denied for user. Account is locked.")}, "account_locked"),
        ({"login": Refusal(4151, "Access denied, this account is locked")}, "account_locked"),
        ({"login": Refusal(3159, "Connections using insecure transport are prohibited")}, "tls_required"),
        ({"login": Refusal(1251, "Client does not support authentication protocol")}, "login_method"),
        ({"login": b"\xfeparsec\0" + bytes(20)}, "login_method"),
        ({"login": Refusal(1234, f"something unforeseen about '{SECRET}'")}, "database_away"),
        ({"login": Silence}, "database_away"),
        ({"login": HangUp}, "database_away"),
        ({"answers": {"SET NAMES": Refusal(1820, "You must reset your password")}}, "password_expired"),
        ({"answers": {"SET NAMES": Silence}}, "database_away"),
    ],
)
def test_a_connection_that_cannot_be_had(impatient, behaviour: dict, code: str) -> None:
    started = time.monotonic()
    with MysqlServer(**behaviour) as server:
        error = refused(connected(server).connect, server)
    assert (error.tried, error.code) == ("connect to the database", code)
    assert time.monotonic() - started < 3


def test_nothing_is_listening() -> None:
    with MysqlServer() as server:
        pass
    error = refused(connected(server).connect, server)
    assert (error.code, error.came_back) == ("database_away", "no connection (Connection refused)")


def test_a_socket_that_is_not_there() -> None:
    with pytest.raises(CommerceError) as failed, MysqlServer() as server:
        connected(server, unix_socket="/nowhere/db.sock", host=None).connect()
    assert (failed.value.code, failed.value.on) == ("database_away", "/nowhere/db.sock")
    assert "No such file" in failed.value.came_back


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Refusal(1142, "INSERT command denied to user 'shop'@'web1'"), "not_allowed"),
        (Refusal(1290, "running with the --read-only option"), "read_only"),
        (Refusal(1792, "Cannot execute statement in a READ ONLY transaction."), "read_only"),
        (Refusal(1047, "WSREP has not yet prepared node for application use"), "database_away"),
        (Refusal(1062, "Duplicate entry 'canary@example.com-1' for key 'EMAIL'"), "database_error"),
        (Refusal(1366, "Incorrect integer value: 'canary@example.com' for column `x`"), "database_error"),
        (Refusal(1364, "Field 'loyalty_id' doesn't have a default value"), "database_error"),
        (Refusal(1969, "Query execution was interrupted (max_statement_time exceeded)"), "database_slow"),
        (Refusal(3024, "maximum statement execution time exceeded"), "database_slow"),
        (Silence, "database_slow"),
        (HangUp, "database_lost"),
    ],
)
def test_a_statement_that_fails(impatient, answer: object, code: str) -> None:
    started = time.monotonic()
    with MysqlServer(answers={"INSERT": answer}) as server, connected(server) as there:
        error = refused(lambda: there.insert("INSERT INTO {x} VALUES (%s)", ("canary@example.com",)), server)
    assert (error.tried, error.code) == ("run INSERT", code)
    assert "canary@" not in str(error)
    assert time.monotonic() - started < 3
    if isinstance(answer, Refusal) and answer.number == 1364:
        assert "'loyalty_id'" in error.came_back


def test_a_statement_is_named_without_the_hints_before_it(impatient) -> None:
    with MysqlServer(answers={r"/\*M!": Refusal(1142, "denied")}) as server, connected(server) as there:
        error = refused(lambda: there.query("/*M! FAST */ SELECT /*+ SOON */ 1"), server)
    assert error.tried == "run SELECT"


def test_a_statement_may_take_longer_than_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 0.2)
    with MysqlServer(answers={"DELETE": Late(0.4)}) as server, connected(server) as there:
        there.execute("DELETE FROM {x}")


def test_after_a_lost_connection_the_next_one_works() -> None:
    with MysqlServer(answers={"DELETE": HangUp}) as server, connected(server) as there:
        assert refused(lambda: there.execute("DELETE FROM {x}"), server).code == "database_lost"
        server.answers["DELETE"] = DONE
        there.connect()
        there.execute("DELETE FROM {x}")


def test_all_statements_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with MysqlServer() as server, connected(server) as there:
        there.execute("DELETE FROM {x}")
        monkeypatch.setattr(database, "TOTAL_SECONDS", 0)
        sent = len(server.statements)
        assert refused(lambda: there.execute("DELETE FROM {x}"), server).code == "database_slow"
        assert len(server.statements) == sent
        # What has to be cleaned up is cleaned up on a new connection.
        monkeypatch.setattr(database, "TOTAL_SECONDS", 60)
        there.connect()
        there.execute("DELETE FROM {x}")


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    with pytest.raises(MissingLibrary, match="PyMySQL"):
        database.load()
