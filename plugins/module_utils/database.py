# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's database, by PyMySQL. Every wait has a limit, and no error quotes what was sent."""

from __future__ import annotations

import importlib
import os
import re
import sys
from contextlib import contextmanager, suppress

from .errors import CommerceError, MissingLibrary

CONNECT_SECONDS = 10
QUERY_SECONDS = 30

ACCESS_DENIED = (1044, 1045, 1698)
UNKNOWN_DATABASE = 1049
NOT_ALLOWED = (1142, 1143, 1227)
READ_ONLY = (1290, 1792, 1836)

_TABLE = re.compile(r"{(\w+)}")

# Where Debian, Red Hat and MySQL's own packages put it.
SOCKETS = ("/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock")


def load():
    """PyMySQL, imported now; a process that gave up root cannot import from root's temporary folders later."""
    try:
        return importlib.import_module("pymysql")
    except ImportError as error:
        raise MissingLibrary("PyMySQL", sys.executable) from error


class Database:
    """A connection to the store's database.

    settings: settings.DatabaseSettings. Each statement is a transaction of its own outside transaction().
    In all SQL {name} is the table of that name, with the store's prefix. Times go in and out as UTC, and the SQL mode
    is empty, both as Commerce has it on its own connections.
    """

    def __init__(self, settings):
        self._settings = settings
        self._driver = load()
        self._connection = None

    def __enter__(self):
        self.connect()
        return self

    def __exit__(self, *dummy):
        self.close()

    def connect(self):
        """Connect; again, if the server has hung up."""
        self.close()
        settings = self._settings
        options = {
            "user": settings.user,
            "password": settings.password,
            "database": settings.name,
            "charset": "utf8mb4",
            "autocommit": True,
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": QUERY_SECONDS,
            "write_timeout": QUERY_SECONDS,
            "init_command": "SET SQL_MODE='', time_zone='+00:00', innodb_lock_wait_timeout=5",
        }
        if settings.unix_socket:
            options["unix_socket"] = settings.unix_socket
        elif settings.host == "localhost" and _standard_socket():
            # As PHP's driver: localhost means the socket.
            options["unix_socket"] = _standard_socket()
        else:
            options.update(host=settings.host, port=settings.port)
        if settings.tls:
            options["ssl"] = _tls(settings.tls)
        try:
            self._connection = self._driver.connect(**options)
        except (self._driver.err.Error, OSError, RuntimeError) as error:
            # "from None": the driver's frames hold the password.
            raise self._not_connected(error) from None

    def close(self):
        """Hang up; nothing happens when there is no connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(self._driver.err.Error, OSError):
                connection.close()

    def table(self, name):
        """The quoted name of a table, with the store's prefix."""
        return "`{0}{1}`".format(self._settings.prefix, name)

    def query(self, sql, args=()):
        """The rows of a SELECT, each a dict by column."""
        with self._cursor(sql, args) as cursor:
            return list(cursor.fetchall())

    def execute(self, sql, args=()):
        """Run a statement; how many rows it changed."""
        with self._cursor(sql, args) as cursor:
            return cursor.rowcount

    def insert(self, sql, args=()):
        """Run an INSERT; the id that the new row got."""
        with self._cursor(sql, args) as cursor:
            return cursor.lastrowid

    @contextmanager
    def transaction(self):
        """All statements inside, or none."""
        self.execute("START TRANSACTION")
        try:
            yield
        except BaseException:
            # Without a connection the server rolls back by itself, and the first error is the one to tell.
            with suppress(CommerceError):
                self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def tables(self, names):
        """Those of the named tables that exist, as a set."""
        prefix = self._settings.prefix
        rows = self.query(
            "SELECT table_name AS name FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_name IN %s",
            ([prefix + name for name in names],),
        )
        return {row["name"][len(prefix) :] for row in rows}

    def variable(self, name):
        """A variable of the server as text; None where the server does not know it."""
        rows = self.query("SHOW GLOBAL VARIABLES LIKE %s", (name,))
        return str(rows[0]["Value"]) if rows else None

    def require_writable(self):
        """Refuse a replica and a read-only server: a throw-away customer written there would break replication."""
        if self.variable("read_only") in ("ON", "1") or self.variable("innodb_read_only") in ("ON", "1"):
            raise self._error(
                "write to the database",
                "the server is read-only, as replicas are",
                "Audit the node that writes to the primary database.",
                "read_only",
            )

    @contextmanager
    def _cursor(self, sql, args):
        if self._connection is None:
            self.connect()
        try:
            cursor = self._connection.cursor(self._driver.cursors.DictCursor)
            cursor.execute(_TABLE.sub(lambda found: self.table(found.group(1)), sql), args)
        except (self._driver.err.Error, OSError) as error:
            raise self._failed(sql, error) from None
        try:
            yield cursor
        finally:
            cursor.close()

    def _not_connected(self, error):
        number = _number(error)
        tried = "connect to the database"
        if number in ACCESS_DENIED:
            return self._error(
                tried,
                "the server refuses the user of app/etc/env.php",
                "Check db.connection.default, and commerce_environment.",
                "denied",
            )
        if number == UNKNOWN_DATABASE:
            return self._error(
                tried,
                "there is no such database",
                "Check db.connection.default.dbname, and commerce_environment.",
                "no_database",
            )
        if isinstance(error, RuntimeError):
            # The login method of MySQL 8 needs a cipher of its own unless the connection is TLS or a socket.
            return self._error(
                tried,
                "the server's login method needs TLS, a socket, or the Python library cryptography",
                "Give db.connection.default.driver_options a TLS CA, or connect by the socket.",
                "login_method",
            )
        return self._error(
            tried,
            "no connection ({0})".format(_told(error)),
            "Check that the server runs and that this host may reach it.",
            "database_away",
        )

    def _failed(self, sql, error):
        number = _number(error)
        verb = sql.split(None, 1)[0]
        tried = "run {0}".format(verb)
        if number in NOT_ALLOWED:
            return self._error(
                tried,
                "the database user may not do that",
                "Let the store's own user connect, or grant it {0}.".format(verb),
                "not_allowed",
            )
        if number in READ_ONLY:
            return self._error(
                tried, "the server is read-only", "Audit the node that writes to the primary database.", "read_only"
            )
        return self._error(tried, _told(error), "Look at the server's log, then run again.", "database_error")

    def _error(self, tried, came_back, next_step, code):
        settings = self._settings
        place = settings.unix_socket or "{0}:{1}".format(settings.host, settings.port)
        return CommerceError(tried, place, came_back, next_step, code=code)


def _standard_socket():
    return next((path for path in SOCKETS if os.path.exists(path)), None)


def _tls(options):
    """PyMySQL's TLS options from PDO's (settings.DatabaseSettings.tls)."""
    given = {name: options[name] for name in ("ca", "capath", "cert", "key") if options.get(name)}
    trusted = "ca" in given or "capath" in given
    given["verify_mode"] = "required" if trusted else "none"
    given["check_hostname"] = trusted and bool(options.get("verify"))
    return given


def _number(error):
    return error.args[0] if error.args and isinstance(error.args[0], int) else None


def _told(error):
    """What the server said, without the values that were sent: it quotes them between apostrophes."""
    number = _number(error)
    text = str(error.args[1]) if number is not None and len(error.args) > 1 else type(error).__name__
    parts = text.split("'")
    if len(parts) > 2:
        parts[1::2] = ["…" if "@" in part else part for part in parts[1::2]]
    text = "'".join(parts)[:200]
    return text if number is None else "error {0}: {1}".format(number, text)
