# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which counters are stuck, and what is reset of them; the SQL is run, by SQLite in place of the store's server."""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import counters
from ansible_collections.storefleet.commerce.plugins.module_utils.counters import Counter, passive, reset
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

NOW = "2026-03-01 12:00:00"
TABLES = """
CREATE TABLE m2_customer_entity
    (entity_id INTEGER PRIMARY KEY, email, failures_num, first_failure, lock_expires, updated_at);
CREATE TABLE m2_customer_log (customer_id INTEGER UNIQUE, last_login_at);
"""


class Database:
    """What of database.Database is used here, on SQLite. before: called before the first statement with these words."""

    def __init__(self):
        self.sqlite = sqlite3.connect(":memory:", isolation_level=None)
        self.sqlite.row_factory = sqlite3.Row
        self.sqlite.create_function("UTC_TIMESTAMP", 0, lambda: NOW)
        self.sqlite.executescript(TABLES)
        self.sent: list[str] = []
        self.before: dict[str, object] = {}
        self.writable = True
        self.short = 0

    def add(self, number, failures, first=None, lock=None, login=None, email=None):
        row = (number, email or f"customer{number}@example.com", failures, first, lock, "2026-01-01 00:00:00")
        self.sqlite.execute("INSERT INTO m2_customer_entity VALUES (?, ?, ?, ?, ?, ?)", row)
        if login:
            self.sqlite.execute("INSERT INTO m2_customer_log VALUES (?, ?)", (number, login))

    def rows(self):
        return {row[0]: tuple(row)[1:] for row in self.sqlite.execute("SELECT * FROM m2_customer_entity")}

    def counters(self):
        return {number: row[1] for number, row in self.rows().items()}

    def query(self, sql, args=()):
        return [dict(row) for row in self._run(sql, args)]

    def execute(self, sql, args=()):
        return self._run(sql, args).rowcount - self.short

    @contextmanager
    def transaction(self):
        self._run("BEGIN", ())
        try:
            yield
        except BaseException:
            self._run("ROLLBACK", ())
            raise
        self._run("COMMIT", ())

    def require_writable(self):
        if not self.writable:
            raise CommerceError("write", "db", "the server is read-only", "Elsewhere.", code="read_only")

    def _run(self, sql, args):
        text = " ".join(sql.split())
        for words in [words for words in self.before if words in text]:
            self.before.pop(words)()
        self.sent.append(text)
        values = []
        for arg in args:
            assert arg != [], "the server takes no IN ()"
            values.extend(arg if isinstance(arg, list) else [arg])
        places = iter("(" + ", ".join("?" * len(arg)) + ")" if isinstance(arg, list) else "?" for arg in args)
        text = re.sub("%s", lambda _: next(places), re.sub(r"{(\w+)}", r"m2_\1", text))
        return self.sqlite.execute(text.replace(" FOR UPDATE", ""), values)


@pytest.fixture
def database():
    return Database()


EARLY, MIDDLE, LATE = "2026-02-01 08:00:00", "2026-02-01 09:00:00", "2026-03-01 12:05:00"

# failures, first failure, lock, login -> stuck, locked now, reset
CASES = [
    ((3, EARLY, None, MIDDLE), (True, False, True)),
    ((10, EARLY, EARLY, MIDDLE), (True, False, True)),
    ((10, EARLY, NOW, MIDDLE), (True, False, True)),
    ((10, EARLY, LATE, MIDDLE), (True, True, False)),
    ((10, EARLY, LATE, None), (False, True, False)),
    ((3, EARLY, None, None), (False, False, False)),
    ((3, MIDDLE, None, EARLY), (False, False, False)),
    ((3, EARLY, None, EARLY), (False, False, False)),
    ((3, None, None, MIDDLE), (False, False, False)),
    ((0, EARLY, None, MIDDLE), (False, False, False)),
    ((None, EARLY, None, MIDDLE), (False, False, False)),
]


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_a_customer(database, row, expected):
    stuck, locked, gone = expected
    database.add(7, *row)
    assert passive(database) == {"stuck": int(stuck), "locked": int(locked)}
    before = database.rows()[7]
    done = reset(database, write=True)
    assert done.locked == int(stuck and locked)
    assert done.counters == ((Counter(7, *row[:3]),) if gone else ())
    # Nothing else of the row changes, its time of change neither.
    assert database.rows()[7] == (before[0], 0, None, None, before[4]) if gone else before
    again = reset(database, write=True)
    assert again.counters == ()


def test_a_throw_away_customer_is_nobodys(database):
    database.add(7, 3, EARLY, LATE, MIDDLE, email="storefleet-canary-0a@example.com")
    assert passive(database) == {"stuck": 0, "locked": 0}
    assert reset(database, write=True) == counters.Reset((), 0)
    assert database.counters() == {7: 3}


def test_without_writing_only_told(database):
    for number, (row, dummy) in enumerate(CASES):
        database.add(number, *row)
    rows = database.rows()
    database.writable = False
    told = reset(database, write=False)
    assert database.rows() == rows
    assert len(database.sent) == 1
    database.writable = True
    assert reset(database, write=True) == told
    assert (len(told.counters), told.locked) == (3, 1)


def test_a_read_only_server_is_refused_before_anything(database):
    database.add(7, 3, EARLY, None, MIDDLE)
    database.writable = False
    with pytest.raises(CommerceError) as caught:
        reset(database, write=True)
    assert caught.value.code == "read_only"
    assert database.sent == []


def test_all_in_one_transaction_and_no_lock_for_the_scan(database, monkeypatch):
    monkeypatch.setattr(counters, "_CHUNK", 2)
    for number in range(1, 6):
        database.add(number, number, EARLY, None, MIDDLE)
    done = reset(database, write=True)
    assert [counter.failures_num for counter in done.counters] == [1, 2, 3, 4, 5]
    assert set(database.counters().values()) == {0}
    words = [re.sub(r"/\*.*?\*/ ?", "", sql).split()[0] for sql in database.sent]
    assert words == ["SELECT", "BEGIN", *["SELECT", "UPDATE"] * 3, "COMMIT"]
    assert ["FOR UPDATE" in sql for sql in database.sent if "SELECT" in sql] == [False, True, True, True]
    # Both servers' words for it.
    assert "max_statement_time = 10" in database.sent[0]
    assert "MAX_EXECUTION_TIME(10000)" in database.sent[0]


def test_nothing_stuck_means_no_transaction(database):
    assert reset(database, write=True) == counters.Reset((), 0)
    assert len(database.sent) == 1


@pytest.mark.parametrize(
    ("change", "left"),
    [
        # A storefront login in between, a first failure of today, a lock, a customer who is gone.
        ("UPDATE m2_customer_entity SET failures_num = 0, first_failure = NULL WHERE entity_id = 2", 0),
        (f"UPDATE m2_customer_entity SET failures_num = 1, first_failure = '{NOW}' WHERE entity_id = 2", 1),
        (f"UPDATE m2_customer_entity SET failures_num = 10, lock_expires = '{LATE}' WHERE entity_id = 2", 10),
        ("DELETE FROM m2_customer_entity WHERE entity_id = 2", None),
    ],
)
def test_what_changed_since_the_scan_is_left_alone(database, change, left):
    database.add(1, 4, EARLY, None, MIDDLE)
    database.add(2, 4, EARLY, None, MIDDLE)
    database.before["FOR UPDATE"] = lambda: database.sqlite.execute(change)
    assert [counter.customer for counter in reset(database, write=True).counters] == [1]
    assert database.counters().get(2) == left
    assert database.counters()[1] == 0


def test_a_counter_that_grew_since_the_scan_is_told_as_it_was_reset(database):
    database.add(1, 4, EARLY, None, MIDDLE)
    change = "UPDATE m2_customer_entity SET failures_num = 5"
    database.before["FOR UPDATE"] = lambda: database.sqlite.execute(change)
    assert reset(database, write=True).counters == (Counter(1, 5, EARLY, None),)


def test_the_only_one_that_was_stuck_is_so_no_more(database):
    database.add(2, 4, EARLY, None, MIDDLE)
    change = "UPDATE m2_customer_entity SET failures_num = 0"
    database.before["FOR UPDATE"] = lambda: database.sqlite.execute(change)
    assert reset(database, write=True).counters == ()
    assert database.sent[-1] == "COMMIT"


@pytest.mark.parametrize(
    "change", ["failures_num = 0", "first_failure = NULL", f"failures_num = 10, lock_expires = '{LATE}'"]
)
def test_the_values_count_when_they_are_written(database, change):
    """A row that is ours does not change, unless the server's engine has no locks: then nothing is written."""
    for number in (1, 2):
        database.add(number, 4, EARLY, None, MIDDLE)
    sql = f"UPDATE m2_customer_entity SET {change} WHERE entity_id = 2"
    database.before["UPDATE {customer_entity}"] = lambda: database.sqlite.execute(sql)
    with pytest.raises(CommerceError, match="2 rows were to change, and 1 did"):
        reset(database, write=True)
    assert database.counters() == {1: 4, 2: 4}


def test_rows_that_do_not_change_as_they_should_undo_all(database, monkeypatch):
    monkeypatch.setattr(counters, "_CHUNK", 1)
    for number in (1, 2):
        database.add(number, 4, EARLY, None, MIDDLE)
    updates = []

    def execute(sql, args=()):
        updates.append(sql)
        database.short = len(updates) - 1
        return Database.execute(database, sql, args)

    monkeypatch.setattr(database, "execute", execute)
    with pytest.raises(CommerceError, match="1 rows were to change, and 0 did") as caught:
        reset(database, write=True)
    assert caught.value.code == "not_reset"
    assert database.counters() == {1: 4, 2: 4}
