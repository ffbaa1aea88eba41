# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's database, by PyMySQL. Every wait has a limit, and no error quotes what was sent."""

from __future__ import annotations

import importlib
import re
import sys
import time
from contextlib import contextmanager, suppress

from . import database_connection, database_errors
from .errors import CommerceError, MissingLibrary

CONNECT_SECONDS = 10
QUERY_SECONDS = 30
# For all statements of a connection together.
TOTAL_SECONDS = 120

_TABLE = re.compile(r"{(\w+)}")
_COMMENT = re.compile(r"/\*.*?\*/")

# A server that does not write answers something else than OFF or 0 to one of these; not every server has them all.
_WRITES_NOT = ("read_only", "super_read_only", "innodb_read_only", "transaction_read_only", "tx_read_only")
_FACTS = _WRITES_NOT + ("wsrep_on", "pseudo_thread_id", "version", "version_comment")


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
        self._spent = 0.0
        self._facts = None
        self._tables = None

    def __enter__(self):
        self.connect()
        return self

    def __exit__(self, *dummy):
        self.close()

    def connect(self):
        """Connect; again, if the server has hung up."""
        self.close()
        self._spent, self._facts, self._tables = 0.0, None, None
        try:
            connection = database_connection.connect(self._driver, self._settings, CONNECT_SECONDS, QUERY_SECONDS)
            self._connection = connection
            with connection.cursor() as cursor:
                cursor.execute(database_connection.SESSION)
        except Exception as error:
            self.close()
            code, came_back, next_step = database_errors.of_connection(error, CONNECT_SECONDS)
            # "from None": the driver's frames hold the password.
            raise self._error("connect to the database", came_back, next_step, code) from None

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
        """Those of the named tables that exist, as a set; asked once per connection."""
        if self._tables is None:
            rows = self.query(
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()"
            )
            self._tables = {row["name"] for row in rows}
        return {name for name in names if self._settings.prefix + name in self._tables}

    def variable(self, name):
        """A variable of the server as text; None where the server does not know it. Common ones are asked at once."""
        if self._facts is None or name not in _FACTS:
            rows = self.query("SHOW VARIABLES WHERE Variable_name IN %s", (_FACTS + (name,),))
            self._facts = {row["Variable_name"]: str(row["Value"]) for row in rows}
        return self._facts.get(name)

    def require_writable(self):
        """Refuse where a throw-away customer cannot be made, counted and deleted, before anything is written.

        A replica or a read-only server raises CommerceError read_only: the customer would break replication. A proxy
        raises proxy: it may read from a replica what was just written elsewhere. A user who may not insert and delete
        raises not_allowed, a database without customers no_tables. A node of a Galera cluster is fine.
        """
        if any((self.variable(name) or "OFF").upper() not in ("OFF", "0") for name in _WRITES_NOT):
            raise self._error(
                "write to the database",
                "the server is read-only, as replicas are",
                "Audit the node that writes to the primary database.",
                "read_only",
            )
        greeted, known = self._connection.thread_id(), self.variable("pseudo_thread_id")
        # A proxy greets with a number of its own; the greeting holds 32 bits of it.
        if known is not None and int(known) & 0xFFFFFFFF != greeted:
            raise self._error(
                "write to the database",
                "what answers is a proxy, which may read from a replica",
                "Set MAGENTO_DC__OVERRIDE in commerce_environment to a db.connection.default of the primary itself.",
                "proxy",
            )
        # The server checks the rights of what it explains, and does nothing. REPLACE takes those to insert and delete.
        self.query("EXPLAIN REPLACE INTO {customer_entity} (entity_id) VALUES (0)")

    @contextmanager
    def _cursor(self, sql, args):
        if self._connection is None:
            self.connect()
        # A statement may begin with a hint for the server, in a comment.
        verb = _COMMENT.sub("", sql).split(None, 1)[0]
        started = time.monotonic()
        try:
            if self._spent > TOTAL_SECONDS:
                raise self._error(
                    "run {0}".format(verb),
                    "all statements together took more than {0:g} s".format(TOTAL_SECONDS),
                    "Run again when the server is less busy.",
                    "database_slow",
                )
            cursor = self._connection.cursor(self._driver.cursors.DictCursor)
            cursor.execute(_TABLE.sub(lambda found: self.table(found.group(1)), sql), args)
        except (self._driver.err.Error, OSError, ValueError) as error:
            code, came_back, next_step = database_errors.of_statement(error, verb)
            raise self._error("run {0}".format(verb), came_back, next_step, code) from None
        finally:
            self._spent += time.monotonic() - started
        try:
            yield cursor
        finally:
            cursor.close()

    def _error(self, tried, came_back, next_step, code):
        settings = self._settings
        place = settings.unix_socket or "{0}:{1}".format(settings.host, settings.port)
        return CommerceError(tried, place, came_back, next_step, code=code)
